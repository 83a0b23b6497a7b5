import { setTimeout as sleep } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { Client } from "pg";
import type { Others } from "./make-store.ts";
import { isNotice, type Listener, mergeNotices, type Notice } from "./notice.ts";
import type { Tables } from "./tables.ts";

const channel = "parley_notices";
/** PostgreSQL takes less than 8,000 octets in one notification. */
const maxPayloadBytes = 7_500;
/** A UID that is longer is left out: something of the principal has changed. */
const maxUidBytes = 500;
/** Pauses between two tries to listen, or to tell, in milliseconds: the first, doubling, to the longest. */
const pauses = { first: 200, longest: 30_000 } as const;
/** How often is looked whether the connection still answers, and how long it may take, in milliseconds. */
const check = { every: 30_000, timeout: 10_000 } as const;

/**
 * Tells other nodes of what is committed, and hears them, by NOTIFY and LISTEN. It is not in the transaction itself: PostgreSQL lets one
 * transaction that notifies commit at a time. What was committed while one notification was under way goes with the next. Where
 * some may have been missed, or could not be told, it says `anew`. Decision 0031.
 */
export function openNotices(url: string, db: Kysely<Tables>, random: () => number): Others {
  const stop = new AbortController();
  let sender: string | undefined;
  let pending: readonly Notice[] = [];
  let telling: Promise<void> | undefined;
  let hearing: Promise<void> | undefined;

  async function tellOn(): Promise<void> {
    for (let failures = 0; pending.length > 0; ) {
      const notices = mergeNotices(pending);
      pending = [];
      try {
        sender ??= await nameSender(db);
        await notify(db, sender, notices);
        failures = 0;
      } catch {
        // The database is away: whoever needs it says so. They will have to look, as it is not known what was told.
        pending = [{ kind: "anew" }];
        if (stop.signal.aborted) return;
        await pauseAfter(failures++, random, stop.signal);
      }
    }
    // Not a moment later: what comes in between would wait for the next.
    telling = undefined;
  }

  return {
    tell: (notices) => {
      pending = [...pending, ...notices];
      if (pending.length > 0) telling ??= tellOn();
    },
    hear: (listener) => {
      const isOwn = (from: string): boolean => from === sender;
      hearing = hearOn(url, listener, isOwn, random, stop.signal);
    },
    close: async () => {
      stop.abort();
      await Promise.all([telling, hearing]);
    },
  };
}

/** A name no other process has or will have: the number of a transaction. */
async function nameSender(db: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{ name: unknown }>`select txid_current() as name`.execute(db);
  return String(rows[0]?.name);
}

/** It does not wait for the disk, as nothing of it has to be kept. */
async function notify(db: Kysely<Tables>, sender: string, notices: readonly Notice[]): Promise<void> {
  const payloads = JSON.stringify(formatNotices(sender, notices));
  await sql`with hasty as materialized (select set_config('synchronous_commit', 'off', true))
    select pg_notify(${channel}, payload) from hasty, json_array_elements_text(${payloads}::json) as payload`.execute(
    db,
  );
}

/** Writes notices as payloads, each with who sends it. Reads back as `parseNotices` does. */
export function formatNotices(sender: string, notices: readonly Notice[]): readonly string[] {
  const lines: string[] = [];
  let line = sender;
  for (const notice of notices) {
    const word = `\n${JSON.stringify(withoutLongUid(notice))}`;
    if (Buffer.byteLength(line) + Buffer.byteLength(word) > maxPayloadBytes) {
      lines.push(line);
      line = sender;
    }
    line += word;
  }
  return [...lines, line];
}

/** Reads a payload. What of it we do not understand tells of anything. */
export function parseNotices(payload: string): { readonly sender: string; readonly notices: readonly Notice[] } {
  const [sender = "", ...words] = payload.split("\n");
  return { sender, notices: mergeNotices(words.map(parseNotice)) };
}

function parseNotice(word: string): Notice {
  try {
    const value: unknown = JSON.parse(word);
    return isNotice(value) ? value : { kind: "anew" };
  } catch {
    return { kind: "anew" };
  }
}

/** JSON has six octets for one at most. */
function withoutLongUid(notice: Notice): Notice {
  if (!("uid" in notice) || Buffer.byteLength(JSON.stringify(notice.uid)) <= maxUidBytes) return notice;
  const { kind, principal } = notice;
  return { kind, principal };
}

/** Listens until it is stopped, on one connection after another. */
async function hearOn(
  url: string,
  listener: Listener,
  isOwn: (sender: string) => boolean,
  random: () => number,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    const began = () => {
      failures = 0;
      listener([{ kind: "work" }, { kind: "anew" }]);
    };
    const hear = (payload: string) => {
      const { sender, notices } = parseNotices(payload);
      if (!isOwn(sender)) listener(notices);
    };
    await hearOnce(url, began, hear, signal);
    await pauseAfter(failures, random, signal);
  }
}

/** Listens on one connection until it is lost or nobody wants it any more. */
async function hearOnce(
  url: string,
  began: () => void,
  hear: (payload: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const client = new Client({
    connectionString: url,
    application_name: "parley listens",
    keepAlive: true,
    connectionTimeoutMillis: check.timeout,
    query_timeout: check.timeout,
  });
  const over = new AbortController();
  const end = (): void => over.abort();
  client.on("end", end);
  client.on("error", end);
  signal.addEventListener("abort", end);
  client.on("notification", ({ payload }) => hear(payload ?? ""));
  try {
    await client.connect();
    await client.query(`listen ${channel}`);
    if (!over.signal.aborted) began();
    while (!over.signal.aborted) {
      await sleep(check.every, undefined, { signal: over.signal, ref: false });
      await client.query("select 1");
    }
  } catch {
    // Lost, or wanted no more: the next tells `anew`.
  } finally {
    signal.removeEventListener("abort", end);
    await client.end().catch(() => undefined);
  }
}

async function pauseAfter(failures: number, random: () => number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(pauses.longest, pauses.first * 2 ** Math.min(failures, 10));
  await sleep(longest * (0.5 + random() / 2), undefined, { signal, ref: false }).catch(() => undefined);
}
