import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { isUnavailable } from "../store/unavailable.ts";
import type { Problem } from "./contract.ts";

/** Words for programs, each with the status it comes with. */
const statuses = {
  invalid: 400,
  "wrong-credentials": 401,
  "not-signed-in": 401,
  "cross-site": 403,
  "not-organizer": 403,
  "not-allowed": 403,
  "not-found": 404,
  refused: 409,
  "decided-before": 409,
  "changed-meanwhile": 412,
  "too-large": 413,
  "not-json": 415,
  "wrong-host": 421,
  "too-many-attempts": 429,
  "too-many-streams": 429,
  internal: 500,
  unavailable: 503,
} as const;

/** Names a problem for programs. */
export type ProblemWord = keyof typeof statuses;

/** Thrown by a route to answer with a problem: the caller's fault, or a state of things they must know. */
export class Refusal extends Error {
  readonly statusCode: number;
  readonly word: ProblemWord;
  readonly headers: Readonly<Record<string, string>>;

  constructor(word: ProblemWord, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.statusCode = statuses[word];
    this.word = word;
    this.headers = headers;
  }
}

/** Answers any error with a problem. What is our own fault is logged, and its words stay in the log. */
export function sendProblem(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = error instanceof Refusal ? error : refusalOf(error);
  if (refusal.statusCode >= 500) request.log.error({ err: error, url: request.url }, "request failed");
  const problem: Problem = { error: refusal.word, message: refusal.message };
  void reply.code(refusal.statusCode).headers(refusal.headers).type("application/json; charset=utf-8").send(problem);
}

/** Says an error of the HTTP framework in our words. */
function refusalOf(error: FastifyError | Error): Refusal {
  if (isUnavailable(error)) return new Refusal("unavailable", cannotKeep, { "Retry-After": "5" });
  const status = "statusCode" in error ? error.statusCode : undefined;
  const known = status === undefined ? undefined : frameworkProblems.get(status);
  if (known) return new Refusal(...known);
  if (status !== undefined && status >= 400 && status < 500) return new Refusal("invalid", `${error.message}.`);
  return new Refusal("internal", "Something went wrong here; it is in the server's log.");
}

/** A transaction that failed at its end may be kept: nobody is told that it was not. */
const cannotKeep =
  "The server cannot reach what it keeps. Nobody can say whether this was kept: try again, or look, in a while.";

const frameworkProblems: ReadonlyMap<number, readonly [ProblemWord, string]> = new Map([
  [404, ["not-found", "There is nothing here."]],
  [413, ["too-large", "The request is too large."]],
  [415, ["not-json", "Send JSON, as Content-Type: application/json."]],
  [503, ["unavailable", "The server is stopping."]],
]);
