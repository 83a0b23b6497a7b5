import { existsSync, readFileSync } from "node:fs";
import { parseAddress } from "@parley/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliverMail, deliverWithoutEnvelope } from "../../src/mail/deliver-mail.ts";
import { findRecipient, readEnvelopeTraces } from "../../src/mail/recipients.ts";
import { addAccount, addPerson } from "../../src/people.ts";
import type { House } from "../../src/scheduling/house.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Store } from "../../src/store/store.ts";
import { houseOver, storeOptions } from "../scheduling/house.ts";
import { calendarMail } from "./calendar-mail.ts";

const corpus = new URL("../../../../../shared/corpus/", import.meta.url);
let store: Store;
let house: House;

beforeAll(async () => {
  store = await openSqliteStore(":memory:", storeOptions);
  house = houseOver(store);
  const add = (name: string, ...addresses: string[]) => addPerson(store, { name, addresses, timezone: "UTC" });
  const ann = await add("Ann", "ann@example.test", "a.archer@old.test");
  await add("Ben", "ben@example.test");
  await add("Tagged", "ann+club@example.test");
  await add("Jürgen", "j@müller.test");
  await add("Kim", "kim@xn--bcher-kva.test");
  const team = await addAccount(store, {
    kind: "group",
    name: "Team",
    addresses: ["team@example.test"],
    timezone: "UTC",
  });
  await store.write(({ principals }) => principals.addMember(team.id, ann.id));
});
afterAll(() => store.close());

describe("the recipient of an envelope", () => {
  test.each([
    ["ann@example.test", "Ann"],
    ["ANN@Example.TEST", "Ann"],
    ["a.archer@old.test", "Ann"],
    ["ann+x@example.test", "Ann"],
    ["ann+x+y@EXAMPLE.test", "Ann"],
    ["ann+club@example.test", "Tagged"],
    ["ann+club+x@example.test", "Ann"],
    ["ann@example.test.", "Ann"],
    ["team@example.test", "Team"],
    ["j@xn--mller-kva.test", "Jürgen"],
    ["j@MÜLLER.test", "Jürgen"],
    ["kim+x@bücher.test", "Kim"],
    ["ann@sub.example.test", undefined],
    ["ann@example.test.evil.test", undefined],
    ["an@example.test", undefined],
    ["+x@example.test", undefined],
    ["ann@example.test@evil.test", undefined],
    ["evil@x,ann@example.test", undefined],
    ["mailto:ann@example.test", undefined],
    ["ann%40example.test@evil.test", undefined],
    ["ann\u0000@example.test", undefined],
    ["ａnn@example.test", undefined],
    ["@example.test", undefined],
    ["ann", undefined],
    ["", undefined],
    [`${"a".repeat(2_000)}@example.test`, undefined],
    [`ann@${"x".repeat(5_000)}.test`, undefined],
  ])("%s is %s", async (recipient, name) => {
    const found = await store.read((transaction) => findRecipient(transaction, recipient));
    expect(found?.name).toBe(name);
  });
});

/** A REQUEST with those header lines and ATTENDEEs. */
function invitation(header: readonly string[], attendees: readonly string[] = ["x@elsewhere.test"]): Uint8Array {
  const lines = [
    "UID:r1",
    "DTSTAMP:20270301T090000Z",
    "DTSTART:20270401T090000Z",
    "SUMMARY:Found",
    "ORGANIZER:mailto:olaf@outside.test",
    ...attendees.map((address) => `ATTENDEE:mailto:${address}`),
  ];
  return new TextEncoder().encode(calendarMail([...header, "From: olaf@outside.test"], "REQUEST", lines));
}

