import type { AttendeeView, EventView } from "@parley/server/contract";
import { useState } from "react";
import { guestsOf, listedOf } from "../people.ts";
import { nameOf, words } from "../words.ts";
import { AnswerBadge } from "./badge.tsx";

const shownAtFirst = 50;
const order: readonly AttendeeView["partstat"][] = [
  "ACCEPTED",
  "TENTATIVE",
  "IN-PROCESS",
  "COMPLETED",
  "DELEGATED",
  "DECLINED",
  "NEEDS-ACTION",
];

/**
 * Shows all guests with their answers, comments, answers to an older time, and whether mail reached them. The organizer is shown
 * first where listed, but is no guest and not counted.
 */
export function GuestList({ event }: { readonly event: EventView }) {
  const [all, setAll] = useState(false);
  const guests = guestsOf(event);
  const listed = listedOf(event);
  const counts = order
    .map((partstat) => [partstat, guests.filter((guest) => guest.partstat === partstat).length] as const)
    .filter(([, count]) => count > 0);
  return (
    <section className="panel" aria-labelledby="guests">
      <h2 id="guests">{words.event.guests(guests.length)}</h2>
      <p className="muted">{words.event.tallyOf(counts)}</p>
      <ul className="guests">
        {(all ? listed : listed.slice(0, shownAtFirst)).map((guest) => (
          <Guest key={guest.address} guest={guest} />
        ))}
      </ul>
      {!all && listed.length > shownAtFirst && (
        <button type="button" className="button" onClick={() => setAll(true)}>
          {words.event.showAllGuests(guests.length)}
        </button>
      )}
    </section>
  );
}

function Guest({ guest }: { readonly guest: AttendeeView }) {
  const role = words.role[guest.role];
  return (
    <li className="guest">
      <div className="guest-main">
        <span className="guest-name">
          {nameOf(guest)}
          {guest.me && <span className="muted"> ({words.event.you})</span>}
        </span>
        <span className="guest-address muted">
          {[guest.name === null ? "" : guest.address, role].filter((part) => part !== "").join(" · ")}
        </span>
        {guest.comment && <span className="guest-comment">{words.event.comment(guest.comment)}</span>}
        {guest.outdatedAnswer && (
          <span className="guest-old">{words.event.outdated(words.partstat[guest.outdatedAnswer])}</span>
        )}
        {guest.delivery && (
          <span className={guest.delivery === "refused" ? "guest-delivery guest-refused" : "guest-delivery muted"}>
            {words.delivery[guest.delivery]}
          </span>
        )}
      </div>
      <AnswerBadge partstat={guest.partstat} />
    </li>
  );
}
