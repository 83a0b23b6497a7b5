import {
  type CalendarObject,
  type CalendarUserAddress,
  currentAnswer,
  type ObjectComponent,
  objectComponents,
  parseAddress,
  renderComponent,
} from "@parley/engine";
import {
  type Component,
  formatCalendar,
  makeComponent,
  makeTextProperty,
  type Property,
  parseCalendar,
  withParameter,
} from "@parley/engine/icalendar";
import type { LatestDelivery, ObjectId, Principal, ReadTransaction, StoredObject } from "../store/store.ts";
import { answeredInstances } from "./answered-instances.ts";
import { type House, isLocal } from "./house.ts";
import { ownTimezones } from "./own-timezones.ts";
import { isHidden, withoutContent } from "./privacy.ts";
import { agentOf } from "./read-written.ts";
import { showAnswers } from "./show-answers.ts";
import type { Actor } from "./writing.ts";

/** The last message to each person, of one object. */
type Deliveries = ReadonlyMap<CalendarUserAddress, LatestDelivery>;

/**
 * Renders objects as a GET gives them: the document, what all have answered, what is the owner's own, and how messages fared
 * (RFC 6638 §3.2.9). Of what is private others are shown when it is. A few queries for all.
 */
export async function renderObjects(
  house: House,
  transaction: ReadTransaction,
  actor: Actor,
  objects: readonly StoredObject[],
): Promise<ReadonlyMap<ObjectId, string>> {
  const parts = await renderParts(house, transaction, actor, objects);
  const byId = new Map(objects.map((object) => [object.id, object]));
  return new Map(
    [...parts].map(([id, components]) => [id, formatParts(house, components, headingFor(actor, byId.get(id)))]),
  );
}

/** Renders objects as the components of a calendar, the zones they refer to first. */
export async function renderParts(
  house: House,
  transaction: ReadTransaction,
  actor: Actor,
  objects: readonly StoredObject[],
): Promise<ReadonlyMap<ObjectId, readonly Component[]>> {
  const { owner } = actor;
  const scheduled = objects.filter(({ state }) => state.object && hasGuests(state.object));
  const shown = new Map((await showAnswers(transaction, owner, scheduled)).map((object) => [object.id, object]));
  const sent = await transaction.deliveries.latestOf(
    owner.id,
    scheduled.map(({ uid }) => uid),
  );
  const rendered = new Map<ObjectId, readonly Component[]>();
  for (const stored of objects) {
    const { object } = stored.state;
    if (!object) continue;
    const statuses = sent.get(stored.uid) ?? new Map();
    const render = (component: Component, one: ObjectComponent): Component =>
      isHidden(actor, object)
        ? withoutContent(component)
        : withStatuses(house, owner, shown.get(stored.id) ?? stored, one, component, statuses);
    rendered.set(stored.id, partsOf(house, shown.get(stored.id) ?? stored, render));
  }
  return rendered;
}

/** What a program has written around an object is for whoever sees all of that. */
function headingFor(actor: Actor, stored: StoredObject | undefined): string | undefined {
  return stored?.state.object && !isHidden(actor, stored.state.object) ? stored.heading : undefined;
}

/** Renders one object that nobody else has a part in. */
export function formatObject(house: House, stored: Pick<StoredObject, "state" | "heading">): string {
  const components = partsOf(house, stored, (component) => component);
  return formatParts(house, components, stored.heading);
}

function partsOf(
  house: House,
  { state }: Pick<StoredObject, "state">,
  render: (component: Component, one: ObjectComponent) => Component,
): readonly Component[] {
  const { object } = state;
  if (!object) return [];
  const shown = [...objectComponents(object), ...answeredInstances(house, state)];
  const parts = [...object.timezones, ...shown.map((one) => render(renderComponent(state, one), one))];
  return [...ownTimezones(house, parts), ...parts];
}

function formatParts({ policy, limits }: House, components: readonly Component[], heading?: string): string {
  const written = heading === undefined ? undefined : parseCalendar(heading, limits).calendar;
  if (written) return formatCalendar({ ...written, components });
  const properties = [makeTextProperty("VERSION", "2.0"), makeTextProperty("PRODID", policy.productId)];
  return formatCalendar(makeComponent("VCALENDAR", properties, components));
}

function hasGuests(object: CalendarObject): boolean {
  return objectComponents(object).some(({ attendees }) => attendees.size > 0);
}

/** Says of whom a message was sent to how it fared: of Attendees on an Organizer's copy, of the Organizer on an Attendee's. */
function withStatuses(
  house: House,
  owner: Principal,
  stored: StoredObject,
  one: ObjectComponent,
  component: Component,
  deliveries: Deliveries,
): Component {
  if (deliveries.size === 0) return component;
  const properties = component.properties.map((property) => {
    if (property.name !== "ATTENDEE" && property.name !== "ORGANIZER") return property;
    const status = statusOf(house, owner, stored, one, property, deliveries);
    return status === undefined ? property : withParameter(property, "SCHEDULE-STATUS", [status]);
  });
  return { ...component, properties };
}

function statusOf(
  house: House,
  owner: Principal,
  { state }: StoredObject,
  one: ObjectComponent,
  property: Property,
  deliveries: Deliveries,
): string | undefined {
  const address = parseAddress(property.value);
  const delivery = address && deliveries.get(address);
  if (!address || !delivery || agentOf(property) !== "SERVER" || owner.addresses.includes(address)) return undefined;
  if (delivery.state === "answered") {
    const said = currentAnswer(state, one, address).participation?.requestStatus;
    return said ? said.code.join(".") : "2.0";
  }
  return deliveryStatus(delivery, isLocal(house, address));
}

/** The status codes of RFC 6638 §3.2.9. */
function deliveryStatus({ state, detail }: LatestDelivery, isHere: boolean): string {
  switch (state) {
    case "queued":
    case "deferred":
      return "1.0";
    case "handed-over":
    case "answered":
      return isHere ? "1.2" : "1.1";
    case "refused":
    case "bounced":
      if (unknownUser.test(detail)) return "3.7";
      return detail.startsWith("Given up") ? "5.1" : "5.2";
  }
}

/** What says that nobody has that address: RFC 3463's codes, and our own words. */
const unknownUser = /\b5\.1\.[0-9]+\b|is no mail address|no such (?:user|person|mailbox)|user unknown/i;
