import { parseMailbox } from "@parley/engine";
import { describe, expect, test } from "vitest";
import type { FreeBusyAsked, LedgerEntry } from "../../src/api/contract.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";

usePair();

import {
  ann,
  askBy,
  ben,
  call,
  clara,
  david,
  day,
  hour,
  know,
  lastBusy,
  ledgerOf,
  own,
  pair,
  prefer,
  principalOf,
  rowsOf,
  seenBy,
  toldTo,
  usePair,
  week,
} from "./busy-by-mail.ts";

const taken = [{ from: "2027-03-02T09:00:00Z", to: "2027-03-02T10:00:00Z", type: "BUSY" }];

test("a question and its answer by mail: seen by who asked, when it was told, and by nobody else", async () => {
  await prefer(clara, "everybody");
  expect((await seenBy(ann))?.known).toBe(false);
  const asked = await call<FreeBusyAsked>(ann, "POST", "/api/free-busy", { addresses: [clara, clara], ...week });
  expect(asked).toEqual({ people: [{ address: clara, state: "asked" }] });
  pair.clock.now += 5;
  await pair.deliver();
  expect(await seenBy(ann)).toEqual({
    ...{ address: clara, known: true, complete: true, busy: taken },
    told: "2027-03-01T08:00:05Z",
  });
  expect((await seenBy(ben))?.known).toBe(false);
  // Of what was not asked nothing is known.
  const month = { from: "2027-03-01T00:00:00Z", to: "2027-04-01T00:00:00Z" };
  expect(await seenBy(ann, clara, month)).toMatchObject({ known: true, complete: false, busy: taken });
  const april = { from: "2027-04-01T00:00:00Z", to: "2027-05-01T00:00:00Z" };
  expect((await seenBy(ann, clara, april))?.known).toBe(false);
  const said = (entries: readonly LedgerEntry[]) =>
    entries.flatMap(({ direction, method, verdict, rule }) =>
      method === "REQUEST" || method === "REPLY" ? [`${direction} ${method} ${verdict} ${rule}`] : [],
    );
  expect(said(await ledgerOf(ann))).toEqual(["in REPLY applied RFC 5546 §3.3.3", "out REQUEST sent RFC 5546 §3.3.2"]);
  expect(said(await ledgerOf(clara))).toEqual(["in REQUEST applied RFC 5546 §3.3.2", "out REPLY sent RFC 5546 §3.3.2"]);
  expect(await call(ann, "GET", "/api/questions")).toEqual({ questions: [] });
  expect((await ledgerOf(ann)).find(({ direction }) => direction === "out")?.deliveries[0]?.state).toBe("answered");
});

test("what is told is when, and nothing else: no field of any event, and not why somebody is away", async () => {
  await prefer(clara, "everybody");
  // Out of the office, as Outlook writes it, and what is not sure yet.
  await own("away", "20270303T090000Z", { "X-MICROSOFT-CDO-BUSYSTATUS": "OOF" });
  await own("perhaps", "20270304T090000Z", { STATUS: "TENTATIVE" });
  await askBy(ann, [clara]);
  await pair.deliver();
  expect(lastBusy()).toEqual([
    expect.stringMatching(/^UID:[0-9a-f]{32}@example\.test$/),
    "DTSTAMP:20270301T080000Z",
    "ORGANIZER:mailto:ann@example.test",
    "ATTENDEE:mailto:clara@partner.test",
    // From a day ago on, as far as it was asked.
    "DTSTART:20270301T000000Z",
    "DTEND:20270308T000000Z",
    "REQUEST-STATUS:2.0;Success",
    "FREEBUSY;FBTYPE=BUSY:20270302T090000Z/20270302T100000Z",
    "FREEBUSY;FBTYPE=BUSY:20270303T090000Z/20270303T100000Z",
    "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270304T090000Z/20270304T100000Z",
  ]);
  const raw = pair.relay.seen.at(-1)?.raw.toString("latin1") ?? "";
  for (const word of ["Secret", "Vault", "key"]) expect(raw).not.toContain(word);
  expect(raw).toContain("Auto-Submitted: auto-replied");
});

