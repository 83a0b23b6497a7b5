import { firstProperty } from "../../icalendar/component.ts";
import { makeDateTimeProperties, readDateTime } from "../../icalendar/date-time.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import { type CalendarObject, readObjectComponent, recurrenceIdOf } from "../../model/calendar-object.ts";
import { type InstanceKey, instanceKey, masterKey } from "../../model/recurrence-id.ts";
import { readRegister } from "../../model/registers.ts";
import { renderDocument } from "../../model/render.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import { participationKey, type SchedulingState } from "../../model/scheduling-state.ts";
import { readTimeSpan } from "../../model/time-span.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import type { Action } from "../action.ts";
import type { Context } from "../context.ts";
import { buildAdd } from "../methods/build-add.ts";
import { readSeries } from "../organize/series.ts";
import { reviseAsOrganizer } from "../organize.ts";
import type { Outcome } from "../outcome.ts";
import { rejectUnsendable } from "../restrictions/unsendable.ts";

/**
 * Adds Instances to an object as RDATEs, RFC 5546 §3.2.4. Those who have it get one ADD for each; those who are known not to take
 * ADD, as they said so (3.14), get the whole REQUEST, as do all of what a component for all after moves. SEQUENCE rises, and the answers to the other Instances stay.
 *
 * - `ignored/unknown-uid`: there is nothing to add to; `ignored/nothing-changed`: the object has those Instances. A time is no Instance
 *   of a series of days, nor a day of a series of times: RFC 5545 §3.8.4.4 has no name for it.
 */
export function add(
  state: SchedulingState,
  object: CalendarObject,
  { starts }: Extract<Action, { kind: "add" }>,
  context: Context,
): Outcome {
  const { master } = object;
  const form = master && firstProperty(master.component, "DTSTART");
  const first = form && readDateTime(form);
  if (!master || !first) return { kind: "ignored", rule: "RFC 5546 §3.2.4", reason: "unknown-uid" };
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const fitting = starts.filter((start) => (start.kind === "date") === (first.kind === "date"));
  const named = fitting.map((start) => [instanceKey(recurrenceIdOf(start, "this", zones)), start] as const);
  const known = readSeries(
    object,
    named.map(([key]) => key),
    zones,
    context.limits,
  );
  const added = new Map(named.filter(([key]) => !known.has(key) && !object.overrides.has(key)));
  if (added.size === 0) return { kind: "ignored", rule: "RFC 5546 §3.2.4", reason: "nothing-changed" };
  const properties = [...master.component.properties, ...makeDateTimeProperties("RDATE", [...added.values()])];
  const longer = readObjectComponent({ ...master.component, properties }, zones, context.limits) ?? master;
  const outcome = reviseAsOrganizer(state, { ...object, master: longer }, context);
  if (outcome.kind !== "applied" || !outcome.state.object) return outcome;
  const adds = addsFor(outcome.state, outcome.state.object, [...added.keys()], context);
  const messages = adds ? outcome.messages.flatMap((message) => inAdds(state, message, adds)) : outcome.messages;
  const unsendable = rejectUnsendable(messages);
  if (unsendable) return unsendable;
  return { ...outcome, rule: "RFC 5546 §3.2.4", messages };
}

/** One ADD for each Instance, to nobody yet; none where what speaks for one moves it, as an ADD is known by its DTSTART. */
function addsFor(
  state: SchedulingState,
  object: CalendarObject,
  keys: readonly InstanceKey[],
  context: Context,
): readonly SchedulingMessage[] | undefined {
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const series = readSeries(object, keys, zones, context.limits);
  const revision = object.master?.revision ?? { sequence: 0, dtstamp: context.now };
  const instances = keys.flatMap((key) => series.at(key) ?? []);
  const isMoved = instances.some(({ key, component }) => {
    const start = readTimeSpan(component)?.start;
    return start && instanceKey(recurrenceIdOf(start, "this", zones)) !== key;
  });
  if (isMoved) return undefined;
  return instances.map((instance) => buildAdd(object, renderDocument(state, instance), revision, [], context));
}

/** Sends the ADDs in place of an update, to those who take them. */
function inAdds(
  state: SchedulingState,
  message: SchedulingMessage,
  adds: readonly SchedulingMessage[],
): readonly SchedulingMessage[] {
  if (message.method !== "REQUEST" || message.updates.length === 0) return [message];
  const refused = message.recipients.filter((recipient) => refusesAdd(state, recipient));
  const takers = message.recipients.filter((recipient) => !refusesAdd(state, recipient));
  const whole = refused.length > 0 ? [{ ...message, recipients: refused }] : [];
  return takers.length > 0 ? [...adds.map((one) => ({ ...one, recipients: takers })), ...whole] : whole;
}

function refusesAdd(state: SchedulingState, attendee: CalendarUserAddress): boolean {
  const said = readRegister(state.participations, participationKey(attendee, masterKey))?.requestStatus;
  return said?.code[0] === 3 && said.code[1] === 14;
}
