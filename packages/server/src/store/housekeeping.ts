import type { EpochSeconds } from "@parley/engine";

/** Tells when a job last ran, and how it ended. */
export interface JobRecord {
  readonly name: string;
  /** Not run before. */
  readonly due: EpochSeconds;
  /** Whoever runs it now has promised to be done by then, or to say so again; 0 where nobody does. */
  readonly leasedUntil: EpochSeconds;
  readonly started?: EpochSeconds;
  /** Absent where it has never ended. */
  readonly ended?: EpochSeconds;
  readonly failed: boolean;
  /** What it last did, or why it failed. */
  readonly result: string;
}

/** Counts the times a job was begun: names one of them. */
export type JobRun = number;

/** Looks at the jobs that were ever run. */
export interface ReadJobs {
  /** By name. */
  list(): Promise<readonly JobRecord[]>;
}

/** Lets each job be run by one node at a time. */
export interface Jobs extends ReadJobs {
  /**
   * Takes a job that is due, or at any time if it is `forced`, and leases it until then. `undefined` where it is not due or somebody has
   * it; whose lease has run out has it no more.
   */
  claim(name: string, now: EpochSeconds, leasedUntil: EpochSeconds, forced: boolean): Promise<JobRun | undefined>;
  /** Leases it for longer; false where somebody else has it by now. */
  renew(name: string, run: JobRun, leasedUntil: EpochSeconds): Promise<boolean>;
  /** Records how it ended, and when it is to be run again; nothing where somebody else has it by now. */
  settle(
    name: string,
    run: JobRun,
    end: { readonly at: EpochSeconds; readonly due: EpochSeconds; readonly failed: boolean; readonly result: string },
  ): Promise<void>;
}

/** What one step of removing has removed. */
export interface RemovedMessages {
  readonly messages: number;
  /** Mails that nothing refers to any more. */
  readonly sources: number;
  /** Where the next step goes on; absent where there is nothing older left to look at. */
  readonly last?: string;
}

/** Tells what is no longer kept. */
export interface ReadRetention {
  /** Messages older than that may have been removed; `undefined` where none ever was. */
  removedBefore(): Promise<EpochSeconds | undefined>;
}

/** Removes what is kept no longer. */
export interface Retention extends ReadRetention {
  /**
   * Removes messages after the one given that are older, with their deliveries and what only they refer to: a bounded number. None that waits
   * for its owner or for another message, none of which a delivery is unfinished, none that is the last word to somebody about what is in a
   * calendar, and none that a later one was the same mail as. Decision 0029.
   */
  removeMessages(before: EpochSeconds, after: string | undefined): Promise<RemovedMessages>;
}

/** A row as it stands in its table. */
export type RawRow = Readonly<Record<string, string | number | Uint8Array | null>>;

/** One thing that is not as it must be. */
export interface Fault {
  /** The invariant, in a word or two. */
  readonly invariant: string;
  /** Table and key of the row, or what else it is of. */
  readonly where: string;
  readonly detail: string;
  /** It follows from other rows and can be made anew. */
  readonly repairable: boolean;
}

/** Looks at the tables as tables: for copies and checks. */
export interface ReadUpkeep {
  /** Schema version of the tables. */
  schemaVersion(): Promise<number>;
  /** The tables a copy holds, each after those it refers to. Sessions are left out: who restores signs in anew. */
  readonly tables: readonly string[];
  /** Rows after the row given, in the order of their keys; few at a time where they are large. None: the end. */
  page(table: string, after: RawRow | undefined): Promise<readonly RawRow[]>;
  count(table: string): Promise<number>;
  /** The highest id each table has ever given out. */
  lastIds(): Promise<Readonly<Record<string, number>>>;
  /** What the rows alone show to be wrong. */
  faults(): AsyncIterable<Fault>;
}

/** Writes tables as tables. */
export interface Upkeep extends ReadUpkeep {
  insert(table: string, rows: readonly RawRow[]): Promise<void>;
  /** Lets no id up to these be given out again. */
  raiseLastIds(ids: Readonly<Record<string, number>>): Promise<void>;
  /** Makes anew what follows from other rows, and removes what nothing refers to. */
  repair(): Promise<void>;
  setSpan(object: string, span: { readonly starts: EpochSeconds; readonly ends: EpochSeconds | null }): Promise<void>;
}
