import { type AddressInfo, createServer, type Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";
import { type Fault, replies, type Step, type Trouble } from "./smtp-fault-kinds.ts";

/** How the server is spoken to. */
export interface Manner {
  readonly extensions: readonly string[];
  /** TLS from the first byte. */
  readonly secure?: boolean;
  readonly tls?: SecureContext | undefined;
  readonly auth?: boolean;
}

/** A mail the server has taken. */
export interface TakenMail {
  readonly to: string;
  readonly messageId: string;
  readonly raw: string;
  /** Number of its connection. */
  readonly connection: number;
  readonly encrypted: boolean;
  readonly authenticated: boolean;
}

/** A mail server that fails where it is told to. */
export interface FaultyServer {
  readonly port: number;
  readonly taken: readonly TakenMail[];
  /** How often it has failed. */
  readonly failures: () => number;
  /** The commands said to it, those together that came together. */
  readonly batches: readonly (readonly string[])[];
  /** Lets it fail at a step; without one it is well again. */
  arm(trouble?: Trouble): void;
  close(): Promise<void>;
}

/** What one connection is at. */
interface Dialogue {
  readonly number: number;
  readonly world: World;
  socket: Socket;
  encrypted: boolean;
  authenticated: boolean;
  greeted: number;
  mails: number;
  from: boolean;
  recipients: string[];
  content: string | undefined;
  pending: string;
  /** It thinks about an answer: what comes meanwhile waits. */
  thinking: boolean;
  dead: boolean;
}

interface World {
  readonly manner: Manner;
  readonly taken: TakenMail[];
  readonly batches: string[][];
  readonly dialogues: Set<Dialogue>;
  trouble: Trouble | undefined;
  failures: number;
}

/** Starts one on loopback. */
export async function startFaultyServer(manner: Manner): Promise<FaultyServer> {
  const world: World = {
    ...{ manner, taken: [], batches: [], dialogues: new Set<Dialogue>() },
    ...{ trouble: undefined, failures: 0 },
  };
  let connections = 0;
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    connections++;
    begin(world, socket, connections);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: (server.address() as AddressInfo).port,
    taken: world.taken,
    batches: world.batches,
    failures: () => world.failures,
    arm(trouble) {
      world.trouble = trouble;
      if (trouble?.step !== "idle") return;
      // What waits between two mails is closed, with a word or without.
      for (const dialogue of world.dialogues) fail(dialogue, trouble.fault, () => {});
    },
    close: () =>
      new Promise((done) => {
        for (const { socket } of world.dialogues) socket.destroy();
        server.close(() => done());
      }),
  };
}

function begin(world: World, raw: Socket, number: number): void {
  raw.on("error", () => {});
  const dialogue: Dialogue = {
    ...{
      number,
      world,
      socket: raw,
      encrypted: false,
      authenticated: false,
      greeted: 0,
      mails: 0,
      from: false,
      recipients: [],
    },
    ...{ content: undefined, pending: "", thinking: false, dead: false },
  };
  world.dialogues.add(dialogue);
  raw.on("close", () => world.dialogues.delete(dialogue));
  at(dialogue, "connect", () => {
    const greet = (): void => at(dialogue, "greeting", () => say(dialogue, "220 faulty.test"));
    if (world.manner.secure) encrypt(dialogue, greet);
    else {
      listen(dialogue);
      greet();
    }
  });
}

function listen(dialogue: Dialogue): void {
  dialogue.socket.on("data", (octets: Buffer) => hear(dialogue, octets.toString("latin1")));
}

/** Makes the connection a TLS one, then goes on. */
function encrypt(dialogue: Dialogue, then: () => void): void {
  const raw = dialogue.socket;
  // What comes before the encryption is there is part of it.
  raw.pause();
  raw.removeAllListeners("data");
  at(dialogue, "handshake", () => {
    const { tls } = dialogue.world.manner;
    const secure = new TLSSocket(raw, { isServer: true, ...(tls && { secureContext: tls }) });
    secure.on("error", () => {});
    secure.once("secure", then);
    dialogue.socket = secure;
    dialogue.encrypted = true;
    listen(dialogue);
  });
}

