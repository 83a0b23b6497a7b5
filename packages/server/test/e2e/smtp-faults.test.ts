import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext, getCACertificates, setDefaultCACertificates } from "node:tls";
import type { EventFields } from "@parley/engine";
import { editEvent, makeEvent } from "@parley/engine";
import { makeZoneResolver } from "@parley/engine/recurrence";
import { afterAll, describe, expect, test } from "vitest";
import { type SmtpOptions, smtpTransport } from "../../src/delivery/smtp.ts";
import { startDeliveryWorker } from "../../src/delivery/worker.ts";
import { deliverInside } from "../../src/mail/deliver-inside.ts";
import { addPerson } from "../../src/people.ts";
import { changeObject } from "../../src/scheduling/change-object.ts";
import type { House } from "../../src/scheduling/house.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Principal } from "../../src/store/store.ts";
import { hasOpenssl } from "../mail/smime-authority.ts";
import { fieldsWith, houseOver, now, storeOptions, uid } from "../scheduling/house.ts";
import { type Fault, faults, type Step } from "./smtp-fault-kinds.ts";
import { type FaultyServer, type Manner, startFaultyServer } from "./smtp-faults.ts";

const guests = ["gina@elsewhere.test", "gus@elsewhere.test"];

/** Makes a certificate for a host, and its key. */
function makeCertificate(host: string): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), "parley-tls-"));
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=faulty.test"];
  const named = ["-addext", `subjectAltName=${host}`, "-days", "20000", "-keyout", key, "-out", certificate];
  execFileSync("openssl", ["req", "-x509", ...made, ...named], { stdio: "ignore" });
  const pair = { key: readFileSync(key, "utf8"), cert: readFileSync(certificate, "utf8") };
  rmSync(folder, { recursive: true });
  return pair;
}

/** Lets this process believe in certificates, as those of an operator's own authority. */
function believe(...certificates: readonly string[]): void {
  const usual = getCACertificates();
  setDefaultCACertificates([...usual, ...certificates]);
  afterAll(() => setDefaultCACertificates([...usual]));
}

function makeContexts() {
  const [right, other, unknown] = ["IP:127.0.0.1", "DNS:other.test", "IP:127.0.0.1"].map(makeCertificate);
  believe(right?.cert ?? "", other?.cert ?? "");
  return { tls: createSecureContext(right), other: createSecureContext(other), unknown: createSecureContext(unknown) };
}

const contexts = hasOpenssl ? makeContexts() : undefined;
const tls = contexts?.tls;
const password = { user: "parley", password: "secret" };

/** How the relay is spoken to, and what can go wrong then and not otherwise. */
const manners: Readonly<Record<string, { manner: Manner; options: Partial<SmtpOptions>; steps: readonly Step[] }>> = {
  pipelined: {
    manner: { extensions: ["PIPELINING", "8BITMIME"] },
    options: {},
    steps: ["connect", "greeting", "EHLO", "MAIL", "RCPT", "DATA", "body", "dot", "again", "idle", "QUIT"],
  },
  "one command after the other": {
    manner: { extensions: [] },
    options: {},
    steps: ["MAIL", "RCPT", "DATA", "dot"],
  },
  ...(tls && {
    STARTTLS: {
      manner: { extensions: ["PIPELINING"], tls, auth: true },
      options: { requireTls: true, ...password },
      steps: ["STARTTLS", "handshake", "EHLO again", "AUTH", "dot"],
    },
    "TLS from the first byte": {
      manner: { extensions: ["PIPELINING"], tls, secure: true, auth: true },
      options: { secure: true, ...password },
      steps: ["handshake", "greeting", "AUTH", "again"],
    },
  }),
};

interface Trial {
  readonly house: House;
  readonly ann: Principal;
  readonly server: FaultyServer;
  /** Lets the worker carry what is due, an hour later than the last time. */
  carry(): Promise<void>;
  end(): Promise<void>;
}

async function makeTrial(manner: Manner, options: Partial<SmtpOptions>): Promise<Trial> {
  const clock = { now };
  const store = await openSqliteStore(":memory:", storeOptions);
  const house = { ...houseOver(store), clock: () => clock.now };
  const server = await startFaultyServer(manner);
  // So long that no machine is so busy that it is taken for a stall.
  const bounds = { timeoutSeconds: 30, mailSeconds: 60, ehloName: "parley.test" };
  const transport = smtpTransport({ host: "127.0.0.1", port: server.port, ...bounds, ...options });
  const troubles: unknown[] = [];
  const worker = startDeliveryWorker({
    ...{ store, clock: house.clock, random: () => 0.5, transport },
    deliverInside: (...of) => deliverInside(house, ...of),
    onTrouble: (error) => troubles.push(error),
  });
  return {
    house,
    server,
    ann: await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" }),
    async carry() {
      clock.now += 3_600;
      await worker.drain();
      if (troubles.length > 0) throw troubles[0];
    },
    async end() {
      await worker.stop();
      await transport.close();
      await server.close();
      await store.close();
    },
  };
}

