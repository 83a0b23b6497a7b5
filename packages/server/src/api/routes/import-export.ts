import { Type } from "typebox";
import { exportCalendar } from "../../scheduling/export-calendar.ts";
import { importObjects } from "../../scheduling/import-objects.ts";
import * as schemas from "../calendar-schemas.ts";
import { BySlug, findCalendar, refusalOf, requireSelf } from "../find-calendar.ts";
import type { Api, ApiWorld } from "../options.ts";
import { Refusal } from "../problem.ts";
import { Problem } from "../schemas.ts";

const tags = ["calendars"];
/** Octets of a file. */
const maxFileBytes = 16 * 1_024 * 1_024;
/** What was left out that is told one by one. */
const maxReasons = 100;

/** Adds the routes by which whole calendars come in and go out, as .ics files. Nobody is told of what is imported. Decision 0041. */
export function addImportExportRoutes(api: Api, { house }: ApiWorld): void {
  api.get(
    "/calendars/:slug/export",
    { schema: { summary: "A whole calendar as an .ics file", tags, params: BySlug } },
    async (request, reply) => {
      const caller = requireSelf(request);
      const [text, { calendar }] = await house.store.read(async (transaction) => {
        const known = await findCalendar(transaction, caller, request.params.slug);
        const actor = { caller, owner: known.owner };
        return [await exportCalendar(house, transaction, actor, known.calendar), known] as const;
      });
      if (text === undefined) throw new Refusal("refused", "The calendar is too large for one file.");
      return reply
        .type("text/calendar; charset=utf-8")
        .header("Content-Disposition", `attachment; filename="${fileName(calendar.slug)}"`)
        .send(text);
    },
  );
  void api.register(async (files: Api) => {
    files.addContentTypeParser(
      "text/calendar",
      { parseAs: "buffer", bodyLimit: maxFileBytes },
      (_request, body, done) => done(null, body),
    );
    addImport(files, { house });
  });
}

function addImport(api: Api, { house }: Pick<ApiWorld, "house">): void {
  api.post(
    "/calendars/:slug/import",
    {
      bodyLimit: maxFileBytes,
      schema: {
        summary: "Take in what an .ics file (text/calendar) has, as it is; nobody is told",
        tags,
        params: BySlug,
        querystring: Type.Object(
          { duplicates: Type.Optional(Type.Union([Type.Literal("skip"), Type.Literal("replace")])) },
          { additionalProperties: false },
        ),
        response: { 200: schemas.ImportView, "4xx": Problem },
      },
    },
    async (request) => {
      const caller = requireSelf(request);
      const text = readText(request.body);
      const known = await house.store.read((transaction) => findCalendar(transaction, caller, request.params.slug));
      const { duplicates = "skip" } = request.query;
      const actor = { caller, owner: known.owner };
      const result = await importObjects(house, actor, known.calendar.id, text, { duplicates });
      if (result.kind !== "done") throw refusalOf(result);
      const { added, replaced, skipped } = result;
      const reasons = skipped.slice(0, maxReasons).map(({ uid, detail }) => ({ uid, detail }));
      return { added: added.length, replaced: replaced.length, skipped: skipped.length, reasons };
    },
  );
}

function readText(body: unknown): string {
  if (!(body instanceof Uint8Array)) throw new Refusal("invalid", "Send a file, as Content-Type: text/calendar.");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new Refusal("invalid", "The file is not in UTF-8.");
  }
}

/** What every system can name a file. */
function fileName(slug: string): string {
  return `${slug.replace(/[^\w-]+/g, "-").slice(0, 100) || "calendar"}.ics`;
}
