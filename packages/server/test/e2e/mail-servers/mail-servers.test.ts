import { type Action, type CalendarUserAddress, parseAddress } from "@parley/engine";
import { readObject, viewOf } from "@parley/engine/simulation";
import { ImapFlow } from "imapflow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { actOnObject, changeObject } from "../../../src/scheduling/change-object.ts";
import { as, type Parley, startParley } from "../parley.ts";
import { type MailboxServer, startMailboxServer } from "./mailbox-server.ts";
import { authservId, type Postfix, startPostfix } from "./postfix.ts";
import { freePort, hasPostfix } from "./programs.ts";

const organizer = "ann@example.test";
const mailboxPassword = "correct horse";

/** Postfix hands Clara's mail over by LMTP and Rob's by SMTP; Mia's lies in a mailbox of Dovecot's or Cyrus's until it is read by IMAP. */
const guests = ["clara@partner.test", "rob@relayed.test", ...(startMailboxServer ? ["mia@mailbox.test"] : [])];

// All mail of this file goes out by SMTP to a real Postfix and comes in from it: by LMTP, or by way of a mailbox and IMAP.
describe.skipIf(!hasPostfix)("real mail servers", { timeout: 90_000 }, () => {
  const clock = { now: Date.parse("2027-03-01T09:00:00Z") / 1_000 };
  const servers = new Map<string, Parley>();
  let postfix: Postfix;
  let mailboxes: MailboxServer | undefined;

  beforeAll(async () => {
    mailboxes = await startMailboxServer?.({ "mia@mailbox.test": mailboxPassword });
    const domains = ["example.test", "partner.test", "relayed.test", "mailbox.test"];
    const ports = new Map<string, number>();
    for (const domain of domains) ports.set(domain, await freePort());
    const portOf = (domain: string): number => ports.get(domain) ?? 0;
    postfix = await startPostfix(domains, {
      "example.test": `lmtp:inet:127.0.0.1:${portOf("example.test")}`,
      "partner.test": `lmtp:inet:127.0.0.1:${portOf("partner.test")}`,
      "relayed.test": `smtp:[127.0.0.1]:${portOf("relayed.test")}`,
      ...(mailboxes && { "mailbox.test": `lmtp:inet:127.0.0.1:${mailboxes.lmtpPort}` }),
    });
    const mailbox = {
      ...{ host: "127.0.0.1", port: mailboxes?.imapPort ?? 0, secure: false, requireTls: false },
      ...{ user: "mia@mailbox.test", password: mailboxPassword, mailbox: "INBOX", pollSeconds: 10 },
      ...{ handled: "Parley/Handled", failed: "Parley/Failed", authservIds: [authservId] },
    };
    for (const domain of domains) {
      const door = { host: "127.0.0.1", port: portOf(domain) };
      const parley = await startParley(domain, clock, {
        ...(domain === "relayed.test" ? { smtpIn: door } : { lmtp: door }),
        smtp: { host: "127.0.0.1", port: postfix.doors.get(domain) ?? 0, secure: false, requireTls: false },
        trust: { authservIds: [authservId], relay: false },
        ...(mailboxes && domain === "mailbox.test" && { imap: { mia: mailbox } }),
      });
      servers.set(domain, parley);
    }
  }, 60_000);
  afterAll(async () => {
    for (const parley of servers.values()) await parley.close();
    await postfix?.stop();
    await mailboxes?.stop();
  }, 60_000);

  const pair = {
    of(person: string): Parley {
      const parley = servers.get(person.split("@")[1] ?? "");
      if (!parley) throw new Error(`nobody serves ${person}`);
      return parley;
    },
  };

  const principalOf = (person: string) => pair.of(person).principal(person);

  async function storedOf(person: string, uid: string) {
    const { house } = pair.of(person).server;
    const { id } = await principalOf(person);
    return house.store.read((tx) => tx.objects.byUid(id, uid));
  }

  /** What somebody's calendar shows of an event, at one of its times. */
  async function seenBy(person: string, uid: string, key?: string) {
    const stored = await storedOf(person, uid);
    return stored && viewOf(stored.state, pair.of(person).server.house.zones, key);
  }

  async function put(person: string, text: string): Promise<void> {
    const { house } = pair.of(person).server;
    const object = readObject(text, house.zones);
    const stored = await storedOf(person, object.uid);
    const target = stored ? { id: stored.id } : { uid: object.uid };
    const result = await changeObject(house, await principalOf(person), target, () => object);
    expect(result.kind).toBe("done");
  }

  async function say(person: string, uid: string, action: Action): Promise<void> {
    const stored = await storedOf(person, uid);
    const result = await actOnObject(
      pair.of(person).server.house,
      await principalOf(person),
      { id: stored?.id ?? "" },
      action,
    );
    expect(result).toMatchObject({ kind: "done" });
  }

  const heard = async (person: string, method: string) =>
    (await as(pair, person).ledger()).filter((row) => row.direction === "in" && row.method === method);

  /** Does something, and waits until what comes of it has reached somebody and is judged. */
  async function arrives(to: string, method: string, cause: () => Promise<unknown>) {
    const before = (await heard(to, method)).length;
    await cause();
    for (const { server } of servers.values()) await server.worker.drain();
    const arrived = async (): Promise<number> => (await heard(to, method)).length;
    await expect.poll(arrived, { timeout: 40_000, interval: 50 }).toBe(before + 1);
    clock.now += 3_600;
    return (await heard(to, method))[0];
  }

  afterAll(async () => {
    if (!mailboxes) return;
    const { house } = pair.of("mia@mailbox.test").server;
    const { id } = await principalOf("mia@mailbox.test");
    const rows = await house.store.read((tx) => tx.ledger.list(id, { limit: 200 }));
    const mails = new Set(rows.flatMap(({ direction, messageId }) => (direction === "in" ? [messageId] : [])));
    expect(mails.size).toBeGreaterThan(7);
    expect(await countMails(mailboxes.imapPort, ["INBOX"])).toBe(0);
    expect(await countMails(mailboxes.imapPort, ["Parley", "Handled"])).toBe(mails.size);
  });

  describe.each(guests)("Ann and %s", (guest) => {
    const series = `review-${guest}`;
    const event = (location: string): string =>
      [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Parley//Test//EN",
        "BEGIN:VEVENT",
        `UID:${series}`,
        "DTSTAMP:20270301T090000Z",
        "DTSTART:20270316T090000Z",
        "DTEND:20270316T100000Z",
        "RRULE:FREQ=WEEKLY;COUNT=8",
        "SUMMARY:Prüfung – “Review”",
        `LOCATION:${location}`,
        `ORGANIZER:mailto:${organizer}`,
        `ATTENDEE;RSVP=TRUE:mailto:${guest}`,
        "END:VEVENT",
        "END:VCALENDAR",
        "",
      ].join("\r\n");

    async function expectAgreement(key?: string): Promise<void> {
      const [hers, theirs] = [await seenBy(organizer, series, key), await seenBy(guest, series, key)];
      expect(theirs?.properties).toEqual(hers?.properties);
    }

    test("REQUEST and REPLY: invited by a stranger, accepted with words in several alphabets", async () => {
      const invite = () => put(organizer, event("Room 4"));
      expect(await arrives(guest, "REQUEST", invite)).toMatchObject({
        verdict: "undecided",
        evidence: `${authservId} says DMARC passed for example.test.`,
      });
      const [question] = await as(pair, guest).questions();
      const answer = { partstat: "ACCEPTED", comment: "Gern – с удовольствием 🎂" };
      const reply = () => as(pair, guest).decide(question?.id ?? "", { decision: "apply", answer });
      expect(await arrives(organizer, "REPLY", reply)).toMatchObject({
        verdict: "applied",
        changes: [{ text: expect.stringContaining(answer.comment) }],
      });
      await expectAgreement();
      expect((await seenBy(organizer, series))?.answers).toEqual({ [guest]: "ACCEPTED" });
    });

    test("REQUEST again: a moved series is asked about anew, and declined", async () => {
      const later = event("Raum „Über“").replaceAll("T09", "T11").replaceAll("T10", "T12");
      expect(await arrives(guest, "REQUEST", () => put(organizer, later))).toMatchObject({ verdict: "applied" });
      await expectAgreement();
      expect((await seenBy(guest, series))?.properties).toMatchObject({
        DTSTART: "20270316T110000Z",
        LOCATION: "Raum „Über“",
      });
      const decline = () => say(guest, series, { kind: "answer", partstat: "DECLINED" });
      expect(await arrives(organizer, "REPLY", decline)).toMatchObject({ verdict: "applied" });
      expect((await seenBy(organizer, series))?.answers).toEqual({ [guest]: "DECLINED" });
    });

    test("COUNTER and DECLINECOUNTER: what they propose is declined, and nothing has moved", async () => {
      const propose = () => say(guest, series, { kind: "counter", changes: proposal("15"), comment: "Später?" });
      expect(await arrives(organizer, "COUNTER", propose)).toMatchObject({ verdict: "applied" });
      const no = () => say(organizer, series, { kind: "decline-proposal", attendee: address(guest), comment: "Nein" });
      expect(await arrives(guest, "DECLINECOUNTER", no)).toMatchObject({
        verdict: "applied",
        changes: [{ text: expect.stringContaining("Nein") }],
      });
      await expectAgreement();
      expect((await seenBy(guest, series))?.properties).toMatchObject({ DTSTART: "20270316T110000Z" });
    });

    test("COUNTER that is taken up: all have the proposed time", async () => {
      await arrives(organizer, "COUNTER", () => say(guest, series, { kind: "counter", changes: proposal("16") }));
      const yes = () => say(organizer, series, { kind: "accept-proposal", attendee: address(guest) });
      expect(await arrives(guest, "REQUEST", yes)).toMatchObject({ verdict: "applied" });
      await expectAgreement();
      expect((await seenBy(guest, series))?.properties).toMatchObject({ DTSTART: "20270316T160000Z" });
    });

    test("ADD: one more Instance", async () => {
      const key = "20270319T160000Z";
      const start = { kind: "utc", wall: Date.parse("2027-03-19T16:00:00Z") / 1_000 } as const;
      expect(await seenBy(guest, series, key)).toBeUndefined();
      const add = () => say(organizer, series, { kind: "add", starts: [start] });
      expect(await arrives(guest, "ADD", add)).toMatchObject({ verdict: "applied" });
      await expectAgreement(key);
      expect((await seenBy(guest, series, key))?.properties).toMatchObject({ DTSTART: key });
    });

    test("REFRESH: what they ask for they are sent", async () => {
      const ask = async () =>
        expect(await arrives(organizer, "REFRESH", () => say(guest, series, { kind: "refresh" }))).toMatchObject({
          verdict: "applied",
        });
      await arrives(guest, "REQUEST", ask);
      await expectAgreement();
    });

    test("CANCEL: one Instance, then all of it", async () => {
      const key = "20270323T160000Z";
      const one = () => say(organizer, series, { kind: "cancel", keys: [key] });
      expect(await arrives(guest, "CANCEL", one)).toMatchObject({ verdict: "applied" });
      const shown = await seenBy(guest, series, key);
      expect(shown?.properties["STATUS"] ?? "CANCELLED").toBe("CANCELLED");
      expect((await seenBy(guest, series))?.properties["STATUS"]).toBeUndefined();
      const all = () => say(organizer, series, { kind: "cancel", comment: "Kein Geld – désolée" });
      const cancelled = await arrives(guest, "CANCEL", all);
      expect(cancelled?.verdict).toBe("applied");
      expect(cancelled?.changes.map(({ text }) => text).join(" ")).toContain("Kein Geld – désolée");
      expect((await seenBy(guest, series))?.properties).toMatchObject({ STATUS: "CANCELLED" });
    });

    test("PUBLISH: something new is offered, and taken", async () => {
      const open = `open-${guest}`;
      const text = event("Yard")
        .replaceAll(series, open)
        .replace(/^(?:ATTENDEE|RRULE).*\r\n/gm, "");
      await put(organizer, text);
      const publish = () => say(organizer, open, { kind: "publish", to: [address(guest)] });
      expect(await arrives(guest, "PUBLISH", publish)).toMatchObject({ verdict: "undecided" });
      const [question] = await as(pair, guest).questions();
      await as(pair, guest).decide(question?.id ?? "", { decision: "apply" });
      expect((await seenBy(guest, open))?.properties).toEqual((await seenBy(organizer, open))?.properties);
    });

    test("each mail was handed over, and none is left or came twice", async () => {
      for (const person of [organizer, guest]) {
        const sent = (await as(pair, person).ledger()).filter(({ direction }) => direction === "out");
        const states = new Set(sent.flatMap(({ deliveries }) => deliveries.map(({ state }) => state)));
        expect([...states].filter((state) => state !== "handed-over" && state !== "answered")).toEqual([]);
      }
      const methods = (await as(pair, guest).ledger()).flatMap((row) => (row.direction === "in" ? [row.method] : []));
      expect(new Set(methods)).toEqual(new Set(["PUBLISH", "REQUEST", "ADD", "CANCEL", "DECLINECOUNTER"]));
      expect(await postfix.log()).not.toMatch(/status=(?:deferred|bounced|expired)/);
    });
  });

  test("a guest whom their own server does not know: what Postfix reports marks them, and nobody else", async () => {
    const created = await as(pair, organizer).create({
      summary: "Nobody comes",
      start: "2027-05-10T09:00:00Z",
      end: "2027-05-10T10:00:00Z",
      attendees: [{ address: "nobody@partner.test" }, { address: "clara@partner.test" }],
    });
    const reported = async () => {
      await pair.of(organizer).server.worker.drain();
      const event = (await as(pair, organizer).events()).find(({ id }) => id === created.id);
      return event?.attendees.map(({ address, delivery }) => [address, delivery]).sort();
    };
    await expect.poll(reported, { timeout: 40_000, interval: 200 }).toEqual(
      [
        [organizer, null],
        ["clara@partner.test", "handed-over"],
        ["nobody@partner.test", "bounced"],
      ].sort(),
    );
    const rows = await as(pair, organizer).ledger();
    expect(
      rows.some(({ verdict, reason }) => verdict === "ignored" && reason.includes("report about another mail")),
    ).toBe(true);
    const seen = (await as(pair, "clara@partner.test").events()).map(({ summary }) => summary);
    expect(seen).toContain("Nobody comes");
  });
});

/** How many mails are in a folder of Mia's. */
async function countMails(port: number, folder: string[]): Promise<number> {
  const auth = { user: "mia@mailbox.test", pass: mailboxPassword };
  const client = new ImapFlow({ host: "127.0.0.1", port, secure: false, doSTARTTLS: false, auth, logger: false });
  await client.connect();
  const status = await client.status(folder, { messages: true });
  await client.logout();
  return status ? (status.messages ?? 0) : 0;
}

function address(person: string): CalendarUserAddress {
  const read = parseAddress(person);
  if (!read) throw new Error(`${person} is no address`);
  return read;
}

function proposal(hour: string) {
  return [
    { name: "DTSTART", parameters: [], value: `20270316T${hour}0000Z` },
    { name: "DTEND", parameters: [], value: `20270316T${hour}3000Z` },
  ];
}
