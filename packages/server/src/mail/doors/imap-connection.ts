import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { ImapFlow } from "imapflow";

/** Where a mailbox is, and how to get in. */
export interface ImapAccount {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** Otherwise: no password is said before STARTTLS. */
  readonly requireTls: boolean;
  readonly user: string;
  readonly password: string;
  /** The folder that is read; in all paths `/` stands between folders, whatever the server puts there. */
  readonly mailbox: string;
  /** Folders that mails are moved to, made where they are missing; without one such mails stay where they are, and are marked. */
  readonly handled?: string;
  readonly failed?: string;
}

/** What becomes of a mail: it was taken in, or could not be, or it is none of ours. */
export type Place = "handled" | "failed" | "left";

/** A mail that waits. */
export interface WaitingMail {
  readonly uid: number;
  /** Octets, as the server says. */
  readonly size: number;
}

/** A mailbox that is open; whatever it cannot do rejects, and then there is nothing to do but to open it again. */
export interface ImapConnection {
  /** Changes where the server has given all mails other UIDs: RFC 3501. */
  readonly uidValidity: string;
  /** The next mails that nobody has looked at, oldest first; at most 500. */
  list(): Promise<readonly WaitingMail[]>;
  /** `undefined` where it has gone meanwhile. */
  fetch(uid: number): Promise<Uint8Array | undefined>;
  /** Moves a mail where there is a folder for it, or else marks it where it is: it is listed no more. */
  file(uid: number, place: Place): Promise<void>;
  /** Marks a mail where it is, whatever folders there are. */
  mark(uid: number, place: Place): Promise<void>;
  /** Waits for some seconds, until `signal`, or until the server has told of new mail since it last was listed: then it is true. */
  untilMore(seconds: number, signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

const maxAtOnce = 500;
/** More than a mail that is taken: what is larger is not fetched. */
const maxLiteralBytes = 80 * 1024 * 1024;
const maxLineBytes = 16 * 1024 * 1024;
const maxRemembered = 100_000;
const timeouts = { connectionTimeout: 30_000, greetingTimeout: 15_000, socketTimeout: 180_000 };
/** It is in every program that shows keywords. */
const doneMark = "ParleyDone";
const failedMark = "ParleyFailed";

/**
 * Opens a mailbox. In `remembered` it keeps which mails were filed, as a server may keep no marks, or not do what it says: it outlives
 * connections, and where it does not, mails are only looked at again. So long after `signal` whatever is under way breaks.
 */
export async function openMailbox(
  account: ImapAccount,
  remembered: Set<string>,
  signal: AbortSignal,
  closeSeconds: number,
): Promise<ImapConnection> {
  const { host, port, secure, requireTls, user, password } = account;
  const client = new ImapFlow({
    ...{ host, port, secure, auth: { user, pass: password }, ...timeouts },
    ...(!secure && requireTls && { doSTARTTLS: true }),
    ...{ maxLiteralSize: maxLiteralBytes, maxResponseSize: 2 * maxLiteralBytes, maxLineLength: maxLineBytes },
    autoIdleDelay: 200,
    // It would write down what was said, the password too where a server repeats it.
    logger: false,
    clientInfo: { name: "Parley" },
  });
  // A connection that breaks shows at the next thing it is asked.
  client.on("error", () => {});
  const breakOff = (): void => void sleep(closeSeconds * 1_000, undefined, { ref: false }).then(() => client.close());
  signal.addEventListener("abort", breakOff, { once: true });
  client.on("close", () => signal.removeEventListener("abort", breakOff));
  try {
    await client.connect();
    for (const folder of [account.handled, account.failed])
      if (folder !== undefined) await ensureFolder(client, folder);
    const opened = await client.mailboxOpen(pathOf(account.mailbox));
    const flags = opened.permanentFlags;
    const keepsMarks = !opened.readOnly && (!flags || flags.has("\\*") || flags.has(doneMark));
    const uidValidity = String(opened.uidValidity);
    return connectionOf(client, account, { keepsMarks, uidValidity, remembered, closeSeconds });
  } catch (error) {
    client.close();
    throw error;
  }
}

interface Opened {
  readonly closeSeconds: number;
  readonly keepsMarks: boolean;
  readonly uidValidity: string;
  readonly remembered: Set<string>;
}

function connectionOf(client: ImapFlow, account: ImapAccount, opened: Opened): ImapConnection {
  const { keepsMarks, uidValidity, remembered, closeSeconds } = opened;
  const nameOf = (uid: number): string => `${uidValidity} ${uid}`;
  const folders: Record<Place, string | undefined> = {
    handled: account.handled,
    failed: account.failed,
    left: undefined,
  };
  const remember = (uid: number): void => {
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.add(nameOf(uid));
  };
  const mark = async (uid: number, place: Place): Promise<void> => {
    const flags = place === "failed" ? [doneMark, failedMark] : [doneMark];
    if (keepsMarks) must(await client.messageFlagsAdd(String(uid), flags, { uid: true }), "mark a mail");
    remember(uid);
  };
  let hasNews = false;
  client.on("exists", () => (hasNews = true));
  return {
    uidValidity,
    async list() {
      hasNews = false;
      const wanted = { deleted: false, ...(keepsMarks && { unKeyword: doneMark }) };
      const found = must(await client.search(wanted, { uid: true }), "search");
      const uids = found.filter((uid) => !remembered.has(nameOf(uid))).sort((one, other) => one - other);
      if (uids.length === 0) return [];
      const facts = await client.fetchAll(uids.slice(0, maxAtOnce), { uid: true, size: true }, { uid: true });
      return facts.map(({ uid, size }) => ({ uid, size: size ?? 0 })).sort((one, other) => one.uid - other.uid);
    },
    async fetch(uid) {
      const fetched = await client.fetchOne(String(uid), { uid: true, source: true }, { uid: true });
      return fetched ? fetched.source : undefined;
    },
    async file(uid, place) {
      const folder = folders[place];
      if (folder === undefined) return mark(uid, place);
      await move(client, uid, folder);
      remember(uid);
    },
    mark,
    async untilMore(seconds, signal) {
      const done = new AbortController();
      const either = AbortSignal.any([signal, done.signal]);
      const ways = [
        ...(hasNews ? [Promise.resolve()] : []),
        once(client, "exists", { signal: either }),
        once(client, "close", { signal: either }),
        sleep(seconds * 1_000, undefined, { signal: either, ref: false }),
      ];
      if (client.usable) await Promise.race(ways.map((way) => way.then(ignore, ignore)));
      done.abort();
      if (!client.usable) throw new Error("the connection broke");
      return hasNews;
    },
    async close() {
      const late = sleep(closeSeconds * 1_000, undefined, { ref: false });
      await Promise.race([client.logout().catch(ignore), late]);
      client.close();
    },
  };
}

/** The library joins it as the server does. */
function pathOf(folder: string): string[] {
  return folder.split("/");
}

async function ensureFolder(client: ImapFlow, folder: string): Promise<void> {
  const known = await client.status(pathOf(folder), { messages: true }).catch(() => false);
  if (known === false) await client.mailboxCreate(pathOf(folder));
}

/**
 * Moves one mail. Where the server cannot, it is copied and marked as deleted; and removed only by its own UID (RFC 4315), for a plain EXPUNGE
 * would take what others have marked.
 */
async function move(client: ImapFlow, uid: number, folder: string): Promise<void> {
  const [range, byUid, path] = [String(uid), { uid: true }, pathOf(folder)];
  if (client.capabilities.has("MOVE")) {
    must(await client.messageMove(range, path, byUid), `move a mail to ${folder}`);
    return;
  }
  must(await client.messageCopy(range, path, byUid), `copy a mail to ${folder}`);
  if (client.capabilities.has("UIDPLUS")) must(await client.messageDelete(range, byUid), "remove a mail");
  else must(await client.messageFlagsAdd(range, ["\\Deleted"], byUid), "mark a mail as deleted");
}

/** The library answers with nothing where the server has said no. */
function must<Value>(value: Value | false | undefined, what: string): Value {
  if (value === false || value === undefined) throw new Error(`the server would not ${what}`);
  return value;
}

function ignore(): void {}
