import { hostname } from "node:os";
import { SMTPServer, type SMTPServerDataStream } from "smtp-server";

/** The answer to one recipient of a mail: a reply code, and a text that begins with an enhanced status code (RFC 3463). */
export interface DeliveryReply {
  readonly code: number;
  readonly text: string;
}

/** Whom a mail is from and for, as the client said it; `from` is empty for a bounce. */
export interface Envelope {
  readonly from: string;
  readonly recipients: readonly string[];
}

/** Where to listen, and what becomes of what comes in. */
export interface MailServerOptions {
  /** LMTP answers each recipient of a mail; SMTP all of them at once. */
  readonly protocol: "lmtp" | "smtp";
  /** There is no authentication: it must be an address only our own mail server reaches. */
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Octets of the largest mail taken; 64 MiB where absent. */
  readonly maxBytes?: number;
  /** Whether a mail address is somebody's here. */
  readonly acceptRecipient: (address: string) => Promise<boolean>;
  /** Keeps a mail and answers each recipient, in their order; rejects where it could not be kept. */
  readonly deliver: (bytes: Uint8Array, envelope: Envelope) => Promise<readonly DeliveryReply[]>;
  readonly logger: DoorLogger;
}

/** What is used of a logger. */
export interface DoorLogger {
  info(facts: object, text: string): void;
  error(facts: object, text: string): void;
}

const defaultMaxBytes = 64 * 1024 * 1024;
const maxRecipients = 1_000;
const maxClients = 100;
const idleSeconds = 300;
const closeSeconds = 10;

/** Nobody signs in here, and the jokes of old are none of ours. */
const disabledCommands = ["AUTH", "STARTTLS", "WIZ", "SHELL", "KILL"];

/**
 * Listens for mail by LMTP, RFC 2033, or SMTP, RFC 5321. A recipient gets 250 only after `deliver` has resolved for it, 451 4.3.0 where it
 * rejects; an unknown one is refused at RCPT with 550 5.1.1. A mail over `maxBytes` is not kept in memory and is refused
 * with 552 5.3.4. Rejects where the port cannot be had. `close` lets mails under way finish, for some seconds.
 */
export async function startMailServer(
  options: MailServerOptions,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const maxBytes = options.maxBytes ?? defaultMaxBytes;
  const server = new SMTPServer({
    lmtp: options.protocol === "lmtp",
    name: hostname(),
    banner: "Parley",
    size: maxBytes,
    disabledCommands,
    disableReverseLookup: true,
    authOptional: true,
    hideENHANCEDSTATUSCODES: true,
    maxClients,
    socketTimeout: idleSeconds * 1_000,
    closeTimeout: closeSeconds * 1_000,
    logger: false,
    onRcptTo: (recipient, session, callback) => {
      const refusal = refuseRecipient(recipient.address, session.envelope.rcptTo);
      if (refusal) {
        callback(replyError(refusal));
        return;
      }
      options.acceptRecipient(recipient.address).then(
        (known) => callback(known ? null : replyError({ code: 550, text: "5.1.1 No such person here" })),
        (error: unknown) => callback(replyError(tryAgain(options, error))),
      );
    },
    onData: (stream, session, callback) => {
      const { mailFrom, rcptTo } = session.envelope;
      const envelope = {
        from: mailFrom ? mailFrom.address : "",
        recipients: rcptTo.map(({ address }) => address),
      };
      takeMail(options, stream, envelope).then(
        (replies) => {
          const answers = options.protocol === "lmtp" ? replies : [replyToAll(replies)];
          callback(
            null,
            answers.map((reply) => (reply.code === 250 ? reply.text : replyError(reply))),
          );
        },
        (error: unknown) => callback(replyError(tryAgain(options, error))),
      );
    },
  });
  // A client that breaks off is no trouble of ours.
  server.on("error", (error) => options.logger.info({ err: error }, `${options.protocol} connection`));
  return {
    port: await listen(server, options),
    close: () => new Promise((done) => server.close(() => done())),
  };
}

/**
 * LMTP wants a reply for every recipient accepted, and the server library keeps one entry for two equal ones:
 * who is named twice is asked to wait for another mail. In SMTP nothing hangs on it.
 */
function refuseRecipient(address: string, present: readonly { readonly address: string }[]): DeliveryReply | undefined {
  // Two names of which other octets could not be read would be one name.
  if (address.includes("\ufffd")) return { code: 553, text: "5.1.3 That is no UTF-8" };
  if (present.length >= maxRecipients) return { code: 452, text: "4.5.3 Too many recipients" };
  const named = present.some((recipient) => recipient.address.toLowerCase() === address.toLowerCase());
  return named ? { code: 452, text: "4.5.3 Named before" } : undefined;
}

/** Reads a mail to its end and hands it over; of one that is too large nothing is kept. */
async function takeMail(
  options: MailServerOptions,
  stream: SMTPServerDataStream,
  envelope: Envelope,
): Promise<readonly DeliveryReply[]> {
  let chunks: Buffer[] = [];
  for await (const chunk of stream) {
    if (stream.sizeExceeded) chunks = [];
    else chunks.push(chunk as Buffer);
  }
  const tooLarge = { code: 552, text: "5.3.4 Mail is too large" };
  if (stream.sizeExceeded) return envelope.recipients.map(() => tooLarge);
  const replies = await options.deliver(Buffer.concat(chunks), envelope);
  if (replies.length !== envelope.recipients.length) {
    throw new Error(`${replies.length} replies for ${envelope.recipients.length} recipients`);
  }
  return replies;
}

/**
 * Makes of the answers to its recipients the one answer SMTP has for a mail. Where they differ the client is asked to try again for all:
 * who has the mail already is not given it twice, and who cannot have it is refused then by themselves.
 */
function replyToAll(replies: readonly DeliveryReply[]): DeliveryReply {
  const [first, ...others] = replies;
  if (first && others.every(({ code }) => code === first.code)) return first;
  return { code: 451, text: "4.3.0 Not kept for all; try again" };
}

function tryAgain({ logger, protocol }: MailServerOptions, error: unknown): DeliveryReply {
  logger.error({ err: error }, protocol);
  return { code: 451, text: "4.3.0 Not kept; try again" };
}

/** The shape in which smtp-server takes a reply that is no yes. */
function replyError({ code, text }: DeliveryReply): Error & { responseCode: number } {
  return Object.assign(new Error(text), { responseCode: code });
}

function listen(server: SMTPServer, { host, port }: MailServerOptions): Promise<number> {
  return new Promise((done, fail) => {
    server.once("error", fail);
    const socket = server.listen(port, host, () => {
      server.off("error", fail);
      const address = socket.address();
      done(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
