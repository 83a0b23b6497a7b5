import { formatCalendar } from "../icalendar/format.ts";
import type { Limits } from "../limits.ts";
import { encodeUtf16, isKnownCharset } from "./charset.ts";
import { isReport } from "./dsn.ts";
import type { Mail, MailHeader, MailPart } from "./mail.ts";
import { readTnefMeeting } from "./tnef/read-tnef-meeting.ts";

/** A leaf of a mail that claims to be a calendar. */
export interface CalendarPart {
  /** Content with the transfer encoding undone; the charset is not. */
  readonly bytes: Uint8Array;
  /** Upper-case `method` parameter, where the part has one. */
  readonly method?: string;
  /** Lower-case `charset` parameter, where the part has one. */
  readonly charset?: string;
  /** Upper-case `component` parameter, where the part has one. */
  readonly component?: string;
  /** Lower-case language tags of the part, where it has some. */
  readonly languages: readonly string[];
  /** Where it stands in the tree, counted from 1: `1.3`; empty for the root. */
  readonly path: string;
  /** Where the innermost `multipart/alternative` around it stands, of which it is one choice. */
  readonly alternative?: string;
  /** The header of the mail inside the mail that it stands in: somebody passed it on. */
  readonly forwarded?: MailHeader;
  /** What is odd about the part, in words. */
  readonly problems: readonly string[];
}

/**
 * The calendars of a mail, in its order:
 *
 * - `parts`: at least one; byte-equal copies are left out.
 * - `none/delivery-report`: there is one, but inside a report of a mail that was not delivered.
 * - `none/tnef`: a meeting in Outlook's `winmail.dat` that cannot be read; `detail` says why.
 * - `none/no-calendar`: nothing claims to be one.
 */
export type CalendarParts =
  | { readonly kind: "parts"; readonly parts: readonly CalendarPart[]; readonly problems: readonly string[] }
  | { readonly kind: "none"; readonly reason: "no-calendar" | "delivery-report" | "tnef"; readonly detail?: string };

/**
 * Finds the calendars of a mail by content type and, where that says nothing, by file name: RFC 6047 §2.4 and §2.6. Of copies
 * the one to believe first is kept: `text/calendar` inside a `multipart/alternative`, then elsewhere, then `application/ics`,
 * then files named `*.ics`. The meeting of a `winmail.dat` is put into iCalendar where the mail has nothing else. Looks at
 * `maxMailParts` parts down to `maxMailDepth`, and hands on at most `maxCalendarParts`.
 */
export function findCalendarParts(mail: Mail, limits: Limits): CalendarParts {
  const problems: string[] = [];
  const leaves = listLeaves(mail.root, limits, problems);
  const candidates = leaves.flatMap((leaf, order) => {
    const rank = rankOf(leaf);
    const { bytes } = leaf.part;
    return rank === undefined || !bytes ? [] : [{ ...leaf, rank, bytes, order }];
  });
  const usable = candidates.filter((candidate) => !candidate.inReport);
  if (usable.length === 0) {
    if (candidates.length > 0) return { kind: "none", reason: "delivery-report" };
    return findTnef(leaves, mail, limits);
  }
  if (usable.length > limits.maxCalendarParts) {
    problems.push(`Of ${usable.length} calendars only ${limits.maxCalendarParts} were read.`);
  }
  const best = usable.toSorted((a, b) => a.rank - b.rank).slice(0, limits.maxCalendarParts);
  const parts = withoutCopies(best.map((leaf) => ({ order: leaf.order, part: toCalendarPart(leaf, leaf.bytes) })));
  return { kind: "parts", parts, problems };
}

interface Leaf {
  readonly part: MailPart;
  readonly path: string;
  readonly alternative?: string;
  readonly forwarded?: MailHeader;
  readonly inReport: boolean;
}

/** Lists the leaves in the order of the mail, without recursion: the tree is as deep as its sender wants. */
function listLeaves(root: MailPart, limits: Limits, problems: string[]): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const waiting: (Leaf & { readonly depth: number })[] = [{ part: root, path: "", inReport: false, depth: 1 }];
  let seen = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (++seen > limits.maxMailParts) {
      problems.push(`Only the first ${limits.maxMailParts} parts were looked at.`);
      break;
    }
    const { part, depth } = next;
    if (part.parts.length === 0) leaves.push(next);
    if (part.parts.length > 0 && depth >= limits.maxMailDepth) {
      problems.push(`Parts nested deeper than ${limits.maxMailDepth} were not looked at.`);
      continue;
    }
    const inside = enter(next);
    const children = part.parts.slice(0, limits.maxMailParts).map((child, index) => ({
      ...inside,
      part: child,
      path: next.path === "" ? `${index + 1}` : `${next.path}.${index + 1}`,
      depth: depth + 1,
    }));
    waiting.push(...children.reverse());
  }
  return leaves;
}

