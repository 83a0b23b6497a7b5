import type { EventList, EventView, LedgerEntry, LedgerList } from "../../src/api/contract.ts";
import { ask } from "./doors.ts";
import { span } from "./guests.ts";
import { people } from "./mails.ts";
import type { Invitation, Meeting, Memory, Wish } from "./memory.ts";
import { readSunk, type SunkMail, type SunkMessage } from "./sink.ts";
import type { World } from "./world.ts";

const maxListed = 1_000;
const pageSize = 200;

/** All that somebody here can see. */
interface Seen {
  readonly events: readonly EventView[];
  readonly ledger: readonly LedgerEntry[];
}

/** What one look at a world has come to. */
export interface Findings {
  /** What is not as it must be, in sentences. */
  readonly faults: readonly string[];
  /** Of what was wanted and not acknowledged: how much is there. */
  readonly keptUnacknowledged: number;
}

/**
 * Looks at everything through the API while nobody changes anything: what was acknowledged is there, once; what was only wanted is there whole
 * or not at all; nothing else is; no room is booked twice; nothing was sent whose change is not there.
 */
export async function look(world: World): Promise<Findings> {
  const { memory } = world;
  // What leaves while one looks has its row later than one has looked.
  const mails = [...world.sink.mails];
  const seen = await seeAll(world);
  const wishes = [...memory.wishes.values()];
  const faults = [
    ...findMeetingFaults(memory, wishes, seen),
    ...findMailFaults(memory, wishes, seen),
    ...findInvitationFaults(memory, wishes, seen),
    ...findDoubleBookings(seen.get(people.room)),
    ...(await findUnfounded(mails, seen)),
  ];
  return { faults, keptUnacknowledged: wishes.filter((wish) => isKept(wish, memory, seen)).length };
}

/** How a world is, with nobody changing anything. */
export type Rest =
  /** So many deliveries are on their way. */
  | { readonly kind: "waiting"; readonly count: number }
  /** Nothing is on its way, but so many were given up, as the server had died again and again with them in hand. */
  | { readonly kind: "given-up"; readonly count: number }
  | { readonly kind: "at-rest"; readonly faults: readonly string[] };

/**
 * Looks at a world that comes to rest. At rest all that had to be sent has reached the sink, each mail under one Message-ID, and everybody
 * here agrees.
 */
export async function lookAtRest(world: World): Promise<Rest> {
  const moving = countWaiting(sentBy(await seeAll(world)));
  if (moving > 0) return { kind: "waiting", count: moving };
  // One person after the other is looked at: only what is seen after all was at rest is of one moment.
  const seen = await seeAll(world);
  const sent = sentBy(seen);
  const waiting = countWaiting(sent);
  if (waiting > 0) return { kind: "waiting", count: waiting };
  const deliveries = sent.flatMap((row) => row.deliveries);
  const givenUp = deliveries.filter(({ state, detail }) => state === "refused" && detail.endsWith("came to no end."));
  if (givenUp.length > 0) return { kind: "given-up", count: givenUp.length };
  const mails = await Promise.all(world.sink.mails.map(readSunk));
  const faults = [...findUndelivered(sent, mails), ...findRenamed(mails), ...findDisagreements(world.memory, seen)];
  return { kind: "at-rest", faults };
}

type SeenByAll = ReadonlyMap<string, Seen>;

function sentBy(seen: SeenByAll): readonly LedgerEntry[] {
  return [...seen.values()].flatMap(({ ledger }) => ledger.filter(({ verdict }) => verdict === "sent"));
}

function countWaiting(sent: readonly LedgerEntry[]): number {
  const deliveries = sent.flatMap((row) => row.deliveries);
  return deliveries.filter(({ state }) => state === "queued" || state === "deferred").length;
}

async function seeAll(world: World): Promise<SeenByAll> {
  const all = Object.values(people).map(async (person) => [person, await see(world, person)] as const);
  return new Map(await Promise.all(all));
}

