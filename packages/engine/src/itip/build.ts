import { type Component, makeComponent, type Property } from "../icalendar/component.ts";
import { type EpochSeconds, makeDateTimeProperty } from "../icalendar/date-time.ts";
import { parameterValue, withParameter } from "../icalendar/parameter.ts";
import { decodeText, makeTextProperty } from "../icalendar/text.ts";
import { type CalendarUserAddress, formatAddress } from "../model/address.ts";
import { readCalendarObject } from "../model/calendar-object.ts";
import { readOrganizer } from "../model/calendar-user.ts";
import type { Method, ObjectType } from "../model/method.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import type { Context } from "./context.ts";

/** What a message is made of. */
export interface MessageParts {
  readonly method: Method;
  readonly originator: CalendarUserAddress;
  readonly recipients: readonly CalendarUserAddress[];
  readonly type: ObjectType;
  /** Components of the object's type, all of one UID. */
  readonly components: readonly Component[];
  /** VTIMEZONEs to choose from: those the components refer to go along. */
  readonly timezones: readonly Component[];
  readonly context: Context;
}

/** Builds a message that leaves this system: only what may leave, with the VTIMEZONEs it refers to. RFC 5546 §3.1.2. */
export function buildMessage(parts: MessageParts): SchedulingMessage {
  const components = parts.components.map((component) => withActor(outgoingComponent(component), parts));
  const used = new Set(components.flatMap((component) => component.properties.flatMap(timezoneOf)));
  const timezones = parts.timezones.filter((timezone) => {
    const tzid = timezone.properties.find((property) => property.name === "TZID");
    return tzid !== undefined && used.has(decodeText(tzid.value));
  });
  const calendar = makeComponent(
    "VCALENDAR",
    [
      makeTextProperty("VERSION", "2.0"),
      makeTextProperty("PRODID", parts.context.policy.productId),
      makeTextProperty("METHOD", parts.method),
    ],
    [...timezones, ...components],
  );
  const zones = makeZoneResolver(timezones, parts.context.zones, parts.context.limits);
  const read = readCalendarObject(calendar, zones, parts.context.limits);
  if ("problem" in read) throw new Error(`built a message that is no object: ${read.problem}`);
  const { method, originator, recipients } = parts;
  return { method, originator, recipients, object: read.object, calendar, updates: [] };
}

/** Says who acts for the Organizer, where that is somebody else. RFC 5546 §2.1.3 and §3.2.2.5: answers still go to the Organizer. */
function withActor(component: Component, { originator, context: { actor } }: MessageParts): Component {
  if (actor === undefined) return component;
  const properties = component.properties.map((property) => {
    const isOriginator = property.name === "ORGANIZER" && readOrganizer(property)?.address === originator;
    if (!isOriginator) return property;
    return withParameter(property, "SENT-BY", actor === originator ? undefined : [formatAddress(actor)]);
  });
  return { ...component, properties };
}

function timezoneOf(property: Property): readonly string[] {
  const tzid = parameterValue(property, "TZID");
  return tzid === undefined ? [] : [tzid];
}

/** Words between a server and its own clients, which mean nothing to others: RFC 6638 §7.1 to §7.3. */
const inwardParameters: ReadonlySet<string> = new Set(["SCHEDULE-AGENT", "SCHEDULE-STATUS", "SCHEDULE-FORCE-SEND"]);
const inwardProperties: ReadonlySet<string> = new Set(["X-MS-OLK-SENDER"]);

/** Leaves out what is the owner's alone: alarms, and parameters meant for the owner's server. */
function outgoingComponent(component: Component): Component {
  const properties = component.properties
    .filter((property) => !inwardProperties.has(property.name))
    .map((property) =>
      property.parameters.some((parameter) => inwardParameters.has(parameter.name))
        ? {
            ...property,
            parameters: property.parameters.filter((parameter) => !inwardParameters.has(parameter.name)),
          }
        : property,
    );
  return { ...component, properties, components: component.components.filter((child) => child.name !== "VALARM") };
}

/** Makes a DTSTAMP. */
export function makeDtstamp(at: EpochSeconds): Property {
  return makeDateTimeProperty("DTSTAMP", { kind: "utc", wall: at });
}

/** Makes a SEQUENCE. */
export function makeSequence(sequence: number): Property {
  return { name: "SEQUENCE", parameters: [], value: String(sequence) };
}
