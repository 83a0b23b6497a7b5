import { expect } from "vitest";
import { type Mailbox, type MailboxSettings, startMailbox } from "../../src/mail/doors/mailbox.ts";
import { addPerson } from "../../src/people.ts";
import type { House } from "../../src/scheduling/house.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { LedgerRow, Principal, Store } from "../../src/store/store.ts";
import { houseOver, storeOptions } from "../scheduling/house.ts";
import { calendarMail } from "./calendar-mail.ts";
import { type ImapBehaviour, type ImapServer, startImapServer } from "./imap-server.ts";

/** The password of the mailboxes of these tests, with signs that are written otherwise elsewhere. */
export const password = "pass word/é+=";

/** Folders for what was taken in, and what could not be. */
export const folders = { handled: "Parley/Handled", failed: "Parley/Failed" };

/** Ann's house, and servers whose mailboxes it reads. */
export interface MailboxWorld {
  readonly store: Store;
  readonly house: House;
  readonly ann: Principal;
  /** What was logged, a line each. */
  readonly log: string[];
  /** Ann's ledger, newest first. */
  rows(): Promise<readonly LedgerRow[]>;
  serve(behaviour?: Partial<ImapBehaviour>): Promise<ImapServer>;
  /** Reads a mailbox of a server, with times of a test; stops before the server does. */
  read(server: ImapServer, more?: Partial<MailboxSettings>, of?: House, closeSeconds?: number): Mailbox;
  close(): Promise<void>;
}

/** Opens a world of its own. */
export async function openWorld(): Promise<MailboxWorld> {
  const closing: (() => Promise<void>)[] = [];
  const log: string[] = [];
  const store = await openSqliteStore(":memory:", storeOptions);
  const house: House = { ...houseOver(store), trust: { authservIds: ["mx.test"], relay: true } };
  const ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
  return {
    ...{ store, house, ann, log },
    rows: () => store.read((transaction) => transaction.ledger.list(ann.id, { limit: 100 })),
    async serve(behaviour = {}) {
      const server = await startImapServer(behaviour);
      closing.push(() => server.close());
      return server;
    },
    read(server, more = {}, of = house, closeSeconds = 3) {
      const settings: MailboxSettings = {
        ...{ host: "127.0.0.1", port: server.port, secure: false, requireTls: false },
        ...{ user: "ann", password, mailbox: "INBOX", pollSeconds: 0.05, ...more },
      };
      const note = (facts: object, text: string): void => void log.push(`${text} ${JSON.stringify(facts)}`);
      const world = { logger: { info: note, error: note }, random: () => 0 };
      const pace = { standBySeconds: 0.1, retrySeconds: 0.005, closeSeconds };
      const mailbox = startMailbox(of, "test", settings, world, pace);
      closing.unshift(() => mailbox.stop());
      return mailbox;
    },
    async close() {
      for (const close of closing.splice(0)) await close();
      await store.close();
    },
  };
}

/** Expects what becomes true some time, also on a machine that is busy. */
export function eventually<Value>(look: () => Value | Promise<Value>): ReturnType<typeof expect.poll<Value>> {
  return expect.poll(look, { timeout: 15_000, interval: 10 });
}

/** Subjects of the mails in a folder. */
export function subjectsIn(server: ImapServer, path: string): readonly (string | undefined)[] {
  return (server.folders.get(path) ?? []).map(({ text }) => /^Subject: (.*)\r$/m.exec(text)?.[1]);
}

/** A REQUEST of Olaf's for Ann, whose UID and Message-ID are of its subject. */
export function invitation(subject: string, header: readonly string[] = ["To: ann@example.test"]): string {
  const from = ["From: olaf@outside.test", `Subject: ${subject}`, `Message-ID: <${subject}@outside.test>`];
  return calendarMail([...header, ...from], "REQUEST", [
    `UID:${subject}`,
    "DTSTAMP:20270301T090000Z",
    "DTSTART:20270401T090000Z",
    `SUMMARY:${subject}`,
    "ORGANIZER:mailto:olaf@outside.test",
    "ATTENDEE:mailto:ann@example.test",
  ]);
}

/** A letter, which asks nothing of a calendar. */
export const letter = (subject: string): string =>
  `From: mum@else.test\r\nTo: ann@example.test\r\nSubject: ${subject}\r\n\r\nDear\r\n`;
