import { afterEach, beforeEach, expect, test } from "vitest";
import { decideQuestion } from "../../src/mail/decide-question.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { addAccount, addPerson } from "../../src/people.ts";
import { actOnObject } from "../../src/scheduling/change-object.ts";
import type { House } from "../../src/scheduling/house.ts";
import { readPayload } from "../../src/scheduling/payload.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Delivery, Principal, Store } from "../../src/store/store.ts";
import { create, drain, houseOver, move, now, replyOf, storeOptions, uid } from "./house.ts";
import { mailOf, roomAddress, times } from "./rooms.ts";

// RFC 3834 §5: what no person had sent says so, and there is never more of it than somebody could have caused.

const clock = { now };
let store: Store;
let house: House;
let ann: Principal;

beforeEach(async () => {
  clock.now = now;
  store = await openSqliteStore(":memory:", storeOptions);
  house = { ...houseOver(store), clock: () => clock.now };
  ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
  await addAccount(store, {
    ...{ kind: "room", name: "Blue", addresses: [roomAddress], timezone: "UTC" },
    booking: { policy: "accept" },
  });
});
afterEach(() => store.close());

const all = (): Promise<readonly Delivery[]> =>
  store.read(({ queue }) => queue.list({ states: ["queued", "handed-over", "answered"] }, 1_000));

/** METHOD, recipient and mark of the last message that was queued. */
async function last(): Promise<string> {
  const delivery = (await all()).reduce((a, b) => (Number(a.id) > Number(b.id) ? a : b));
  const bytes = await store.read(({ ledger }) => ledger.source(delivery.payload));
  const { mail, automatic = "by a person" } = readPayload(bytes ?? new Uint8Array());
  return `${mail.method} to ${delivery.recipient.split("@")[0]}: ${automatic}`;
}

const receive = (bytes: Uint8Array, to: string = ann.address) => deliverMail(house, bytes, [to], "outside");

/** The REPLY of a guest, said again at another time, with other words, or to another version. */
function replyWith(guest: string, changes: Readonly<Record<string, string>>): Uint8Array {
  let text = new TextDecoder().decode(replyOf(guest));
  for (const [old, other] of Object.entries(changes)) text = text.replaceAll(old, other);
  return new TextEncoder().encode(text);
}

test("what a person does is not marked: an invitation, an answer, the yes to a question", async () => {
  await create(house, ann, "gus@elsewhere.test");
  expect(await last()).toBe("REQUEST to gus: by a person");
  await receive(replyOf("eva@elsewhere.test"));
  const [question] = await store.read(({ ledger }) => ledger.openQuestions(ann.id));
  await decideQuestion(house, ann, question?.id ?? "", "apply", undefined);
  expect(await last()).toBe("REQUEST to eva: by a person");
  await receive(
    mailOf({
      uid: "theirs",
      from: "olaf@elsewhere.test",
      lines: ["ATTENDEE:mailto:ann@example.test", ...times("10:00", "11:00")],
    }),
  );
  const [invitation] = await store.read(({ ledger }) => ledger.openQuestions(ann.id));
  await decideQuestion(house, ann, invitation?.id ?? "", "apply", { kind: "answer", partstat: "ACCEPTED" });
  expect(await last()).toBe("REPLY to olaf: by a person");
});

test("what answers a message by itself is auto-replied: a room, a version sent again, a refusal", async () => {
  await create(house, ann, roomAddress, "gus@elsewhere.test");
  await drain(house);
  expect(await last()).toBe("REPLY to ann: auto-replied");
  await actOnObject(house, ann, { uid }, { kind: "cancel" });
  await receive(replyOf("gus@elsewhere.test"));
  await receive(
    replyWith("gus@elsewhere.test", {
      "METHOD:REPLY": "METHOD:REFRESH",
      "method=REPLY": "method=REFRESH",
      ACCEPTED: "REFRESH",
      "DTSTART:20270302T220640Z\r\n": "",
      "SEQUENCE:0\r\n": "",
      ";PARTSTAT=REFRESH": "",
    }),
  );
  expect(await last()).toMatch(/^(CANCEL|REQUEST) to gus: auto-replied$/);
});

test("what others are told because of a mail is auto-generated: a delegate", async () => {
  await create(house, ann, "gus@elsewhere.test");
  const delegated = {
    "PARTSTAT=ACCEPTED:": 'PARTSTAT=DELEGATED;DELEGATED-TO="mailto:eva@elsewhere.test":',
    "END:VEVENT": 'ATTENDEE;DELEGATED-FROM="mailto:gus@elsewhere.test":mailto:eva@elsewhere.test\r\nEND:VEVENT',
  };
  await receive(replyWith("gus@elsewhere.test", delegated));
  expect(await last()).toBe("REQUEST to eva: auto-generated");
});

