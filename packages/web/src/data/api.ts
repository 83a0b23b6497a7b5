import type {
  AnswerInput,
  AppPasswordList,
  CancelInput,
  EventInput,
  EventList,
  EventView,
  LedgerList,
  NewAppPassword,
  Problem,
  QuestionDecision,
  QuestionList,
  QuestionResult,
  SessionView,
  SignIn,
} from "@parley/server/contract";
import { words } from "../words.ts";

/** What a call came to. `status` is that of HTTP, 0 where no answer came. */
export type Reply<Value> =
  | { readonly kind: "ok"; readonly value: Value }
  | { readonly kind: "problem"; readonly status: number; readonly problem: Problem };

/** Said on `window` when the server no longer knows who is calling. */
export const signedOutEvent = "parley-signed-out";

const timeoutMs = 30_000;

interface Call {
  readonly body?: unknown;
  readonly etag?: string;
  readonly key?: string;
}

/** Asks who is signed in, and how one may sign in. */
export function getSession(): Promise<Reply<SessionView>> {
  return call("GET", "/api/session");
}

/** Signs in; problem 401 where address and password do not match. */
export function signIn(input: SignIn): Promise<Reply<unknown>> {
  return call("POST", "/api/session", { body: input });
}

/** Ends the session. */
export function signOut(): Promise<Reply<unknown>> {
  return call("DELETE", "/api/session");
}

/** Asks for the events that touch the range; both in the form of `apiTime`. */
export function listEvents(from: string, to: string): Promise<Reply<EventList>> {
  return call("GET", `/api/events?${new URLSearchParams({ from, to })}`);
}

/** Asks for one event; problem 404 where the calendar does not hold it. */
export function getEvent(id: string): Promise<Reply<EventView>> {
  return call("GET", eventPath(id));
}

/** Makes an event; its guests are invited. Asked again with the same key, as after an answer that was lost, it makes no second one. */
export function createEvent(key: string, input: EventInput): Promise<Reply<EventView>> {
  return call("POST", "/api/events", { body: input, key });
}

/** Changes an event; problem 412 where it is no longer the version of `etag`. */
export function changeEvent(id: string, etag: string, input: EventInput): Promise<Reply<EventView>> {
  return call("PUT", eventPath(id), { body: input, etag });
}

/** Takes an event out of the calendar; 412 as with `changeEvent`. */
export function removeEvent(id: string, etag: string): Promise<Reply<unknown>> {
  return call("DELETE", eventPath(id), { etag });
}

/** Answers an invitation; 412 as with `changeEvent`. */
export function answerEvent(id: string, etag: string, input: AnswerInput): Promise<Reply<unknown>> {
  return call("POST", `${eventPath(id)}/answer`, { body: input, etag });
}

/** Cancels an event for everybody; 412 as with `changeEvent`. */
export function cancelEvent(id: string, etag: string, input: CancelInput): Promise<Reply<unknown>> {
  return call("POST", `${eventPath(id)}/cancel`, { body: input, etag });
}

/** Asks for the messages the person must decide about. */
export function listQuestions(): Promise<Reply<QuestionList>> {
  return call("GET", "/api/questions");
}

/** Lets an undecided message act, or drops it. */
export function decideQuestion(id: string, decision: QuestionDecision): Promise<Reply<QuestionResult>> {
  return call("POST", `/api/questions/${encodeURIComponent(id)}`, { body: decision });
}

/** Lists the ledger, newest first: of one UID, or from before an entry on, at most `limit`. */
export function listLedger(filter: {
  readonly uid?: string;
  readonly before?: string;
  readonly limit: number;
}): Promise<Reply<LedgerList>> {
  const query = new URLSearchParams({ limit: String(filter.limit) });
  if (filter.uid !== undefined) query.set("uid", filter.uid);
  if (filter.before !== undefined) query.set("before", filter.before);
  return call("GET", `/api/ledger?${query}`);
}

/** Lists the devices and programs that have a password of their own. */
export function listAppPasswords(): Promise<Reply<AppPasswordList>> {
  return call("GET", "/api/app-passwords");
}

/** Makes a password for a device or program; problem 409 where one of that name has one. */
export function addAppPassword(name: string): Promise<Reply<NewAppPassword>> {
  return call("POST", "/api/app-passwords", { body: { name } });
}

/** Takes the password of a device or program back. */
export function removeAppPassword(name: string): Promise<Reply<AppPasswordList>> {
  return call("DELETE", `/api/app-passwords/${encodeURIComponent(name)}`);
}

/** Where the mail of a ledger entry can be read as it came. */
export function sourceHref(id: string): string {
  return `/api/ledger/${encodeURIComponent(id)}/source`;
}

function eventPath(id: string): string {
  return `/api/events/${encodeURIComponent(id)}`;
}

async function call<Value>(method: string, path: string, { body, etag, key }: Call = {}): Promise<Reply<Value>> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (etag !== undefined) headers["If-Match"] = etag;
  if (key !== undefined) headers["Idempotency-Key"] = key;
  const request: RequestInit = { method, headers, signal: AbortSignal.timeout(timeoutMs) };
  if (body !== undefined) request.body = JSON.stringify(body);
  try {
    const response = await fetch(path, request);
    const text = await response.text();
    if (response.ok) return { kind: "ok", value: (text === "" ? undefined : JSON.parse(text)) as Value };
    if (response.status === 401) window.dispatchEvent(new Event(signedOutEvent));
    return { kind: "problem", status: response.status, problem: problemOf(text, response.status) };
  } catch (cause) {
    const error = cause instanceof SyntaxError ? "unreadable" : "unreachable";
    return { kind: "problem", status: 0, problem: { error, message: words.problems[error] } };
  }
}

/** A proxy in between may answer in its own words; then the status must do. */
function problemOf(text: string, status: number): Problem {
  const fallback = { error: "unknown", message: words.problems.status(status) };
  if (!text.startsWith("{")) return fallback;
  const parsed: unknown = JSON.parse(text);
  return isProblem(parsed) ? parsed : fallback;
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== "object" || value === null || !("error" in value) || !("message" in value)) return false;
  return typeof value.error === "string" && typeof value.message === "string";
}
