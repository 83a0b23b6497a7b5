import type { EpochSeconds } from "@parley/engine";
import { toInstant } from "@parley/engine/recurrence";
import type { FastifyReply } from "fastify";
import { Type } from "typebox";
import { actOnObject, type ChangeResult, changeObject } from "../../scheduling/change-object.ts";
import { zoneOf } from "../../scheduling/span.ts";
import type { Principal, StoredObject } from "../../store/store.ts";
import { requireCaller } from "../caller.ts";
import {
  findByKey,
  findOrganized,
  isUnchanged,
  notFound,
  requireDone,
  rewriteEvent,
  targetOf,
  writeNewEvent,
} from "../change-event.ts";
import type { EventView } from "../contract.ts";
import { viewEvent, viewEvents } from "../event-view.ts";
import type { Api, ApiWorld } from "../options.ts";
import { Refusal } from "../problem.ts";
import * as schemas from "../schemas.ts";
import { viewSharedEvent, viewSharedEvents } from "../shared-events.ts";
import { parseIsoTime } from "../times.ts";

const tags = ["events"];
const closed = { additionalProperties: false };
const ById = Type.Object({ id: Type.String({ maxLength: 100 }) }, closed);
const Range = Type.Object(
  {
    from: Type.Optional(
      Type.String({ maxLength: 20, description: "Instant or date; a day ago where it is left out." }),
    ),
    to: Type.Optional(
      Type.String({ maxLength: 20, description: "Exclusive; 61 days after `from` where it is left out." }),
    ),
  },
  closed,
);
const Conditional = Type.Object({
  "if-match": Type.Optional(Type.String({ maxLength: 200, description: "The ETag that was last seen." })),
});
const Once = Type.Object({
  "idempotency-key": Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: "Chosen by the caller, another one for each event: what is asked again with it makes no second one.",
    }),
  ),
});
const oneEvent = { 200: schemas.EventView, "4xx": schemas.Problem };

const dayInSeconds = 86_400;
/** Seconds before now that are listed where nobody says, and how many seconds from there. */
const listedBefore = dayInSeconds;
const listedRange = 61 * dayInSeconds;
/** Seconds that can be listed at once. */
const maxRange = 400 * dayInSeconds;
/** Objects listed at once. */
const maxListed = 1_000;

/** Adds the routes of a person's events. */
export function addEventRoutes(api: Api, world: ApiWorld): void {
  addReading(api, world);
  addWriting(api, world);
  addActions(api, world);
}

function addReading(api: Api, world: ApiWorld): void {
  const { house } = world;
  api.get(
    "/events",
    {
      schema: {
        summary: "The caller's events, and those shared with them, that meet a range of time, by start",
        tags,
        querystring: Range,
        response: { 200: schemas.EventList, "4xx": schemas.Problem },
      },
    },
    async (request) => {
      const caller = requireCaller(request);
      const { from, to } = readRange(world, caller, request.query);
      return house.store.read(async (transaction) => {
        const stored = await transaction.objects.between(caller.id, from, to, maxListed);
        const own = await viewEvents(house, transaction, caller, stored);
        const shared = await viewSharedEvents(house, transaction, caller, { from, to, limit: maxListed });
        if (shared.length === 0) return { events: [...own] };
        const begins = ({ start }: EventView): number => readInstant(world, caller, "start", start);
        return { events: [...own, ...shared].sort((a, b) => begins(a) - begins(b)).slice(0, maxListed) };
      });
    },
  );
  api.get(
    "/events/:id",
    { schema: { summary: "One event", tags, params: ById, response: oneEvent } },
    async (request, reply) => {
      const caller = requireCaller(request);
      const { id } = request.params;
      return house.store.read(async (transaction) => {
        const stored = await transaction.objects.byId(caller.id, id);
        if (!stored?.state.object) return answerView(reply, await viewSharedEvent(house, transaction, caller, id));
        return answerView(reply, await viewEvent(house, transaction, caller, stored));
      });
    },
  );
}

