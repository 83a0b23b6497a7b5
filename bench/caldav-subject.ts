/** What a house is made of before it is measured: people of the numbers from 0, and the calendars of the first of them. */
export interface Furnishing {
  readonly people: number;
  /** Whose programs ask: the first so many people. */
  readonly askers: number;
  /** By the last segment of their URLs, how many objects are in them; the one of the number 7 is `small-7.ics` in `small`. */
  readonly calendars: Readonly<Record<string, number>>;
}

/** A CalDAV server that is measured. The same people sign in at each with the same words. */
export interface Subject {
  readonly name: string;
  readonly port: number;
  /** Says where the calendars of the person of that number are, with a slash at the end. */
  home(person: number): string;
  /** The last segment of the URL of the calendar that invitations come to. */
  readonly calendar: string;
  /** Reads the processor time it has taken so far, in milliseconds, of all of its processes. */
  cpu(): Promise<number>;
  /** Waits until every copy for a guest is there. */
  delivered(): Promise<void>;
  stop(): Promise<void>;
}
