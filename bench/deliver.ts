import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import {
  defaultLimits,
  defaultPolicy,
  type Evidence,
  makeEvent,
  receive,
  type SchedulingState,
  unknownState,
} from "@parley/engine";
import { readSchedulingMail } from "@parley/engine/imip";
import { makeZoneResolver } from "@parley/engine/recurrence";
import { deliverMail } from "../packages/server/src/mail/deliver-mail.ts";
import { parseMail } from "../packages/server/src/mail/parse-mail.ts";
import { addPerson } from "../packages/server/src/people.ts";
import { changeObject } from "../packages/server/src/scheduling/change-object.ts";
import { contextFor, type House } from "../packages/server/src/scheduling/house.ts";
import { openSqliteStore } from "../packages/server/src/store/sqlite.ts";
import { systemZones } from "../packages/server/src/zones.ts";
import { addressOf, clock, mailOf } from "./house.ts";

const guestCounts = [10, 200, 2_000];
const owner = "ann@example.test";

/**
 * Measures mail text -> stored, for a new invitation and for a guest's answer, at several sizes of the meeting: as a whole
 * (each mail durably committed on SQLite, WAL, synchronous=FULL), and step by step.
 */
export async function benchDeliver(): Promise<void> {
  console.log(`deliver: one process, ${cpus()[0]?.model ?? "?"} x ${cpus().length}, Node ${process.version}`);
  console.log(
    "one mail = MIME text -> parsed, checked, judged, engine, ledger and calendar on disk; medians of 3 runs\n",
  );
  console.log(`${"workload".padEnd(28)}${"mails/s".padStart(9)}  cost per step, microseconds`);
  for (const guests of guestCounts) {
    const folder = await mkdtemp(join(tmpdir(), "parley-bench-"));
    const house = await makeHouse(folder);
    try {
      await benchRequests(house, guests);
      await benchReplies(house, guests);
    } finally {
      await house.store.close();
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function makeHouse(folder: string): Promise<House> {
  const zones = systemZones();
  let uid = 0;
  const house: House = {
    store: await openSqliteStore(join(folder, "bench.sqlite"), { zones, limits: defaultLimits }),
    clock: () => clock,
    zones,
    limits: defaultLimits,
    policy: defaultPolicy,
    domains: new Set(["example.test"]),
    trust: { authservIds: [], relay: true },
    delivery: { pauseSeconds: 0 },
    makeUid: () => `${uid++}@example.test`,
  };
  await addPerson(house.store, { name: "Ann", addresses: [owner], timezone: "Europe/Berlin" });
  return house;
}

async function benchRequests(house: House, guests: number): Promise<void> {
  const count = guests > 1_000 ? 60 : 300;
  // Somebody Ann knows, so that each invitation is taken at once.
  await knows(house, "olaf@outside.test");
  let serial = 0;
  const make = () =>
    mailOf("REQUEST", `request-${guests}-${serial++}`, attendeesOf(guests), "olaf@outside.test", owner);
  await report(house, `REQUEST, ${guests} guests`, count, make, unknownState);
}

async function benchReplies(house: House, guests: number): Promise<void> {
  const ann = await personOf(house);
  const zones = makeZoneResolver([], house.zones, house.limits);
  const fields = {
    summary: "Big",
    start: { kind: "utc", wall: clock + 86_400 },
    end: { kind: "utc", wall: clock + 90_000 },
    location: "",
    description: "",
    attendees: Array.from({ length: guests }, (_, i) => ({ address: addressOf(`guest${i}@outside.test`) })),
  } as const;
  const uid = `meeting-${guests}`;
  const made = await changeObject(house, ann, { uid }, () => makeEvent(uid, fields, ann, zones, house.limits));
  if (made.kind !== "done" || !made.object) throw new Error(made.kind);
  let serial = 0;
  const make = () => {
    const guest = `guest${serial % guests}@outside.test`;
    return mailOf("REPLY", uid, [`ATTENDEE;PARTSTAT=ACCEPTED:mailto:${guest}`], guest, owner, serial++);
  };
  await report(house, `REPLY, ${guests} guests`, 300, make, made.object.state);
}

async function report(
  house: House,
  name: string,
  count: number,
  make: () => Uint8Array,
  state: SchedulingState,
): Promise<void> {
  const rates: number[] = [];
  for (let run = 0; run < 4; run++) {
    const mails = Array.from({ length: count }, make);
    const began = performance.now();
    for (const mail of mails) {
      const [result] = await deliverMail(house, mail, [owner], "outside");
      if (result?.kind !== "kept" || result.rows[0]?.verdict !== "applied") throw new Error(JSON.stringify(result));
    }
    // The first run warms up.
    if (run > 0) rates.push((count * 1_000) / (performance.now() - began));
  }
  const whole = 1e6 / median(rates);
  const steps = await measureSteps(house, make, state);
  const rest = whole - steps.mime - steps.read - steps.receive;
  console.log(
    `${name.padEnd(28)}${median(rates).toFixed(0).padStart(9)}  MIME ${steps.mime.toFixed(0)}, ` +
      `read ${steps.read.toFixed(0)}, receive ${steps.receive.toFixed(0)}, load+save+commit ${rest.toFixed(0)}`,
  );
}

async function measureSteps(house: House, make: () => Uint8Array, state: SchedulingState) {
  const principal = await personOf(house);
  const context = contextFor(house, principal);
  const spent = { mime: 0, read: 0, receive: 0 };
  const rounds = 100;
  for (let round = 0; round < rounds; round++) {
    const bytes = make();
    const began = performance.now();
    const mail = await parseMail(bytes);
    const parsed = performance.now();
    const reading = readSchedulingMail(mail, house.zones, house.limits);
    const read = performance.now();
    const [part] = reading.parts;
    if (part?.kind !== "message") throw new Error("the bench's mail cannot be read");
    const outcome = receive(state, part.message, evidenceOf(mail.from[0]?.address ?? ""), context);
    const received = performance.now();
    if (outcome.kind !== "applied") throw new Error(JSON.stringify(outcome));
    spent.mime += parsed - began;
    spent.read += read - parsed;
    spent.receive += received - read;
  }
  const scale = 1_000 / rounds;
  return { mime: spent.mime * scale, read: spent.read * scale, receive: spent.receive * scale };
}

function evidenceOf(from: string): Evidence {
  return {
    strength: "relayed",
    from: addressOf(from),
    relation: "correspondent",
    confirmedByOwner: false,
    detail: "bench",
  };
}

async function personOf(house: House) {
  const [person] = await house.store.read((transaction) => transaction.principals.list());
  if (!person) throw new Error("the bench has nobody");
  return person;
}

async function knows(house: House, text: string): Promise<void> {
  const ann = await personOf(house);
  await house.store.write((transaction) => transaction.principals.addCorrespondents(ann.id, [addressOf(text)], clock));
}

function attendeesOf(guests: number): readonly string[] {
  const others = Array.from(
    { length: guests - 1 },
    (_, i) =>
      `ATTENDEE;CN=Guest Number ${i};ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:guest${i}@outside.test`,
  );
  return [...others, "ATTENDEE;CN=Ann;RSVP=TRUE:mailto:ann@example.test"];
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
