import { Type } from "typebox";
import { isHiddenFromActor } from "../../scheduling/privacy.ts";
import { requireCaller } from "../caller.ts";
import { notAllowed } from "../change-event.ts";
import { viewEvent } from "../event-view.ts";
import type { Api, ApiWorld } from "../options.ts";
import { Refusal } from "../problem.ts";
import * as schemas from "../schemas.ts";

/** Adds the route that sends at once what waits for what its Organizer writes next. Decision 0027. */
export function addSendNowRoute(api: Api, { house }: ApiWorld): void {
  api.post(
    "/events/:id/send-now",
    {
      schema: {
        summary: "Send at once what waits for the next change",
        tags: ["events"],
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }, { additionalProperties: false }),
        response: { 200: schemas.EventView, "4xx": schemas.Problem },
      },
    },
    async (request, reply) => {
      const caller = requireCaller(request);
      const view = await house.store.write(async (transaction) => {
        const stored = await transaction.objects.byId(caller.id, request.params.id);
        if (!stored) return undefined;
        if (stored.state.object && isHiddenFromActor(caller, stored.state.object)) throw notAllowed();
        const filter = { states: ["queued"], principal: caller.id, uid: stored.uid } as const;
        await transaction.queue.retry(filter, house.clock());
        return viewEvent(house, transaction, caller, stored);
      });
      if (!view) throw new Refusal("not-found", "There is no such event in your calendar.");
      reply.header("ETag", `"${view.etag}"`);
      return view;
    },
  );
}