/** Goes on, unless it is to fail here. */
function at(dialogue: Dialogue, step: Step, then: () => void): void {
  const { trouble } = dialogue.world;
  const isAgain = trouble?.step === "again" && dialogue.mails > 0 && step === "MAIL";
  if (!trouble || (trouble.step !== step && !isAgain) || dialogue.dead) then();
  else if (step === "RCPT" && trouble.only && !trouble.only.test(dialogue.recipients.at(-1) ?? "")) then();
  else fail(dialogue, trouble.fault, then);
}

function fail(dialogue: Dialogue, fault: Fault, then: () => void): void {
  const { socket, world } = dialogue;
  world.failures++;
  const reply = replies[fault];
  if (reply !== undefined) {
    socket.write(reply, "latin1");
    if (fault === "garbage" || world.trouble?.step === "handshake") endSoon(dialogue);
    return;
  }
  switch (fault) {
    case "injected":
      dialogue.pending = "";
      socket.write("220 go on\r\n250 faulty.test\r\n", () => encrypt(dialogue, () => {}));
      return;
    case "late":
      dialogue.thinking = true;
      setTimeout(() => {
        dialogue.thinking = false;
        then();
        hear(dialogue, "");
      }, 150);
      return;
    case "drop":
    case "drop, kept":
      end(dialogue);
      return;
    case "cut":
      socket.write("25", () => end(dialogue));
      return;
    case "trickle":
      endSoon(dialogue);
      trickle(dialogue);
      return;
    case "trickle for ever":
      trickle(dialogue);
      return;
    case "421":
    case "421, kept":
      dialogue.dead = true;
      socket.end("421 4.3.2 closing\r\n");
      return;
    case "garbage, kept":
      socket.write(replies.garbage ?? "", "latin1");
      endSoon(dialogue);
      return;
    case "stall for ever":
      dialogue.dead = true;
      return;
    default:
      // It stalls: nothing more is heard or said.
      dialogue.dead = true;
      endSoon(dialogue);
  }
}

function endSoon(dialogue: Dialogue): void {
  const timer = setTimeout(() => end(dialogue), 300);
  dialogue.socket.on("close", () => clearTimeout(timer));
}

function end(dialogue: Dialogue): void {
  dialogue.dead = true;
  dialogue.socket.destroy();
}

function trickle(dialogue: Dialogue): void {
  dialogue.dead = true;
  const timer = setInterval(() => {
    if (dialogue.socket.destroyed) clearInterval(timer);
    else dialogue.socket.write("250-wait\r\n");
  }, 100);
  dialogue.socket.on("close", () => clearInterval(timer));
}

function hear(dialogue: Dialogue, text: string): void {
  if (dialogue.dead) return;
  dialogue.pending += text;
  dialogue.world.batches.push([]);
  for (;;) {
    if (dialogue.thinking) return;
    if (dialogue.content !== undefined) {
      if (!hearContent(dialogue)) return;
      continue;
    }
    const line = /^(.*?)\r\n/.exec(dialogue.pending);
    if (!line || dialogue.dead) return;
    dialogue.pending = dialogue.pending.slice(line[0].length);
    obey(dialogue, line[1] ?? "");
  }
}

/** Whether the content has come to its end. */
function hearContent(dialogue: Dialogue): boolean {
  const whole = `\r\n${dialogue.pending}`;
  const ending = whole.indexOf("\r\n.\r\n");
  const { trouble } = dialogue.world;
  if (trouble?.step === "body" && dialogue.pending.length > 0) {
    dialogue.pending = "";
    dialogue.content = undefined;
    fail(dialogue, trouble.fault, () => {});
    // Whatever else of the content comes is no command.
    dialogue.dead = true;
    if (!trouble.fault.endsWith("for ever")) endSoon(dialogue);
    return false;
  }
  if (ending < 0) return false;
  dialogue.content = whole.slice(2, ending + 2);
  dialogue.pending = whole.slice(ending + 5);
  finish(dialogue, dialogue.content);
  return true;
}

