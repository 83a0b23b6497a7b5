import type { EventView } from "@parley/server/contract";
import { useSession } from "../data/session.ts";
import { guestsOf } from "../people.ts";
import { hrefOf } from "../router.ts";
import { type AgendaItem, agendaOf, spanOf } from "../time/agenda.ts";
import { showDay, showHours, showWhen } from "../time/show.ts";
import { dateOf } from "../time/wall.ts";
import { nameOf, titleOf, words } from "../words.ts";
import { AnswerBadge, Badge, StatusBadges } from "./badge.tsx";
import { Empty } from "./states.tsx";

/** Shows the coming days that have something in them; series that began before today come last. */
export function Agenda({
  events,
  updated,
  days,
}: {
  readonly events: readonly EventView[];
  /** UIDs of events that changed lately. */
  readonly updated: ReadonlySet<string>;
  readonly days: number;
}) {
  const { zone } = useSession();
  const today = dateOf(Date.now(), zone);
  const agenda = agendaOf(events, zone, today, days);
  const series = events.filter((event) => event.recurring && spanOf(event, zone).lastDate < today);
  if (agenda.length === 0 && series.length === 0) {
    return <Empty title={words.home.nothingPlanned}>{words.home.nothingPlannedHint(days)}</Empty>;
  }
  return (
    <>
      {agenda.map(({ date, items }) => (
        <section key={date} className="day" aria-labelledby={`day-${date}`}>
          <h3 id={`day-${date}`} className={date === today ? "day-name day-today" : "day-name"}>
            {showDay(date, today)}
          </h3>
          <ul className="day-items">
            {items.map((item) => (
              <AgendaLine
                key={`${item.event.id} ${item.event.start}`}
                item={item}
                hours={showHours(item.event, zone, item.day, item.days)}
                updated={updated.has(item.event.uid)}
              />
            ))}
          </ul>
        </section>
      ))}
      {series.length > 0 && (
        <section className="day" aria-labelledby="day-series">
          <h3 id="day-series" className="day-name">
            {words.home.repeating}
          </h3>
          <ul className="day-items">
            {series.map((event) => (
              <AgendaLine
                key={`${event.id} ${event.start}`}
                item={{ event, day: 1, days: 1 }}
                hours={words.when.from(showWhen(event, zone, Date.now()).mine)}
                updated={updated.has(event.uid)}
              />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function AgendaLine({
  item: { event },
  hours,
  updated,
}: {
  readonly item: AgendaItem;
  readonly hours: string;
  readonly updated: boolean;
}) {
  const cancelled = event.status === "CANCELLED";
  const title = titleOf(event);
  return (
    <li>
      <a className={cancelled ? "line line-cancelled" : "line"} href={hrefOf({ page: "event", id: event.id })}>
        <span className="line-hours">{hours}</span>
        <span className="line-title">{cancelled ? <s>{title}</s> : title}</span>
        <span className="line-badges">
          <StatusBadges event={event} />
          {updated && !cancelled && <Badge tone="accent">{words.event.updated}</Badge>}
          {!cancelled && <OwnState event={event} />}
        </span>
        <span className="line-place">{placeAndPeople(event)}</span>
      </a>
    </li>
  );
}

/** The viewer's answer; for what they organize, how many said yes. */
function OwnState({ event }: { readonly event: EventView }) {
  if (event.role === "attendee" && event.answer) return <AnswerBadge partstat={event.answer.partstat} />;
  if (event.role !== "organizer") return null;
  const guests = guestsOf(event);
  const accepted = guests.filter(({ partstat }) => partstat === "ACCEPTED").length;
  return <Badge>{words.event.tally(accepted, guests.length)}</Badge>;
}

function placeAndPeople(event: EventView): string {
  const organizer = event.role === "attendee" && event.organizer ? nameOf(event.organizer) : "";
  const owner = event.shared?.name ?? "";
  return [event.location.replace(/\s+/g, " ").trim(), organizer, owner].filter((part) => part !== "").join(" · ");
}
