import { fork } from "node:child_process";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { defaultLimits, type SchedulingMessage } from "@parley/engine";
import { composeMail, readSchedulingMail } from "@parley/engine/imip";
import { composeMime } from "../packages/server/src/delivery/compose-mime.ts";
import { readDkimKey, signDkim } from "../packages/server/src/delivery/dkim.ts";
import { parseMail } from "../packages/server/src/mail/parse-mail.ts";
import { clock, mailOf, zones } from "./house.ts";
import { guests, inviter, people } from "./mail-node.ts";

const inbound = 600;
const connectionCounts = [1, 8];
const runs = 3;

/** Measures mail in, from the first octet on a socket to the verdict on the disk, and mail out, from a message to the octets that are sent. */
export async function benchMail(): Promise<void> {
  console.log(
    `mail: ${cpus()[0]?.model ?? "?"} x ${cpus().length}, Node ${process.version}; medians of ${runs} runs\n`,
  );
  await benchInbound();
  await benchOutbound();
}

/** Each mail is a transaction of LMTP with one recipient; it counts when it is answered with 250. */
async function benchInbound(): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), "parley-bench-"));
  const node = fork(fileURLToPath(new URL("mail-node.ts", import.meta.url)), [data]);
  try {
    const [port] = (await once(node, "message")) as [number];
    console.log("in: LMTP on a socket -> verdict on the disk (SQLite), in a process of its own".padEnd(60));
    console.log(
      `${"workload".padEnd(34)}${connectionCounts.map((count) => `${count} at once, mails/s`.padStart(22)).join("")}`,
    );
    let serial = 0;
    const kinds: Readonly<Record<string, () => LmtpMail>> = {
      "REQUEST, 10 guests": () => request(10, serial++),
      "REQUEST, 200 guests": () => request(200, serial++),
      "REPLY to a meeting of 200": () => reply(serial++),
    };
    for (const [name, make] of Object.entries(kinds)) {
      const rates: number[] = [];
      for (const connections of connectionCounts) rates.push(await rateOf(port, connections, make));
      console.log(`${name.padEnd(34)}${rates.map((rate) => rate.toFixed(0).padStart(22)).join("")}`);
    }
  } finally {
    node.kill();
    await rm(data, { recursive: true, force: true });
  }
}

interface LmtpMail {
  readonly from: string;
  readonly to: string;
  readonly content: Uint8Array;
}

function request(size: number, serial: number): LmtpMail {
  const to = `person${serial % people}@example.test`;
  const others = Array.from(
    { length: size - 1 },
    (_, i) => `ATTENDEE;CN=Guest Number ${i};RSVP=TRUE:mailto:g${i}@x.test`,
  );
  const attendees = [...others, `ATTENDEE;RSVP=TRUE:mailto:${to}`];
  return { from: inviter, to, content: mailOf("REQUEST", `invitation${serial}@outside.test`, attendees, inviter, to) };
}

function reply(serial: number): LmtpMail {
  const [person, guest] = [serial % people, Math.floor(serial / people) % guests];
  const [from, to] = [`far${guest}@elsewhere.test`, `person${person}@example.test`];
  // Each guest answers anew, with another Message-ID and a later DTSTAMP.
  const attendee = `ATTENDEE;PARTSTAT=ACCEPTED:mailto:${from}`;
  return { from, to, content: mailOf("REPLY", `meeting${person}@example.test`, [attendee], from, to, serial) };
}

async function rateOf(port: number, connections: number, make: () => LmtpMail): Promise<number> {
  const rates: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const count = run === 0 ? inbound / 5 : inbound;
    const mails = Array.from({ length: count }, make);
    const began = performance.now();
    let next = 0;
    const lane = async (): Promise<void> => {
      const client = await openClient(port);
      for (let mail = mails[next++]; mail; mail = mails[next++]) await client.send(mail);
      client.close();
    };
    await Promise.all(Array.from({ length: connections }, lane));
    // The first run warms up.
    if (run > 0) rates.push((count * 1_000) / (performance.now() - began));
  }
  return median(rates);
}