function finish(dialogue: Dialogue, content: string): void {
  dialogue.content = undefined;
  const { trouble } = dialogue.world;
  const fails = trouble?.step === "dot";
  if (!fails || trouble.fault.endsWith("kept") || trouble.fault === "late") keep(dialogue, content);
  dialogue.from = false;
  dialogue.mails++;
  at(dialogue, "dot", () => say(dialogue, "250 2.0.0 kept"));
}

function keep({ world, recipients, number, encrypted, authenticated }: Dialogue, content: string): void {
  const raw = content.replace(/^\.\./gm, ".");
  const messageId = /^message-id: (.*)$/im.exec(raw)?.[1]?.trim() ?? "";
  for (const to of recipients) world.taken.push({ to, messageId, raw, connection: number, encrypted, authenticated });
}

function obey(dialogue: Dialogue, line: string): void {
  dialogue.world.batches.at(-1)?.push(line);
  const command = line.slice(0, 4).toUpperCase();
  switch (command) {
    case "EHLO": {
      const step = dialogue.greeted === 0 ? "EHLO" : "EHLO again";
      dialogue.greeted++;
      return at(dialogue, step, () => sayExtensions(dialogue));
    }
    case "STAR":
      return at(dialogue, "STARTTLS", () => {
        dialogue.pending = "";
        dialogue.socket.write("220 go on\r\n", () => encrypt(dialogue, () => {}));
      });
    case "AUTH":
      return at(dialogue, "AUTH", () => {
        dialogue.authenticated = true;
        say(dialogue, "235 2.7.0 welcome");
      });
    case "MAIL":
      return at(dialogue, "MAIL", () => {
        [dialogue.from, dialogue.recipients] = [true, []];
        say(dialogue, "250 2.1.0 ok");
      });
    case "RCPT":
      return hearRecipient(dialogue, line);
    case "DATA":
      if (!dialogue.from || dialogue.recipients.length === 0) return say(dialogue, "554 5.5.1 no valid recipients");
      return at(dialogue, "DATA", () => {
        dialogue.content = "";
        say(dialogue, "354 go on");
      });
    case "QUIT":
      return at(dialogue, "QUIT", () => dialogue.socket.end("221 bye\r\n"));
    case "RSET":
    case "NOOP":
      [dialogue.from, dialogue.recipients] = [false, []];
      return say(dialogue, "250 ok");
    default:
      return say(dialogue, "500 unknown");
  }
}

function hearRecipient(dialogue: Dialogue, line: string): void {
  if (!dialogue.from) {
    say(dialogue, "503 5.5.1 MAIL first");
    return;
  }
  const address = /<(.*?)>/.exec(line)?.[1] ?? "";
  dialogue.recipients.push(address);
  let taken = false;
  at(dialogue, "RCPT", () => {
    taken = true;
    say(dialogue, "250 2.1.5 ok");
  });
  // A recipient who is refused is none; one who is taken late stays.
  const { trouble } = dialogue.world;
  if (!taken && trouble?.fault !== "late") dialogue.recipients.pop();
}

function sayExtensions(dialogue: Dialogue): void {
  const { extensions, tls, secure, auth } = dialogue.world.manner;
  const offersTls = tls && !secure && !dialogue.encrypted;
  const words = ["faulty.test", ...extensions, ...(offersTls ? ["STARTTLS"] : []), ...(auth ? ["AUTH PLAIN"] : [])];
  say(dialogue, words.map((word, index) => `250${index + 1 < words.length ? "-" : " "}${word}`).join("\r\n"));
}

function say({ socket, dead }: Dialogue, line: string): void {
  if (!dead && !socket.destroyed) socket.write(`${line}\r\n`);
}
