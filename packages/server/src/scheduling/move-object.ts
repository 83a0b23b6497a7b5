import type { House } from "./house.ts";
import { holds, isName, memberAt, openCalendar } from "./open-place.ts";
import { isHidden } from "./privacy.ts";
import { removeMember } from "./remove-object.ts";
import type { Actor, Conditions, ObjectPlace, WriteResult } from "./writing.ts";

/** How something is moved. */
export interface MoveOptions {
  /** Of what is moved, RFC 6638 §8.3. */
  readonly conditions?: Conditions;
  /** What is at the destination is removed first; it is where nobody says. */
  readonly overwrite?: boolean;
}

/** Moves an object to another name, or to another calendar of the same owner: no message is sent, RFC 6638 §3.2.3.4. */
export function moveObject(
  house: House,
  actor: Actor,
  from: ObjectPlace,
  to: ObjectPlace,
  { conditions, overwrite = true }: MoveOptions = {},
): Promise<WriteResult> {
  return house.store.write(async (transaction): Promise<WriteResult> => {
    const source = await openCalendar(transaction, actor, from.calendar, "organize");
    if (source.kind !== "open") return source;
    const open = await openCalendar(transaction, actor, to.calendar, "organize");
    if (open.kind !== "open") return open;
    const member = await memberAt(transaction, from.calendar, from.name);
    const stored = member && (await transaction.objects.byUid(source.principal.id, member.uid));
    if (!member || !stored?.state.object) return { kind: "not-found" };
    if (isHidden(actor, stored.state.object)) return { kind: "not-allowed" };
    if (!holds(member, conditions)) return { kind: "condition-failed" };
    if (!isName(to.name)) return { kind: "name-refused" };
    if (!open.calendar.components.some((component) => component === member.component)) {
      const detail = `This calendar holds no ${member.component}.`;
      return { kind: "precondition", name: "supported-calendar-component", detail };
    }
    const there = await memberAt(transaction, to.calendar, to.name);
    if (there?.object === member.object) return { kind: "done", member, isNew: false, isAsWritten: false };
    if (there && !overwrite) return { kind: "condition-failed" };
    const removed = there && (await removeMember(house, transaction, actor, open, there, true));
    if (removed && removed.kind !== "done") return removed;
    const moved = await transaction.calendars.move(open.principal.id, member.object, to, house.clock());
    if (!moved) return { kind: "name-refused" };
    return { kind: "done", member: moved, isNew: there === undefined, isAsWritten: false };
  });
}