const zones = makeZoneResolver([], storeOptions.zones, storeOptions.limits);
// So long that a content is cut in the middle of it.
const description = "Read this before you come.\n".repeat(80);

async function write({ house, ann }: Trial, over: Partial<EventFields> = {}): Promise<void> {
  const fields = { ...fieldsWith(...guests), description, ...over };
  const result = await changeObject(house, ann, { uid }, (present) =>
    present?.state.object
      ? editEvent(present.state.object, fields, ann, zones, storeOptions.limits)
      : makeEvent(uid, fields, ann, zones, storeOptions.limits),
  );
  if (result.kind !== "done") throw new Error(result.kind);
}

const aboutMail: ReadonlySet<Step> = new Set(["MAIL", "RCPT", "DATA", "body", "dot", "again"]);
const isFinal = (step: Step, fault: Fault): boolean => fault.startsWith("5xx") && aboutMail.has(step);
const applies = (step: Step, fault: Fault): boolean =>
  (step === "dot" || !fault.endsWith("kept")) &&
  (step === "STARTTLS" || fault !== "injected") &&
  (step === "RCPT" || fault !== "5xx of many lines") &&
  !fault.endsWith("for ever") &&
  // What is closed or silent while nobody speaks has nothing to answer late.
  !(step === "idle" && fault === "late");

/** Plays one cell of the table; tells what is not as it should be. */
async function play(name: string, step: Step, fault: Fault): Promise<readonly string[]> {
  const { manner, options } = manners[name] ?? { manner: { extensions: [] }, options: {} };
  const trial = await makeTrial(manner, options);
  const { server, house, ann } = trial;
  const wrong: string[] = [];
  const say = (what: string): void => void wrong.push(`${step}, ${fault}: ${what}`);
  try {
    await write(trial);
    const needsFirst = step === "again" || step === "idle";
    if (needsFirst) {
      await trial.carry();
      if (server.taken.length !== 2) say(`${server.taken.length} mails before any trouble`);
      await write(trial, { location: "Room 4" });
    }
    server.arm({ step, fault });
    await trial.carry();
    // One who says goodbye waits for nobody; nobody is asked to say it.
    if (server.failures() === 0 && step !== "QUIT" && step !== "idle") say("did not come about");
    const rows = await house.store.read(({ ledger }) => ledger.list(ann.id, { limit: 20 }));
    const told = rows.filter(({ verdict }) => verdict === "undelivered");
    if (told.length !== (isFinal(step, fault) ? 2 : 0)) say(`the sender was told of ${told.length}`);
    server.arm();
    await trial.carry();
    await trial.carry();
    const all = await house.store.read(({ queue }) =>
      queue.list({ states: ["queued", "deferred", "handed-over", "refused"] }, 20),
    );
    for (const { recipient, messageId, state, detail } of all) {
      const copies = server.taken.filter((mail) => mail.messageId === messageId);
      const lost = isFinal(step, fault) && state === "refused";
      if (state !== "handed-over" && !lost) say(`${recipient} is ${state}: ${detail}`);
      if (copies.length !== (lost ? 0 : 1) && !fault.endsWith("kept")) say(`${copies.length} copies for ${recipient}`);
      if (copies.length === 0 && !lost) say(`nothing for ${recipient}`);
      if (copies.some((mail) => mail.to !== recipient || mail.raw !== copies[0]?.raw)) say("copies differ");
      if (copies.some(({ raw }) => !/\r\n--(\S+)--\r\n$/.test(raw))) say("a mail is not whole");
      if (copies.some(({ encrypted, authenticated }) => manner.tls && !(encrypted && authenticated))) say("in clear");
    }
    const known = new Set(all.map(({ messageId }) => messageId));
    if (server.taken.some(({ messageId }) => !known.has(messageId))) say("a Message-ID nobody knows");
    if (all.length !== (needsFirst ? 4 : 2)) say(`${all.length} deliveries`);
  } finally {
    await trial.end();
  }
  return wrong;
}

describe.concurrent.each(Object.entries(manners))("%s", (name, { steps }) => {
  test.each(steps)(
    "whatever goes wrong at %s, nothing is lost and nothing is another mail",
    async (step) => {
      const cells = faults.filter((fault) => applies(step, fault));
      const wrong = await Promise.all(cells.map((fault) => play(name, step, fault)));
      expect(wrong.flat()).toEqual([]);
    },
    60_000,
  );
});

