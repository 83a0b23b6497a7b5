import { Type } from "typebox";
import { previewChange } from "../../scheduling/preview-change.ts";
import { requireCaller } from "../caller.ts";
import { findOrganized, isUnchanged, requireDone, rewriteEvent, targetOf, writeNewEvent } from "../change-event.ts";
import type { ChangePreview } from "../contract.ts";
import type { Api, ApiWorld } from "../options.ts";
import * as schemas from "../schemas.ts";

const tags = ["events"];
const closed = { additionalProperties: false };
const response = { 200: schemas.ChangePreview, "4xx": schemas.Problem };

/** Adds the routes that tell what would be sent to whom. They refuse what the routes that write would refuse, and keep nothing. */
export function addPreviewRoutes(api: Api, world: ApiWorld): void {
  const { house } = world;
  api.post(
    "/events/preview",
    { schema: { summary: "What making this event would send", tags, body: schemas.EventInput, response } },
    async (request) => {
      const caller = requireCaller(request);
      return tell(await previewChange(house, (dry) => writeNewEvent(dry, caller, request.body)));
    },
  );
  api.post(
    "/events/:id/preview",
    {
      schema: {
        summary: "What this change of an event would send",
        tags,
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }, closed),
        headers: Type.Object({ "if-match": Type.Optional(Type.String({ maxLength: 200 })) }),
        body: schemas.EventInput,
        response,
      },
    },
    async (request) => {
      const caller = requireCaller(request);
      const { id } = await findOrganized(world, caller, request.params.id);
      return tell(await previewChange(house, (dry) => rewriteEvent(dry, caller, targetOf(request, id), request.body)));
    },
  );
}

function tell({ result, messages }: Awaited<ReturnType<typeof previewChange>>): ChangePreview {
  if (result.kind === "refused" && isUnchanged(result.outcome)) return { messages: [] };
  requireDone(result);
  return {
    messages: messages.map(({ method = "", to, subject, changes }) => ({
      method,
      to: [...to],
      subject,
      changes: changes.map((text) => ({ text })),
    })),
  };
}