// What is nearer to the envelope goes first, and what is there but names nobody of ours is passed over.
describe("whom a mail without an envelope is for", () => {
  test.each<[string, string[], string[]]>([
    ["Delivered-To", ["Delivered-To: ann@example.test", "To: ben@example.test"], ["ann@example.test"]],
    [
      "the topmost Delivered-To",
      ["Delivered-To: ben@example.test", "Delivered-To: ann@example.test"],
      ["ben@example.test"],
    ],
    [
      "the Delivered-To below a shared mailbox's",
      ["Delivered-To: shared@mailbox.test", "Delivered-To: <ANN@example.test>", "To: ben@example.test"],
      ["ann@example.test"],
    ],
    [
      "X-Original-To, where the mailbox is nobody's",
      ["Delivered-To: shared@mailbox.test", "X-Original-To: ann+x@example.test", "To: ben@example.test"],
      ["ann+x@example.test"],
    ],
    [
      "Envelope-To, with several",
      ["Envelope-To: ann@example.test, ben@example.test"],
      ["ann@example.test", "ben@example.test"],
    ],
    [
      "Delivered-To before X-Original-To",
      ["X-Original-To: ben@example.test", "Delivered-To: ann@example.test"],
      ["ann@example.test"],
    ],
    [
      "To and Cc that are ours",
      ["To: o@else.test, Ann <ann@example.test>", "Cc: a.archer@old.test, ben@example.test"],
      ["ann@example.test", "ben@example.test"],
    ],
    ["a group", ["To: Team: team@example.test;"], ["team@example.test"]],
    ["nobody: the ATTENDEE alone says nothing", ["To: list@lists.test"], []],
    ["nobody: a header inside a line", ["Subject: x Delivered-To: ann@example.test"], []],
    ["nobody: Bcc, Reply-To and From are no recipients", ["Bcc: ann@example.test", "Reply-To: ann@example.test"], []],
  ])("%s", async (_, header, expected) => {
    const results = await deliverWithoutEnvelope(house, invitation(header, ["ann@example.test"]));
    expect(results.map(({ recipient }) => recipient.toLowerCase())).toEqual(expected);
  });

  const list = ["List-Id: Planning <plan.lists.test>", "To: plan@lists.test"];
  test.each<[string, string[], string[]]>([
    ["who is invited by the address of theirs", ["a.archer@old.test", "olaf@outside.test"], ["a.archer@old.test"]],
    ["a group of ours that is invited", ["team@example.test"], ["team@example.test"]],
    ["nobody where the list itself is invited", ["plan@lists.test"], []],
  ])("of a mailing list: %s", async (_, attendees, expected) => {
    const results = await deliverWithoutEnvelope(house, invitation(list, attendees));
    expect(results.map(({ recipient }) => recipient)).toEqual(expected);
  });

  test("a group's people each have it, by its own address", async () => {
    const bytes = invitation([...list, "Message-ID: <group@x.test>"], ["team@example.test"]);
    const results = await deliverWithoutEnvelope(house, bytes);
    expect(results).toMatchObject([{ result: { kind: "kept" } }]);
    const ann = await store.read((transaction) => findRecipient(transaction, "ann@example.test"));
    const rows = await store.read((transaction) => transaction.ledger.list(ann?.id ?? "", { limit: 1 }));
    expect(rows).toMatchObject([{ messageId: "<group@x.test>", to: ["team@example.test"] }]);
  });
});

test("a header that names us proves nothing: what names its sender as our own is judged as any other", async () => {
  const forged = invitation([
    "Delivered-To: ann@example.test",
    "Return-Path: <ann@example.test>",
    "Sender: ann@example.test",
    "Message-ID: <forged@x.test>",
  ]);
  const untrusting = { ...house, trust: { authservIds: [], relay: false } };
  const [one] = await deliverWithoutEnvelope(untrusting, forged);
  expect(one?.result).toMatchObject({
    rows: [{ verdict: "undecided", evidence: { strength: "weak", from: "olaf@outside.test", relation: "stranger" } }],
  });
});

test("a mail without Message-ID that comes again is one", async () => {
  const bytes = invitation(["To: ben@example.test", "Subject: no id"]);
  const [first] = await deliverMail(house, bytes, ["ben@example.test"], "outside");
  const [again] = await deliverMail(house, bytes, ["ben@example.test"], "outside");
  expect([first?.kind, again?.kind]).toEqual(["kept", "duplicate"]);
  const [other] = await deliverMail(
    house,
    invitation(["To: ben@example.test", "Subject: other"]),
    ["ben@example.test"],
    "outside",
  );
  expect(other?.kind).toBe("kept");
});

