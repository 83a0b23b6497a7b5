import {
  type Component,
  formatCalendar,
  makeComponent,
  makeTextProperty,
  type Property,
} from "@parley/engine/icalendar";
import type { Calendar, Member, ReadTransaction, StoredObject } from "../store/store.ts";
import type { House } from "./house.ts";
import { zoneJoiner } from "./join-zones.ts";
import { seesPrivate } from "./privacy.ts";
import { renderParts } from "./render-object.ts";
import type { Actor } from "./writing.ts";

/** Objects of one file. */
const maxExported = 50_000;
/** Characters of one file. */
const maxLength = 64 * 1024 * 1024;
/** Objects that are in memory at once. */
const chunk = 200;

/** Gives a whole calendar as one file, as its owner sees it, or as far as others may; `undefined` where that is more than one file. */
export function exportCalendar(
  house: House,
  transaction: ReadTransaction,
  actor: Actor,
  calendar: Calendar,
): Promise<string | undefined> {
  const isWhole = seesPrivate(actor);
  const head: Property[] = [makeTextProperty("NAME", calendar.name), makeTextProperty("X-WR-CALNAME", calendar.name)];
  if (calendar.color !== undefined) head.push(makeTextProperty("X-APPLE-CALENDAR-COLOR", calendar.color));
  return formatWhole(house, transaction, calendar, {
    head,
    wants: ({ privacy }) => isWhole || privacy !== "private",
    render: (stored) => renderParts(house, transaction, actor, stored),
  });
}

/** What of a calendar is written, and how. */
export interface Rendering {
  readonly head: readonly Property[];
  readonly wants: (member: Member) => boolean;
  readonly render: (stored: readonly StoredObject[]) => Promise<ReadonlyMap<string, readonly Component[]>>;
}

/** Writes objects of a calendar as one VCALENDAR, in the order of their names; `undefined` where they are too many. */
export async function formatWhole(
  house: House,
  transaction: ReadTransaction,
  calendar: Calendar,
  { head, wants, render }: Rendering,
): Promise<string | undefined> {
  const members = await transaction.calendars.members(calendar.id, maxExported + 1);
  if (members.length > maxExported) return undefined;
  const wanted = members.filter(wants);
  const join = zoneJoiner();
  const texts: string[] = [];
  let length = 0;
  for (let first = 0; first < wanted.length; first += chunk) {
    const ids = wanted.slice(first, first + chunk).map(({ object }) => object);
    const stored = await transaction.objects.byIds(calendar.principal, ids);
    for (const parts of (await render(stored)).values()) {
      const text = join(parts).map(formatCalendar).join("");
      length += text.length;
      if (length > maxLength) return undefined;
      texts.push(text);
    }
  }
  return wrap(house, head, texts);
}

/** Puts texts of components into a VCALENDAR. */
export function wrap({ policy }: House, head: readonly Property[], texts: readonly string[]): string {
  const properties = [makeTextProperty("VERSION", "2.0"), makeTextProperty("PRODID", policy.productId), ...head];
  const empty = formatCalendar(makeComponent("VCALENDAR", properties, []));
  const end = empty.lastIndexOf("END:VCALENDAR");
  return [empty.slice(0, end), ...texts, empty.slice(end)].join("");
}
