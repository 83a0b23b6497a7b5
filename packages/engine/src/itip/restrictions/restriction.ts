import type { Rule } from "../outcome.ts";

/** How often a row of a restriction table may occur, as RFC 5546 §3 prints it; `0-1` is its "0 or 1". */
export type Presence = "0" | "1" | "0-1" | "0+" | "1+";

/** Rows of a table by the upper-case name of the property or component. */
export type Cells = Readonly<Record<string, Presence>>;

/** The fewest and the most that a Presence allows. */
export const bounds: Readonly<Record<Presence, { readonly least: number; readonly most: number }>> = {
  "0": { least: 0, most: 0 },
  "1": { least: 1, most: 1 },
  "0-1": { least: 0, most: 1 },
  "0+": { least: 0, most: Number.POSITIVE_INFINITY },
  "1+": { least: 1, most: Number.POSITIVE_INFINITY },
};

/**
 * What the Comment column asks beside the count, as far as the message alone can show it. Comments that compare with the
 * original REQUEST or with the sender ("MUST echo original UID", "MUST be the address of the Attendee replying") are the
 * business of whoever knows those.
 */
export type Condition =
  /** "All components MUST have the same UID." */
  | { readonly check: "same-uid" }
  /** "MUST be present if any date/time refers to a timezone." */
  | { readonly check: "zones-defined" }
  /** "If present, (other) MUST NOT be present", both ways. */
  | { readonly check: "not-with"; readonly property: string; readonly other: string }
  /** "If present, (other) MUST be present." */
  | { readonly check: "only-with"; readonly property: string; readonly other: string }
  /** "MUST be one or more of either ..." */
  | { readonly check: "any-of"; readonly components: readonly string[] }
  /** "MUST be one of ..."; RFC 5546's "MAY be one of" is read so too, as it lists all values of the property. */
  | { readonly check: "one-of"; readonly property: string; readonly values: readonly string[] }
  /** "MUST be greater than 0." */
  | { readonly check: "above-zero"; readonly property: string }
  /** A value that is a date, a time or a date and time; what cannot be read names nothing. */
  | { readonly check: "readable-time"; readonly property: string }
  /** "DateTime values must be in UTC." */
  | { readonly check: "utc"; readonly property: string }
  /** "MUST be local time format." */
  | { readonly check: "local-time"; readonly property: string }
  /** "MUST be BUSYTIME." */
  | { readonly check: "busy-time"; readonly property: string }
  /** RFC 5546 §3.6: which classes of REQUEST-STATUS may stand in one component, and beside each other. */
  | { readonly check: "status-classes" };

/**
 * How a count is read where the table and the prose or examples of the same RFC disagree.
 *
 * - `delegation`: a REPLY of a delegator or delegate names both (RFC 5546 §3.2.2.3 and the messages of §4.2.5): they count
 *   as one, and so do several lines for one address.
 * - `each-tzid`: "MUST be present if any date/time refers to a timezone" outweighs "0 or 1": RFC 5545 §3.6.5 wants one for
 *   each TZID.
 * - `absent-if-zero`: the comment itself lets SEQUENCE be absent when it is 0.
 */
export type Reading = "delegation" | "each-tzid" | "absent-if-zero";

/** One restriction table: what a VCALENDAR with this METHOD and this type of component holds. */
export interface RestrictionTable {
  readonly rule: Rule;
  /** Properties of the VCALENDAR that this table adds to RFC 5546 §3.1.1. */
  readonly calendar: Cells;
  /** Components of the VCALENDAR. */
  readonly components: Cells;
  /** Properties of each component of the type the table is for. */
  readonly properties: Cells;
  /** Components inside each of them. */
  readonly subcomponents: Cells;
  readonly conditions: readonly Condition[];
  readonly readings?: Readonly<Record<string, Reading>>;
  /** Rows the RFC leaves out by mistake, as its other tables have them. */
  readonly unprinted?: { readonly components?: Cells; readonly properties?: Cells };
}

/** A table that holds wherever the component occurs. */
export interface CommonTable {
  readonly rule: Rule;
  readonly properties: Cells;
  readonly subcomponents: Cells;
  readonly conditions: readonly Condition[];
}
