import { parseAddress } from "@parley/engine";
import type { BusyTime } from "@parley/engine/freebusy";
import type { InstantRange } from "@parley/engine/recurrence";
import { Type } from "typebox";
import { authorize } from "../../auth/authorize.ts";
import { readBusyTimes } from "../../scheduling/free-busy.ts";
import type { Principal, ReadTransaction } from "../../store/store.ts";
import { callerOf, requireCaller } from "../caller.ts";
import type { FreeBusyList } from "../contract.ts";
import type { Api, ApiOptions, ApiWorld } from "../options.ts";
import { Refusal } from "../problem.ts";
import * as schemas from "../schemas.ts";
import { formatInstant, parseIsoTime } from "../times.ts";

const maxAddresses = 100;
const maxRangeSeconds = 400 * 86_400;
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

/** Adds the route that tells when people are busy, and nothing else of it. Decision 0029. */
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
      const range = readRange(from, to);
      return house.store.read(async (transaction) => {
        const found = new Map<string, Principal>();
        for (const text of asked) {
          const address = parseAddress(text);
          const principal = address && (await transaction.principals.byAddress(address));
          if (principal && (await maySee(transaction, caller, principal, freeBusy))) found.set(text, principal);
        }
        const principals = [...new Map([...found.values()].map((one) => [one.id, one])).values()];
        const times = await readBusyTimes(house, transaction, principals, range);
        const known = new Map(principals.map(({ id }, index) => [id, times[index]]));
        return { people: asked.map((text) => view(text, known.get(found.get(text)?.id ?? ""))) };
      });
    },
  );
}

function readRange(from: string, to: string): InstantRange {
  const [start, end] = [parseIsoTime(from), parseIsoTime(to)];
  if (start?.kind !== "utc") throw new Refusal("invalid", "from: is no time that exists.");
  if (end?.kind !== "utc") throw new Refusal("invalid", "to: is no time that exists.");
  if (end.wall <= start.wall) throw new Refusal("invalid", "to: must be after from.");
  if (end.wall - start.wall > maxRangeSeconds) throw new Refusal("invalid", "to: must be within 400 days of from.");
  return { from: start.wall, to: end.wall };
}

/** Rooms and resources are for everybody who signs in: what they decline tells the same. */
async function maySee(
  transaction: ReadTransaction,
  caller: Principal | undefined,
  owner: Principal,
  freeBusy: ApiOptions["freeBusy"],
): Promise<boolean> {
  if (freeBusy === "everybody") return true;
  if (!caller) return false;
  return freeBusy === "people" || owner.booking !== undefined || authorize(transaction, caller, owner, "freebusy");
}

function view(address: string, time: BusyTime | undefined): FreeBusyList["people"][number] {
  if (!time) return { address, known: false, complete: false, busy: [] };
  const busy = time.periods.map(({ from, to, type }) => ({ from: formatInstant(from), to: formatInstant(to), type }));
  return { address, known: true, complete: !time.isIncomplete, busy };
}
