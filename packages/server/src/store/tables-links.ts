/** The tables of what is said without a calendar, and of what people have chosen. */
export interface LinkTables {
  readonly answer_links: AnswerLinkRow;
  readonly preferences: PreferenceRow;
  readonly known_busy: KnownBusyRow;
  readonly busy_asked: BusyAskedRow;
  readonly busy_questions: BusyQuestionRow;
}

/** One personal link of one Attendee to one object of its Organizer's. */
export interface AnswerLinkRow {
  readonly token_hash: string;
  readonly object_id: number;
  readonly attendee: string;
  /** JSON list of instance keys, each with the SEQUENCE it was told with. */
  readonly told: string;
  readonly expires: number;
  /** Answers given within the day that began at `answered_since`. */
  readonly answered: number;
  readonly answered_since: number;
}

/** One thing a principal has chosen otherwise than the house. */
export interface PreferenceRow {
  readonly principal_id: number;
  readonly name: string;
  readonly value: string;
}

/** What somebody elsewhere told one principal of their time. */
export interface KnownBusyRow {
  readonly principal_id: number;
  readonly address: string;
  readonly uid_key: string;
  readonly starts: number;
  readonly uid: string;
  readonly ends: number;
  readonly dtstamp: number;
  /** JSON list: from, to and type of each. */
  readonly periods: string;
  readonly told_at: number;
  readonly expires: number;
}

/** Whom a principal has asked by mail for which time. */
export interface BusyAskedRow {
  readonly principal_id: number;
  readonly address: string;
  readonly starts: number;
  readonly ends: number;
  readonly at: number;
}

/** How often somebody has asked a principal within a window. */
export interface BusyQuestionRow {
  readonly principal_id: number;
  readonly asker: string;
  readonly since: number;
  readonly count: number;
}
