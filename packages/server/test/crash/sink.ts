import type { MailPart } from "@parley/engine/imip";
import { SMTPServer } from "smtp-server";
import { parseMail } from "../../src/mail/parse-mail.ts";

/** A mail the sink has answered with 250. */
export interface SunkMail {
  readonly recipient: string;
  readonly raw: Buffer;
}

/** What a mail of ours says. */
export interface SunkMessage {
  readonly recipient: string;
  readonly messageId: string;
  readonly sender: string;
  readonly subject: string;
  readonly method: string;
  readonly uid: string;
  readonly raw: Buffer;
}

/** Where the mail of the servers under test goes: takes everything, and remembers what it has acknowledged. */
export interface Sink {
  readonly port: number;
  readonly mails: readonly SunkMail[];
  close(): Promise<void>;
}

/** Starts a relay on loopback. */
export async function startSink(): Promise<Sink> {
  const mails: SunkMail[] = [];
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const raw = Buffer.concat(chunks);
        for (const { address } of session.envelope.rcptTo) mails.push({ recipient: address.toLowerCase(), raw });
        done();
      });
    },
  });
  // A server that is killed breaks its connections off.
  server.on("error", () => {});
  const port = await new Promise<number>((resolve) => {
    const listener = server.listen(0, "127.0.0.1", () => {
      const bound = listener.address();
      resolve(typeof bound === "object" && bound ? bound.port : 0);
    });
  });
  return { port, mails, close: () => new Promise((closed) => server.close(() => closed())) };
}

/** Reads a mail of ours; one that cannot be read is a failure of its own. */
export async function readSunk(sunk: SunkMail): Promise<SunkMessage> {
  const known = read.get(sunk);
  if (known) return known;
  const { recipient, raw } = sunk;
  const mail = await parseMail(raw);
  const text = Buffer.from(findCalendar(mail.root)?.bytes ?? [])
    .toString()
    .replace(/\r?\n[ \t]/g, "");
  const [method, uid] = [/^METHOD:(\S+)/m.exec(text)?.[1], /^UID:(\S+)/m.exec(text)?.[1]];
  const { messageId } = mail;
  const sender = mail.from[0]?.address;
  if (!method || !uid || !messageId || !sender)
    throw new Error(`a mail to ${recipient} says too little: ${raw.toString()}`);
  const message = { recipient, messageId, sender, subject: mail.subject, method, uid, raw };
  read.set(sunk, message);
  return message;
}

const read = new WeakMap<SunkMail, SunkMessage>();

function findCalendar(part: MailPart): MailPart | undefined {
  if (part.contentType === "text/calendar") return part;
  return part.parts.map(findCalendar).find((found) => found !== undefined);
}