describe("who is answered", () => {
  const rows: readonly (readonly [policy: string | undefined, knows: boolean, answered: boolean])[] = [
    [undefined, true, false],
    ["nobody", true, false],
    ["contacts", false, false],
    ["contacts", true, true],
    ["everybody", false, true],
    ["everybody", true, true],
  ];
  test.each(rows)("with the policy %s, known before: %s", async (policy, knows, answered) => {
    await prefer(clara, policy);
    if (knows) await know(clara, ann);
    await askBy(ann, [clara]);
    await pair.deliver();
    expect((await toldTo(ann)) !== undefined).toBe(answered);
    const [row] = (await rowsOf(clara)).filter(({ direction, method }) => direction === "in" && method === "REQUEST");
    expect(row).toMatchObject(answered ? { verdict: "applied" } : { verdict: "ignored", rule: "decision 0040" });
    // It is no question either: nobody can fill somebody's page with these.
    const { store, id } = await principalOf(clara);
    expect(await store.read(({ ledger }) => ledger.openQuestions(id))).toEqual([]);
    expect(pair.relay.seen).toHaveLength(answered ? 2 : 1);
  });

  test("the house decides where somebody has not", async () => {
    Object.assign(pair.of(clara).server.house, { busyByMail: "everybody" });
    await prefer(david, "nobody");
    await askBy(ann, [clara, david]);
    await pair.deliver();
    expect([await toldTo(ann), await toldTo(ann, david)]).toEqual([expect.anything(), undefined]);
  });

  test("nobody who is not proven, whatever they say, and none but who asks", async () => {
    await prefer(clara, "everybody");
    const cases: readonly (readonly [from: string, results: string, organizer: string])[] = [
      [ann, "", ann],
      [ann, "mx.partner.test; dmarc=fail header.from=example.test", ann],
      ["mallory@elsewhere.test", "mx.partner.test; dmarc=pass header.from=elsewhere.test", ann],
      // Of one domain are all who have an address at a big provider.
      ["mallory@example.test", "mx.partner.test; dmarc=pass header.from=example.test", ann],
    ];
    for (const [from, results, organizer] of cases) {
      const plain = requestMail(from, results, organizer, "20270301T000000Z", "20270308T000000Z");
      const sentBy = from === organizer ? "ORGANIZER:" : `ORGANIZER;SENT-BY="mailto:${from}":`;
      const bytes = new TextEncoder().encode(new TextDecoder().decode(plain).replace("ORGANIZER:", sentBy));
      const [kept] = await deliverMail(pair.of(clara).server.house, bytes, [clara], "outside");
      expect(kept).toMatchObject({ kind: "kept", rows: [{ verdict: "ignored", rule: "decision 0040" }] });
    }
    await pair.deliver();
    expect(pair.relay.seen).toEqual([]);
  });

  test("of a time that is near, and no more than two months of it", async () => {
    await prefer(clara, "everybody");
    const results = "mx.partner.test; dmarc=pass header.from=example.test";
    const { house } = pair.of(clara).server;
    const ask = (from: string, to: string) =>
      deliverMail(house, requestMail(ann, results, ann, from, to), [clara], "outside");
    await ask("20200101T000000Z", "20400101T000000Z");
    await pair.send();
    expect(lastBusy().slice(4, 6)).toEqual(["DTSTART:20270228T080000Z", "DTEND:20270501T080000Z"]);
    for (const [from, to] of [
      ["20200101T000000Z", "20200102T000000Z"],
      ["20300101T000000Z", "20300102T000000Z"],
    ] as const) {
      const [kept] = await ask(from, to);
      expect(kept).toMatchObject({ rows: [{ verdict: "ignored" }] });
    }
    expect(pair.relay.seen).toHaveLength(1);
  });

  test("so often in a day and no more", async () => {
    await prefer(clara, "everybody");
    const results = "mx.partner.test; dmarc=pass header.from=example.test";
    const verdicts: string[] = [];
    for (let count = 0; count < 22; count++) {
      const bytes = requestMail(ann, results, ann, "20270301T000000Z", "20270302T000000Z", `uid-${count}`);
      const [kept] = await deliverMail(pair.of(clara).server.house, bytes, [clara], "outside");
      verdicts.push(kept?.kind === "kept" ? (kept.rows[0]?.verdict ?? "") : "");
    }
    expect(verdicts).toEqual([...Array.from({ length: 20 }, () => "applied"), "ignored", "ignored"]);
    // What one asks too often is not counted for all: else one could make a calendar silent for everybody.
    const { store, principal } = await principalOf(clara);
    expect(
      await store.write(({ knownBusy }) =>
        knownBusy.countQuestion(principal.id, principal.address, pair.clock.now, day),
      ),
    ).toBe(21);
    pair.clock.now += day;
    const later = requestMail(ann, results, ann, "20270301T000000Z", "20270303T000000Z", "later");
    const [kept] = await deliverMail(pair.of(clara).server.house, later, [clara], "outside");
    expect(kept).toMatchObject({ rows: [{ verdict: "applied" }] });
  });
});

