import { createTransport } from "nodemailer";
import type { Problem } from "../../src/api/contract.ts";

/** The password of everybody here. */
export const password = "correct horse battery";

/**
 * What a door has answered:
 *
 * - `done`: acknowledged; from now on it must be there.
 * - `refused`: nothing was changed, and the same again would be refused again.
 * - `unknown`: no answer, or "not now" (503, 4xx of LMTP): it may have been kept or not. Whoever asked asks again.
 */
export type Reply<Body = unknown> =
  | { readonly kind: "done"; readonly body: Body }
  | { readonly kind: "refused"; readonly status: number; readonly detail: string }
  | { readonly kind: "unknown"; readonly status: number; readonly detail: string };

/** Where a server listens. */
export interface Place {
  readonly httpPort: number;
  readonly lmtpPort: number;
}

export interface Request {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly cookie: string;
  readonly etag?: string;
  /** For what must not be done twice. */
  readonly key?: string;
  readonly body?: unknown;
}

const patienceMilliseconds = 20_000;

/** Asks the API. A status of 500 says nothing to anybody, and is an error here. */
export async function ask<Body>(
  { httpPort }: Place,
  { method, path, cookie, etag, key, body }: Request,
): Promise<Reply<Body>> {
  let status = 0;
  let answer = "";
  try {
    const response = await fetch(`http://127.0.0.1:${httpPort}${path}`, {
      method,
      headers: {
        cookie,
        ...(etag !== undefined && { "if-match": `"${etag}"` }),
        ...(key !== undefined && { "idempotency-key": key }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patienceMilliseconds),
    });
    status = response.status;
    answer = await response.text();
  } catch (error) {
    return { kind: "unknown", status: 0, detail: String(error) };
  }
  if (status === 503) return { kind: "unknown", status, detail: problemOf(answer) };
  if (status >= 500) throw new Error(`${method} ${path}: ${status} ${answer}`);
  if (status >= 400) return { kind: "refused", status, detail: problemOf(answer) };
  return { kind: "done", body: JSON.parse(answer) as Body };
}

/** Signs in; the cookie is good as long as the data is. */
export async function signIn({ httpPort }: Place, address: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${httpPort}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ address, password }),
  });
  const cookie = response.headers.get("set-cookie")?.split(";")[0];
  if (!response.ok || cookie === undefined) throw new Error(`${address}: ${response.status} ${await response.text()}`);
  return cookie;
}

/** Hands in a mail for one recipient by LMTP. */
export async function handIn({ lmtpPort }: Place, from: string, to: string, raw: string): Promise<Reply> {
  const lmtp = createTransport({
    host: "127.0.0.1",
    port: lmtpPort,
    lmtp: true,
    ignoreTLS: true,
    connectionTimeout: patienceMilliseconds,
    greetingTimeout: patienceMilliseconds,
    socketTimeout: patienceMilliseconds,
  });
  try {
    const { rejectedErrors = [] } = await lmtp.sendMail({ envelope: { from, to: [to] }, raw });
    const [refusal] = rejectedErrors;
    return refusal ? refusalOf(refusal) : { kind: "done", body: undefined };
  } catch (error) {
    return refusalOf(error);
  } finally {
    lmtp.close();
  }
}

function refusalOf(error: unknown): Reply {
  const status = error instanceof Error && "responseCode" in error ? Number(error.responseCode) : 0;
  return { kind: status >= 500 ? "refused" : "unknown", status, detail: String(error) };
}

function problemOf(answer: string): string {
  try {
    const { error, message } = JSON.parse(answer) as Problem;
    return `${error}: ${message}`;
  } catch {
    return answer.slice(0, 200);
  }
}
