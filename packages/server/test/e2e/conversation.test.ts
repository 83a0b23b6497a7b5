import { readFileSync } from "node:fs";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseMail } from "../../src/mail/parse-mail.ts";
import { answersOf, as, type Pair, startPair } from "./parley.ts";

const root = new URL("../../../../", import.meta.url);

// Two domains, real SMTP and LMTP on loopback, both calendars checked after each step; in both directions.
describe.each([
  { organizer: "ann@example.test", guest: "clara@partner.test", neighbour: "ben@example.test" },
  { organizer: "clara@partner.test", guest: "ann@example.test", neighbour: "david@partner.test" },
])("$organizer and $guest", ({ organizer, guest, neighbour }) => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await startPair(Date.parse("2027-03-01T09:00:00Z") / 1_000);
  });
  afterAll(() => pair.close());

  const event = {
    summary: "Budget – über alles",
    start: "2027-03-10T09:00:00Z",
    end: "2027-03-10T10:00:00Z",
    location: "Room 4, upstairs",
    description: "Line one\nLine two; with, signs\\",
    attendees: [{ address: guest }, { address: neighbour, name: "A neighbour" }],
  };
  let id = "";

  test("creating an event invites each guest with a mail of their own", async () => {
    const created = await as(pair, organizer).create(event);
    id = created.id;
    expect(created).toMatchObject({ role: "organizer", sequence: 0, status: null });
    await pair.send();
    expect(pair.relay.waiting.map(({ to }) => to)).toEqual([guest]);
    const mail = await parseMail(pair.relay.waiting[0]?.raw ?? new Uint8Array());
    expect(mail.from.map(({ address }) => address)).toEqual([organizer]);
    expect(mail.to.map(({ address }) => address)).toEqual([guest]);
    expect(mail.subject).toContain("Budget – über alles");
    await pair.deliver();
    const shown = { ...event, attendees: expect.anything(), role: "attendee", answer: { partstat: "NEEDS-ACTION" } };
    const [seen, ...others] = await as(pair, neighbour).events();
    expect(seen).toMatchObject(shown);
    expect(others).toEqual([]);
    // Nobody the guest knows: the invitation waits for their yes, whatever it can prove (decision 0004).
    expect(await as(pair, guest).events()).toEqual([]);
    const [question] = await as(pair, guest).questions();
    expect(question).toMatchObject({ kind: "stranger", suspicious: false, answerable: true, event: shown });
  });

  test("the guest's answer reaches the organizer's guest list, with its comment", async () => {
    const [question] = await as(pair, guest).questions();
    const answer = { partstat: "ACCEPTED", comment: "Gern – with “pleasure”" };
    const { event: answered } = await as(pair, guest).decide(question?.id ?? "", { decision: "apply", answer });
    expect(answered?.answer).toEqual(answer);
    expect(await as(pair, guest).questions()).toEqual([]);
    await pair.deliver();
    const [listed] = await as(pair, organizer).events();
    expect(answersOf(listed)).toMatchObject({ [guest]: "ACCEPTED", [neighbour]: "NEEDS-ACTION" });
    expect(listed?.attendees.find(({ address }) => address === guest)?.comment).toBe(answer.comment);
  });

  test("moving it raises SEQUENCE, resets the answers and tells everybody", async () => {
    pair.clock.now += 3_600;
    const moved = { ...event, start: "2027-03-11T14:00:00Z", end: "2027-03-11T15:00:00Z" };
    const changed = await as(pair, organizer).change(id, moved);
    expect(changed.sequence).toBe(1);
    expect(answersOf(changed)[guest]).toBe("NEEDS-ACTION");
    await pair.deliver();
    for (const invited of [guest, neighbour]) {
      const [seen] = await as(pair, invited).events();
      expect(seen).toMatchObject({
        start: moved.start,
        end: moved.end,
        sequence: 1,
        answer: { partstat: "NEEDS-ACTION" },
      });
    }
    const [row] = await as(pair, guest).ledger();
    expect(row?.changes.map(({ text }) => text).join(" ")).toContain("Thursday, 11 March 2027, 15:00");
    const [seen] = await as(pair, guest).events();
    await as(pair, guest).answer(seen?.id ?? "", "DECLINED");
    await pair.deliver();
    expect(answersOf((await as(pair, organizer).events())[0])[guest]).toBe("DECLINED");
  });

  test("cancelling it reaches everybody, and it stays visible as cancelled", async () => {
    pair.clock.now += 3_600;
    const cancelled = await as(pair, organizer).cancel(id, "No budget");
    expect(cancelled).toMatchObject({ status: "CANCELLED", sequence: 2 });
    await pair.deliver();
    for (const invited of [guest, neighbour]) {
      const [seen] = await as(pair, invited).events();
      expect(seen?.status).toBe("CANCELLED");
    }
    expect((await as(pair, guest).ledger())[0]?.changes[0]?.text).toContain("No budget");
  });

  test("every message is in both ledgers, with its rule and its delivery", async () => {
    const rows = await as(pair, organizer).ledger();
    expect(rows.every(({ rule }) => /^(RFC \d+ §[\d.]+|decision \d{4})$/.test(rule))).toBe(true);
    const out = rows.filter(({ direction }) => direction === "out");
    expect(out.map(({ method }) => method)).toEqual(["CANCEL", "REQUEST", "REQUEST"]);
    const states = out.map(({ deliveries }) => deliveries.map(({ state }) => state));
    expect(states).toEqual([
      ["handed-over", "handed-over"],
      ["answered", "handed-over"],
      ["answered", "handed-over"],
    ]);
    const incoming = rows.filter(({ direction }) => direction === "in");
    expect(incoming.map(({ method, verdict }) => `${method} ${verdict}`)).toEqual(["REPLY applied", "REPLY applied"]);
  });
});