/** A client that says what can be said together, as Postfix does. */
async function openClient(port: number) {
  const socket: Socket = connect(port, "127.0.0.1").setNoDelay(true);
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  const answer = async (code: string): Promise<void> => {
    for (;;) {
      const { value = "" } = (await lines.next()) as { value?: string };
      if (!value.startsWith(code)) throw new Error(`the server says ${JSON.stringify(value)} and not ${code}`);
      if (value[3] !== "-") return;
    }
  };
  await answer("220");
  socket.write("LHLO bench.test\r\n");
  await answer("250");
  return {
    async send({ from, to, content }: LmtpMail): Promise<void> {
      socket.write(`MAIL FROM:<${from}>\r\nRCPT TO:<${to}>\r\nDATA\r\n`);
      for (const code of ["250", "250", "354"]) await answer(code);
      socket.write(content);
      socket.write("\r\n.\r\n");
      await answer("250");
    },
    close: () => void socket.end("QUIT\r\n"),
  };
}

/** One invitation to all guests, made as it is for people elsewhere: the words once, the octets for each. */
async function benchOutbound(): Promise<void> {
  console.log(
    "\nout: one invitation to all of its guests, text + HTML + calendar twice, in processor time of one process",
  );
  const heads = [
    "words, us",
    "MIME, us",
    "DKIM Ed25519, us",
    "DKIM RSA, us",
    "octets a mail",
    "mails/s",
    "signed (RSA)",
  ];
  console.log(`${"guests".padEnd(12)}${heads.map((head) => head.padStart(18)).join("")}`);
  for (const size of [10, 200]) {
    const { words, mime, ed25519, rsa, octets } = await outboundCosts(size);
    const each = words / size + mime;
    const figures = [words, mime, ed25519, rsa, octets, 1e6 / each, 1e6 / (each + rsa)];
    console.log(`${String(size).padEnd(12)}${figures.map((figure) => figure.toFixed(0).padStart(18)).join("")}`);
  }
}

async function outboundCosts(size: number) {
  const message = await messageOf(size);
  const options = { provider: zones, limits: defaultLimits, senderName: "Ann Archer", changes: [] };
  const words = await microseconds(size > 100 ? 300 : 2_000, () => composeMail(message, options));
  const mail = composeMail(message, options);
  const from = { address: "ann@example.test", name: "Ann Archer" };
  const make = (i: number) =>
    composeMime(mail, {
      ...{ from, to: { address: `far${i}@elsewhere.test` }, messageId: `<${i}@example.test>`, date: clock },
      thread: "<thread@uid.invalid>",
    });
  const mime = await microseconds(500, make);
  const raw = await make(0);
  const signed = (key: ReturnType<typeof readDkimKey>) =>
    microseconds(300, () => signDkim(raw, from.address, clock, [key]));
  const pem = { type: "pkcs8", format: "pem" } as const;
  const keyOf = ({ privateKey }: { readonly privateKey: KeyObject }) =>
    readDkimKey("example.test", "s", privateKey.export(pem).toString());
  return {
    ...{ words, mime, octets: raw.length },
    ed25519: await signed(keyOf(generateKeyPairSync("ed25519"))),
    rsa: await signed(keyOf(generateKeyPairSync("rsa", { modulusLength: 2_048 }))),
  };
}

async function messageOf(size: number): Promise<SchedulingMessage> {
  const names = Array.from(
    { length: size },
    (_, i) => `ATTENDEE;CN=Guest Number ${i};RSVP=TRUE:mailto:far${i}@elsewhere.test`,
  );
  const bytes = mailOf("REQUEST", "meeting@example.test", names, "ann@example.test", "far0@elsewhere.test");
  const [part] = readSchedulingMail(await parseMail(bytes), zones, defaultLimits).parts;
  if (part?.kind !== "message") throw new Error("the bench's mail cannot be read");
  return part.message;
}

/** Processor time of each of so many rounds, which others on the machine do not lengthen much; the median of the runs, after one that warms up. */
async function microseconds(rounds: number, work: (round: number) => unknown): Promise<number> {
  const taken: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const began = process.cpuUsage();
    for (let round = 0; round < rounds; round++) await work(round);
    const { user, system } = process.cpuUsage(began);
    if (run > 0) taken.push((user + system) / rounds);
  }
  return median(taken);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
