import { type Component, makeComponent, type Property } from "../../icalendar/component.ts";
import { type DateOrDateTime, makeDateTimeProperty, readDateTime } from "../../icalendar/date-time.ts";
import { parameterValue, withParameter } from "../../icalendar/parameter.ts";
import { makeTextProperty } from "../../icalendar/text.ts";
import { type CalendarUserAddress, formatAddress, isMailAddress } from "../../model/address.ts";
import type { CalendarObject, ObjectComponent } from "../../model/calendar-object.ts";
import type { Attendee } from "../../model/calendar-user.ts";
import { delegatorsOf } from "../../model/delegation.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import type { Participation } from "../../model/scheduling-state.ts";
import { resolveInstant, type ZoneResolver } from "../../recurrence/resolve.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import { buildMessage, makeDtstamp, makeSequence } from "../build.ts";
import type { Context } from "../context.ts";
import { invitedGroup } from "../own-copy.ts";
import { wantsUpdates } from "../ownership.ts";
import { checkRestrictions } from "../restrictions/check.ts";

/**
 * Properties a REPLY repeats from the request. RFC 5546 §3.2.3 wants few of them; Outlook and Google find the event by
 * them (decision 0007).
 */
const echoed: ReadonlySet<string> = new Set([
  "UID",
  "RECURRENCE-ID",
  "DTSTART",
  "DTEND",
  "DURATION",
  "DUE",
  "SUMMARY",
  "LOCATION",
  "ORGANIZER",
  "PRIORITY",
]);

/**
 * Builds the REPLY that tells the Organizer one recorded answer. RFC 5546 §3.2.3: exactly one ATTENDEE, the one invited, and in a
 * delegation the other side of it (§3.2.2.3, §4.2.6); a delegator who wants to hear of it gets the REPLY too. Times stay in the zone of the request; where its VTIMEZONE is not fit to be sent on, they are said in UTC. `further` are
 * answers to Instances that were revised since: each names the SEQUENCE it answers.
 */
export function buildReply(
  object: CalendarObject,
  component: ObjectComponent,
  organizer: CalendarUserAddress,
  participation: Participation,
  context: Context,
  further: readonly Answered[] = [],
): SchedulingMessage {
  const all: readonly Answered[] = [{ component, participation }, ...further];
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const plain = (properties: readonly Property[]) => properties.flatMap((property) => inUtc(property, zones));
  const bare = (properties: readonly Property[]) => plain(properties).filter(({ name }) => needed.has(name));
  const build = (say: (properties: readonly Property[]) => readonly Property[]): SchedulingMessage =>
    buildMessage({
      method: "REPLY",
      originator: participation.attendee,
      recipients: [organizer, ...interestedDelegators(component, participation)],
      type: object.type,
      components: all.map((one) => replyComponent(one, say(echoOf(one.component)), context)),
      timezones: object.timezones,
      context,
    });
  // What a request says badly need not be repeated; who answers what must be.
  for (const say of [(properties: readonly Property[]) => properties, plain]) {
    const reply = build(say);
    if (checkRestrictions(reply).length === 0) return reply;
  }
  return build(bare);
}

/** An answer, and what it is to. */
export interface Answered {
  readonly component: ObjectComponent;
  readonly participation: Participation;
}

function replyComponent(
  { component, participation }: Answered,
  echo: readonly Property[],
  context: Context,
): Component {
  return makeComponent(component.component.name, [
    ...echo,
    makeSequence(participation.answeredSequence),
    makeDtstamp(participation.reply.dtstamp),
    ...replyAttendees(component, participation, context),
    ...progressOf(participation),
    ...(participation.comment ? [makeTextProperty("COMMENT", participation.comment)] : []),
  ]);
}

/** How far a to-do is: RFC 5546 §3.4.3. */
function progressOf({ percentComplete, completed }: Participation): readonly Property[] {
  return [
    ...(percentComplete === undefined ? [] : [makeTextProperty("PERCENT-COMPLETE", String(percentComplete))]),
    ...(completed === undefined ? [] : [makeDateTimeProperty("COMPLETED", { kind: "utc", wall: completed })]),
  ];
}

const needed: ReadonlySet<string> = new Set(["UID", "RECURRENCE-ID", "ORGANIZER"]);