describe("mail from programs of other makers, by LMTP", () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await startPair(Date.parse("2027-03-02T12:00:00Z") / 1_000);
  });
  afterAll(() => pair.close());

  const dialects = [
    {
      file: "google-request.eml",
      summary: "Quartalsgespräch „März“",
      start: "2027-03-18T13:00:00Z",
      organizer: "greta@mailhouse.test",
    },
    {
      file: "exchange-request.eml",
      summary: "Vertragsverhandlung",
      start: "2027-04-06T12:00:00Z",
      organizer: "olaf@bigfirm.test",
    },
    {
      file: "apple-request.eml",
      summary: "Supper & a “show” 🎭",
      start: "2027-04-09T17:30:00Z",
      organizer: "2_gezdgnbvgy3tqojq@imip.me.com",
    },
  ];

  test.each(dialects)("$file is shown, answered, and its REPLY leaves", async ({ file, summary, start, organizer }) => {
    await lmtp(pair, readFileSync(new URL(`fixtures/dialects/${file}`, root)), "ann@example.test");
    const question = (await as(pair, "ann@example.test").questions()).at(-1);
    expect(question).toMatchObject({ method: "REQUEST", answerable: true, event: { summary, start } });
    const { event } = await as(pair, "ann@example.test").decide(question?.id ?? "", {
      decision: "apply",
      answer: { partstat: "TENTATIVE", comment: "Let me see" },
    });
    expect(event).toMatchObject({ summary, start, role: "attendee", answer: { partstat: "TENTATIVE" } });
    await pair.send();
    const reply = pair.relay.waiting.pop();
    expect(reply?.to).toBe(organizer);
    const text = reply?.raw.toString("utf8") ?? "";
    expect(text).toMatch(/Content-Type: text\/calendar;[^]*?method=REPLY/);
    expect(text).toMatch(/^From:.*<ann@example\.test>\r$/m);
  });

  test("an update of the invitation she answered is offered, and a cancel of it", async () => {
    for (const [file, want] of [
      ["exchange-request-moved.eml", { start: "2027-04-07T08:00:00Z" }],
      ["exchange-cancel.eml", { status: "CANCELLED" }],
    ] as const) {
      await lmtp(pair, readFileSync(new URL(`fixtures/dialects/${file}`, root)), "ann@example.test");
      pair.clock.now += 4 * 86_400;
      const question = (await as(pair, "ann@example.test").questions()).at(-1);
      expect(question?.kind).toBe("unverified-sender");
      const { event } = await as(pair, "ann@example.test").decide(question?.id ?? "", { decision: "apply" });
      expect(event).toMatchObject(want);
    }
  });
});

/** Hands a mail to the server as a mail server does that has proven nothing. */
async function lmtp(pair: Pair, raw: Buffer, to: string): Promise<void> {
  const { server } = pair.of(to);
  const transport = createTransport({ host: "127.0.0.1", port: server.lmtpPort, lmtp: true, ignoreTLS: true });
  await transport.sendMail({ envelope: { from: "bounce@elsewhere.test", to: [to] }, raw });
  transport.close();
}