// As providers wrote them; the mails themselves stay outside.
describe.skipIf(!existsSync(corpus))("of real mails (skipped where ../shared/corpus is absent)", () => {
  test.each([
    ["apple/good-reply.eml", "ical-living-on@example.com", "xyzzy@example.com"],
    ["yahoo/yahooinvitation.eml", "helga.kendal@aspen.example.org", "do-not-reply@yahoo.example.com"],
    ["google/gmail.eml", "binskip@aspen.example.org", "lunderhill@aspen.example.org"],
    ["apple/mac-invitation.eml", "skirby@ginkgo.example.com", "otto@ginkgo.example.com"],
  ])("%s is for %s, from %s", async (file, reader, from) => {
    const bytes = readFileSync(new URL(file, corpus));
    const person = await addPerson(store, { name: "Reader", addresses: [reader], timezone: "UTC" });
    expect(readEnvelopeTraces(bytes).from).toBe(from);
    const results = await deliverWithoutEnvelope(house, bytes);
    const readers = results.flatMap(({ result }) => ("rows" in result ? result.rows : [])).map((row) => row.principal);
    expect(new Set(readers)).toEqual(new Set([person.id]));
  });
});

describe("the envelope sender", () => {
  test.each([
    ["Return-Path: <>", ""],
    ["Return-Path: <a@b.test>", "a@b.test"],
    ["Return-Path: <one@b.test>\r\nReturn-Path: <two@b.test>", "one@b.test"],
    ["Return-Path: a@b.test", "a@b.test"],
    ["Return-Path: nobody", undefined],
    ["Return-Path: a@b.test <>", undefined],
    ["X: y", undefined],
    ["X: y\r\n\r\nReturn-Path: <body@b.test>", undefined],
    ["X: y\n\nReturn-Path: <body@b.test>", undefined],
  ])("%j says %j", (header, from) => {
    const { from: read } = readEnvelopeTraces(new TextEncoder().encode(`${header}\r\n\r\nbody`));
    expect(read).toBe(from);
  });

  const plain = (...header: string[]) =>
    new TextEncoder().encode(
      [...header, "From: o@outside.test", "To: ben@example.test", "", "I am away", ""].join("\r\n"),
    );
  test.each([
    ["", plain("Subject: 1"), "ignored", "its envelope has no sender"],
    ["o@outside.test", plain("Subject: 2"), "unreadable", "There is no calendar"],
    [undefined, plain("Subject: 3", "Return-Path: <>"), "ignored", "its envelope has no sender"],
  ])("%j marks a mail without calendar", async (from, bytes, verdict, reason) => {
    const results =
      from === undefined
        ? (await deliverWithoutEnvelope(house, bytes)).map(({ result }) => result)
        : await deliverMail(house, bytes, ["ben@example.test"], "outside", from);
    expect(results).toMatchObject([{ rows: [{ verdict, reason: expect.stringContaining(reason) }] }]);
  });
});

test("an invitation in several languages is read in its reader's, and the same when they say yes", async () => {
  const dora = await addPerson(store, {
    name: "Dora",
    addresses: ["dora@example.test"],
    timezone: "UTC",
    locale: "de-AT",
  });
  const half = (language: string, summary: string) => [
    "--b",
    "Content-Type: text/calendar; method=REQUEST; charset=utf-8",
    `Content-Language: ${language}`,
    "",
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Parley//Test//EN",
    "METHOD:REQUEST",
    "BEGIN:VEVENT",
    "UID:l1",
    "DTSTAMP:20270301T090000Z",
    "DTSTART:20270401T090000Z",
    `SUMMARY:${summary}`,
    "ORGANIZER:mailto:olaf@outside.test",
    "ATTENDEE:mailto:dora@example.test",
    "ATTENDEE:mailto:ben@example.test",
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  const bytes = new TextEncoder().encode(
    [
      "From: olaf@outside.test",
      "Message-ID: <languages@outside.test>",
      "MIME-Version: 1.0",
      'Content-Type: multipart/alternative; boundary="b"',
      "",
      ...half("de", "Besprechung"),
      ...half("en", "Meeting"),
      "--b--",
      "",
    ].join("\r\n"),
  );
  const olaf = parseAddress("olaf@outside.test");
  const ben = await store.read((transaction) => findRecipient(transaction, "ben@example.test"));
  for (const reader of [dora, ben]) {
    await store.write(({ principals }) => principals.addCorrespondents(reader?.id ?? "", olaf ? [olaf] : [], 0));
  }
  await deliverMail(house, bytes, ["dora@example.test", "ben@example.test"], "outside");
  const summaryOf = async (id: string | undefined) => {
    const stored = await store.read((transaction) => transaction.objects.byUid(id ?? "", "l1"));
    return stored?.state.object?.master?.component.properties.find(({ name }) => name === "SUMMARY")?.value;
  };
  expect([await summaryOf(dora.id), await summaryOf(ben?.id)]).toEqual(["Besprechung", "Meeting"]);
});
