import { setTimeout as sleep } from "node:timers/promises";
import type { House } from "../../scheduling/house.ts";
import type { JobRun } from "../../store/housekeeping.ts";
import { type ImapAccount, type ImapConnection, openMailbox, type Place, type WaitingMail } from "./imap-connection.ts";
import type { DoorLogger } from "./mail-server.ts";
import { takeIn } from "./take-in.ts";

/** A mailbox that is read, and how. */
export interface MailboxSettings extends ImapAccount {
  /** Whose mail it is; without it each mail tells. */
  readonly owner?: string;
  /** Ids under which its server writes Authentication-Results; without them none is believed. */
  readonly authservIds?: readonly string[];
  /** How often it is looked into where the server does not tell of new mail. */
  readonly pollSeconds: number;
}

/** A mailbox that is read. A lifetime: started once, stopped before the store closes. */
export interface Mailbox {
  /** Finishes the mail it is at, and lets another node go on. */
  stop(): Promise<void>;
}

const maxBytes = 64 * 1024 * 1024;
/** Longer than any mail takes; a node that has died lets go of the mailbox after so long. */
const leaseSeconds = 120;
const renewSeconds = 30;
const maxPauseSeconds = 300;
/** A mail that cannot be kept so often, while the store keeps other things, never will be. */
const maxAttempts = 10;
const maxMoves = 5;
const maxCounted = 10_000;

/** How long it waits: while another node reads; after the first failure, which is doubled with each; and for a server when it is to stop. */
export interface MailboxPace {
  readonly standBySeconds: number;
  readonly retrySeconds: number;
  readonly closeSeconds: number;
}

const usualPace: MailboxPace = { standBySeconds: 15, retrySeconds: 1, closeSeconds: 3 };

/** What is known of a mailbox as long as the process lives. */
interface Reader {
  readonly house: House;
  readonly name: string;
  readonly settings: MailboxSettings;
  readonly logger: DoorLogger;
  readonly pace: MailboxPace;
  readonly remembered: Set<string>;
  readonly attempts: Map<string, number>;
  readonly stopping: AbortController;
}

/**
 * Reads a mailbox until it is stopped: what is there, then what comes. A mail is moved or marked only when its verdict is on the disk, so
 * that whatever breaks in between makes it be read twice, which is as once. One node reads it at a time, others stand by. A connection that
 * breaks is opened again, after longer and longer. Decision 0035.
 */
export function startMailbox(
  house: House,
  name: string,
  settings: MailboxSettings,
  { logger, random }: { readonly logger: DoorLogger; readonly random: () => number },
  pace: MailboxPace = usualPace,
): Mailbox {
  const trust = { ...house.trust, relay: false, authservIds: settings.authservIds ?? [] };
  const reader: Reader = {
    ...{ house: { ...house, trust }, name, settings, logger, pace },
    ...{ remembered: new Set(), attempts: new Map(), stopping: new AbortController() },
  };
  const ended = readOn(reader, random);
  return {
    stop: () => {
      reader.stopping.abort();
      return ended;
    },
  };
}