function addWriting(api: Api, world: ApiWorld): void {
  const { house } = world;
  api.post(
    "/events",
    {
      schema: {
        summary: "Make an event; its guests are invited",
        tags,
        headers: Once,
        body: schemas.EventInput,
        response: { 201: schemas.EventView, "4xx": schemas.Problem },
      },
    },
    async (request, reply) => {
      const caller = requireCaller(request);
      const key = request.headers["idempotency-key"];
      const result = await writeNewEvent(house, caller, request.body, key);
      const made = key === undefined ? undefined : await findByKey(house, caller, key);
      const view = await answerChange(world, caller, reply, result, made);
      return reply.code(201).header("Location", `/api/events/${view.id}`).send(view);
    },
  );
  api.put(
    "/events/:id",
    {
      schema: {
        summary: "Change an event the caller organizes; its guests are told",
        tags,
        params: ById,
        headers: Conditional,
        body: schemas.EventInput,
        response: oneEvent,
      },
    },
    async (request, reply) => {
      const caller = requireCaller(request);
      const organized = await findOrganized(world, caller, request.params.id);
      const result = await rewriteEvent(house, caller, targetOf(request, organized.id), request.body);
      return answerChange(world, caller, reply, result, organized);
    },
  );
  api.delete(
    "/events/:id",
    {
      schema: {
        summary: "Remove an event: called off by its organizer, declined by anybody else",
        tags,
        params: ById,
        headers: Conditional,
        response: { 204: Type.Null(), "4xx": schemas.Problem },
      },
    },
    async (request, reply) => {
      const caller = requireCaller(request);
      const target = targetOf(request, request.params.id);
      requireDone(await changeObject(house, caller, target, () => undefined));
      return reply.code(204).send(null);
    },
  );
}

function addActions(api: Api, world: ApiWorld): void {
  const { house } = world;
  api.post(
    "/events/:id/answer",
    {
      schema: {
        summary: "Answer an invitation",
        tags,
        params: ById,
        headers: Conditional,
        body: schemas.AnswerInput,
        response: oneEvent,
      },
    },
    async (request, reply) => {
      const caller = requireCaller(request);
      const target = targetOf(request, request.params.id);
      const result = await actOnObject(house, caller, target, { kind: "answer", ...request.body });
      return answerChange(world, caller, reply, result);
    },
  );
  api.post(
    "/events/:id/cancel",
    {
      schema: {
        summary: "Call off an event the caller organizes; it stays, as cancelled",
        tags,
        params: ById,
        headers: Conditional,
        body: schemas.CancelInput,
        response: oneEvent,
      },
      preValidation: async (request) => {
        request.body ??= {};
      },
    },
    async (request, reply) => {
      const caller = requireCaller(request);
      const { id } = await findOrganized(world, caller, request.params.id);
      const result = await actOnObject(house, caller, targetOf(request, id), { kind: "cancel", ...request.body });
      return answerChange(world, caller, reply, result);
    },
  );
}

function readRange(
  world: ApiWorld,
  caller: Principal,
  query: { readonly from?: string; readonly to?: string },
): { readonly from: EpochSeconds; readonly to: EpochSeconds } {
  const now = world.house.clock();
  const from = query.from === undefined ? now - listedBefore : readInstant(world, caller, "from", query.from);
  const to = query.to === undefined ? from + listedRange : readInstant(world, caller, "to", query.to);
  if (to < from) throw new Refusal("invalid", "to: must not be before from.");
  if (to - from > maxRange)
    throw new Refusal("invalid", `to: must be at most ${maxRange / dayInSeconds} days after from.`);
  return { from, to };
}

/** A date is the midnight it begins with, where the caller is. */
function readInstant(world: ApiWorld, caller: Principal, field: string, text: string): EpochSeconds {
  const time = parseIsoTime(text);
  if (time?.kind === "utc") return time.wall;
  if (time?.kind === "date") return toInstant(time.wall, zoneOf(world.house, caller));
  throw new Refusal(
    "invalid",
    `${field}: must be an instant such as 2027-03-01T09:00:00Z, or a date such as 2027-03-01.`,
  );
}

/** Answers a change with the object as it is now; `unchanged` is that where nothing changed. */
async function answerChange(
  world: ApiWorld,
  caller: Principal,
  reply: FastifyReply,
  result: ChangeResult,
  unchanged?: StoredObject,
): Promise<EventView> {
  const same = result.kind === "refused" && isUnchanged(result.outcome) ? unchanged : undefined;
  const object = same ?? requireDone(result);
  if (!object) throw notFound();
  return present(world, caller, reply, object);
}

async function present(
  world: ApiWorld,
  caller: Principal,
  reply: FastifyReply,
  stored: StoredObject,
): Promise<EventView> {
  const view = await world.house.store.read((transaction) => viewEvent(world.house, transaction, caller, stored));
  return answerView(reply, view);
}

function answerView(reply: FastifyReply, view: EventView | undefined): EventView {
  if (!view) throw notFound();
  reply.header("ETag", `"${view.etag}"`);
  return view;
}
