import { Type } from "typebox";
import { requireCaller } from "../caller.ts";
import { findOrganized } from "../change-event.ts";
import type { Api, ApiWorld } from "../options.ts";
import * as schemas from "../schemas.ts";

/** Adds the route by which an organizer takes back the links guests answer an event by. Decision 0037. */
export function addAnswerLinkRoutes(api: Api, world: ApiWorld): void {
  api.delete(
    "/events/:id/answer-links",
    {
      schema: {
        summary: "Take back the links by which guests elsewhere answer; the next mail to them has new ones",
        tags: ["events"],
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }, { additionalProperties: false }),
        response: { 204: Type.Null(), "4xx": schemas.Problem },
      },
    },
    async (request, reply) => {
      const caller = requireCaller(request);
      const { uid } = await findOrganized(world, caller, request.params.id);
      await world.house.store.write(({ answerLinks }) => answerLinks.revoke(caller.id, uid));
      return reply.code(204).send(null);
    },
  );
}