describe.concurrent("a relay that comes to no end", () => {
  const { pipelined, "TLS from the first byte": secure } = manners;
  const endless = faults.filter((fault) => fault.endsWith("for ever"));
  const cells = [pipelined, secure].flatMap((each) => (each?.steps ?? []).map((step) => ({ each, step })));
  const asked = cells.filter(({ step }) => step !== "idle" && step !== "again" && step !== "QUIT");
  test.each(asked)(
    "at $step: a mail is given up for now, and arrives later",
    async ({ each, step }) => {
      await Promise.all(
        endless.map(async (fault) => {
          const bounds = { timeoutSeconds: 0.5, mailSeconds: 1 };
          const trial = await makeTrial(each?.manner ?? { extensions: [] }, { ...each?.options, ...bounds });
          await write(trial);
          trial.server.arm({ step, fault });
          await trial.carry();
          const states = await trial.house.store.read(({ deliveries }) => deliveries.latestStates(trial.ann.id, uid));
          expect([...states.values()]).toEqual(["deferred", "deferred"]);
          trial.server.arm();
          // A machine that is busy takes longer than these bounds now and then.
          for (let again = 0; again < 10 && trial.server.taken.length < 2; again++) await trial.carry();
          const arrived = new Map(trial.server.taken.map(({ to, messageId }) => [to, messageId]));
          await trial.end();
          expect([...arrived.keys()].toSorted()).toEqual(guests);
          expect(new Set(trial.server.taken.map(({ messageId }) => messageId)).size).toBe(2);
        }),
      );
    },
    60_000,
  );
});

test("what can be said together is said together, and connections are kept", async () => {
  const trial = await makeTrial({ extensions: ["PIPELINING"] }, {});
  await write(trial);
  await trial.carry();
  await write(trial, { location: "Room 4" });
  await trial.carry();
  const { taken, batches } = trial.server;
  const verbs = batches.map((batch) => batch.map((line) => line.slice(0, 4)).join(" "));
  await trial.end();
  expect(taken).toHaveLength(4);
  expect(new Set(taken.map(({ connection }) => connection)).size).toBeLessThan(taken.length);
  expect(verbs.filter((batch) => batch === "MAIL RCPT DATA")).toHaveLength(4);
});

test("what is refused for one guest is not for another", async () => {
  const trial = await makeTrial({ extensions: ["PIPELINING"] }, {});
  trial.server.arm({ step: "RCPT", fault: "5xx", only: /^gus@/ });
  await write(trial);
  await trial.carry();
  const states = await trial.house.store.read(({ deliveries }) => deliveries.latestStates(trial.ann.id, uid));
  const { taken } = trial.server;
  await trial.end();
  expect(Object.fromEntries(states)).toEqual({ "gina@elsewhere.test": "handed-over", "gus@elsewhere.test": "refused" });
  expect(taken.map(({ to }) => to)).toEqual(["gina@elsewhere.test"]);
});

describe.skipIf(!contexts)("a certificate that is not the relay's", () => {
  const extensions = ["PIPELINING"];
  test.each<[string, Manner | undefined, Partial<SmtpOptions>]>([
    ["of nobody we know, TLS", { extensions, secure: true, auth: true, tls: contexts?.unknown }, { secure: true }],
    ["of nobody we know, STARTTLS", { extensions, auth: true, tls: contexts?.unknown }, { requireTls: true }],
    ["of nobody we know, with a password", { extensions, auth: true, tls: contexts?.unknown }, password],
    ["of another host", { extensions, secure: true, auth: true, tls: contexts?.other }, { secure: true }],
  ])("%s: nothing is said to it, and the mail waits", async (_, manner, options) => {
    const trial = await makeTrial(manner ?? { extensions }, options);
    await write(trial);
    await trial.carry();
    const states = await trial.house.store.read(({ deliveries }) => deliveries.latestStates(trial.ann.id, uid));
    const said = trial.server.batches.flat().join();
    await trial.end();
    expect([...states.values()]).toEqual(["deferred", "deferred"]);
    expect(said).not.toMatch(/AUTH|MAIL|secret/);
  });

  test("is better than none where nobody asked for one", async () => {
    const trial = await makeTrial({ extensions, ...(contexts && { tls: contexts.unknown }) }, {});
    await write(trial);
    await trial.carry();
    const { taken } = trial.server;
    await trial.end();
    expect(taken.map(({ encrypted }) => encrypted)).toEqual([true, true]);
  });
});

test.skipIf(tls)("SKIPPED: STARTTLS and TLS need openssl on this machine", () => {});
