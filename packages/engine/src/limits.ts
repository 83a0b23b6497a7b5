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
  /** Rules that recur in one VTIMEZONE; observances beyond them count for nothing. */
  readonly maxZoneRules: number;
  /** VTIMEZONE components looked at in one calendar. */
  readonly maxZones: number;
  /** Periods of rules looked at in vain by one expansion; each Instance found gives some of them back. */
  readonly maxRecurrenceSteps: number;
  /** Instances one expansion gives. */
  readonly maxInstances: number;
}

/** Allows far more than any sound message holds, and what a small machine still reads in time. */
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
  maxZoneRules: 128,
  maxZones: 1_000,
  maxRecurrenceSteps: 50_000,
  maxInstances: 100_000,
};

/** Periods of one zone that are looked through for one wall clock time; real zones have two there, seldom three. */
export const maxPeriodsNearTime = 64;
/** Years of one zone whose periods are kept. */
export const maxCachedZoneYears = 256;
/** Onsets of one zone in one year; further ones are dropped. */
export const maxZoneOnsetsPerYear = 1_000;
/** Numbers or weekdays read from one list in a rule of a zone. */
export const maxZoneRuleList = 62;
/** Onsets of one rule of a zone in one year; weekly is the most that writers of odd rules ever meant. */
export const maxZoneRuleOnsetsPerYear = 53;
/** Years a rule of a zone is followed back in search of its last onset; a rule silent for so long has none. */
export const maxSilentZoneYears = 40;
/** Zones, and names that are none, kept by one provider or resolver. */
export const maxCachedZones = 2_000;
/** Characters of a zone name asked of a provider. */
export const maxZoneNameLength = 64;
/** Parts of a TZID with slashes that are looked at. */
export const maxTzidPathParts = 8;
/** Characters of a TZID that is searched for a name inside it. */
export const maxTzidLength = 256;
/** Depth of nested components that is written; deeper ones are left out. */
export const maxFormatDepth = 256;
/** Seconds of the longest DURATION: as many as a calendar of four-digit years has. A longer one is none. */
export const maxDurationSeconds = 10_000 * 366 * 86_400;
/** Guests a mail names one by one; further ones are counted. */
export const maxGuestsNamed = 20;
/** Changes that are told in one sentence; of further ones it says no more than that there are some. */
export const maxChangesNamed = 20;
/** Characters of one change in a mail; the rest is cut. */
export const maxChangeInWords = 1_000;
/** Characters of a link by which a reader answers; a longer one is left out. */
export const maxLinkLength = 2_000;
/** Dates of one message a mail names one by one; further ones are counted. */
export const maxDatesNamed = 10;
/** Characters of a title, a name, a place or a comment in a mail or a sentence; the rest is cut. */
export const maxLineInWords = 200;
/** Characters of an RRULE that is put into words. */
export const maxRuleLength = 500;
/** Octets of a BINARY value that is decoded; a longer one is none. */
export const maxBinaryBytes = 4 * 1024 * 1024;
/** Years a VTIMEZONE is made for; a longer range is cut off there. */
export const maxVtimezoneYears = 200;
/** Changes of the clocks a VTIMEZONE is made of. */
export const maxVtimezoneChanges = 2_000;
/** Periods of one zone that are looked back through for the change that made the first offset of a VTIMEZONE. */
export const maxPeriodsBefore = 400;
/** Periods of two zones that are compared with each other. */
export const maxPeriodsCompared = 20_000;
/** Characters of an RRULE that is read. */
export const maxRuleTextLength = 16_384;
/** Parts of an RRULE that are read. */
export const maxRuleParts = 64;
/** Values of one list in an RRULE that is read; BYSETPOS and BYYEARDAY have the most that differ, 732. */
export const maxRuleList = 1_000;
/** RRULEs of one component; further ones are left out. */
export const maxRulesOfSet = 16;
/** Steps an expansion gets back for each Instance it finds. */
export const stepsPerInstance = 1_000;
/** Times `maxRecurrenceSteps` that one expansion gets back in all. */
export const maxRefills = 3;

/** Times one participation is delegated on; a longer chain is refused, and not followed. */
export const maxDelegations = 10;
/** Delegates of one participation; further ones are left out. */
export const maxDelegates = 4;
/** Instances of one REPLY that are looked for in the series; further ones are left out. */
export const maxInstancesAnswered = 200;
/** Senders remembered as speaking for an Organizer whose own address never sends, decision 0004. */
export const maxSpeakers = 4;
/** Times of day of a rule that are named one by one. */
export const maxTimesNamed = 12;
/** Components of one object that speak for an Instance and all after, as far as a CANCEL of such a range reaches others. */
export const maxRangesOfObject = 64;
/** Busy periods read from one VFREEBUSY, or made of all the objects of one person; there are no further ones. */
export const maxBusyPeriods = 100_000;
/** VAVAILABILITYs of one calendar, and AVAILABLEs of one of them, that are read. */
export const maxAvailabilities = 500;
/** What several people told of one person's busy time that is put together; the newest count. */
export const maxBusyReports = 1_000;
/** Working hours of one person's week that are read. */
export const maxWorkingHours = 50;
/** Days over which a time is sought, and working hours are placed. */
export const maxSearchDays = 1_000;
/** Starts that one search for a time weighs against each other. */
export const maxSlots = 50_000;
/** People and rooms of one search, each counted as often as it is named. */
export const maxCandidates = 4_000;
/** Slots that one search gives. */
export const maxSlotsGiven = 1_000;
/** Answers that are sent once more because one REQUEST asks for them; the others when it asks again. */
export const maxAnswersRestated = 32;
/** Counter-proposals of one Attendee to one object that are kept; a further one is refused. */
export const maxProposalsOfAttendee = 32;
/**
 * Instances that are named one by one: those left out of a series, which is sent again where they are more; and those answered by
 * themselves, where it is split.
 */
export const maxInstancesNamed = 100;
/** Instances of two versions of a series that are compared one by one: does a change of zone move any? */
export const maxInstancesCompared = 2_000;
/** Answers read from one version of an Attendee's copy; each leaves as a REPLY of its own. */
export const maxAnswersOfVersion = 200;
/** Periods of two zones that are compared where a series without end is moved from one to the other. */
export const maxPeriodsOfSeries = 200;
/** Objects of one mail that are read; what is beyond is told as one thing that was not. */
export const maxObjectsOfMail = 64;
/** Octets of one report of a mail's delivery that are read. */
export const maxReportBytes = 512 * 1024;
/** Attributes, and properties of the mail or of a recipient, that are read from one `winmail.dat`. */
export const maxTnefItems = 20_000;
/** Recipients of one report of a mail's delivery; further ones are left out. */
export const maxReportedRecipients = 1_000;
