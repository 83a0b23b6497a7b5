import { parseAddress } from "@parley/engine";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { addAccount, addPerson } from "../../src/people.ts";
import { actOnObject } from "../../src/scheduling/change-object.ts";
import type { House } from "../../src/scheduling/house.ts";
import { threadIdOf } from "../../src/scheduling/message-id.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Principal, Store } from "../../src/store/store.ts";
import { create, drain, houseOver, replyOf, storeOptions, uid } from "./house.ts";
import { mailOf, roomAddress, times } from "./rooms.ts";

// RFC 5322 §3.6.4: an answer names the mail it answers, so that mail programs show it below that.

const olaf = "olaf@elsewhere.test";
let store: Store;
let house: House;
let ann: Principal;

beforeEach(async () => {
  store = await openSqliteStore(":memory:", storeOptions);
  house = houseOver(store);
  ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
  const known = parseAddress(olaf);
  if (known) await store.write(({ principals }) => principals.addCorrespondents(ann.id, [known], house.clock()));
});
afterEach(() => store.close());

/** What the mails that leave say they answer and belong to, by METHOD and recipient. */
async function carry(): Promise<readonly string[]> {
  const mails = await drain(house);
  return mails.map(({ to, raw }) => {
    const text = new TextDecoder().decode(raw);
    const header = text.slice(0, text.indexOf("\r\n\r\n")).replace(/\r\n\s+/g, " ");
    const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(header)?.[1] ?? "nothing";
    const method = /method=(\w+)/.exec(text)?.[1];
    return `${method} to ${to.split("@")[0]} answers ${field("In-Reply-To")}, refers to ${field("References")}`;
  });
}

const invited = (sequence = 0, messageId?: string): Promise<unknown> => {
  const lines = ["ATTENDEE;RSVP=TRUE:mailto:ann@example.test", ...times("10:00", "11:00")];
  const text = new TextDecoder().decode(mailOf({ uid: "theirs", from: olaf, sequence, lines }));
  const mail = messageId === undefined ? text : text.replace(/^Message-ID: .*$/m, `Message-ID: ${messageId}`);
  return deliverMail(house, new TextEncoder().encode(mail), [ann.address], "outside");
};
const theirs = { uid: "theirs" };
const thread = threadIdOf("theirs");

test("answers, proposals and questions of an Attendee answer the last invitation", async () => {
  await invited();
  await invited(1);
  const last = "<theirs-REQUEST-1@test>";
  await actOnObject(house, ann, theirs, { kind: "answer", partstat: "ACCEPTED" });
  expect(await carry()).toEqual([`REPLY to olaf answers ${last}, refers to ${thread} ${last}`]);
  const changes = [{ name: "LOCATION", parameters: [], value: "Room 4" }];
  await actOnObject(house, ann, theirs, { kind: "counter", changes });
  await actOnObject(house, ann, theirs, { kind: "refresh" });
  expect(await carry()).toEqual([
    `COUNTER to olaf answers ${last}, refers to ${thread} ${last}`,
    `REFRESH to olaf answers ${last}, refers to ${thread} ${last}`,
  ]);
});

test("a proposal that is declined is answered, and not that of somebody else", async () => {
  await create(house, ann, "gus@elsewhere.test", "eva@elsewhere.test");
  await drain(house);
  for (const guest of ["gus@elsewhere.test", "eva@elsewhere.test"]) {
    const counter = new TextDecoder()
      .decode(replyOf(guest, "TENTATIVE"))
      .replaceAll("REPLY", "COUNTER")
      .replace("20270302T220640Z", "20270303T090000Z")
      .replace("END:VEVENT", "DTEND:20270303T100000Z\r\nSUMMARY:Planning\r\nEND:VEVENT");
    await deliverMail(house, new TextEncoder().encode(counter), [ann.address], "outside");
  }
  const gus = parseAddress("gus@elsewhere.test") ?? ann.address;
  await actOnObject(house, ann, { uid }, { kind: "decline-proposal", attendee: gus });
  expect(await carry()).toEqual([
    `DECLINECOUNTER to gus answers <TENTATIVE-gus@elsewhere.test>, refers to ${threadIdOf(uid)} <TENTATIVE-gus@elsewhere.test>`,
  ]);
});

test("a room answers the very mail that asked it", async () => {
  await addAccount(store, {
    ...{ kind: "room", name: "Blue", addresses: [roomAddress], timezone: "UTC" },
    booking: { policy: "accept" },
  });
  const room = await store.read(async ({ principals }) =>
    (await principals.list()).find(({ kind }) => kind === "room"),
  );
  const known = parseAddress(olaf);
  if (room && known)
    await store.write(({ principals }) => principals.addCorrespondents(room.id, [known], house.clock()));
  for (const sequence of [0, 1]) {
    const lines = times(`1${sequence}:00`, "12:00");
    await deliverMail(house, mailOf({ uid: "booked", from: olaf, sequence, lines }), [roomAddress], "outside");
    expect(await carry()).toEqual([
      expect.stringContaining(`REPLY to olaf answers <booked-REQUEST-${sequence}@test>,`),
    ]);
  }
});

test.each([
  ["none at all", ""],
  ["no angle brackets", "one@test"],
  ["one that would fill a line", `<${"x".repeat(300)}@test>`],
  ["a letter that is none of a Message-ID", "<\u00fc@test>"],
])("a mail with %s is answered without naming it", async (_, messageId) => {
  await invited(0, messageId);
  await actOnObject(house, ann, theirs, { kind: "answer", partstat: "ACCEPTED" });
  expect(await carry()).toEqual([`REPLY to olaf answers nothing, refers to ${thread}`]);
});

test("what an Organizer writes answers nothing", async () => {
  await create(house, ann, "gus@elsewhere.test");
  await deliverMail(house, replyOf("gus@elsewhere.test"), [ann.address], "outside");
  await actOnObject(house, ann, { uid }, { kind: "cancel" });
  const own = threadIdOf(uid);
  expect(new Set(await carry())).toEqual(
    new Set([`REQUEST to gus answers nothing, refers to ${own}`, `CANCEL to gus answers nothing, refers to ${own}`]),
  );
});
