import type { EventInput, EventView } from "../../src/api/contract.ts";
import { type Actor, askAs, type Errand, type Stage } from "./actor.ts";
import { outside, people } from "./mails.ts";
import { count, type Meeting } from "./memory.ts";
import { pick } from "./random.ts";

const [days, hours] = [28, 10];
const hourMilliseconds = 3_600_000;
const firstDay = Date.parse("2027-03-01T08:00:00Z");

/** Somebody here who makes meetings, moves them, renames them and calls them off, through the API. */
export function makeOrganizer(stage: Stage, name: string, address: string, random: () => number): Actor {
  let made = 0;
  const open = () =>
    [...stage.memory.meetings.values()].filter(({ token, cancelled }) => token.startsWith(`${name}-`) && !cancelled);
  return {
    name,
    next: () => {
      const own = open();
      const what = random();
      const meeting = own[Math.floor(random() * own.length)];
      if (!meeting || what < 0.4) return create(stage, address, `${name}-${made++}`, random);
      return what < 0.9 ? edit(stage, meeting, random) : cancel(stage, meeting);
    },
  };
}

/** A meeting of one hour somewhere in March, so that the room is taken now and then. */
export function pickStart(random: () => number): string {
  const hour = Math.floor(random() * days) * 24 + Math.floor(random() * hours);
  return new Date(firstDay + hour * hourMilliseconds).toISOString().replace(".000", "");
}

function create(stage: Stage, organizer: string, token: string, random: () => number): Errand {
  const { memory } = stage;
  const summary = `${token} v0`;
  const start = pickStart(random);
  const all = [people.ben, people.room, outside.clara, outside.david];
  const guests = all.filter((guest) => guest !== organizer && random() < 0.5);
  return {
    wish: { kind: "create", token, summary },
    attempt: async () => {
      const body = inputOf(summary, start, guests);
      const reply = await askAs<EventView>(stage, organizer, { method: "POST", path: "/api/events", key: token, body });
      if (reply.kind === "refused") throw new Error(`${summary}: ${reply.status} ${reply.detail}`);
      if (reply.kind === "unknown") return false;
      const { id, uid, etag, sequence } = reply.body;
      memory.meetings.set(token, {
        token,
        organizer,
        id,
        uid,
        etag,
        summary,
        sequence,
        start,
        guests,
        cancelled: false,
      });
      count(memory.counts.acknowledged, "created");
      return true;
    },
  };
}

function edit(stage: Stage, meeting: Meeting, random: () => number): Errand {
  const { token, guests } = meeting;
  const summary = `${token} v${Number(/\d+$/.exec(meeting.summary)?.[0]) + 1}`;
  const start = random() < 0.3 ? pickStart(random) : meeting.start;
  const attempt = changing(stage, meeting, {
    method: "PUT",
    path: `/api/events/${meeting.id}`,
    body: inputOf(summary, start, guests),
    isDone: (view) => view.summary === summary,
    kept: { summary, start },
    name: "edited",
  });
  return { wish: { kind: "edit", token, summary }, attempt };
}

function cancel(stage: Stage, meeting: Meeting): Errand {
  const attempt = changing(stage, meeting, {
    method: "POST",
    path: `/api/events/${meeting.id}/cancel`,
    body: {},
    isDone: (view) => view.status === "CANCELLED",
    kept: { cancelled: true },
    name: "cancelled",
  });
  return { wish: { kind: "cancel", token: meeting.token }, attempt };
}

interface Change {
  readonly method: "PUT" | "POST";
  readonly path: string;
  readonly body: unknown;
  /** Whether it is there, as one looks again. */
  readonly isDone: (view: EventView) => boolean;
  readonly kept: Partial<Meeting>;
  readonly name: string;
}

/**
 * Changes a meeting in the version last seen. Where that is not the present one, an answer to it has come, or this change was kept
 * before and its answer was lost: one looks.
 */
function changing(stage: Stage, meeting: Meeting, change: Change): () => Promise<boolean> {
  const { memory } = stage;
  const { organizer, id } = meeting;
  const { method, path, body } = change;
  let { etag } = meeting;
  const keep = (view: EventView): boolean => {
    const { sequence } = view;
    memory.meetings.set(meeting.token, { ...meeting, ...change.kept, etag: view.etag, sequence });
    count(memory.counts.acknowledged, change.name);
    return true;
  };
  return async () => {
    const reply = await askAs<EventView>(stage, organizer, { method, path, body, etag });
    if (reply.kind === "done") return keep(reply.body);
    if (reply.kind === "unknown") return false;
    if (reply.status !== 412) throw new Error(`${meeting.summary}: ${reply.status} ${reply.detail}`);
    const present = await askAs<EventView>(stage, organizer, { method: "GET", path: `/api/events/${id}` });
    if (present.kind !== "done") return false;
    if (change.isDone(present.body)) return keep(present.body);
    etag = present.body.etag;
    return false;
  };
}

function inputOf(summary: string, start: string, guests: readonly string[]): EventInput {
  const end = new Date(Date.parse(start) + hourMilliseconds).toISOString().replace(".000", "");
  return { summary, start, end, attendees: guests.map((address) => ({ address })) };
}

/** What people answer. */
export const pickAnswer = (random: () => number) => pick(random, ["ACCEPTED", "DECLINED", "TENTATIVE"] as const);
