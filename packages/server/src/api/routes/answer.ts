import type { MailLanguage } from "@parley/engine/imip";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Attempts, countAttempts } from "../../auth/attempts.ts";
import { answerByLink, type LinkResult, type OpenLink, openLink } from "../../scheduling/answer-by-link.ts";
import { hashOf } from "../../scheduling/answer-links.ts";
import { readAnswer, readChoice } from "../answers/form.ts";
import { answerPage, answerPolicy, gonePage, languageOfPage, type PageOptions, tooOftenPage } from "../answers/page.ts";
import type { NoticeName } from "../answers/words/index.ts";
import type { Api, ApiWorld } from "../options.ts";

const maxFormBytes = 32 * 1024;
const options = { schema: { hide: true } } as const;

interface Linked {
  readonly Params: { readonly token: string };
  readonly Querystring: Readonly<Record<string, unknown>>;
}

/**
 * Adds the pages of answer links: GET and HEAD show and change nothing, whatever stands behind the address; POST answers. What is no link,
 * or none any more, looks the same. No cookie is looked at: the link is all there is. Decision 0037.
 */
export async function addAnswerPages(api: Api, world: ApiWorld): Promise<void> {
  const attempts = countAttempts();
  await api.register(async (pages: Api) => {
    pages.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string", bodyLimit: maxFormBytes },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    );
    pages.addHook("onSend", async (_request, reply) => {
      reply.headers({
        "Content-Security-Policy": answerPolicy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
      });
    });
    pages.get<Linked>("/answer/:token", options, (request, reply) => show(world, attempts, request, reply));
    pages.post<Linked>("/answer/:token", options, (request, reply) => take(world, attempts, request, reply));
  });
}

type LinkRequest = FastifyRequest<Linked>;

async function show(world: ApiWorld, attempts: Attempts, request: LinkRequest, reply: FastifyReply): Promise<string> {
  const { house } = world;
  const { token } = request.params;
  let open: OpenLink | undefined;
  const isTried = await tryLink(world, attempts, request, async () => {
    open = await house.store.read((transaction) => openLink(house, transaction, token));
    return open !== undefined;
  });
  const language = languageOf(world, request, open);
  if (!isTried) return tooOften(reply, language);
  if (!open) return gone(reply, language);
  const chosen = readChoice(request.query["answer"]);
  const notice = open.isNewer ? { notice: "newer" as const } : {};
  return page(world, reply, token, open, 200, { language, ...notice, ...(chosen && { chosen }) });
}

async function take(world: ApiWorld, attempts: Attempts, request: LinkRequest, reply: FastifyReply): Promise<string> {
  const { house } = world;
  const { token } = request.params;
  const sent = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  let open: OpenLink | undefined;
  let problem: NoticeName | undefined;
  let result: LinkResult | undefined;
  const isTried = await tryLink(world, attempts, request, async () => {
    open = await house.store.read((transaction) => openLink(house, transaction, token));
    if (!open) return false;
    const read = readAnswer(house, open, sent);
    if ("problem" in read) problem = read.problem;
    else result = await answerByLink(house, token, read.answer);
    return result?.kind !== "gone";
  });
  const shown = result && "open" in result ? result.open : open;
  const language = languageOf(world, request, shown);
  if (!isTried) return tooOften(reply, language);
  const told = problem ? ([problem, 422] as const) : result && noticeOf(result, sent);
  if (!shown || !told) return gone(reply, language);
  const [notice, status] = told;
  const chosen = readChoice(sent.get("answer"));
  const again = status === 200 ? {} : { sent, ...(chosen && { chosen }) };
  return page(world, reply, token, shown, status, { language, notice, ...again });
}

/** Looks at a link unless too many were tried from there that are none. */
async function tryLink(
  { house }: ApiWorld,
  attempts: Attempts,
  request: LinkRequest,
  look: () => Promise<boolean>,
): Promise<boolean> {
  const tried = await attempts.attempt(hashOf(request.params.token), request.ip, house.clock(), look);
  return tried.kind !== "too-many";
}

/** What is told of a result, and the status it comes with; `undefined` where nothing is to be known of the link. */
function noticeOf(result: LinkResult, sent: URLSearchParams): readonly [NoticeName, number] | undefined {
  switch (result.kind) {
    case "gone":
      return undefined;
    case "done":
      return [sent.get("answer") === "propose" ? "proposed" : "done", 200];
    case "changed":
      return ["changed", 409];
    case "superseded":
      return ["superseded", 409];
    case "too-often":
      return ["tooOften", 429];
    case "refused": {
      const { outcome } = result;
      const reason = outcome.kind === "ignored" ? outcome.reason : undefined;
      if (reason === "no-counters") return ["noProposals", 409];
      return [reason === "nothing-changed" ? "nothingNew" : "refused", 409];
    }
  }
}

function languageOf({ house }: ApiWorld, request: LinkRequest, open: OpenLink | undefined): MailLanguage {
  return languageOfPage(house, request.headers["accept-language"] ?? "", open);
}

function page(
  { house }: ApiWorld,
  reply: FastifyReply,
  token: string,
  open: OpenLink,
  status: number,
  shown: PageOptions,
): string {
  asPage(reply, status);
  return answerPage(house, token, open, shown);
}

function gone(reply: FastifyReply, language: MailLanguage): string {
  asPage(reply, 404);
  return gonePage(language);
}

function tooOften(reply: FastifyReply, language: MailLanguage): string {
  asPage(reply, 429);
  return tooOftenPage(language);
}

function asPage(reply: FastifyReply, status: number): void {
  reply.code(status).type("text/html; charset=utf-8");
}
