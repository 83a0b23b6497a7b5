import { seesPrivate } from "../scheduling/privacy.ts";
import { renderObjects } from "../scheduling/render-object.ts";
import type { ObjectId, Principal } from "../store/store.ts";
import type { ObjectNode } from "./node.ts";
import { withoutTimezones } from "./timezones.ts";
import type { Viewing } from "./viewing.ts";

/** Loads objects with their texts, those of one owner in one look; one that went meanwhile is left out. */
export async function loadObjects(viewing: Viewing, nodes: readonly ObjectNode[]): Promise<readonly ObjectNode[]> {
  const { texts } = viewing;
  const known = new Map(nodes.map((node) => [node, texts.get(keyOf(viewing, node))]));
  const unknown = nodes.filter((node) => known.get(node) === undefined);
  const owners = new Map(unknown.map(({ owner }) => [owner.id, owner]));
  for (const owner of owners.values()) {
    const own = unknown.filter((node) => node.owner.id === owner.id);
    const found = await renderFor(viewing, owner, own);
    for (const node of own) {
      const text = found.get(node.member.object);
      known.set(node, text);
      if (text !== undefined && isAlone(node)) texts.keep(keyOf(viewing, node), text);
    }
  }
  return nodes.flatMap((node) => {
    const text = known.get(node);
    if (text === undefined) return [];
    return [{ ...node, text, ...(isAlone(node) && { read: () => texts.read(keyOf(viewing, node), text) }) }];
  });
}

/** What is scheduled is told with what others have: answers in the Organizer's copy, deliveries. So it may change before its ETag does. */
function isAlone({ member }: ObjectNode): boolean {
  return member.scheduleTag === undefined;
}

/** What a text depends on: the state of the resource, whether what is private is hidden, and whether zones are told. */
function keyOf({ caller, wantsTimezones }: Viewing, { owner, member }: ObjectNode): string {
  const isWhole = seesPrivate({ caller, owner });
  return `${member.etag} ${isWhole ? "whole" : "other"} ${wantsTimezones ? "zones" : "names"}`;
}

async function renderFor(
  { world: { house }, transaction, caller, wantsTimezones }: Viewing,
  owner: Principal,
  nodes: readonly ObjectNode[],
): Promise<ReadonlyMap<ObjectId, string>> {
  const stored = await transaction.objects.byIds(
    owner.id,
    nodes.map(({ member }) => member.object),
  );
  const rendered = await renderObjects(house, transaction, { caller, owner }, stored);
  if (wantsTimezones) return rendered;
  return new Map([...rendered].map(([id, text]) => [id, withoutTimezones(house, text)]));
}