async function readOn(reader: Reader, random: () => number): Promise<void> {
  const { stopping, logger, name, settings, pace } = reader;
  const job = `imap ${name}`;
  let failures = 0;
  let run: JobRun | undefined;
  while (!stopping.signal.aborted) {
    let pause = pace.standBySeconds;
    try {
      run = await take(reader, job, run);
      if (run !== undefined) await readOnce(reader, job, run, () => (failures = 0));
    } catch (error) {
      failures++;
      pause = Math.min(maxPauseSeconds, pace.retrySeconds * 2 ** Math.min(failures - 1, 9)) * (0.5 + random() / 2);
      logger.error({ mailbox: name, reason: reasonOf(error, settings), failures }, "mailbox");
    }
    if (run !== undefined && (await letGo(reader, job, run))) run = undefined;
    await sleep(pause * 1_000, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
  }
}

/** Takes the mailbox where no other node has it. What could not be let go of, as the store was out of reach, is still ours. */
async function take({ house }: Reader, job: string, held: JobRun | undefined): Promise<JobRun | undefined> {
  const now = house.clock();
  return house.store.write(async ({ jobs }) => {
    if (held !== undefined && (await jobs.renew(job, held, now + leaseSeconds))) return held;
    return jobs.claim(job, now, now + leaseSeconds, true);
  });
}

/** Another node may go on at once; false where the store could not be told. */
async function letGo({ house, logger, name, settings }: Reader, job: string, run: JobRun): Promise<boolean> {
  const at = house.clock();
  const end = { at, due: at, failed: false, result: "" };
  return house.store
    .write(({ jobs }) => jobs.settle(job, run, end))
    .then(
      () => true,
      (error: unknown) => {
        logger.error({ mailbox: name, reason: reasonOf(error, settings) }, "mailbox");
        return false;
      },
    );
}

/** Reads over one connection, until it is to stop or the mailbox is another node's. */
async function readOnce(reader: Reader, job: string, run: JobRun, onOpen: () => void): Promise<void> {
  const { house, settings, stopping, remembered, pace } = reader;
  const goOn = async (): Promise<boolean> =>
    !stopping.signal.aborted &&
    (await house.store.write(({ jobs }) => jobs.renew(job, run, house.clock() + leaseSeconds)));
  const connection = await openMailbox(settings, remembered, stopping.signal, pace.closeSeconds);
  try {
    while (await goOn()) {
      const waiting = await connection.list();
      onOpen();
      let filed = 0;
      for (const mail of waiting) {
        if (!(await goOn())) return;
        if (await readMail(reader, connection, mail, goOn)) filed++;
      }
      for (let left = filed > 0 ? 0 : settings.pollSeconds; left > 0; left -= renewSeconds) {
        const hasNews = await connection.untilMore(Math.min(left, renewSeconds), stopping.signal);
        if (hasNews || !(await goOn())) break;
      }
    }
  } finally {
    await connection.close();
  }
}

/** Takes in one mail and puts it where it belongs; false where it stays for another try. */
async function readMail(
  reader: Reader,
  connection: ImapConnection,
  { uid, size }: WaitingMail,
  storeWorks: () => Promise<boolean>,
): Promise<boolean> {
  const { house, name, settings, logger, attempts } = reader;
  const failed = async (reason: string): Promise<true> => {
    logger.error({ mailbox: name, uid, reason }, "mail of a mailbox cannot be taken in");
    return putAway(reader, connection, uid, "failed");
  };
  if (size > maxBytes) return failed(`it is larger than ${maxBytes} octets`);
  const bytes = await connection.fetch(uid);
  if (!bytes) return true; // gone meanwhile
  const taken = await takeIn(house, bytes, settings.owner);
  if (taken.kind === "try-again") {
    // Only what cannot be kept while other things can is the mail's own fault.
    const count = (await storeWorks()) ? countFailure(reader, "keep", connection, uid) : 0;
    const reason = reasonOf(taken.error, settings);
    if (count >= maxAttempts) return failed(reason);
    logger.error({ mailbox: name, uid, reason, attempts: count }, "mail not kept");
    return false;
  }
  attempts.delete(keyOf("keep", connection, uid));
  return taken.place === "failed" ? failed(taken.reason) : putAway(reader, connection, uid, taken.place);
}

/** Moves or marks a mail; what the server will not move, after some tries, is marked where it is, so that others get their turn. */
async function putAway(reader: Reader, connection: ImapConnection, uid: number, place: Place): Promise<true> {
  try {
    await connection.file(uid, place);
  } catch (error) {
    if (countFailure(reader, "move", connection, uid) < maxMoves) throw error;
    const reason = reasonOf(error, reader.settings);
    reader.logger.error({ mailbox: reader.name, uid, reason }, "mail of a mailbox stays where it is");
    await connection.mark(uid, place);
  }
  reader.attempts.delete(keyOf("move", connection, uid));
  return true;
}

type Doing = "keep" | "move";

/** How often that has failed of that mail, this time too. */
function countFailure({ attempts }: Reader, doing: Doing, connection: ImapConnection, uid: number): number {
  const key = keyOf(doing, connection, uid);
  const count = (attempts.get(key) ?? 0) + 1;
  if (attempts.size >= maxCounted) attempts.clear();
  attempts.set(key, count);
  return count;
}

function keyOf(doing: Doing, { uidValidity }: ImapConnection, uid: number): string {
  return `${doing} ${uidValidity} ${uid}`;
}

/** What went wrong, in words; a server that repeats the password does not get it into the log. */
function reasonOf(error: unknown, { user, password }: MailboxSettings): string {
  if (!(error instanceof Error)) return "unknown";
  const facts = error as Error & { readonly responseText?: unknown; readonly code?: unknown };
  const words = [facts.message, facts.code, facts.responseText].filter((word) => typeof word === "string");
  // As LOGIN says it, and PLAIN.
  const inBase64 = [password, `\0${user}\0${password}`].map((text) => Buffer.from(text).toString("base64"));
  const hidden = [password, encodeURIComponent(password), ...inBase64];
  return hidden
    .reduce((text, secret) => text.replaceAll(secret, "(hidden)"), [...new Set(words)].join(": "))
    .slice(0, 500);
}