async function see({ first, stage }: World, person: string): Promise<Seen> {
  const get = async <Body>(path: string): Promise<Body> => {
    const cookie = stage.cookies.get(person) ?? "";
    const reply = await ask<Body>(first(), { method: "GET", path, cookie });
    if (reply.kind !== "done") throw new Error(`${path} for ${person}: ${reply.status} ${reply.detail}`);
    return reply.body;
  };
  const { events } = await get<EventList>(`/api/events?${span}`);
  if (events.length === maxListed) throw new Error("more events than can be listed: make the world smaller");
  const ledger: LedgerEntry[] = [];
  for (let before = ""; ; ) {
    const { entries } = await get<LedgerList>(`/api/ledger?limit=${pageSize}${before}`);
    ledger.push(...entries);
    if (entries.length < pageSize) return { events, ledger };
    before = `&before=${entries.at(-1)?.id}`;
  }
}

function tokenOf(summary: string): string {
  return summary.split(" ")[0] ?? "";
}

function* findMeetingFaults(memory: Memory, wishes: readonly Wish[], seen: SeenByAll): Iterable<string> {
  const found = new Map<string, EventView[]>();
  for (const [person, { events }] of seen) {
    for (const event of events) {
      if (event.organizer !== null && event.organizer.address !== person) continue;
      const token = tokenOf(event.summary);
      found.set(token, [...(found.get(token) ?? []), event]);
    }
  }
  for (const meeting of memory.meetings.values()) {
    const [view, ...others] = found.get(meeting.token) ?? [];
    found.delete(meeting.token);
    if (!view) yield `${meeting.summary} was acknowledged and is not there`;
    if (others.length > 0) yield `${meeting.token} is there ${others.length + 1} times`;
    if (view) yield* compareMeeting(meeting, view, wishes);
  }
  for (const [token, views] of found) {
    const wanted = wishes.some((wish) => wish.kind === "create" && wish.token === token);
    if (!wanted) yield `${token} is there and was never acknowledged`;
    if (views.length > 1) yield `${token} is there ${views.length} times`;
  }
}

function* compareMeeting(meeting: Meeting, view: EventView, wishes: readonly Wish[]): Iterable<string> {
  const { token, summary, cancelled } = meeting;
  const own = wishes.filter((wish) => "token" in wish && wish.token === token);
  const summaries = [summary, ...own.flatMap((wish) => (wish.kind === "edit" ? [wish.summary] : []))];
  if (!summaries.includes(view.summary)) yield `${token} is ${view.summary}, and may be ${summaries.join(" or ")}`;
  const isCancelled = view.status === "CANCELLED";
  const mayBe = own.some(({ kind }) => kind === "cancel");
  if (isCancelled !== cancelled && !(isCancelled && mayBe))
    yield `${token} is ${isCancelled ? "" : "not "}cancelled, against what was acknowledged`;
}

/** Each mail that was taken stands in the ledger once, and answers that were applied are shown. */
function* findMailFaults(memory: Memory, wishes: readonly Wish[], seen: SeenByAll): Iterable<string> {
  const rows = new Map<string, LedgerEntry[]>();
  for (const [person, { ledger }] of seen) {
    for (const row of ledger) {
      if (row.direction !== "in" || !row.from.endsWith("@partner.test")) continue;
      const name = `${person} ${row.subject}`;
      rows.set(name, [...(rows.get(name) ?? []), row]);
    }
  }
  for (const { to, subject } of memory.mails.values()) {
    const number = rows.get(`${to} ${subject}`)?.length ?? 0;
    rows.delete(`${to} ${subject}`);
    if (number !== 1) yield `the mail "${subject}" was taken and is in the ledger ${number} times`;
  }
  for (const [name, found] of rows) {
    const wanted = wishes.some((wish) => wish.kind === "mail" && `${wish.mail.to} ${wish.mail.subject}` === name);
    if (!wanted || found.length !== 1)
      yield `the mail "${name}" is in the ledger ${found.length} times, and was not taken`;
  }
  for (const { organizer, uid, token } of memory.meetings.values()) {
    const view = seen.get(organizer)?.events.find((event) => event.uid === uid);
    for (const { address, comment } of view?.attendees ?? []) {
      const last = memory.replies.get(`${uid} ${address}`);
      const row = seen.get(organizer)?.ledger.find(({ subject }) => subject === last);
      const pending = wishes.some((wish) => wish.kind === "mail" && wish.mail.subject === comment);
      if (row?.verdict === "applied" && comment !== last && !pending) {
        yield `${token} shows "${comment}" of ${address}, whose last answer was "${last}"`;
      }
    }
  }
}

