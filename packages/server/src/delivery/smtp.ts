import { createTransport } from "nodemailer";
import { oneLine } from "../scheduling/payload.ts";
import { undeliverable } from "../scheduling/tell-undelivered.ts";
import type { DeliveryResult } from "./retry.ts";
import type { Transport } from "./worker.ts";

/** The relay that takes our mail, and how it is spoken to. */
export interface SmtpOptions {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure?: boolean;
  /** Refuse to send without STARTTLS. */
  readonly requireTls?: boolean;
  readonly user?: string;
  readonly password?: string;
  /** The name we greet with; that of the machine where absent. */
  readonly ehloName?: string;
  /** Longest wait for any answer of the server; 60 where absent. */
  readonly timeoutSeconds?: number;
  /** Longest a mail may take, waiting for a connection included; 240 where absent. It must end before its lease does. */
  readonly mailSeconds?: number;
}

const maxConnections = 5;
const defaultTimeoutSeconds = 60;
const defaultMailSeconds = 240;
const retryAfterSeconds = 60;

/**
 * Hands mails to a relay over a few connections that are kept. Encrypts where the relay can; its certificate must be good where
 * encryption was asked for or a password is sent, and a password goes to another machine only encrypted.
 */
export function smtpTransport(options: SmtpOptions): Transport {
  const { host, port, secure = false, user } = options;
  const mailMilliseconds = (options.mailSeconds ?? defaultMailSeconds) * 1_000;
  const timeout = (options.timeoutSeconds ?? defaultTimeoutSeconds) * 1_000;
  const requireTLS = options.requireTls === true || (user !== undefined && !isLoopback(host));
  const transporter = createTransport({
    pool: true,
    host,
    port,
    secure,
    requireTLS: requireTLS && !secure,
    // Unasked-for encryption of an unknown certificate is still better than none.
    tls: { rejectUnauthorized: secure || requireTLS || user !== undefined },
    ...(user !== undefined && { auth: { user, pass: options.password ?? "" } }),
    ...(options.ehloName && { name: options.ehloName }),
    maxConnections,
    maxRequeues: 0,
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async (mail) => {
      try {
        const envelope = { from: mail.from, to: [mail.to] };
        // No answer of the server ends this: one that always says a little more would keep the connection for ever.
        const signal = AbortSignal.timeout(mailMilliseconds);
        await transporter.sendMail({ envelope, raw: Buffer.from(mail.raw), signal });
        return { kind: "delivered" };
      } catch (error) {
        return judgeFailure(error);
      }
    },
    close: () => {
      transporter.close();
      return Promise.resolve();
    },
  };
}

/**
 * Sorts what went wrong. Only an answer of 5xx to the mail itself is final: one to the greeting, to EHLO, STARTTLS or AUTH,
 * "authentication required" and "unknown command" say that our side is set up wrongly, and the mail waits until somebody sees to it.
 */
function judgeFailure(error: unknown): DeliveryResult {
  const { responseCode, command, response, message } = describe(error);
  const detail = oneLine(response ?? message).slice(0, 500);
  const final = responseCode >= 500 && aboutTheMail.test(command) && !ourFault.has(responseCode);
  if (final) return { kind: "refused", status: undeliverable, detail };
  return { kind: "deferred", retryAfterSeconds, detail };
}

const aboutTheMail = /^(MAIL FROM|RCPT TO|DATA)/;
/** Authentication is missing, too weak, unencrypted or wrong; or one of the two has lost its way in the dialogue. */
const ourFault: ReadonlySet<number> = new Set([500, 502, 503, 530, 534, 535, 538]);

/** The fields nodemailer puts into its errors. */
function describe(error: unknown): {
  readonly responseCode: number;
  readonly command: string;
  readonly response?: string;
  readonly message: string;
} {
  if (!(error instanceof Error)) return { responseCode: 0, command: "", message: String(error) };
  const fields: Error & { readonly responseCode?: unknown; readonly command?: unknown; readonly response?: unknown } =
    error;
  return {
    responseCode: typeof fields.responseCode === "number" ? fields.responseCode : 0,
    command: typeof fields.command === "string" ? fields.command : "",
    ...(typeof fields.response === "string" && fields.response !== "" && { response: fields.response }),
    message: error.message,
  };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
