import { type Property, withProperty } from "../../icalendar/component.ts";
import { withParameter } from "../../icalendar/parameter.ts";
import { encodeText, makeTextProperty } from "../../icalendar/text.ts";
import { domainOf, formatAddress, isMailAddress } from "../../model/address.ts";
import {
  type CalendarObject,
  componentAt,
  type ObjectComponent,
  objectComponents,
  readObjectComponent,
  withComponents,
} from "../../model/calendar-object.ts";
import type { Organizer } from "../../model/calendar-user.ts";
import { allRegisters, writeRegisters } from "../../model/registers.ts";
import { renderDocument } from "../../model/render.ts";
import { type SchedulingState, unknownState } from "../../model/scheduling-state.ts";
import type { ZoneResolver } from "../../recurrence/resolve.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import type { Action } from "../action.ts";
import { makeDtstamp } from "../build.ts";
import type { Context } from "../context.ts";
import { cancelAsOrganizer } from "../organize/cancel.ts";
import { liveComponents } from "../organize/difference.ts";
import { requestFor } from "../organize/view.ts";
import { reviseAsOrganizer } from "../organize.ts";
import type { Outcome } from "../outcome.ts";

type HandOver = Extract<Action, { kind: "hand-over" }>;

/**
 * Hands the Organizer's role to somebody else (decision 0016).
 *
 * - Within one domain, or our own ones: a REQUEST with a higher SEQUENCE names the new ORGANIZER, RFC 5546 §3.2.2.4. The copy is an
 *   Attendee's from then on.
 * - To anybody else: the object is cancelled, and what it was goes on under a UID of its own, in `further`, for the new Organizer to
 *   send: nobody takes a change of ORGANIZER from elsewhere.
 *
 * `ignored/nothing-changed`: the role is theirs already; `rejected` 3.7: mail cannot reach them.
 */
export function handOver(
  state: SchedulingState,
  object: CalendarObject,
  organizer: Organizer,
  action: HandOver,
  context: Context,
): Outcome {
  const { to } = action;
  if (context.addresses.has(to)) return { kind: "ignored", rule: "RFC 5546 §3.2.2.4", reason: "nothing-changed" };
  if (!isMailAddress(to)) {
    const status = { code: [3, 7], description: "Invalid Calendar User", exception: `ORGANIZER:${to}` } as const;
    return { kind: "rejected", rule: "RFC 5546 §3.6.20", status, violations: [] };
  }
  const domains = [domainOf(organizer.address), domainOf(to)];
  const isInside = domains[0] === domains[1] || domains.every((domain) => context.policy.ownDomains.has(domain));
  return isInside
    ? nameOrganizer(state, object, organizer, action, context)
    : beginAnew(state, object, organizer, action, context);
}

function nameOrganizer(
  state: SchedulingState,
  object: CalendarObject,
  organizer: Organizer,
  action: HandOver,
  context: Context,
): Outcome {
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const named = withOrganizer(object, organizer, action, zones, context);
  // Whoever acts for the former Organizer does not act for the new one.
  const { actor: _actor, ...plain } = context;
  const outcome = reviseAsOrganizer(state, named, plain, { organizer: organizerLine(action) });
  if (outcome.kind !== "applied" || !outcome.state.object) return outcome;
  const messages = outcome.messages.map((message) => ({ ...message, originator: organizer.address }));
  const copy = attendeesCopy(outcome.state, outcome.state.object, context);
  return { ...outcome, rule: "RFC 5546 §3.2.2.4", state: copy, messages };
}

/** The copy becomes an Attendee's: as all are told, with what the others answered as part of its text. */
function attendeesCopy(state: SchedulingState, written: CalendarObject, context: Context): SchedulingState {
  const live = liveComponents(written).map(({ key }) => key);
  const shown = live.length > 0 ? requestFor(state, written, live, [], context).object : written;
  const object = withComponents(
    shown,
    objectComponents(shown).filter(({ key }) => componentAt(written, key)),
  );
  const unnamed = [...allRegisters(state.revisions)].filter(([key]) => !componentAt(object, key));
  const revisions = unnamed.map(([key, known]) => [key, { ...known, provisional: true }] as const);
  return { ...state, object, revisions: writeRegisters(state.revisions, revisions) };
}

function beginAnew(
  state: SchedulingState,
  object: CalendarObject,
  organizer: Organizer,
  action: HandOver,
  context: Context,
): Outcome {
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const ended = cancelAsOrganizer(state, action.comment, context);
  if (ended.kind !== "applied") return ended;
  const sequence = ended.state.object?.master?.revision.sequence ?? 0;
  const uid = `${object.uid}_O${sequence}`;
  const answered = rendered(state, object, zones, context);
  const named = withOrganizer(answered, organizer, action, zones, context);
  const components = objectComponents(named).flatMap(({ component }) => {
    const relation = { name: "RELATED-TO", parameters: [], value: encodeText(object.uid) };
    const renamed = withProperty(component, "UID", makeTextProperty("UID", uid));
    const dated = withProperty(renamed, "DTSTAMP", makeDtstamp(context.now));
    const first = withProperty(dated, "SEQUENCE", undefined);
    return readObjectComponent({ ...first, properties: [...first.properties, relation] }, zones, context.limits) ?? [];
  });
  const revisions = components.map(({ key, revision }) => [key, { latest: revision, major: revision }] as const);
  const begun: SchedulingState = {
    ...unknownState,
    object: { ...withComponents(object, components), uid },
    revisions: writeRegisters(unknownState.revisions, revisions),
  };
  return { ...ended, rule: "decision 0016", further: [begun] };
}

function organizerLine({ to, name }: HandOver): Property {
  const line: Property = { name: "ORGANIZER", parameters: [], value: formatAddress(to) };
  return name ? withParameter(line, "CN", [name]) : line;
}

/** Names the new Organizer; both they and who was it before are on the list. */
function withOrganizer(
  object: CalendarObject,
  organizer: Organizer,
  action: HandOver,
  zones: ZoneResolver,
  context: Context,
): CalendarObject {
  const name = (one: ObjectComponent) => {
    const missing = [
      ...(one.attendees.has(action.to) ? [] : [{ ...organizerLine(action), name: "ATTENDEE" }]),
      ...(one.attendees.has(organizer.address) ? [] : [formerOrganizer(organizer)]),
    ];
    const properties = [...withProperty(one.component, "ORGANIZER", organizerLine(action)).properties, ...missing];
    return readObjectComponent({ ...one.component, properties }, zones, context.limits) ?? [];
  };
  return withComponents(object, objectComponents(object).flatMap(name));
}

function formerOrganizer({ address, name }: Organizer): Property {
  const line: Property = {
    name: "ATTENDEE",
    parameters: [{ name: "PARTSTAT", value: "ACCEPTED" }],
    value: formatAddress(address),
  };
  return name ? withParameter(line, "CN", [name]) : line;
}

function rendered(
  state: SchedulingState,
  object: CalendarObject,
  zones: ZoneResolver,
  context: Context,
): CalendarObject {
  const components = objectComponents(object).flatMap(
    (one) => readObjectComponent(renderDocument(state, one), zones, context.limits) ?? [],
  );
  return withComponents(object, components);
}
