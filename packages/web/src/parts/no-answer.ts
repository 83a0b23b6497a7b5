import type { EventView, QuestionView } from "@parley/server/contract";
import { words } from "../words.ts";

/** Says why an event of somebody else's cannot be answered; null where it can, where it is cancelled, and where it is the viewer's. */
export function whyNoAnswer(event: EventView): string | null {
  if (event.role !== "attendee" || event.answer !== null || event.status === "CANCELLED") return null;
  return words.event.notInvited;
}

/** Says why the invitation of a question cannot be answered; null where it can, and where it is no invitation. */
export function whyNotAnswerable({ answerable, method, event }: QuestionView): string | null {
  if (answerable || method !== "REQUEST") return null;
  if (event === null) return words.card.notShown;
  return event.status === "CANCELLED" ? words.event.cancelledNote : whyNoAnswer(event);
}
