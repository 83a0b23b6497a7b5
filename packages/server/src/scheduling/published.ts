import { createHash } from "node:crypto";
import {
  type Component,
  formatCalendar,
  makeComponent,
  makeDateTimeProperty,
  makeTextProperty,
} from "@parley/engine/icalendar";
import type { Calendar, Principal, PublishedForm, PublishedLink, ReadTransaction } from "../store/store.ts";
import { hashOf } from "./answer-links.ts";
import { formatWhole, wrap } from "./export-calendar.ts";
import { readBusyTimes } from "./free-busy.ts";
import type { House } from "./house.ts";
import { renderParts } from "./render-object.ts";

const dayInSeconds = 86_400;
/** Of busy times alone: so much before now, and after. */
const busyBefore = 31 * dayInSeconds;
const busyAfter = 366 * dayInSeconds;
const tokenOctets = 16;
/** Changes with what a link shows of the same calendar, so that readers fetch it again. */
const formatVersion = 1;

/** Makes the token of a link. It is told once; what is kept is its hash. */
export function makeLinkToken(randomBytes: (count: number) => Uint8Array): string {
  return Buffer.from(randomBytes(tokenOctets)).toString("base64url");
}

/** What is behind a link. */
export interface OpenPublished {
  readonly link: PublishedLink;
  readonly calendar: Calendar;
  readonly owner: Principal;
  /** Without quotes: the same for the same content. */
  readonly etag: string;
}

/** Looks behind a link; `undefined` where there is nothing, or nothing any more. */
export async function openPublished(
  { clock }: House,
  { sharing, calendars, principals }: ReadTransaction,
  token: string,
): Promise<OpenPublished | undefined> {
  const link = await sharing.publishedLink(hashOf(token));
  if (!link) return undefined;
  const owner = await principals.byId(link.principal);
  const calendar = await calendars.byId(link.principal, link.calendar);
  if (!owner || !calendar) return undefined;
  // What is shown of busy times moves on with the days.
  const day = link.form === "busy" ? [Math.floor(clock() / dayInSeconds)] : [];
  const etag = [formatVersion, link.id, calendar.id, calendar.revision, ...day].join("-");
  return { link, calendar, owner, etag };
}

/** Writes what strangers may see; `undefined` where that is more than one file. */
export function formatPublished(
  house: House,
  transaction: ReadTransaction,
  open: OpenPublished,
): Promise<string | undefined> {
  return forms[open.link.form](house, transaction, open);
}

type Format = (house: House, transaction: ReadTransaction, open: OpenPublished) => Promise<string | undefined>;

const forms: Readonly<Record<PublishedForm, Format>> = { full: formatFull, busy: formatBusy };

function headOf({ calendar }: OpenPublished) {
  return [makeTextProperty("NAME", calendar.name), makeTextProperty("X-WR-CALNAME", calendar.name)];
}

async function formatFull(house: House, transaction: ReadTransaction, open: OpenPublished) {
  const { calendar, owner, link } = open;
  // Nobody in particular, and no member of a group: what is confidential is shown as to all others.
  const stranger: Principal = { ...owner, id: "0" };
  const owned: Principal = { ...owner, kind: "person" };
  return formatWhole(house, transaction, calendar, {
    head: headOf(open),
    wants: ({ privacy }) => privacy !== "private",
    render: async (stored) => {
      const all = await renderParts(house, transaction, { caller: stranger, owner: owned }, stored);
      return new Map([...all].map(([id, parts]) => [id, parts.map((part) => withoutOthers(part, link))]));
    },
  });
}

/** What strangers see of an object: neither who is invited, nor what they said, nor what only its owner has use for. */
const shown: ReadonlySet<string> = new Set([
  ...["UID", "DTSTAMP", "DTSTART", "DTEND", "DUE", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE"],
  ...["STATUS", "TRANSP", "CLASS", "SUMMARY", "DESCRIPTION", "LOCATION", "GEO", "CATEGORIES", "URL", "COLOR"],
  ...["CREATED", "LAST-MODIFIED", "PRIORITY", "PERCENT-COMPLETE", "COMPLETED"],
]);

function withoutOthers(component: Component, { id }: PublishedLink): Component {
  if (component.name === "VTIMEZONE") return component;
  const properties = component.properties
    .filter(({ name }) => shown.has(name))
    // Who knows the UID of a meeting could write as if they were of it.
    .map((property) => (property.name === "UID" ? makeTextProperty("UID", foreignUid(id, property.value)) : property));
  return { ...component, properties, components: [] };
}

/** When the calendar makes its owner busy, and nothing of what: decision 0022. */
async function formatBusy(house: House, transaction: ReadTransaction, open: OpenPublished) {
  const { calendar, owner, link } = open;
  const today = Math.floor(house.clock() / dayInSeconds) * dayInSeconds;
  const range = { from: today - busyBefore, to: today + busyAfter };
  const [times] = await readBusyTimes(house, transaction, calendar.isTransparent ? [] : [owner], range, calendar.id);
  if (times?.isIncomplete) return undefined;
  const texts = (times?.periods ?? []).map(({ from, to }) =>
    formatCalendar(
      makeComponent("VEVENT", [
        makeTextProperty("UID", foreignUid(link.id, `${from} ${to}`)),
        makeDateTimeProperty("DTSTAMP", { kind: "utc", wall: link.created }),
        makeDateTimeProperty("DTSTART", { kind: "utc", wall: from }),
        makeDateTimeProperty("DTEND", { kind: "utc", wall: to }),
        makeTextProperty("SUMMARY", "Busy"),
      ]),
    ),
  );
  return wrap(house, headOf(open), texts);
}

function foreignUid(link: string, of: string): string {
  return `${createHash("sha256").update(`published ${link} ${of}`).digest("hex").slice(0, 32)}@published.invalid`;
}
