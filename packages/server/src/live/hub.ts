import { Readable } from "node:stream";
import type { Notice, ThingNotice } from "../store/notice.ts";
import type { PrincipalId, Store } from "../store/store.ts";

/** Somebody who wants to know of changes. */
export interface Watcher {
  readonly principal: PrincipalId;
  /** Finds whose changes they may know of, and the name each is told by; `undefined` where they may know of none any more. */
  readonly look: () => Promise<Calendars | undefined>;
}

/** The calendars somebody may read: whose they are, and that one's address. */
export type Calendars = ReadonlyMap<PrincipalId, string>;

/** Tells people of changes, as Server-Sent Events. A lifetime: closed before the store is. */
export interface Hub {
  /** Opens a stream of events; `undefined` where too many are open, or the hub is closed. */
  open(watcher: Watcher): Promise<Readable | undefined>;
  close(): void;
}

/** Streams of one person, and of one process. */
const maxStreams = { ofOne: 16, ofAll: 10_000 } as const;
/** Events one stream keeps for a reader who does not keep up; then it is told to look anew. */
const maxPending = 100;
/** How long events are gathered before they are written, so that what changes together is told together; in milliseconds. */
const gatherPause = 100;
/** Pause between two signs of life, in milliseconds: proxies end what is silent for a minute. */
const beatPause = 25_000;
/** A reader who has taken nothing for so many signs of life is let go. */
const maxSilentBeats = 3;
/** Signs of life between two looks whether somebody may still know. */
const beatsPerLook = 2;

const anew = event("anew", {});
/** How long a browser waits before it comes again, in milliseconds. */
const greeting = `retry: 3000\n\n${anew}`;

/** Opens a hub that hears of what is committed in a store. */
export function openHub(store: Pick<Store, "listen">): Hub {
  const streams = new Set<Stream>();
  let closed = false;
  const unlisten = store.listen((notices) => {
    for (const notice of notices) pass(notice, streams);
  });
  const beat = setInterval(() => {
    for (const stream of streams) stream.beat();
  }, beatPause);
  beat.unref();
  return {
    open: async (watcher) => {
      const own = [...streams].filter(({ principal }) => principal === watcher.principal);
      if (closed || own.length >= maxStreams.ofOne || streams.size >= maxStreams.ofAll) return undefined;
      const stream = openStream(watcher, () => streams.delete(stream));
      streams.add(stream);
      await stream.look();
      return stream.readable;
    },
    close: () => {
      closed = true;
      unlisten();
      clearInterval(beat);
      for (const stream of streams) stream.end();
    },
  };
}

/** Passes a notice to whoever it is for. */
function pass(notice: Notice, streams: ReadonlySet<Stream>): void {
  for (const stream of streams) {
    if (notice.kind === "anew") stream.tell(anew);
    else if (notice.kind === "access") lookFor(notice.principal, stream);
    else if (notice.kind !== "work") stream.tellOf(notice);
  }
}

function lookFor(principal: PrincipalId | undefined, stream: Stream): void {
  if (principal === undefined || principal === stream.principal) void stream.look();
}

interface Stream {
  readonly principal: PrincipalId;
  readonly readable: Readable;
  readonly tell: (text: string) => void;
  readonly tellOf: (notice: ThingNotice) => void;
  readonly look: () => Promise<void>;
  readonly beat: () => void;
  readonly end: () => void;
}

/** Writes no more than its reader takes: what comes meanwhile is kept once each, and much of it as `anew`. */
function openStream({ principal, look }: Watcher, gone: () => void): Stream {
  let calendars: Calendars = new Map();
  let pending = new Set<string>([greeting]);
  let isHungry = false;
  let silentBeats = 0;
  let beats = 0;
  let timer: NodeJS.Timeout | undefined;
  const readable = new Readable({
    read: () => {
      isHungry = true;
      silentBeats = 0;
      flush();
    },
    destroy: (error, done) => {
      clearTimeout(timer);
      gone();
      done(error);
    },
  });
  const flush = (): void => {
    timer = undefined;
    if (!isHungry || pending.size === 0 || readable.destroyed || readable.readableEnded) return;
    const text = [...pending].join("");
    pending = new Set();
    isHungry = readable.push(text);
  };
  const tell = (text: string): void => {
    pending.add(text);
    if (pending.size > maxPending) pending = new Set([anew]);
    timer ??= setTimeout(flush, gatherPause).unref();
  };
  const end = (): void => {
    gone();
    pending = new Set();
    if (!readable.destroyed) readable.push(null);
  };
  let looks = 0;
  const lookAgain = async (): Promise<void> => {
    const mine = ++looks;
    const found = await look().catch(() => undefined);
    // What began before the last look may have seen what was allowed before.
    if (mine !== looks) return;
    if (!found) return end();
    calendars = found;
  };
  return {
    principal,
    readable,
    tell,
    tellOf: ({ kind, principal: owner, uid }) => {
      const address = calendars.get(owner);
      if (address !== undefined) tell(event(kind, { of: address, ...(uid !== undefined && { uid }) }));
    },
    look: lookAgain,
    beat: () => {
      silentBeats += 1;
      if (silentBeats > maxSilentBeats) return void readable.destroy();
      if (isHungry && pending.size === 0) isHungry = readable.push(":\n\n");
      beats += 1;
      if (beats % beatsPerLook === 0) void lookAgain();
    },
    end,
  };
}

/** Data is JSON, which has no line break of its own. */
function event(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
