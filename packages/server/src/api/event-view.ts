import {
  allRegisters,
  type CalendarObject,
  type CalendarUserAddress,
  currentAnswer,
  invitedAs,
  leadingLive,
  type ObjectComponent,
  organizerOf,
  readTimeSpan,
  recurs,
  renderComponent,
  resolveTimeSpan,
  type SchedulingState,
  type TimeSpan,
} from "@parley/engine";
import { type Component, readText } from "@parley/engine/icalendar";
import { makeZoneResolver } from "@parley/engine/recurrence";
import { contextFor, type House } from "../scheduling/house.ts";
import { isHiddenFromActor } from "../scheduling/privacy.ts";
import { showAnswers } from "../scheduling/show-answers.ts";
import { zoneOf } from "../scheduling/span.ts";
import type { LatestState, Principal, ReadTransaction, StoredObject } from "../store/store.ts";
import type { AttendeeView, EventView } from "./contract.ts";
import { formatDate, formatInstant } from "./times.ts";

/** What a view is made of: an object as it is stored, or as it would be. */
export type Viewed = Pick<StoredObject, "id" | "etag" | "uid" | "state">;

/** Makes the views of objects, without those that have no time to show; guests see what others have answered. */
export async function viewEvents(
  house: House,
  transaction: ReadTransaction,
  viewer: Principal,
  objects: readonly Viewed[],
): Promise<readonly EventView[]> {
  const views: EventView[] = [];
  for (const shown of await showAnswers(transaction, viewer, objects)) {
    const view = await viewShown(house, transaction, viewer, shown);
    if (view) views.push(view);
  }
  return views;
}

/** Makes the view of an object; `undefined` where it has no time to show. Asks the store how messages to its guests fare. */
export async function viewEvent(
  house: House,
  transaction: ReadTransaction,
  viewer: Principal,
  viewed: Viewed,
): Promise<EventView | undefined> {
  return (await viewEvents(house, transaction, viewer, [viewed]))[0];
}

async function viewShown(
  house: House,
  transaction: ReadTransaction,
  viewer: Principal,
  viewed: Viewed,
): Promise<EventView | undefined> {
  const { object } = viewed.state;
  if (!object) return undefined;
  if (isHiddenFromActor(viewer, object)) {
    const view = toEventView(house, viewer, viewed, object, new Map());
    return view && withoutContent(viewer, view);
  }
  const isOrganizer = roleOf(viewer, object) === "organizer";
  const deliveries = isOrganizer ? await transaction.deliveries.latestStates(viewer.id, viewed.uid) : new Map();
  return toEventView(house, viewer, viewed, object, deliveries);
}

/** Leaves what who acts for somebody may know of what is private, as programs are shown it: when it is. What a room is to answer it still is. */
function withoutContent({ booking }: Principal, view: EventView): EventView {
  const own = booking === undefined ? { role: "none" as const, answer: null } : {};
  return { ...view, ...own, summary: "Busy", location: "", description: "", organizer: null, attendees: [] };
}

/** Tells what a principal is to an object. */
export function roleOf(viewer: Principal, object: CalendarObject): EventView["role"] {
  const organizer = organizerOf(object);
  if (!organizer) return "none";
  return viewer.addresses.includes(organizer.address) ? "organizer" : "attendee";
}

function toEventView(
  house: House,
  viewer: Principal,
  { id, etag, uid, state }: Viewed,
  object: CalendarObject,
  deliveries: ReadonlyMap<CalendarUserAddress, LatestState>,
): EventView | undefined {
  const leading = leadingLive(state, object);
  const { revision } = leading;
  const component = renderComponent(state, leading);
  const times = timesOf(house, viewer, object, leading);
  if (!times) return undefined;
  const organizer = organizerOf(object);
  return {
    id,
    etag,
    uid,
    role: roleOf(viewer, object),
    summary: readText(component, "SUMMARY") ?? "",
    location: readText(component, "LOCATION") ?? "",
    description: readText(component, "DESCRIPTION") ?? "",
    ...times,
    recurring: recurs(leading) || object.overrides.size > 0,
    status: statusOf(component),
    sequence: allRegisters(state.revisions).get(leading.key)?.latest.sequence ?? revision.sequence,
    organizer: organizer ? { address: organizer.address, name: organizer.name ?? null } : null,
    attendees: attendeesOf(viewer, state, leading, deliveries),
    answer: answerOf(house, viewer, state, object, leading),
    shared: null,
  };
}

function timesOf(
  house: House,
  viewer: Principal,
  object: CalendarObject,
  { component }: ObjectComponent,
): Pick<EventView, "start" | "end" | "allDay" | "timezone"> | undefined {
  const span: TimeSpan | undefined = readTimeSpan(component);
  if (!span) return undefined;
  const { start, end } = span;
  if (start.kind === "date" && end.kind === "date") {
    return { start: formatDate(start.wall), end: formatDate(end.wall), allDay: true, timezone: null };
  }
  const zones = makeZoneResolver(object.timezones, house.zones, house.limits);
  const instants = resolveTimeSpan(span, zones, zoneOf(house, viewer));
  if (!instants) return undefined;
  const name = start.kind === "zoned" ? zones(start.tzid)?.name : undefined;
  return {
    start: formatInstant(instants.starts),
    end: formatInstant(instants.ends),
    allDay: false,
    // A zone that only its sender's VTIMEZONE knows has no name a browser could look up.
    timezone: name !== undefined && house.zones.zone(name) ? name : null,
  };
}

const statuses: readonly EventView["status"][] = ["CONFIRMED", "TENTATIVE", "CANCELLED"];

function statusOf(component: Component): EventView["status"] {
  const written = readText(component, "STATUS")?.trim().toUpperCase();
  return statuses.find((status) => status === written) ?? null;
}

function attendeesOf(
  viewer: Principal,
  state: SchedulingState,
  component: ObjectComponent,
  deliveries: ReadonlyMap<CalendarUserAddress, LatestState>,
): AttendeeView[] {
  return [...component.attendees.values()].map(({ address, name, role }) => {
    const { partstat, participation, outdated } = currentAnswer(state, component, address);
    return {
      address,
      name: name ?? null,
      role,
      partstat,
      comment: participation?.comment ?? null,
      outdatedAnswer: outdated && participation ? participation.partstat : null,
      delivery: deliveries.get(address) ?? null,
      me: viewer.addresses.includes(address),
    };
  });
}

function answerOf(
  house: House,
  viewer: Principal,
  state: SchedulingState,
  object: CalendarObject,
  component: ObjectComponent,
): EventView["answer"] {
  if (roleOf(viewer, object) !== "attendee") return null;
  const address = invitedAs(component, contextFor(house, viewer));
  const { partstat, participation, outdated } = currentAnswer(state, component, address);
  if (!component.attendees.has(address) && !participation) return null;
  return { partstat, comment: outdated ? null : (participation?.comment ?? null) };
}
