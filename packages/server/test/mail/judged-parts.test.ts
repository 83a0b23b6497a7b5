import { parseMailbox } from "@parley/engine";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decideQuestion } from "../../src/mail/decide-question.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { addPerson } from "../../src/people.ts";
import type { House } from "../../src/scheduling/house.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { LedgerRow, Principal, Store } from "../../src/store/store.ts";
import { houseOver, storeOptions } from "../scheduling/house.ts";

let store: Store;
let house: House;
let ann: Principal;

beforeEach(async () => {
  store = await openSqliteStore(":memory:", storeOptions);
  // Whoever it is from has been proven: what is only asked about is so for what the mail says.
  house = houseOver(store);
  ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
  const olaf = parseMailbox("olaf@outside.test");
  await store.write((transaction) => transaction.principals.addCorrespondents(ann.id, olaf ? [olaf] : [], 0));
});
afterEach(() => store.close());

async function deliver(...lines: readonly string[]): Promise<readonly LedgerRow[]> {
  const header = ["From: olaf@outside.test", "To: ann@example.test", "Message-ID: <a@outside.test>"];
  const bytes = new TextEncoder().encode([...header, ...lines].join("\r\n"));
  const [result] = await deliverMail(house, bytes, ["ann@example.test"], "outside");
  return result && "rows" in result ? result.rows : [];
}

const invitation = (uid: string, method: string): readonly string[] => [
  `Content-Type: text/calendar; charset=utf-8${method && `; method=${method}`}`,
  "",
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "BEGIN:VEVENT",
  `UID:${uid}`,
  "DTSTAMP:20270301T090000Z",
  "DTSTART:20270401T090000Z",
  "SUMMARY:Tea",
  "ORGANIZER:mailto:olaf@outside.test",
  ...(method && ["ATTENDEE:mailto:ann@example.test"]),
  "END:VEVENT",
  "END:VCALENDAR",
];
const mixed = (...parts: readonly (readonly string[])[]): readonly string[] => [
  'Content-Type: multipart/mixed; boundary="b"',
  "",
  ...parts.flatMap((part) => ["--b", ...part]),
  "--b--",
  "",
];
const known = (uid: string) => store.read((transaction) => transaction.objects.byUid(ann.id, uid));

describe("what is only offered is asked about, however sure the sender is", () => {
  const forwarded = mixed([
    "Content-Type: message/rfc822",
    "",
    "From: olaf@outside.test",
    ...invitation("one", "REQUEST"),
  ]);
  test.each([
    ["the same invitation by itself", invitation("one", "REQUEST"), "applied", "relayed"],
    ["passed on inside a mail", forwarded, "undecided", "weak"],
    ["without METHOD", invitation("one", ""), "undecided", "weak"],
  ])("%s", async (_, lines, verdict, strength) => {
    expect(await deliver(...lines)).toMatchObject([{ verdict, evidence: { strength } }]);
    expect((await known("one")) !== undefined).toBe(verdict === "applied");
  });

  test("the owner's yes takes it", async () => {
    const [row] = await deliver(...forwarded);
    expect(await decideQuestion(house, ann, row?.id ?? "", "apply", undefined)).toMatchObject({ kind: "done" });
    expect(await known("one")).toBeDefined();
  });
});

test("each object of a mail has a row of its own, and what cannot be read does not harm the others", async () => {
  const rows = await deliver(
    ...mixed(
      ["Content-Type: text/calendar; method=REQUEST", "", "hello"],
      invitation("one", "REQUEST"),
      invitation("two", "REQUEST"),
    ),
  );
  expect(rows.map(({ uid, verdict }) => [uid, verdict])).toEqual([
    ["one", "applied"],
    ["two", "applied"],
    [undefined, "unreadable"],
  ]);
});

test.each([
  [
    "a bounce",
    mixed(["Content-Type: message/delivery-status", "", "", "Final-Recipient: utf-8; ben@x.test", "Action: failed"]),
    "RFC 3464",
    "This is a report about another mail: failed for ben@x.test.",
  ],
  [
    "a vacation mail",
    ["Auto-Submitted: auto-replied (vacation)", "", "I am away."],
    "RFC 3834 §2",
    "This is an automatic mail without a calendar: Auto-Submitted is auto-replied.",
  ],
])("%s is ignored, and the ledger says why", async (_, lines, rule, reason) => {
  expect(await deliver(...lines)).toMatchObject([{ verdict: "ignored", rule, reason }]);
});
