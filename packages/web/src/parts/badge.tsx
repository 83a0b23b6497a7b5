import type { AttendeeView, EventView } from "@parley/server/contract";
import type { ReactNode } from "react";
import { words } from "../words.ts";

/** Names how a badge is meant, for its colour. */
export type Tone = "plain" | "accent" | "good" | "unsure" | "bad";

type Partstat = AttendeeView["partstat"];

const partstatTones: Readonly<Record<Partstat, Tone>> = {
  "NEEDS-ACTION": "plain",
  ACCEPTED: "good",
  TENTATIVE: "unsure",
  DECLINED: "bad",
  DELEGATED: "plain",
  COMPLETED: "good",
  "IN-PROCESS": "unsure",
};

/** Shows one word about a thing. The word says it all; the colour only repeats it. */
export function Badge({ tone = "plain", children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return <span className={`badge badge-${tone}`}>{children}</span>;
}

/** Shows an answer. */
export function AnswerBadge({ partstat }: { readonly partstat: Partstat }) {
  return <Badge tone={partstatTones[partstat]}>{words.partstat[partstat]}</Badge>;
}

/** Shows what is out of the ordinary with an event: cancelled, not yet confirmed, repeating. */
export function StatusBadges({ event }: { readonly event: EventView }) {
  return (
    <>
      {event.status === "CANCELLED" && <Badge tone="bad">{words.event.cancelled}</Badge>}
      {event.status === "TENTATIVE" && <Badge tone="unsure">{words.event.provisional}</Badge>}
      {event.recurring && <Badge>{words.event.repeats}</Badge>}
    </>
  );
}
