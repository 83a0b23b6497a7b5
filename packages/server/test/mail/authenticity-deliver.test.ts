import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAddress } from "@parley/engine";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import type { CheckOptions } from "../../src/mail/authenticity/check-sender.ts";
import { decideQuestion } from "../../src/mail/decide-question.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { openHouse } from "../../src/open-house.ts";
import { addPerson } from "../../src/people.ts";
import type { House } from "../../src/scheduling/house.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { LedgerRow, Principal, Store } from "../../src/store/store.ts";
import { houseOver, storeOptions } from "../scheduling/house.ts";
import { bytesOf, checkOf, dns, now, signed, tableLookup } from "./authenticity.ts";
import { calendarMail } from "./calendar-mail.ts";
import { hasOpenssl, makeSmimeWorld } from "./smime-authority.ts";

let store: Store;
let clara: Principal;
let ben: Principal;

beforeEach(async () => {
  store = await openSqliteStore(":memory:", storeOptions);
  clara = await addPerson(store, { name: "Clara", addresses: ["clara@partner.test"], timezone: "UTC" });
  ben = await addPerson(store, { name: "Ben", addresses: ["ben@partner.test"], timezone: "UTC" });
  const ann = parseAddress("ann@example.test");
  await store.write((transaction) => transaction.principals.addCorrespondents(clara.id, ann ? [ann] : [], 0));
});
afterEach(() => store.close());

async function houseThat(over: Partial<CheckOptions>): Promise<House> {
  const check = await checkOf(over);
  return { ...houseOver(store), domains: new Set(["partner.test"]), trust: { authservIds: [], relay: false, check } };
}

const calendar = (sequence: number) =>
  calendarMail([], "REQUEST", [
    "UID:one@example.test",
    `DTSTAMP:2027030${sequence + 1}T090000Z`,
    `SEQUENCE:${sequence}`,
    "DTSTART:20270410T090000Z",
    `SUMMARY:Version ${sequence}`,
    "ORGANIZER:mailto:ann@example.test",
    "ATTENDEE;RSVP=TRUE:mailto:clara@partner.test",
  ]);
const headers = (id: string, from = "Ann <ann@example.test>"): readonly string[] => [
  `From: ${from}`,
  "To: clara@partner.test",
  `Message-ID: <${id}@example.test>`,
];
const invitation = (sequence: number, from?: string): string =>
  [...headers(`v${sequence}`, from), calendar(sequence)].join("\r\n");

async function deliver(house: House, mail: string, to: readonly string[] = [clara.address]): Promise<LedgerRow> {
  const [result] = await deliverMail(house, bytesOf(mail), to, "outside", "ann@example.test");
  if (result?.kind !== "kept" || !result.rows[0]) throw new Error(JSON.stringify(result));
  return result.rows[0];
}

describe("a mail is checked when it comes", () => {
  test("what is signed by its domain is applied, what is not is asked about", async () => {
    const house = await houseThat({});
    expect(await deliver(house, await signed(invitation(0)))).toMatchObject({
      verdict: "applied",
      evidence: { strength: "domain", detail: "We have checked it: DMARC passed for example.test." },
    });
    expect(await deliver(house, invitation(1))).toMatchObject({ verdict: "undecided", evidence: { strength: "weak" } });
  });

  test("once for all its recipients; not where there is nothing to act on, nor what our own people send", async () => {
    const lookUp = tableLookup(dns);
    let checks = 0;
    const house = await houseThat({ lookUp });
    const { check } = house.trust;
    const counting: House = {
      ...house,
      trust: { ...house.trust, check: (...of) => (checks++, check?.(...of) ?? Promise.resolve({})) },
    };
    await deliverMail(counting, bytesOf(await signed(invitation(0))), [clara.address, ben.address], "outside");
    expect(checks).toBe(1);
    await deliverMail(
      counting,
      bytesOf([...headers("plain"), "", "Hello", ""].join("\r\n")),
      [clara.address],
      "outside",
    );
    await deliverMail(counting, bytesOf(invitation(1)), [clara.address], "inside");
    expect(checks).toBe(1);
  });

  test("a stranger like somebody the owner knows: the warning is in the ledger", async () => {
    const row = await deliver(await houseThat({}), invitation(0, "Ann <ann@examp1e.test>"));
    const warnings = ["The domain “examp1e.test” is not “example.test”, which looks the same."];
    expect(row).toMatchObject({ verdict: "undecided", evidence: { relation: "stranger", warnings } });
    const kept = await store.read(({ ledger }) => ledger.byId(clara.id, row.id));
    expect(kept?.evidence?.warnings).toEqual(warnings);
  });
});

test.skipIf(!hasOpenssl)(
  "IMIP-3-07 IMIP-3-08 IMIP-3-09 who signs is remembered: then what is not signed waits for the owner, with a warning",
  async () => {
    const world = makeSmimeWorld();
    try {
      world.certify("ann", { extensions: ["subjectAltName=email:ann@example.test"] });
      const house = await houseThat({ smimeAuthorities: [world.authority], clock: () => world.now });
      const first = await deliver(house, await signed(invitation(0)));
      expect([first.verdict, first.evidence?.warnings]).toEqual(["applied", undefined]);
      const second = await deliver(house, world.sign("ann", headers("signed"), calendar(1)));
      expect([second.verdict, second.evidence?.strength]).toEqual(["applied", "domain"]);
      const third = await deliver(house, await signed(invitation(2)));
      expect([third.verdict, third.evidence?.strength]).toEqual(["undecided", "weak"]);
      expect(third.evidence?.warnings?.[0]).toMatch(/^Mail from ann@example\.test has been signed until now/);
      expect((await decideQuestion(house, clara, third.id, "apply", undefined)).kind).toBe("done");
      // Ben has never had a signed mail of hers.
      const bens = invitation(0).replace("<v0@", "<b0@").replaceAll("clara@", "ben@");
      expect((await deliver(house, await signed(bens), [ben.address])).evidence?.strength).toBe("domain");
    } finally {
      world.remove();
    }
  },
);

describe("what the operator asks for", () => {
  const folder = mkdtempSync(join(tmpdir(), "parley-trust-"));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const open = async (env: Readonly<Record<string, string>>) => {
    const read = readConfig({ env: { PARLEY_DOMAINS: "partner.test", ...env }, flags: { data: folder } });
    if ("errors" in read) throw new Error(read.errors.join());
    const logger = pino({ level: "silent" });
    const world = { clock: () => now, random: () => 0.5, randomBytes: () => new Uint8Array(16), logger };
    return openHouse(read.config, { ...world, lookUp: tableLookup(dns) });
  };

  test("nothing: nothing is checked", async () => {
    const house = await open({});
    expect(house.trust.check).toBeUndefined();
    await house.close();
  });

  test("a check, by the DNS the world gives", async () => {
    const house = await open({ PARLEY_TRUST_CHECK: "true", PARLEY_TRUST_ARC_SEALERS: "list.test" });
    const proof = await house.trust.check?.(bytesOf(await signed(invitation(0))));
    expect(proof).toMatchObject({ dmarc: { result: "pass", domain: "example.test" } });
    await house.close();
  });

  test("settings that would not be looked at are said", () => {
    const env = { PARLEY_DOMAINS: "partner.test", PARLEY_TRUST_ARC_SEALERS: "list.test" };
    expect(readConfig({ env, flags: {} })).toEqual({
      errors: ["trust.check: missing; without it receivedBy and arcSealers are not looked at"],
    });
  });
});