/** The first of each property, and one way to say an end. */
function echoOf({ component }: ObjectComponent): readonly Property[] {
  const named = new Map<string, Property>();
  for (const property of component.properties) {
    if (echoed.has(property.name) && !named.has(property.name)) named.set(property.name, property);
  }
  if (named.has("DTEND") || named.has("DUE")) named.delete("DURATION");
  return [...named.values()];
}

/** Says a zoned time in UTC. One of an unknown zone is left out, but for the Instance, which must be named somehow. */
function inUtc(property: Property, zones: ZoneResolver): readonly Property[] {
  const value = readDateTime(property);
  if (value?.kind !== "zoned") return [property];
  const instant = resolveInstant(value, zones);
  if (instant !== undefined) return [inForm(property, { kind: "utc", wall: instant })];
  return property.name === "RECURRENCE-ID" ? [inForm(property, { kind: "floating", wall: value.wall })] : [];
}

/** The same property with its time in another form; the RANGE of a RECURRENCE-ID stays. */
function inForm(property: Property, value: DateOrDateTime): Property {
  const range = parameterValue(property, "RANGE");
  const made = makeDateTimeProperty(property.name, value);
  return range === undefined ? made : withParameter(made, "RANGE", [range]);
}

/** Who answers comes first; then the delegates, and the delegators up to the first. */
function replyAttendees(
  component: ObjectComponent,
  participation: Participation,
  context: Context,
): readonly Property[] {
  const { attendee, delegatedTo } = participation;
  const own = answeringAttendee(component, participation, context);
  // One who is not shown delegating would count as a second speaker.
  const above = [...delegatorsOf(component, attendee)].flatMap((each) => component.attendees.get(each) ?? []);
  const chain = above.filter((each) => each.address !== attendee && each.delegatedTo.length > 0);
  const from = [formatAddress(attendee)];
  const delegates = (delegatedTo ?? []).map((delegate): Property => {
    const name = component.attendees.get(delegate)?.name;
    const line: Property = { name: "ATTENDEE", parameters: [], value: formatAddress(delegate) };
    return withParameter(name ? withParameter(line, "CN", [name]) : line, "DELEGATED-FROM", from);
  });
  return [withParameter(own, "DELEGATED-TO", delegatedTo?.map(formatAddress)), ...delegates, ...chain.map(withoutRsvp)];
}

function withoutRsvp({ property }: Attendee): Property {
  return withParameter(property, "RSVP", undefined);
}

function interestedDelegators(component: ObjectComponent, { attendee }: Participation): readonly CalendarUserAddress[] {
  const delegators = component.attendees.get(attendee)?.delegatedFrom ?? [];
  return delegators.filter((each) => {
    const line = component.attendees.get(each);
    return line?.delegatedTo.includes(attendee) && wantsUpdates(line) && isMailAddress(each);
  });
}

/** Who is not listed says who they are, and which invited group they are a member of: RFC 5546 §3.7.2, where TYPE means CUTYPE. */
function newAttendee(component: ObjectComponent, { attendee }: Participation, context: Context): Property {
  const line: Property = { name: "ATTENDEE", parameters: [], value: formatAddress(attendee) };
  const group = invitedGroup(component, context);
  if (!group) return line;
  return withParameter(withParameter(line, "CUTYPE", ["INDIVIDUAL"]), "MEMBER", [formatAddress(group)]);
}

/** Makes the ATTENDEE as it was invited, letter for letter, with the answer and without RSVP, but for who delegates and goes on hearing of it. */
export function answeringAttendee(
  component: ObjectComponent,
  participation: Participation,
  context: Context,
): Property {
  const listed = component.attendees.get(participation.attendee)?.property;
  const invited = listed ?? newAttendee(component, participation, context);
  const named =
    context.ownerName && !invited.parameters.some((parameter) => parameter.name === "CN")
      ? withParameter(invited, "CN", [context.ownerName])
      : invited;
  const rsvp = participation.informed ? ["TRUE"] : undefined;
  const answered = withParameter(withParameter(named, "RSVP", rsvp), "PARTSTAT", [participation.partstat]);
  return participation.sentBy ? withParameter(answered, "SENT-BY", [formatAddress(participation.sentBy)]) : answered;
}