function* findInvitationFaults(memory: Memory, wishes: readonly Wish[], seen: SeenByAll): Iterable<string> {
  for (const invitation of memory.invitations.values()) {
    const { uid, guest, summary } = invitation;
    const views = seen.get(guest)?.events.filter((event) => event.uid === uid) ?? [];
    const [view] = views;
    if (!view || views.length > 1) {
      yield `${guest} has ${summary} ${views.length} times`;
      continue;
    }
    yield* compareInvitation(invitation, view, wishes);
  }
}

function* compareInvitation(invitation: Invitation, view: EventView, wishes: readonly Wish[]): Iterable<string> {
  const { uid, summary, cancelled, answer, sequence } = invitation;
  const mail = wishes.find((wish) => wish.kind === "mail" && wish.mail.uid === uid);
  const wanted = mail?.kind === "mail" ? mail : undefined;
  // What calls a meeting off does not change its name.
  const isOld = view.summary === summary || (cancelled && !wanted);
  if (!isOld && view.summary !== wanted?.mail.subject) yield `${uid} is ${view.summary}, and was ${summary}`;
  const isCancelled = view.status === "CANCELLED";
  if (isCancelled !== cancelled && !(isCancelled && wanted?.cancels === true)) {
    yield `${uid} is ${isCancelled ? "" : "not "}cancelled, against what was acknowledged`;
  }
  const said = wishes.find((wish) => wish.kind === "answer" && wish.uid === uid);
  const comment = view.answer?.comment ?? undefined;
  // An answer to an older version may count for the new one, or not.
  const isOutdated = comment === undefined && (answer?.sequence ?? sequence) < sequence;
  const mayBe = [answer?.comment, said?.kind === "answer" ? said.comment : answer?.comment];
  if (wanted || isOutdated || mayBe.includes(comment)) return;
  yield `${uid} is answered "${comment}", and was answered "${answer?.comment}"`;
}

/** What a room has accepted does not overlap. */
function* findDoubleBookings(room: Seen | undefined): Iterable<string> {
  const booked = (room?.events ?? []).filter(
    ({ answer, status }) => answer?.partstat === "ACCEPTED" && status !== "CANCELLED",
  );
  const sorted = booked.toSorted((a, b) => a.start.localeCompare(b.start));
  for (const [index, event] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before && before.end > event.start) yield `the room is booked twice: ${before.summary} and ${event.summary}`;
  }
}

/** Every mail at the sink has its row in its sender's ledger, which was written with the change it tells of. */
async function findUnfounded(mails: readonly SunkMail[], seen: SeenByAll): Promise<readonly string[]> {
  const rows = new Set<string>();
  for (const { ledger } of seen.values()) {
    for (const { verdict, from, method, uid, subject, to } of ledger) {
      if (verdict !== "sent") continue;
      for (const recipient of to) rows.add([from, method, uid, subject, recipient].join(" "));
    }
  }
  const faults: string[] = [];
  for (const mail of mails) {
    const { sender, method, uid, subject, recipient } = await readSunk(mail);
    const name = [sender, method, uid, subject, recipient].join(" ");
    if (!rows.has(name)) faults.push(`sent, and nobody has it in their ledger: ${name}`);
  }
  return faults;
}

/**
 * Every delivery that left for elsewhere is at the sink: as many Message-IDs as deliveries of the same words. One that a newer message took
 * the place of may be there too: the server was killed with it in hand, and nobody could know.
 */