test("the mail that leaves says it in its header, and that of a person says nothing", async () => {
  await receive(mailOf({ uid: "booked", from: "olaf@elsewhere.test", lines: times("10:00", "11:00") }), roomAddress);
  const rows = await store.read(({ principals }) => principals.list());
  const room = rows.find(({ kind }) => kind === "room");
  const [question] = await store.read(({ ledger }) => ledger.openQuestions(room?.id ?? ""));
  if (room && question) await decideQuestion(house, room, question.id, "apply", undefined);
  await receive(
    mailOf({ uid: "booked", from: "olaf@elsewhere.test", sequence: 1, lines: times("12:00", "13:00") }),
    roomAddress,
  );
  await create(house, ann, "gus@elsewhere.test");
  const mails = (await drain(house)).map(({ to, raw }) => {
    const [header = ""] = new TextDecoder().decode(raw).split("\r\n\r\n");
    return [to.split("@")[0], /^Auto-Submitted: (.*)$/m.exec(header)?.[1]?.trim()];
  });
  expect(mails).toContainEqual(["olaf", "auto-replied"]);
  expect(mails).toContainEqual(["gus", undefined]);
});

test("an automatic answer that is no scheduling message is answered by nobody", async () => {
  await create(house, ann, "gus@elsewhere.test");
  const before = await all();
  const text = [
    "From: gus@elsewhere.test",
    "To: ann@example.test",
    "Subject: Out of office",
    "Message-ID: <away>",
    "Auto-Submitted: auto-replied",
    "Content-Type: text/plain",
    "",
    "I am away.",
  ];
  const [result] = await receive(new TextEncoder().encode(text.join("\r\n")));
  expect(result).toMatchObject({ kind: "kept", rows: [{ verdict: "ignored" }] });
  expect(await all()).toEqual(before);
});

test("a room and a program that invites it again after each answer come to rest, and go on the day after", async () => {
  const limited: House = { ...house, delivery: { pauseSeconds: 0, maxAutomaticPerGuestDay: 7 } };
  const invite = (sequence: number) =>
    deliverMail(
      limited,
      mailOf({
        uid: "again",
        from: ann.address,
        sequence,
        lines: times("10:00", "11:00", `202703${10 + (sequence % 9)}`),
      }),
      [roomAddress],
      "inside",
    );
  for (let sequence = 0; sequence < 20; sequence++) await invite(sequence);
  const answers = (await all()).filter(({ isAutomatic }) => isAutomatic);
  expect(answers.filter(({ held }) => held === undefined)).toHaveLength(7);
  expect(answers.find(({ held }) => held !== undefined)?.held).toBe(
    "more than 7 messages that nobody had sent, to one address about one event in a day",
  );
  clock.now += 86_401;
  await invite(20);
  expect((await all()).filter(({ isAutomatic, held }) => isAutomatic && held === undefined)).toHaveLength(8);
});

test("two servers that answer each other end, also where every answer is to a version that is no more", async () => {
  const other = await openSqliteStore(":memory:", storeOptions);
  const theirs: House = { ...houseOver(other), clock: () => clock.now, domains: new Set(["partner.test"]) };
  await addAccount(other, {
    ...{ kind: "room", name: "Red", addresses: ["red@partner.test"], timezone: "UTC" },
    booking: { policy: "accept" },
  });
  await create(house, ann, "red@partner.test");
  await move(house, ann);
  let [sent, answered, round] = [0, 0, 0];
  for (let isQuiet = false; !isQuiet && round < 100; round++) {
    clock.now += 60;
    const out = await drain(house);
    for (const { raw, to } of out) await deliverMail(theirs, raw, [to], "outside");
    await sayYes(other, theirs);
    const back = await drain(theirs);
    // Their answers get lost, and somebody between them says each time anew what was answered before the time was changed.
    const minute = `09${String(round).padStart(2, "0")}00Z`;
    if (out.length > 0) await receive(replyWith("red@partner.test", { "<ACCEPTED": `<${round}`, "090000Z": minute }));
    sent += out.length;
    answered += back.length;
    isQuiet = out.length + back.length === 0;
  }
  const versions = 2;
  expect(sent).toBe(versions + house.policy.maxHealingsPerDay);
  expect(answered).toBeGreaterThan(0);
  expect(answered).toBeLessThanOrEqual(sent);
  await other.close();
});

/** A room has nobody who says yes to strangers: here somebody does. */
async function sayYes(over: Store, at: House): Promise<void> {
  const [room] = await over.read(({ principals }) => principals.list());
  if (!room) return;
  for (const { id } of await over.read(({ ledger }) => ledger.openQuestions(room.id))) {
    await decideQuestion(at, room, id, "apply", undefined);
  }
}
