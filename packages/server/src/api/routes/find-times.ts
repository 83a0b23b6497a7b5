import { type BusyTime, type Candidate, findTimes, type Slot, type WorkingHours } from "@parley/engine/freebusy";
import { zoneOf } from "../../scheduling/span.ts";
import type { Principal } from "../../store/store.ts";
import { requireCaller } from "../caller.ts";
import type { FoundTimes, TimeQuestion } from "../contract.ts";
import type { Api, ApiWorld } from "../options.ts";
import { Refusal } from "../problem.ts";
import * as schemas from "../schemas.ts";
import { formatInstant } from "../times.ts";
import { readRange, visibleTimes } from "../visible-times.ts";

const maxDays = 62;
/** Minutes between two starts, and times that are given, where nobody says. */
const defaultStep = 15;
const defaultCount = 10;
const weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const;

/**
 * Adds the route that finds the best times for a meeting. People whose time the caller does not know are named and not weighed: what nobody
 * knows is neither free nor busy. Decisions 0022 and 0040.
 */
export function addFindTimesRoute(api: Api, world: ApiWorld): void {
  const { house } = world;
  api.post(
    "/find-times",
    {
      schema: {
        summary: "Find the best times for a meeting, and who is in the way",
        tags: ["free-busy"],
        body: schemas.TimeQuestion,
        response: { 200: schemas.FoundTimes, "4xx": schemas.Problem },
      },
    },
    async (request): Promise<FoundTimes> => {
      const caller = requireCaller(request);
      const {
        required,
        optional = [],
        anyOf = [],
        minutes,
        stepMinutes = defaultStep,
        count = defaultCount,
      } = request.body;
      const range = readRange(request.body.from, request.body.to, maxDays);
      const asked = [...new Set([...required, ...optional, ...anyOf])];
      const times = await house.store.read((transaction) => visibleTimes(world, transaction, caller, asked, range));
      const hours = hoursOf(world, caller, request.body);
      const known = (list: readonly string[], isPerson: boolean): readonly Candidate[] =>
        [...new Set(list)].flatMap((id) => {
          const time = times.get(id);
          return time ? [{ id, busy: time.periods, ...(isPerson && hours && { hours }) }] : [];
        });
      const found = findTimes({
        ...{ range, limits: house.limits, count },
        ...{ durationSeconds: minutes * 60, stepSeconds: stepMinutes * 60 },
        ...{ required: known(required, true), optional: known(optional, true) },
        ...(anyOf.length > 0 && { choices: [{ id: "anyOf", candidates: known(anyOf, false), atLeast: 1 }] }),
      });
      if (found.kind === "refused") throw new Refusal("invalid", "request: there are more starts than can be weighed.");
      return {
        slots: found.slots.map(viewSlot),
        unknown: asked.filter((address) => !times.has(address)),
        incomplete: asked.filter((address) => isIncomplete(times.get(address))),
      };
    },
  );
}

function isIncomplete(time: BusyTime | undefined): boolean {
  return time?.isIncomplete ?? false;
}

/** The hours are by the caller's clock. */
function hoursOf({ house }: ApiWorld, caller: Principal, { hours }: TimeQuestion): WorkingHours | undefined {
  if (!hours) return undefined;
  const [from, to] = [hours.from, hours.to].map(
    (text) => Number(text.slice(0, 2)) * 3_600 + Number(text.slice(3)) * 60,
  );
  if (from === undefined || to === undefined || to <= from) {
    throw new Refusal("invalid", "hours.to: must be after hours.from.");
  }
  const days = hours.weekdays.map((day) => weekdays.indexOf(day) as 0 | 1 | 2 | 3 | 4 | 5 | 6);
  return { zone: zoneOf(house, caller), hours: days.map((weekday) => ({ weekday, from, to })) };
}

function viewSlot({ start, end, works, chosen, obstacles }: Slot): FoundTimes["slots"][number] {
  const inTheWay = new Map(obstacles.map(({ who, kind }) => [`${who} ${kind}`, { address: who, kind }]));
  return {
    from: formatInstant(start),
    to: formatInstant(end),
    works,
    chosen: chosen.flatMap(({ candidates }) => candidates),
    obstacles: [...inTheWay.values()],
  };
}
