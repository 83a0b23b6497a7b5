/**
 * Bounds of everything a peer can make the engine do. Every loop, list and depth of the engine has its bound here.
 * A value beyond its bound is a problem that is reported, never an exception.
 */
export interface Limits {
  /** Octets of one iCalendar text; longer texts are refused unread. */
  readonly maxCalendarBytes: number;
  /** Octets of one unfolded content line; the rest of a longer line is dropped. */
  readonly maxLineBytes: number;
  /** Properties of one iCalendar text, over all components. */
  readonly maxProperties: number;
  /** Parameters of one property. */
  readonly maxParameters: number;
  /** Components of one iCalendar text. */
  readonly maxComponents: number;
  /** Depth of nested components. */
  readonly maxDepth: number;
  /** Problems reported for one text; further ones are counted in the last one only. */
  readonly maxProblems: number;
  /** ATTENDEE properties read from one component. */
  readonly maxAttendees: number;
  /** Components with a RECURRENCE-ID kept for one UID. */
  readonly maxOverrides: number;
  /** MIME parts looked at in one mail. */
  readonly maxMailParts: number;
  /** Depth of nested MIME parts. */
  readonly maxMailDepth: number;
  /** Calendar parts of one mail that are read. */
  readonly maxCalendarParts: number;
  /** Octets of a text shown to a person or kept in a register (a comment). */
  readonly maxCommentLength: number;
  /** Steps spent on the observances of one VTIMEZONE. */
  readonly maxZoneSteps: number;
}

export const defaultLimits: Limits = {
  maxCalendarBytes: 16 * 1024 * 1024,
  maxLineBytes: 4 * 1024 * 1024,
  maxProperties: 200_000,
  maxParameters: 1_000,
  maxComponents: 50_000,
  maxDepth: 32,
  maxProblems: 100,
  maxAttendees: 20_000,
  maxOverrides: 5_000,
  maxMailParts: 1_000,
  maxMailDepth: 32,
  maxCalendarParts: 16,
  maxCommentLength: 8_192,
  maxZoneSteps: 20_000,
};
