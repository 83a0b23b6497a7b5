import type { CalendarUserAddress } from "@parley/engine";

/**
 * Tells who made a message leave: the owner, who wrote or acted (`owner`) or said yes to a mail (`decision`), or nobody: a mail that came in,
 * whom it was from, and its Message-ID.
 */
export type Cause =
  | "owner"
  | "decision"
  | { readonly from: CalendarUserAddress | undefined; readonly messageId?: string };