/** What holds for everything inside a part. */
function enter({ part, path, alternative, forwarded, inReport }: Leaf): Omit<Leaf, "part" | "path"> {
  // A mail inside the mail is a thing of its own, whatever it is a choice of.
  const choice = part.header ? undefined : part.contentType === "multipart/alternative" ? path : alternative;
  const header = part.header ?? forwarded;
  return {
    ...(choice !== undefined && { alternative: choice }),
    ...(header && { forwarded: header }),
    inReport: inReport || isReport(part),
  };
}

/** Types a file named `*.ics` may have: RFC 6047 §2.6 warns of names that contradict the type. */
const vagueType = /^application\/[a-z0-9.+-]+$/;

/** Tells how a leaf claims to be a calendar: by its type, or by a file name the type does not contradict. */
export function calendarClaim(
  contentType: string,
  filename: string | undefined,
): "text/calendar" | "application/ics" | "*.ics" | undefined {
  if (contentType === "text/calendar" || contentType === "application/ics") return contentType;
  return /\.ics$/i.test(filename?.trim() ?? "") && vagueType.test(contentType) ? "*.ics" : undefined;
}

/** In which order leaves are believed, least first; `undefined` for what is no calendar. */
function rankOf({ part, alternative }: Leaf): number | undefined {
  const claim = calendarClaim(part.contentType, part.filename);
  return claim === "text/calendar" && alternative !== undefined ? 0 : claim && ranks[claim];
}

const ranks = { "text/calendar": 1, "application/ics": 2, "*.ics": 3 } as const;

/** Tells whether a leaf is Outlook's own form of a mail, by its type or its name. */
export function isTnef(contentType: string, filename: string | undefined): boolean {
  return /^application\/(vnd\.)?ms-tnef$/.test(contentType) || /^winmail\.dat$/i.test(filename?.trim() ?? "");
}

/** Reads the meetings in Outlook's own form; a `winmail.dat` may also hold a letter with calendars, or no more than its fonts. */
function findTnef(leaves: readonly Leaf[], mail: Mail, limits: Limits): CalendarParts {
  const found = leaves.filter(({ part, inReport }) => !inReport && isTnef(part.contentType, part.filename));
  const parts: CalendarPart[] = [];
  let detail: string | undefined;
  for (const leaf of found.slice(0, limits.maxCalendarParts)) {
    if (!leaf.part.bytes) continue;
    const read = readTnefMeeting(leaf.part.bytes, leaf.forwarded ?? mail, limits);
    if (read.kind === "unreadable") detail ??= read.detail;
    if (read.kind === "attached") parts.push(...read.calendars.map((bytes) => tnefPart(leaf, bytes)));
    if (read.kind !== "meeting") continue;
    const { bytes, charset } = encodeUtf16(formatCalendar(read.calendar));
    parts.push(tnefPart(leaf, bytes, charset));
  }
  if (parts.length > 0) return { kind: "parts", parts, problems: ["It was in Outlook's own form (winmail.dat)."] };
  return detail === undefined ? { kind: "none", reason: "no-calendar" } : { kind: "none", reason: "tnef", detail };
}

/** A calendar out of a leaf, whose own parameters say nothing of it; it is no choice of an alternative. */
function tnefPart({ path, forwarded }: Leaf, bytes: Uint8Array, charset?: string): CalendarPart {
  const where = { path, ...(forwarded && { forwarded }) };
  return { bytes, ...(charset && { charset }), languages: [], ...where, problems: [] };
}

function toCalendarPart({ part, path, alternative, forwarded }: Leaf, bytes: Uint8Array): CalendarPart {
  const method = part.parameters["method"]?.trim().toUpperCase();
  const charset = part.parameters["charset"]?.trim().toLowerCase();
  const component = part.parameters["component"]?.trim().toUpperCase();
  const problems = isKnownCharset(charset)
    ? []
    : [`The charset "${charset?.slice(0, 40)}" is not known here; the text was read as UTF-8 or windows-1252.`];
  return {
    bytes,
    ...(method && { method }),
    ...(charset && { charset }),
    ...(component && { component }),
    languages: part.languages ?? [],
    path,
    ...(alternative !== undefined && { alternative }),
    ...(forwarded && { forwarded }),
    problems,
  };
}

interface Ordered {
  readonly order: number;
  readonly part: CalendarPart;
}

/**
 * Leaves out byte-equal copies of a part that is believed more, unless their `method` says something else, and puts what is left
 * in the order of the mail. What the mail says itself and what somebody passed on are two things.
 */
function withoutCopies(parts: readonly Ordered[]): readonly CalendarPart[] {
  const kept: Ordered[] = [];
  for (const next of parts) {
    const earlier = kept.find(({ part }) => isCopy(part, next.part));
    const says = next.part.method;
    if (!earlier || (says !== undefined && says !== earlier.part.method)) kept.push(next);
  }
  return kept.sort((a, b) => a.order - b.order).map(({ part }) => part);
}

function isCopy(a: CalendarPart, b: CalendarPart): boolean {
  return a.charset === b.charset && a.forwarded === b.forwarded && equal(a.bytes, b.bytes);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
