import { countAttempts } from "../../auth/attempts.ts";
import { hashOf } from "../../scheduling/answer-links.ts";
import { formatPublished, openPublished } from "../../scheduling/published.ts";
import type { Api, ApiWorld } from "../options.ts";
import { Refusal } from "../problem.ts";

const options = { schema: { hide: true } } as const;
/** Programs that subscribe ask again no sooner. */
const maxAgeSeconds = 300;

/**
 * Adds the calendars that are shown to whoever has a link. What is no link, or none any more, looks the same; whoever tries many is put off.
 * No cookie is looked at. Decision 0041.
 */
export async function addPublishedCalendars(api: Api, { house }: ApiWorld): Promise<void> {
  const attempts = countAttempts();
  await api.register(async (routes: Api) => {
    routes.addHook("onSend", async (_request, reply) => {
      reply.headers({ "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow" });
      if (reply.statusCode >= 400) reply.header("Cache-Control", "no-store");
    });
    routes.get<{ readonly Params: { readonly file: string } }>("/published/:file", options, async (request, reply) => {
      const token = /^([\w-]{22})\.ics$/.exec(request.params.file)?.[1] ?? "";
      let found: { readonly etag: string; readonly text?: string | undefined } | undefined;
      const tried = await attempts.attempt(hashOf(token), request.ip, house.clock(), async () => {
        found = await house.store.read(async (transaction) => {
          const open = await openPublished(house, transaction, token);
          if (!open) return undefined;
          const { etag } = open;
          if (isKnown(request.headers["if-none-match"], etag)) return { etag };
          return { etag, text: await formatPublished(house, transaction, open) };
        });
        return found !== undefined;
      });
      if (tried.kind === "too-many") {
        const after = { "Retry-After": String(tried.retryAfterSeconds) };
        throw new Refusal("too-many-attempts", "Too many attempts; try again in a few minutes.", after);
      }
      if (!found) throw new Refusal("not-found", "There is nothing here.");
      reply.headers({ ETag: `"${found.etag}"`, "Cache-Control": `private, max-age=${maxAgeSeconds}` });
      if (isKnown(request.headers["if-none-match"], found.etag)) return reply.code(304).send();
      if (found.text === undefined) throw new Refusal("refused", "The calendar is too large to be shown.");
      return reply.type("text/calendar; charset=utf-8").send(found.text);
    });
  });
}

/** Compared as HTTP has If-None-Match compared: without regard to what is weak. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((one) => one.trim() === "*" || one.trim().replace(/^W\//, "") === `"${etag}"`);
}
