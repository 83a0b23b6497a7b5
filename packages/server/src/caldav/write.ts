import { parseAddress } from "@parley/engine";
import { sharedCalendar } from "../auth/shared-calendars.ts";
import type { Conditions } from "../dav/conditions.ts";
import { headerOf } from "../dav/headers.ts";
import type { DavResponse, RequestHeaders } from "../dav/message.ts";
import { hrefElement } from "../dav/multistatus.ts";
import { formatPath, memberPath, type Path } from "../dav/path.ts";
import { DavRefusal, notFound } from "../dav/refusal.ts";
import type { Transfer, Written } from "../dav/tree.ts";
import { dav, xml } from "../dav/xml.ts";
import { copyObject } from "../scheduling/copy-object.ts";
import { moveObject } from "../scheduling/move-object.ts";
import { putObject } from "../scheduling/put-object.ts";
import { deleteObject, removeCalendar } from "../scheduling/remove-object.ts";
import { leaveShared } from "../scheduling/share-calendar.ts";
import { type Actor, type NotDone, type ObjectPlace, objectBounds, type WriteResult } from "../scheduling/writing.ts";
import type { Calendar } from "../store/calendars.ts";
import type { Principal } from "../store/store.ts";
import { type Access, accessTo, accessToCalendar, mayManage, principalOf } from "./access.ts";
import { caldav } from "./names.ts";
import { needPrivilege } from "./need-privilege.ts";
import { type CalendarNode, davRoot, type Node, paths, reservedSlugs } from "./node.ts";
import type { CaldavWorld } from "./world.ts";

/** Where something is to be written, and by whom. */
interface Place {
  readonly actor: Actor;
  readonly calendar: Calendar;
  readonly at: ObjectPlace;
  readonly access: Access;
}

/** Writes an object, RFC 4791 §5.3.2. What follows from it is scheduling's. */
export async function put(
  { house }: CaldavWorld,
  caller: Principal,
  path: Path,
  { body, conditions }: { readonly body: Uint8Array; readonly conditions: Conditions },
): Promise<Written> {
  const place = await findPlace({ house }, caller, path);
  // Before anything is said of what they would write, RFC 6638 §11.4.
  if (place.access === "read") throw needPrivilege(path, "write-content");
  if (body.byteLength > objectBounds.maxResourceSize) {
    throw new DavRefusal(403, "The object is too large.", { condition: xml(caldav("max-resource-size")) });
  }
  const text = decode(body);
  return written(await putObject(house, place.actor, place.at, text, conditions), path, place);
}

/** Tells whether a body is meant to be an object. */
export function beginsCalendar(body: Uint8Array): boolean {
  return /^\ufeff?\s*BEGIN:VCALENDAR/i.test(Buffer.from(body.subarray(0, 100)).toString("utf8"));
}

/** Writes a new object under a name of ours, RFC 5995 §3.2. */
export async function addMember(
  world: CaldavWorld,
  caller: Principal,
  { path: { segments } }: CalendarNode,
  { body }: { readonly body: Uint8Array },
): Promise<DavResponse> {
  const path = memberPath(...segments, `${world.house.makeUid().replace(/@.*$/, "")}.ics`);
  const { headers } = await put(world, caller, path, { body, conditions: { ifNoneMatch: "*" } });
  return { status: 201, headers: { ...headers, Location: formatPath(path) } };
}

/** Removes an object, a message of the inbox, or a calendar with all in it. `Schedule-Reply: F` of RFC 6638 §8.1 sends nothing. */
export async function remove(
  { house }: CaldavWorld,
  caller: Principal,
  node: Node,
  { conditions, headers }: { readonly conditions: Conditions; readonly headers: RequestHeaders },
): Promise<void> {
  const reply = headerOf(headers, "schedule-reply")?.trim().toUpperCase() !== "F";
  switch (node.kind) {
    case "object": {
      const at = { calendar: node.calendar.id, name: node.member.name };
      const result = await deleteObject(house, { caller, owner: node.owner }, at, { conditions, reply });
      if (result.kind !== "done") throw refusalOf(result, node.path, node.owner);
      return;
    }
    case "calendar": {
      const { sharee } = node;
      if (sharee) return house.store.write((transaction) => leaveShared(transaction, sharee, node.calendar));
      if (!mayManage(node.access)) throw needPrivilege(node.path, "unbind");
      if (node.calendar.isDefault) {
        throw new DavRefusal(403, "New things go to this calendar: choose another for that first.", {
          condition: xml(caldav("default-calendar-needed")),
        });
      }
      const result = await removeCalendar(house, { caller, owner: node.owner }, node.calendar.id, { reply });
      if (result.kind !== "done") throw refusalOf(result, node.path, node.owner);
      return;
    }
    case "inbox-item": {
      const removed = await house.store.write((transaction) => transaction.inbox.remove(node.owner.id, node.item.name));
      if (!removed) throw notFound();
      return;
    }
    default:
      throw new DavRefusal(403, "That is always there.", { headers: { Allow: node.methods.join(", ") } });
  }
}

