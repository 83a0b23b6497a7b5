import { Type } from "typebox";
import { insidePayload, showInside } from "../../scheduling/payload.ts";
import { requireCaller } from "../caller.ts";
import { maySeeSources, viewLedger } from "../ledger-view.ts";
import type { Api, ApiWorld } from "../options.ts";
import { Refusal } from "../problem.ts";
import * as schemas from "../schemas.ts";

const tags = ["ledger"];
const closed = { additionalProperties: false };
const ById = Type.Object({ id: Type.String({ maxLength: 100 }) }, closed);
const defaultLimit = 50;
const Page = Type.Object(
  {
    uid: Type.Optional(Type.String({ maxLength: 8_000 })),
    before: Type.Optional(Type.String({ maxLength: 100, description: "The id of an entry: older ones follow." })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: "50 where it is left out." })),
  },
  closed,
);

/** Adds the routes of the ledger: every message, in and out, and what became of it. */
export function addLedgerRoutes(api: Api, world: ApiWorld): void {
  const { store } = world.house;
  api.get(
    "/ledger",
    {
      schema: {
        summary: "Messages in and out, newest first",
        tags,
        querystring: Page,
        response: { 200: schemas.LedgerList, "4xx": schemas.Problem },
      },
    },
    async (request) => {
      const caller = requireCaller(request);
      const { uid, before, limit = defaultLimit } = request.query;
      const filter = { ...(uid !== undefined && { uid }), ...(before !== undefined && { before }), limit };
      return store.read(async (transaction) => {
        const rows = await transaction.ledger.list(caller.id, filter);
        return { entries: await viewLedger(transaction, caller, rows) };
      });
    },
  );
  api.get(
    "/ledger/:id/source",
    {
      schema: {
        summary: "The mail of an entry, as it came",
        tags,
        params: ById,
        response: {
          200: { description: "The mail", content: { "text/plain": { schema: Type.Unsafe<Buffer>(Type.String()) } } },
          "4xx": schemas.Problem,
        },
      },
    },
    async (request, reply) => {
      const caller = requireCaller(request);
      const bytes = await store.read(async (transaction) => {
        const row = maySeeSources(caller) ? await transaction.ledger.byId(caller.id, request.params.id) : undefined;
        const source = row?.source === undefined ? undefined : await transaction.ledger.source(row.source);
        const payload = row && source && insidePayload(row, source);
        return payload ? showInside(payload, row) : source;
      });
      if (!bytes) throw new Refusal("not-found", "There is no such mail.");
      return reply
        .type("text/plain; charset=utf-8")
        .header("Content-Disposition", "inline")
        .header("X-Content-Type-Options", "nosniff")
        .send(Buffer.from(bytes));
    },
  );
}
