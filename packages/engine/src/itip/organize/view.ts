import { allProperties, type Component, withoutProperties } from "../../icalendar/component.ts";
import { makeDateTimeProperties, readDateTime, readDateTimes } from "../../icalendar/date-time.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import { type CalendarObject, componentAt, type ObjectComponent } from "../../model/calendar-object.ts";
import { cutSeries } from "../../model/cut-series.ts";
import { makeRecurrenceId } from "../../model/instance.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { renderDocument } from "../../model/render.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import { excludedInstances } from "../../model/times.ts";
import type { ZoneResolver } from "../../recurrence/resolve.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import type { Context } from "../context.ts";
import { buildRequestOf } from "../methods/build-request.ts";
import { guestsOf } from "./guests.ts";

/** Makes the components of an object as guests who are on some of them see it. Each is rendered once, however many views there are. */
export interface Renderer {
  /** The components of these keys; Instances as the series says come from `further`. */
  render(keys: readonly InstanceKey[]): readonly Component[];
}

/** Makes a Renderer. `further` holds Instances without a component of their own in the object. */
export function makeRenderer(
  state: SchedulingState,
  object: CalendarObject,
  further: ReadonlyMap<InstanceKey, ObjectComponent>,
  zones: ZoneResolver,
): Renderer {
  const rendered = new Map<InstanceKey, Component>();
  const renderOne = (key: InstanceKey): readonly Component[] => {
    const component = componentAt(object, key) ?? further.get(key);
    if (!component) return [];
    const made = rendered.get(key) ?? renderDocument(state, component);
    rendered.set(key, made);
    return [made];
  };
  return {
    render(keys) {
      const seen = new Set(keys);
      return keys.flatMap((key) =>
        renderOne(key).map((one) => (key === masterKey ? withoutUnseen(one, object, seen, zones) : one)),
      );
    },
  };
}

/**
 * Leaves the Instances out of a series that those who see it are not invited to, or that are cancelled, and ends it where they are
 * not invited from some Instance on (decision 0014). EXDATE is in the form of DTSTART, RFC 5545 §3.8.5.1.
 */
function withoutUnseen(
  rendered: Component,
  object: CalendarObject,
  seen: ReadonlySet<InstanceKey>,
  zones: ZoneResolver,
): Component {
  const { master } = object;
  const unseen = [...object.overrides.values()].filter(({ key }) => !seen.has(key));
  if (!master || unseen.length === 0) return rendered;
  const ended = unseen.find(({ recurrenceId }) => recurrenceId?.range === "this-and-future");
  const known = excludedInstances(master, zones);
  const more = unseen.flatMap(({ key, recurrenceId }) => {
    if (!recurrenceId || known.has(key)) return [];
    return readDateTime(makeRecurrenceId({ ...recurrenceId, range: "this" }, master, zones)) ?? [];
  });
  const all = [...allProperties(rendered, "EXDATE").flatMap(readDateTimes), ...more];
  const bare = withoutProperties(rendered, new Set(["EXDATE"]));
  const left: Component = { ...bare, properties: [...bare.properties, ...makeDateTimeProperties("EXDATE", all)] };
  return ended ? (cutSeries(left, ended.key, zones) ?? left) : left;
}

/**
 * Builds the REQUEST of all that one guest is on, as it is now: what answers a REFRESH, and heals a copy that is out of date.
 * RFC 5546 §3.2.6. `undefined` for who is invited to nothing.
 */
export function requestFor(
  state: SchedulingState,
  object: CalendarObject,
  attendee: CalendarUserAddress,
  context: Context,
): SchedulingMessage | undefined {
  const keys = guestsOf(object, context).get(attendee);
  if (!keys) return undefined;
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const components = makeRenderer(state, object, new Map(), zones).render(keys);
  return buildRequestOf(object, components, [attendee], context);
}
