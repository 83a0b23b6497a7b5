import { type Component, firstProperty } from "../icalendar/component.ts";
import { readText } from "../icalendar/text.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import type { BusyType } from "../model/busy-time.ts";
import { type ObjectComponent, organizerOf } from "../model/calendar-object.ts";
import type { Partstat } from "../model/calendar-user.ts";
import { type InstanceKey, masterKey } from "../model/recurrence-id.ts";
import { readRegister } from "../model/registers.ts";
import { currentAnswer } from "../model/render.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";

/** What time is good for. */
export type TimeType = BusyType | "FREE";

/** Whose time it is, and what the house lets an invitation do to it that they have not answered. */
export interface BusyOwner {
  /** All addresses of the owner of the copies. */
  readonly addresses: ReadonlySet<CalendarUserAddress>;
  /** Of an invitation not answered yet: decision 0022 says BUSY-TENTATIVE. */
  readonly unanswered: TimeType;
}

/**
 * What the owner's answer makes of an event's time. RFC 4791 §7.10 leaves it open, decision 0022 fills it: who declined or
 * handed it on is free. The last two are answers to a VTODO and take no time.
 */
const byAnswer: Readonly<Record<Exclude<Partstat, "NEEDS-ACTION">, TimeType>> = {
  ACCEPTED: "BUSY",
  TENTATIVE: "BUSY-TENTATIVE",
  DECLINED: "FREE",
  DELEGATED: "FREE",
  COMPLETED: "FREE",
  "IN-PROCESS": "FREE",
};

/** What Microsoft's products write beside TRANSP; WORKINGELSEWHERE can be met as well as anybody. */
const byMicrosoftStatus: Readonly<Record<string, TimeType | undefined>> = {
  FREE: "FREE",
  WORKINGELSEWHERE: "FREE",
  TENTATIVE: "BUSY-TENTATIVE",
  BUSY: "BUSY",
  OOF: "BUSY-UNAVAILABLE",
};

/**
 * Tells what an Instance that takes place makes of its owner's time, `component` being the one that speaks for it: by TRANSP and
 * STATUS (RFC 4791 §7.10), by the owner's answer, and by what Microsoft's products say. Decision 0022.
 */
export function busyTypeOf(
  state: SchedulingState,
  component: ObjectComponent,
  key: InstanceKey,
  owner: BusyOwner,
): TimeType {
  const transparency = readOwn(state, component, "TRANSP");
  if (transparency === "TRANSPARENT") return "FREE";
  const answer = ownAnswer(state, component, key, owner.addresses);
  const byOwner = answer === "NEEDS-ACTION" ? owner.unanswered : answer ? byAnswer[answer] : "BUSY";
  if (byOwner === "FREE") return "FREE";
  const written = microsoftStatus(component.component, answer === undefined);
  if (written === "FREE" && transparency === undefined) return "FREE";
  const isTentative = readOwn(state, component, "STATUS") === "TENTATIVE" || written === "BUSY-TENTATIVE";
  if (isTentative || byOwner === "BUSY-TENTATIVE") return "BUSY-TENTATIVE";
  return written === "BUSY-UNAVAILABLE" ? written : byOwner;
}

/** Reads a word of a component; what the owner of the copy made their own comes before what the Organizer wrote. */
function readOwn(state: SchedulingState, { component, key }: ObjectComponent, name: string): string | undefined {
  const own = readRegister(state.own, key) ?? readRegister(state.own, masterKey);
  const property = own?.properties.find((each) => each.name === name) ?? firstProperty(component, name);
  return property?.value.trim().toUpperCase() || undefined;
}

/**
 * What the owner has said to an Instance; `undefined` for who was not asked: the Organizer, unless they say of themselves that
 * they do not come, and who keeps an event without being invited to it.
 */
function ownAnswer(
  state: SchedulingState,
  component: ObjectComponent,
  key: InstanceKey,
  addresses: ReadonlySet<CalendarUserAddress>,
): Partstat | undefined {
  const organizer = state.object && organizerOf(state.object);
  const isOrganizer = organizer !== undefined && addresses.has(organizer.address);
  const instance = component.key === key ? component : { ...component, key };
  for (const address of addresses) {
    const isInvited = component.attendees.has(address);
    const { partstat, participation } = currentAnswer(state, instance, address);
    if (isOrganizer && isInvited) return partstat === "NEEDS-ACTION" ? undefined : partstat;
    if (isInvited || (participation && !isOrganizer)) return partstat;
  }
  return undefined;
}

/**
 * Reads what Microsoft's products say. In an invitation their BUSYSTATUS is what the guest's calendar shows until the guest
 * answers, and INTENDEDSTATUS what the Organizer means; so BUSYSTATUS:TENTATIVE counts for who was not invited alone.
 */
function microsoftStatus(component: Component, isOwnEvent: boolean): TimeType | undefined {
  const intended = readText(component, "X-MICROSOFT-CDO-INTENDEDSTATUS")?.trim().toUpperCase();
  const shown = readText(component, "X-MICROSOFT-CDO-BUSYSTATUS")?.trim().toUpperCase();
  const type = byMicrosoftStatus[intended ?? shown ?? ""];
  return type === "BUSY-TENTATIVE" && intended === undefined && !isOwnEvent ? undefined : type;
}
