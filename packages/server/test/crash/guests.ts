import type { EventList, EventView } from "../../src/api/contract.ts";
import { type Actor, askAs, type Errand, type Stage, sendMail } from "./actor.ts";
import { makeInvitation, makeReply, outside, people } from "./mails.ts";
import { count, type Invitation } from "./memory.ts";
import { pickAnswer, pickStart } from "./organizer.ts";
import { pick } from "./random.ts";

/** All meetings here take place within this. */
export const span = "from=2027-02-01T00:00:00Z&to=2027-05-01T00:00:00Z";

/** Somebody elsewhere who answers our people's meetings, again and again, by mails that come in by LMTP. */
export function makeGuest(stage: Stage, address: string, random: () => number): Actor {
  const { memory, tick } = stage;
  let sent = 0;
  return {
    name: address,
    next: () => {
      const invited = [...memory.meetings.values()].filter(({ guests }) => guests.includes(address));
      const meeting = invited[Math.floor(random() * invited.length)];
      if (!meeting) return undefined;
      const { uid, organizer, sequence } = meeting;
      const subject = `answer ${sent++} of ${address}`;
      const facts = { from: address, to: organizer, subject, uid, sequence, dtstamp: tick() };
      const raw = makeReply(facts, pickAnswer(random));
      const mail = { from: address, to: organizer, subject, uid };
      return {
        wish: { kind: "mail", mail, cancels: false },
        attempt: async () => {
          if (!(await sendMail(stage, mail, raw))) return false;
          memory.replies.set(`${uid} ${address}`, subject);
          count(memory.counts.acknowledged, "replies taken");
          return true;
        },
      };
    },
  };
}

/** Somebody elsewhere who invites our people by LMTP; those answer through the API. */
export function makeHost(stage: Stage, random: () => number): Actor {
  const { invitations } = stage.memory;
  let made = 0;
  return {
    name: "host",
    next: () => {
      const what = random();
      const open = [...invitations.values()].filter(({ cancelled }) => !cancelled);
      const invitation = open[Math.floor(random() * open.length)];
      if (!invitation || what < 0.3) {
        const guest = pick(random, [people.ann, people.ben]);
        const uid = `olga-${made++}@partner.test`;
        return send(stage, {
          uid,
          guest,
          sequence: 0,
          summary: `${uid} v0`,
          start: pickStart(random),
          cancelled: false,
        });
      }
      if (what < 0.7) return answer(stage, invitation, random);
      const sequence = invitation.sequence + 1;
      const summary = `${invitation.uid} v${sequence}`;
      return send(stage, { ...invitation, sequence, summary, cancelled: what > 0.95 });
    },
  };
}

function send(stage: Stage, invitation: Invitation): Errand {
  const { memory } = stage;
  const { uid, guest, sequence, summary, start, cancelled } = invitation;
  const mail = { from: outside.olga, to: guest, subject: summary, uid };
  const facts = { ...mail, sequence, dtstamp: stage.tick() };
  const raw = makeInvitation(facts, cancelled ? "CANCEL" : "REQUEST", start);
  return {
    wish: { kind: "mail", mail, cancels: cancelled },
    attempt: async () => {
      if (!(await sendMail(stage, mail, raw))) return false;
      memory.invitations.set(uid, invitation);
      count(memory.counts.acknowledged, cancelled ? "cancels taken" : "requests taken");
      return true;
    },
  };
}

function answer(stage: Stage, invitation: Invitation, random: () => number): Errand {
  const { memory } = stage;
  const { uid, guest, summary, sequence } = invitation;
  const partstat = pickAnswer(random);
  const comment = `comment ${stage.tick()}`;
  const keep = (): boolean => {
    memory.invitations.set(uid, { ...invitation, answer: { comment, sequence } });
    count(memory.counts.acknowledged, "answered");
    return true;
  };
  // A second attempt is at the same version: it must not be a second answer.
  let seen: EventView | undefined;
  const attempt = async (): Promise<boolean> => {
    if (!seen) {
      const list = await askAs<EventList>(stage, guest, { method: "GET", path: `/api/events?${span}` });
      if (list.kind !== "done") return false;
      seen = list.body.events.find((event) => event.uid === uid);
      if (!seen) throw new Error(`${guest} does not have ${summary}`);
    }
    const path = `/api/events/${seen.id}`;
    const body = { partstat, comment };
    const reply = await askAs<EventView>(stage, guest, {
      method: "POST",
      path: `${path}/answer`,
      body,
      etag: seen.etag,
    });
    if (reply.kind === "done") return keep();
    if (reply.kind === "unknown") return false;
    if (reply.status !== 412) throw new Error(`${summary}: ${reply.status} ${reply.detail}`);
    const present = await askAs<EventView>(stage, guest, { method: "GET", path });
    if (present.kind !== "done") return false;
    if (present.body.answer?.comment === comment) return keep();
    seen = present.body;
    return false;
  };
  return { wish: { kind: "answer", uid, comment }, attempt };
}
