import { createTransport, type Transporter } from "nodemailer";
import { SMTPServer } from "smtp-server";

/** A mail the relay has taken and not yet handed on. */
export interface RelayedMail {
  readonly from: string;
  readonly to: string;
  readonly raw: Buffer;
}

/** Takes a mail; rejects where it does not. */
export type Take = (mail: RelayedMail) => Promise<unknown>;

/** A mail relay for tests: takes mail by SMTP for all servers, and hands it to them by LMTP when told to. */
export interface Relay {
  /** The SMTP port for the server of that domain; what comes in there is proven to be from it. */
  portFor(domain: string): Promise<number>;
  /** Says where mail for a domain goes: to a server's LMTP, or to whoever takes it. */
  route(domain: string, to: number | Take): void;
  /** Mail that waits, oldest first. */
  readonly waiting: RelayedMail[];
  /** All mail it ever took. */
  readonly seen: RelayedMail[];
  /** Hands on what waits; returns how many mails there were. Throws where a server did not take one. */
  release(options?: { readonly times?: number; readonly order?: "sent" | "reversed" }): Promise<number>;
  /** Ends its connections to the servers, which it keeps: a server takes a tenth of a second to greet. */
  hangUp(): void;
  close(): Promise<void>;
}

/** Starts a relay on loopback. It writes Authentication-Results as `mx.<recipient's domain>`, as a border relay does. */
export function startRelay(): Relay {
  const servers: SMTPServer[] = [];
  const routes = new Map<string, Take>();
  const kept: Transporter[] = [];
  const waiting: RelayedMail[] = [];
  const seen: RelayedMail[] = [];
  return {
    waiting,
    seen,
    route: (domain, to) => {
      if (typeof to === "function") {
        routes.set(domain, to);
        return;
      }
      const way = { host: "127.0.0.1", port: to, lmtp: true, secure: false, ignoreTLS: true };
      const lmtp = createTransport({ ...way, pool: true, maxConnections: 1 });
      kept.push(lmtp);
      routes.set(domain, (mail) => handOver(mail, lmtp));
    },
    hangUp: () => {
      for (const lmtp of kept) lmtp.close();
    },
    portFor(domain) {
      const server = new PromptServer({
        disabledCommands: ["AUTH", "STARTTLS"],
        disableReverseLookup: true,
        onData(stream, session, done) {
          const chunks: Buffer[] = [];
          stream.on("data", (chunk: Buffer) => chunks.push(chunk));
          stream.on("end", () => {
            const raw = Buffer.concat(chunks);
            const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : "";
            for (const { address } of session.envelope.rcptTo) {
              const mail = { from, to: address, raw: Buffer.concat([verdictOn(raw, domain, address), raw]) };
              waiting.push(mail);
              seen.push(mail);
            }
            done();
          });
        },
      });
      servers.push(server);
      return new Promise((resolve) => {
        const listener = server.listen(0, "127.0.0.1", () => {
          const bound = listener.address();
          resolve(typeof bound === "object" && bound ? bound.port : 0);
        });
      });
    },
    async release({ times = 1, order = "sent" } = {}) {
      const mails = waiting.splice(0);
      if (order === "reversed") mails.reverse();
      for (let time = 0; time < times; time++) {
        for (const mail of mails) await routes.get(mail.to.split("@")[1] ?? "")?.(mail);
      }
      return mails.length;
    },
    async close() {
      await Promise.all(servers.map((server) => new Promise<void>((closed) => server.close(() => closed()))));
    },
  };
}

/** Greets at once: the library waits a tenth of a second for clients that talk too soon. */
class PromptServer extends SMTPServer {
  override connect(...args: Parameters<SMTPServer["connect"]>): void {
    super.connect(...args);
    const connection = [...this.connections].at(-1);
    connection?.connectionReady();
    if (connection) connection.connectionReady = () => {};
  }
}

/** The relay knows by which door a mail came in, so it can prove the From domain, or say that it cannot. */
function verdictOn(raw: Buffer, domain: string, recipient: string): Buffer {
  const from = /^From:.*@([a-z0-9.-]+)>?\s*$/im.exec(raw.toString("latin1"))?.[1]?.toLowerCase();
  const authserv = `mx.${recipient.split("@")[1]}`;
  const result = from === domain ? `dmarc=pass header.from=${from}` : `dmarc=none header.from=${from}`;
  return Buffer.from(`Authentication-Results: ${authserv}; ${result}\r\n`);
}

async function handOver({ from, to, raw }: RelayedMail, lmtp: Transporter): Promise<void> {
  const { rejectedErrors = [] } = await lmtp.sendMail({ envelope: { from, to: [to] }, raw });
  // The client does not throw at what the server says to the mail itself, as LMTP says it for each recipient.
  for (const error of rejectedErrors) throw error;
}
