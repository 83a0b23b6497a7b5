import { setTimeout as sleep } from "node:timers/promises";
import { ask, handIn, type Place, type Reply, type Request } from "./doors.ts";
import { count, type Memory, type TakenMail, type Wish } from "./memory.ts";

/** What those who use the servers are given. */
export interface Stage {
  readonly memory: Memory;
  /** One of the servers that run now, as by chance. */
  readonly place: () => Place;
  readonly cookies: ReadonlyMap<string, string>;
  /** Seconds since 1970, one later each time. */
  readonly tick: () => number;
}

/** A change on its way: what is wanted, and one attempt at it. */
export interface Errand {
  readonly wish: Wish;
  /** `true` once it is known to be done, or refused for good; the memory says so then. */
  readonly attempt: () => Promise<boolean>;
}

/** Somebody who wants one thing after the other, and each until it is acknowledged, whatever happens meanwhile. */
export interface Actor {
  readonly name: string;
  /** The next thing wanted; nothing where there is nothing to be done yet. */
  readonly next: () => Errand | undefined;
}

/** Before the same is tried again. */
const pauseMilliseconds = 20;
/** Longest pause before the next thing is wanted: what is to be delivered must not pile up. */
const longestThought = 80;

/** Lets everybody do what they want until they are to stop. What was under way then goes on the next time. */
export function makeLoad(stage: Stage, actors: readonly Actor[]) {
  const errands = new Map<string, Errand>();
  const { wishes, counts } = stage.memory;
  /** Whether something was brought to an end. */
  const attempt = async (actor: Actor): Promise<boolean> => {
    const errand = errands.get(actor.name) ?? actor.next();
    if (!errand) return false;
    errands.set(actor.name, errand);
    wishes.set(actor.name, errand.wish);
    counts.underWay++;
    const { dark } = counts;
    const done = await errand.attempt().finally(() => counts.underWay--);
    if (!done) return false;
    if (dark && dark === counts.dark) dark.acknowledged++;
    errands.delete(actor.name);
    wishes.delete(actor.name);
    return true;
  };
  const step = async (actor: Actor): Promise<void> => {
    const isDone = await attempt(actor);
    await sleep(isDone ? Math.random() * longestThought : pauseMilliseconds);
  };
  return {
    /** Resolves once everybody has noticed that `stopped`, and nothing is under way. */
    async run(stopped: () => boolean): Promise<void> {
      const live = async (actor: Actor): Promise<void> => {
        while (!stopped()) await step(actor);
      };
      await Promise.all(actors.map(live));
    },
    /** Brings to an end what is wanted, and begins nothing. */
    async finish(): Promise<void> {
      const end = async (actor: Actor): Promise<void> => {
        while (errands.has(actor.name)) await step(actor);
      };
      await Promise.all(actors.map(end));
    },
  };
}

/** Asks the API as somebody, and counts what came of it. */
export async function askAs<Body>(
  { memory, place, cookies }: Stage,
  person: string,
  request: Omit<Request, "cookie">,
): Promise<Reply<Body>> {
  const reply = await ask<Body>(place(), { ...request, cookie: cookies.get(person) ?? "" });
  if (reply.kind !== "done") count(memory.counts[reply.kind], reply.status);
  return reply;
}

/** Hands a mail in once; whether it was taken. It is the same mail each time, so it may come twice. */
export async function sendMail({ memory, place }: Stage, mail: TakenMail, raw: string): Promise<boolean> {
  const reply = await handIn(place(), mail.from, mail.to, raw);
  if (reply.kind === "refused") throw new Error(`${mail.subject}: ${reply.detail}`);
  if (reply.kind === "unknown") {
    count(memory.counts.unknown, `lmtp ${reply.status}`);
    return false;
  }
  memory.mails.set(mail.subject, mail);
  return true;
}
