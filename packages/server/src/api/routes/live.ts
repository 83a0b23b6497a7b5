import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { readableBy } from "../../auth/authorize.ts";
import { findSession } from "../../auth/sessions.ts";
import type { Hub, Watcher } from "../../live/hub.ts";
import type { Principal } from "../../store/store.ts";
import { requireCaller, sessionTokenOf } from "../caller.ts";
import type { Api, ApiWorld } from "../options.ts";
import { Refusal } from "../problem.ts";
import * as schemas from "../schemas.ts";

/** How long somebody who came with a password and not with a session is told, in seconds; then they come again. */
const maxSecondsByPassword = 600;

/** Adds the route by which somebody is told that something has changed, and where; never what. Decision 0031. */
export function addLiveRoute(api: Api, world: ApiWorld, hub: Hub): void {
  api.get(
    "/live",
    {
      exposeHeadRoute: false,
      schema: {
        summary: "Server-Sent Events of what has changed in the calendars the caller may read",
        description:
          "Events `object`, `message`, `question` and `delivery` name the calendar (`of`, an address) and mostly the UID. " +
          "`anew`, which comes first, says that anything may have changed. None is promised: look now and then besides.",
        tags: ["live"],
        response: {
          200: { description: "Events", content: { "text/event-stream": { schema: Type.String() } } },
          "4xx": schemas.Problem,
          503: schemas.Problem,
        },
      },
    },
    async (request, reply) => {
      const caller = requireCaller(request);
      if (caller.actor) throw new Refusal("invalid", "Parley-As: all calendars you may read are told of anyway.");
      const stream = await hub.open(watcherOf(request, world, caller));
      if (!stream)
        throw new Refusal("too-many-streams", "You listen at too many places at once.", { "Retry-After": "60" });
      reply.headers({
        "Content-Type": "text/event-stream",
        // A proxy that gathers the answer before it passes it on would pass on nothing.
        "X-Accel-Buffering": "no",
        // The server can stop as soon as the stream has ended.
        Connection: "close",
      });
      return reply.send(stream as never); // the schema is of what is read from it
    },
  );
}

function watcherOf(request: FastifyRequest, { house }: ApiWorld, caller: Principal): Watcher {
  const { store, clock } = house;
  const token = request.headers.authorization === undefined ? sessionTokenOf(request) : undefined;
  const until = clock() + maxSecondsByPassword;
  const present = async (): Promise<Principal | undefined> => {
    if (token !== undefined) return findSession(store, token, clock());
    return clock() < until ? store.read(({ principals }) => principals.byId(caller.id)) : undefined;
  };
  return {
    principal: caller.id,
    look: async () => {
      const principal = await present();
      return principal && store.read((transaction) => readableBy(transaction, principal));
    },
  };
}
