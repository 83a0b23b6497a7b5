import type { Limits } from "../limits.ts";
import { isKnownCharset } from "./charset.ts";
import type { Mail, MailPart } from "./mail.ts";

/** A leaf of a mail that claims to be a calendar. */
export interface CalendarPart {
  /** Content with the transfer encoding undone; the charset is not. */
  readonly bytes: Uint8Array;
  /** Upper-case `method` parameter, where the part has one. */
  readonly method?: string;
  /** Lower-case `charset` parameter, where the part has one. */
  readonly charset?: string;
  /** Where it stands in the tree, counted from 1: `1.3`; empty for the root. */
  readonly path: string;
  /** What is odd about the part, in words. */
  readonly problems: readonly string[];
}

/**
 * The calendars of a mail, the one to believe first:
 *
 * - `parts`: at least one; byte-equal copies are left out.
 * - `none/delivery-report`: there is one, but inside a report of a mail that was not delivered.
 * - `none/tnef`: Outlook's `winmail.dat`, which holds no iCalendar text.
 * - `none/no-calendar`: nothing claims to be one.
 */
export type CalendarParts =
  | { readonly kind: "parts"; readonly parts: readonly CalendarPart[]; readonly problems: readonly string[] }
  | { readonly kind: "none"; readonly reason: "no-calendar" | "delivery-report" | "tnef" };

/**
 * Finds the calendars of a mail by content type and, where that says nothing, by file name: RFC 6047 §2.4 and §2.6.
 * `text/calendar` inside a `multipart/alternative` comes first, then elsewhere, then `application/ics`, then files named
 * `*.ics`. Looks at `maxMailParts` parts down to `maxMailDepth`, and hands on at most `maxCalendarParts`.
 */
export function findCalendarParts(mail: Mail, limits: Limits): CalendarParts {
  const problems: string[] = [];
  const leaves = listLeaves(mail.root, limits, problems);
  const candidates = leaves.flatMap((leaf) => {
    const rank = rankOf(leaf);
    const { bytes } = leaf.part;
    return rank === undefined || !bytes ? [] : [{ ...leaf, rank, bytes }];
  });
  const usable = candidates.filter((candidate) => !candidate.inReport);
  if (usable.length === 0) {
    if (candidates.length > 0) return { kind: "none", reason: "delivery-report" };
    return { kind: "none", reason: leaves.some(({ part }) => isTnef(part)) ? "tnef" : "no-calendar" };
  }
  if (usable.length > limits.maxCalendarParts) {
    problems.push(`Of ${usable.length} calendars only ${limits.maxCalendarParts} were read.`);
  }
  const best = usable.toSorted((a, b) => a.rank - b.rank).slice(0, limits.maxCalendarParts);
  const parts = withoutCopies(best.map(({ part, path, bytes }) => toCalendarPart(part, path, bytes)));
  return { kind: "parts", parts, problems };
}

interface Leaf {
  readonly part: MailPart;
  readonly path: string;
  readonly inAlternative: boolean;
  readonly inReport: boolean;
}

/** Lists the leaves in the order of the mail, without recursion: the tree is as deep as its sender wants. */
function listLeaves(root: MailPart, limits: Limits, problems: string[]): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const waiting = [{ part: root, path: "", inAlternative: false, inReport: false, depth: 1 }];
  let seen = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (++seen > limits.maxMailParts) {
      problems.push(`Only the first ${limits.maxMailParts} parts were looked at.`);
      break;
    }
    const { part, path, depth } = next;
    if (part.parts.length === 0) leaves.push(next);
    if (part.parts.length > 0 && depth >= limits.maxMailDepth) {
      problems.push(`Parts nested deeper than ${limits.maxMailDepth} were not looked at.`);
      continue;
    }
    const inAlternative = next.inAlternative || part.contentType === "multipart/alternative";
    const inReport = next.inReport || part.contentType === "multipart/report";
    const children = part.parts.slice(0, limits.maxMailParts).map((child, index) => ({
      part: child,
      path: path === "" ? `${index + 1}` : `${path}.${index + 1}`,
      inAlternative,
      inReport,
      depth: depth + 1,
    }));
    waiting.push(...children.reverse());
  }
  return leaves;
}

/** Types a file named `*.ics` may have: RFC 6047 §2.6 warns of names that contradict the type. */
const vagueType = /^(application\/[a-z0-9.+-]+|text\/plain)$/;

/** Tells how a leaf claims to be a calendar: by its type, or by a file name the type does not contradict. */
export function calendarClaim(
  contentType: string,
  filename: string | undefined,
): "text/calendar" | "application/ics" | "*.ics" | undefined {
  if (contentType === "text/calendar" || contentType === "application/ics") return contentType;
  return /\.ics$/i.test(filename?.trim() ?? "") && vagueType.test(contentType) ? "*.ics" : undefined;
}

/** In which order leaves are believed, least first; `undefined` for what is no calendar. */
function rankOf({ part, inAlternative }: Leaf): number | undefined {
  const claim = calendarClaim(part.contentType, part.filename);
  return claim === "text/calendar" && inAlternative ? 0 : claim && ranks[claim];
}

const ranks = { "text/calendar": 1, "application/ics": 2, "*.ics": 3 } as const;

function isTnef(part: MailPart): boolean {
  return /^application\/(vnd\.)?ms-tnef$/.test(part.contentType) || /^winmail\.dat$/i.test(part.filename?.trim() ?? "");
}

function toCalendarPart(part: MailPart, path: string, bytes: Uint8Array): CalendarPart {
  const method = part.parameters["method"]?.trim().toUpperCase();
  const charset = part.parameters["charset"]?.trim().toLowerCase();
  const problems = isKnownCharset(charset)
    ? []
    : [`The charset "${charset?.slice(0, 40)}" is not known here; the text was read as UTF-8 or windows-1252.`];
  return { bytes, ...(method && { method }), ...(charset && { charset }), path, problems };
}

/** Leaves out byte-equal copies of an earlier part, unless their `method` says something else. */
function withoutCopies(parts: readonly CalendarPart[]): readonly CalendarPart[] {
  const kept: CalendarPart[] = [];
  for (const part of parts) {
    const earlier = kept.find((candidate) => candidate.charset === part.charset && equal(candidate.bytes, part.bytes));
    if (!earlier || (part.method !== undefined && part.method !== earlier.method)) kept.push(part);
  }
  return kept;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