function* findUndelivered(sent: readonly LedgerEntry[], mails: readonly SunkMessage[]): Iterable<string> {
  const ids = new Map<string, Set<string>>();
  for (const { sender, method, uid, subject, recipient, messageId } of mails) {
    const name = [sender, method, uid, subject, recipient].join(" ");
    ids.set(name, (ids.get(name) ?? new Set()).add(messageId));
  }
  const due = new Map<string, { left: number; superseded: number }>();
  for (const { from, method, uid, subject, deliveries } of sent) {
    for (const { recipient, state, detail } of deliveries) {
      if (!recipient.endsWith("@partner.test")) continue;
      if (state === "refused" || state === "bounced") yield `${subject} for ${recipient} is ${state}: ${detail}`;
      const name = [from, method, uid, subject, recipient].join(" ");
      const counted = due.get(name) ?? { left: 0, superseded: 0 };
      due.set(name, counted);
      counted[state === "superseded" ? "superseded" : "left"]++;
    }
  }
  for (const [name, { left, superseded }] of due) {
    const found = ids.get(name)?.size ?? 0;
    if (found < left || found > left + superseded) yield `${left} sent, and ${found} at the sink: ${name}`;
  }
  for (const [name, { size }] of ids) if (!due.has(name)) yield `${size} at the sink, and none sent: ${name}`;
}

/** One Message-ID is one mail: what came twice is the same to the octet. */
function* findRenamed(mails: readonly SunkMessage[]): Iterable<string> {
  const byId = new Map<string, SunkMessage>();
  for (const mail of mails) {
    const name = `${mail.recipient} ${mail.messageId}`;
    const before = byId.get(name) ?? mail;
    byId.set(name, before);
    if (!before.raw.equals(mail.raw)) yield `two mails to ${mail.recipient} are both ${mail.messageId}`;
  }
}

/** Who is here and invited by somebody here has the meeting as it is. One that was called off at once they may never have heard of. */
function* findDisagreements({ meetings }: Memory, seen: SeenByAll): Iterable<string> {
  for (const { uid, organizer, summary, guests, cancelled } of meetings.values()) {
    const own = seen.get(organizer)?.events.find((event) => event.uid === uid);
    for (const guest of guests.filter((one) => seen.has(one))) {
      const copy = seen.get(guest)?.events.find((event) => event.uid === uid);
      const listed = own?.attendees.find(({ address }) => address === guest);
      if (!copy) {
        if (!cancelled) yield `${guest} does not have ${summary}`;
        continue;
      }
      if (copy.status !== own?.status || (!cancelled && copy.summary !== summary)) {
        const [theirs, ours] = [storyOf(seen.get(guest), uid), storyOf(seen.get(organizer), uid)];
        yield `${guest} has ${copy.summary} ${copy.status}, and it is ${summary} ${own?.status}: ${theirs}; ${organizer}: ${ours}`;
      }
      if (!cancelled && copy.answer?.partstat !== listed?.partstat) {
        yield `${guest} has answered ${copy.answer?.partstat} to ${summary}, and is listed with ${listed?.partstat}`;
      }
    }
  }
}

/** Everything that happened to a meeting for one of us, oldest first: what looks for the cause begins there. */
function storyOf(seen: Seen | undefined, uid: string): string {
  const rows = (seen?.ledger ?? []).filter((row) => row.uid === uid).toReversed();
  const lines = rows.map(({ at, direction, method, sequence, verdict, rule, subject, deliveries }) => {
    const states = deliveries.map(({ recipient, state, attempts }) => `${recipient} ${state} ${attempts}`);
    return `${at} ${direction} ${method} ${sequence} ${verdict} "${subject}" [${rule}] ${states.join(", ")}`;
  });
  return lines.join(" | ");
}

function isKept(wish: Wish, { meetings }: Memory, seen: SeenByAll): boolean {
  const all = [...seen.values()];
  switch (wish.kind) {
    case "create":
    case "edit":
      return all.some(({ events }) => events.some(({ summary }) => summary === wish.summary));
    case "cancel": {
      const uid = meetings.get(wish.token)?.uid;
      return all.some(({ events }) => events.some((event) => event.uid === uid && event.status === "CANCELLED"));
    }
    case "mail":
      return all.some(({ ledger }) => ledger.some(({ subject }) => subject === wish.mail.subject));
    case "answer":
      return all.some(({ events }) => events.some(({ answer }) => answer?.comment === wish.comment));
  }
}