describe("asking", () => {
  test("is by a mail of each one's own, once in an hour for a time, and of people elsewhere alone", async () => {
    expect(await askBy(ann, [clara, david, ben, "no address", "nobody@example.test"])).toEqual([
      ...["asked", "asked", "here", "no-address", "here"],
    ]);
    const inside = { from: "2027-03-02T00:00:00Z", to: "2027-03-03T00:00:00Z" };
    expect(await askBy(ann, [clara, clara, david], inside)).toEqual(["waiting", "waiting", "waiting"]);
    expect(await askBy(ann, [clara], { to: "2027-03-09T00:00:00Z" })).toEqual(["asked"]);
    expect(await askBy(ben, [clara])).toEqual(["asked"]);
    pair.clock.now += hour;
    expect(await askBy(ann, [david], inside)).toEqual(["asked"]);
    await pair.send();
    expect(pair.relay.seen.map(({ to }) => to).sort()).toEqual([clara, clara, clara, david, david]);
    for (const { to, raw } of pair.relay.seen) {
      const other = to === clara ? david : clara;
      expect(raw.toString("latin1")).not.toContain(other);
    }
  });

  test("ends where somebody has asked for as many as nobody needs", async () => {
    const many = Array.from({ length: 200 }, (_, count) => `guest${count}@elsewhere.test`);
    for (let first = 0; first < 200; first += 20) await askBy(ann, many.slice(first, first + 20));
    expect(await askBy(ann, [clara])).toEqual(["too-many"]);
    expect(await askBy(ben, [clara])).toEqual(["asked"]);
    pair.clock.now += day + 1;
    expect(await askBy(ann, [clara])).toEqual(["asked"]);
  });

  const wrong: readonly (readonly [name: string, body: object, status: number])[] = [
    ["nobody", { addresses: [], ...week }, 400],
    ["too many", { addresses: Array.from({ length: 21 }, (_, count) => `a${count}@b.test`), ...week }, 400],
    ["more than two months", { addresses: [clara], from: "2027-03-01T00:00:00Z", to: "2027-06-01T00:00:00Z" }, 400],
    ["no time", { addresses: [clara], from: "2027-03-02T00:00:00Z", to: "2027-03-02T00:00:00Z" }, 400],
    ["a time that is none", { addresses: [clara], from: "2027-02-30T00:00:00Z", to: "2027-03-02T00:00:00Z" }, 400],
  ];
  test("for nobody, too many, too long or no time is refused", async () => {
    for (const [name, body, status] of wrong) {
      await expect(call(ann, "POST", "/api/free-busy", body), name).rejects.toThrow(`: ${status} `);
    }
  });
});

function requestMail(from: string, results: string, organizer: string, start: string, end: string, uid = "asked") {
  const lines = [
    ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//guest//EN", "METHOD:REQUEST", "BEGIN:VFREEBUSY"],
    ...[`UID:${uid}`, "DTSTAMP:20270301T080000Z", `ORGANIZER:mailto:${organizer}`, `ATTENDEE:mailto:${clara}`],
    ...[`DTSTART:${start}`, `DTEND:${end}`, "END:VFREEBUSY", "END:VCALENDAR", ""],
  ];
  const header = [
    ...(results === "" ? [] : [`Authentication-Results: ${results}`]),
    ...[`From: ${parseMailbox(from)}`, `Message-ID: <${uid}.${start}.${from}>`, "MIME-Version: 1.0"],
    "Content-Type: text/calendar; charset=utf-8; method=REQUEST",
  ];
  return new TextEncoder().encode([...header, "", ...lines].join("\r\n"));
}
