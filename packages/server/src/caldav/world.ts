import type { Attempts } from "../auth/attempts.ts";
import type { FreeBusyRule } from "../auth/may-see-busy.ts";
import type { House } from "../scheduling/house.ts";

/** What CalDAV is given. */
export interface CaldavWorld {
  readonly house: House;
  /** Failed sign-ins, counted together with those of the web. */
  readonly attempts: Attempts;
  /** Anybody may sign in as anybody, without a password. */
  readonly tryOut: boolean;
  /** Where the server listens. */
  readonly host: string;
  /** Whether people sign in by passwords of their own; app passwords are always taken. */
  readonly passwords: boolean;
  /** Who may see when people here are busy, and find them. Decision 0029. */
  readonly freeBusy: FreeBusyRule;
  readonly randomBytes: (count: number) => Uint8Array;
}
