import { parseAddress } from "@parley/engine";
import type { FastifyRequest } from "fastify";
import { authorize } from "../auth/authorize.ts";
import { seesPrivate } from "../scheduling/privacy.ts";
import type { DelegationScope, Principal } from "../store/store.ts";
import type { ApiWorld } from "./options.ts";
import { Refusal } from "./problem.ts";

/** The header by which a caller says in whose calendar they act: an address. */
const header = "parley-as";

/** What a request that changes something takes; whatever is not here takes the most. */
const needed: Readonly<Record<string, DelegationScope>> = {
  "POST /api/events/:id/answer": "respond",
  "POST /api/questions/:id": "respond",
};

/**
 * Finds in whose calendar a caller acts: their own, or that of whom the header names, with the caller as who acts for them. Throws
 * `not-allowed` where they may not; that does not tell whether there is anybody of that address.
 */
export async function actingFor(request: FastifyRequest, { house }: ApiWorld, caller: Principal): Promise<Principal> {
  const named = request.headers[header];
  if (named === undefined) return caller;
  const address = typeof named === "string" ? parseAddress(named) : undefined;
  const owner = await house.store.read(async (transaction) => {
    const found = address && (await transaction.principals.byAddress(address));
    return found && (await authorize(transaction, caller, found, scopeOf(request))) ? found : undefined;
  });
  if (!owner) throw new Refusal("not-allowed", `You may not do that for ${String(named)}.`);
  if (owner.id === caller.id) return caller;
  return { ...owner, actor: caller.address, ...(!seesPrivate({ caller, owner }) && { hidesPrivate: true }) };
}

function scopeOf({ method, routeOptions }: FastifyRequest): DelegationScope {
  if (method === "GET" || method === "HEAD") return "read";
  return needed[`${method} ${routeOptions.url ?? ""}`] ?? "organize";
}