/** Moves an object to another name or calendar, or copies it to another owner's. Nobody is told: RFC 6638 §3.2.3.3 and §3.2.3.4. */
export async function transfer(
  { house }: CaldavWorld,
  caller: Principal,
  { mode, from, to, overwrite, conditions }: Transfer,
): Promise<Written> {
  const [source, target] = [await findPlace({ house }, caller, from), await findPlace({ house }, caller, to)];
  if (mode === "copy" || source.actor.owner.id !== target.actor.owner.id) {
    const options = { conditions, overwrite, isMove: mode === "move" };
    return written(await copyObject(house, source, target, options), to, target);
  }
  return written(await moveObject(house, source.actor, source.at, target.at, { conditions, overwrite }), to, target);
}

/** Finds the calendar an object is to be in; what a caller may do there is looked at again where it is done. */
async function findPlace({ house }: Pick<CaldavWorld, "house">, caller: Principal, path: Path): Promise<Place> {
  const [root, kind, address = "", slug = "", name = "", ...rest] = path.segments;
  if (root !== davRoot || kind !== "calendars") throw new DavRefusal(403, "Objects are kept in calendars alone.");
  if (path.isCollection || name === "" || rest.length > 0) {
    throw new DavRefusal(rest.length > 0 ? 409 : 405, "Only objects are written, and in calendars alone.");
  }
  if (reservedSlugs.has(slug)) throw new DavRefusal(403, "Messages are not written by hand.");
  const parsed = parseAddress(address);
  const place = await house.store.read(async (transaction) => {
    const owner = parsed && (await principalOf(transaction, caller, parsed));
    if (!owner) return undefined;
    const general = await accessTo(transaction, caller, owner);
    const shared = owner.id === caller.id ? await sharedCalendar(transaction, caller, slug) : undefined;
    if (shared) {
      const { owner: sharer, calendar: one, access } = shared;
      return { actor: { caller, owner: sharer }, calendar: one, at: { calendar: one.id, name }, access };
    }
    const calendar = await transaction.calendars.bySlug(owner.id, slug);
    const access = calendar && (await accessToCalendar(transaction, caller, calendar, general));
    if (calendar && access) return { actor: { caller, owner }, calendar, at: { calendar: calendar.id, name }, access };
    // Whoever may know that there is no such calendar is told so.
    if (general !== undefined) throw new DavRefusal(409, "There is no such calendar.");
    return undefined;
  });
  if (!place) throw notFound();
  return place;
}

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new DavRefusal(403, "The object is not in UTF-8.", { condition: xml(caldav("valid-calendar-data")) });
  }
}

/** RFC 4791 §5.3.4: an etag is told only where a client has what is kept; RFC 6638 §3.2.10: the schedule-tag always. */
function written(result: WriteResult, path: Path, { actor }: Place): Written {
  if (result.kind !== "done") throw refusalOf(result, path, actor.owner);
  const { member, isNew, isAsWritten } = result;
  return {
    isNew,
    headers: {
      ...(isAsWritten && { ETag: `"${member.etag}"` }),
      ...(member.scheduleTag !== undefined && { "Schedule-Tag": `"${member.scheduleTag}"` }),
    },
  };
}

function refusalOf(result: NotDone, path: Path, owner: Principal): DavRefusal {
  switch (result.kind) {
    case "not-found":
      return notFound();
    case "not-allowed":
      return needPrivilege(path, "write-content");
    case "condition-failed":
      return new DavRefusal(412, "It is not what you think it is: look again.");
    case "name-refused":
      return new DavRefusal(403, "Nothing can be kept under that name, or something is there already.", {
        condition: xml(dav("resource-must-be-null")),
      });
    case "precondition": {
      const { conflict } = result;
      const href = conflict ? [hrefElement(paths.object(owner, conflict.slug, conflict.name))] : [];
      return new DavRefusal(403, result.detail, { condition: xml(caldav(result.name), ...href) });
    }
    case "refused": {
      const why = "status" in result.outcome ? result.outcome.status.description : result.outcome.kind;
      return new DavRefusal(403, `It cannot be done: ${why} (${result.outcome.rule}).`);
    }
  }
}
