import { defaultLimits, type Limits, parseMailbox } from "@parley/engine";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decideQuestion, previewQuestion } from "../../src/mail/decide-question.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { addPerson } from "../../src/people.ts";
import type { House } from "../../src/scheduling/house.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Principal, Store } from "../../src/store/store.ts";
import { houseOver, storeOptions } from "../scheduling/house.ts";

const limits: Limits = { ...defaultLimits, maxOverrides: 3 };
let store: Store;
let house: House;
let ann: Principal;
let ben: Principal;

beforeEach(async () => {
  store = await openSqliteStore(":memory:", { ...storeOptions, limits });
  house = { ...houseOver(store), limits };
  ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
  ben = await addPerson(store, { name: "Ben", addresses: ["ben@example.test"], timezone: "UTC" });
});
afterEach(() => store.close());

/** A mail From olaf with one calendar part for each list of VEVENTs' lines. */
function mail(id: string, parts: readonly (readonly (readonly string[])[])[]): Uint8Array {
  const calendars = parts.flatMap((events) => [
    "--b",
    "Content-Type: text/calendar; method=REQUEST; charset=utf-8",
    "",
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Parley//Test//EN",
    "METHOD:REQUEST",
    ...events.flatMap((lines) => [
      "BEGIN:VEVENT",
      "UID:q1",
      "DTSTAMP:20270301T090000Z",
      "ORGANIZER:mailto:olaf@outside.test",
      "ATTENDEE:mailto:ann@example.test",
      "ATTENDEE:mailto:ben@example.test",
      ...lines,
      "END:VEVENT",
    ]),
    "END:VCALENDAR",
  ]);
  const header = [
    "From: olaf@outside.test",
    "To: ann@example.test",
    `Message-ID: <${id}@outside.test>`,
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="b"',
    "",
  ];
  return new TextEncoder().encode([...header, ...calendars, "--b--", ""].join("\r\n"));
}

const event = (summary: string, sequence: number, day: string) => [
  `SUMMARY:${summary}`,
  `SEQUENCE:${sequence}`,
  `DTSTART:202704${day}T090000Z`,
];

test("the owner's yes is for the message they were shown, not for another of the same mail", async () => {
  const two = mail("two", [[event("Harmless", 1, "01")], [event("Surprise", 2, "02")]]);
  await deliverMail(house, two, ["ann@example.test"], "outside");
  const questions = await store.read((transaction) => transaction.ledger.openQuestions(ann.id));
  const shown = await Promise.all(questions.map((row) => previewQuestion(house, ann, row)));
  const titleOf = (index: number) =>
    shown[index]?.object?.master?.component.properties.find(({ name }) => name === "SUMMARY")?.value;
  expect([titleOf(0), titleOf(1)]).toEqual(["Harmless", "Surprise"]);
  const done = await decideQuestion(house, ann, questions[0]?.id ?? "", "dismiss", undefined);
  expect(done).toEqual({ kind: "done" });
  expect(await store.read((transaction) => transaction.ledger.openQuestions(ann.id))).toHaveLength(1);
  expect(await store.read((transaction) => transaction.objects.byUid(ann.id, "q1"))).toBeUndefined();
});

test("an invitation that cannot be answered is taken, and its owner is told that the answer was not", async () => {
  const text = new TextDecoder().decode(mail("urn", [[event("Nobody's", 1, "01")]]));
  const bytes = new TextEncoder().encode(text.replace("ORGANIZER:mailto:olaf@outside.test", "ORGANIZER:urn:uuid:1"));
  await deliverMail(house, bytes, ["ann@example.test"], "outside");
  const [question] = await store.read((transaction) => transaction.ledger.openQuestions(ann.id));
  const answer = { kind: "answer", partstat: "ACCEPTED" } as const;
  const result = await decideQuestion(house, ann, question?.id ?? "", "apply", answer);
  expect(result).toEqual({ kind: "void", reason: "Refused (3.7 Invalid Calendar User): An address is nobody's." });
  expect(await store.read((transaction) => transaction.objects.byUid(ann.id, "q1"))).toBeDefined();
});

describe("an object that grows beyond what is kept", () => {
  const instance = (day: string) => [...event("Series", 1, day), `RECURRENCE-ID:202704${day}T090000Z`];

  test("is refused with a verdict, the mail is kept, and other recipients are served", async () => {
    const olaf = parseMailbox("olaf@outside.test");
    await store.write((transaction) => transaction.principals.addCorrespondents(ann.id, olaf ? [olaf] : [], 0));
    const first = mail("first", [[instance("01"), instance("02"), instance("03")]]);
    expect(await deliverMail(house, first, ["ann@example.test"], "outside")).toMatchObject([{ kind: "kept" }]);
    const more = mail("more", [[instance("04"), instance("05")]]);
    const results = await deliverMail(house, more, ["ann@example.test", "ben@example.test"], "outside");
    expect(results).toMatchObject([
      { kind: "kept", rows: [{ verdict: "rejected", rule: "RFC 5546 §3.6.23" }] },
      { kind: "kept", rows: [{ verdict: "undecided" }] },
    ]);
    const kept = await store.read((transaction) => transaction.objects.byUid(ann.id, "q1"));
    expect(kept?.state.object?.overrides.size).toBe(3);
    expect(await store.read((transaction) => transaction.objects.byUid(ben.id, "q1"))).toBeUndefined();
  });
});

test("decision 0024: who sends what cannot be served is told, in the same transaction, and is no correspondent for it", async () => {
  const rule = "RRULE:FREQ=YEARLY;RSCALE=CHINESE;BYMONTH=1;BYMONTHDAY=1";
  const text = new TextDecoder().decode(mail("foreign", [[[...event("New Year", 0, "01"), rule]]]));
  const bytes = new TextEncoder().encode(text.replaceAll("olaf@outside.test", "ben@example.test"));
  await deliverMail(house, bytes, ["ann@example.test"], "inside");
  const rows = await store.read((transaction) => transaction.ledger.list(ann.id, { limit: 9 }));
  expect(rows).toMatchObject([
    { direction: "in", method: "REQUEST", verdict: "rejected", rule: "RFC 7529 §7" },
    {
      direction: "out",
      method: "REPLY",
      to: ["ben@example.test"],
      subject: "Not taken: New Year",
      rule: "RFC 7529 §7",
    },
  ]);
  const [, answer] = rows;
  const queued = await store.read((transaction) => transaction.deliveries.ofMessage(answer?.id ?? ""));
  expect(queued).toMatchObject([{ recipient: "ben@example.test", state: "queued" }]);
  expect(await store.read((transaction) => transaction.principals.isCorrespondent(ann.id, ben.address))).toBe(false);
});
