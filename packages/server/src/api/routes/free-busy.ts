import type { BusyTime } from "@parley/engine/freebusy";
import { Type } from "typebox";
import { askBusyTimes } from "../../scheduling/busy-by-mail.ts";
import type { ToldTime } from "../../scheduling/told-busy.ts";
import { callerOf, requireCaller } from "../caller.ts";
import type { FreeBusyList } from "../contract.ts";
import type { Api, ApiWorld } from "../options.ts";
import { Refusal } from "../problem.ts";
import * as schemas from "../schemas.ts";
import { formatInstant } from "../times.ts";
import { readRange, visibleTimes } from "../visible-times.ts";

const maxAddresses = 100;
const maxRangeDays = 400;
/** Of a question by mail: nobody answers more. */
const maxQuestionDays = 62;
const Instant = Type.String({
  pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$",
  description: "an instant in UTC such as 2027-03-01T09:00:00Z",
});
const Query = Type.Object(
  {
    addresses: Type.String({ minLength: 3, maxLength: 40_000, description: "Up to 100, with commas between them." }),
    from: Instant,
    /** Not after 400 days. */
    to: Instant,
  },
  { additionalProperties: false },
);

/** Adds the routes that tell when people are busy, and nothing else of it, and that ask people elsewhere. Decisions 0029 and 0040. */
export function addFreeBusyRoute(api: Api, world: ApiWorld): void {
  const { house, freeBusy } = world;
  api.get(
    "/free-busy",
    {
      schema: {
        summary: "When people, rooms and resources are busy",
        tags: ["free-busy"],
        querystring: Query,
        response: { 200: schemas.FreeBusyList, "4xx": schemas.Problem },
      },
    },
    async (request): Promise<FreeBusyList> => {
      const caller = freeBusy === "everybody" ? callerOf(request) : requireCaller(request);
      const { addresses, from, to } = request.query;
      const asked = addresses.split(",").map((text) => text.trim());
      if (asked.length > maxAddresses) throw new Refusal("invalid", `addresses: are more than ${maxAddresses}.`);
      const range = readRange(from, to, maxRangeDays);
      return house.store.read(async (transaction) => {
        const times = await visibleTimes(world, transaction, caller, asked, range);
        return { people: asked.map((text) => view(text, times.get(text))) };
      });
    },
  );
  addQuestionRoute(api, world);
}

function addQuestionRoute(api: Api, { house }: ApiWorld): void {
  api.post(
    "/free-busy",
    {
      schema: {
        summary: "Ask people elsewhere by mail when they are busy; what they tell is in the answers to GET",
        tags: ["free-busy"],
        body: schemas.FreeBusyQuestion,
        response: { 202: schemas.FreeBusyAsked, "4xx": schemas.Problem },
      },
    },
    async (request, reply) => {
      const caller = requireCaller(request);
      const { from, to } = request.body;
      const addresses = [...new Set(request.body.addresses)];
      const range = readRange(from, to, maxQuestionDays);
      const states = await askBusyTimes(house, caller, addresses, range);
      const people = addresses.map((address, index) => ({ address, state: states[index] ?? "no-address" }));
      return reply.code(202).send({ people });
    },
  );
}

function view(address: string, time: BusyTime | ToldTime | undefined): FreeBusyList["people"][number] {
  if (!time) return { address, known: false, told: null, complete: false, busy: [] };
  const told = "toldAt" in time ? formatInstant(time.toldAt) : null;
  const busy = time.periods.map(({ from, to, type }) => ({ from: formatInstant(from), to: formatInstant(to), type }));
  return { address, known: true, told, complete: !time.isIncomplete, busy };
}
