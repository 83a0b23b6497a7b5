import type { AttendeeView, EventView } from "@parley/server/contract";
import { useSession } from "../data/session.ts";
import { guestsOf } from "../people.ts";
import { conflictsOf } from "../time/agenda.ts";
import { showWhen } from "../time/show.ts";
import { nameOf, titleOf, words } from "../words.ts";
import { Icon } from "./icon.tsx";
import { RichText } from "./rich-text.tsx";

const shownGuests = 4;

/**
 * Shows what one must know to answer: when, where, who, and what it collides with among `others`. Where the sender is not
 * `trusted`, addresses of the web stay mere text.
 */
export function EventFacts({
  event,
  others,
  trusted = true,
}: {
  readonly event: EventView;
  readonly others: readonly EventView[];
  readonly trusted?: boolean;
}) {
  const { zone } = useSession();
  const when = showWhen(event, zone, Date.now());
  const conflicts = conflictsOf(event, others, zone);
  const guests = guestsOf(event);
  return (
    <ul className="facts">
      <li>
        <Icon name="clock" />
        <span>
          <strong>{when.mine}</strong>
          {when.theirs && <span className="muted"> · {when.theirs}</span>}
        </span>
      </li>
      {conflicts.length > 0 && (
        <li className="fact-conflict">
          <Icon name="overlap" />
          <span>{words.card.conflict(conflicts.map(titleOf))}</span>
        </li>
      )}
      {event.location.trim() !== "" && (
        <li>
          <Icon name="pin" />
          {trusted ? <RichText text={event.location} /> : <span className="rich-text">{event.location}</span>}
        </li>
      )}
      {guests.length > 0 && (
        <li>
          <Icon name="people" />
          <span>{guestsInWords(guests)}</span>
        </li>
      )}
    </ul>
  );
}

function guestsInWords(guests: readonly AttendeeView[]): string {
  const names = guests.slice(0, shownGuests).map((guest) => (guest.me ? words.event.you : nameOf(guest)));
  return words.card.guests(guests.length, names, guests.length - names.length);
}
