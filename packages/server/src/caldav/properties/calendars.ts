import { hrefElement } from "../../dav/multistatus.ts";
import type { LiveProperty } from "../../dav/tree.ts";
import { dav, type Name, type XmlContent, type XmlElement, xml, xmlWith } from "../../dav/xml.ts";
import type { House } from "../../scheduling/house.ts";
import { objectBounds } from "../../scheduling/writing.ts";
import { collations } from "../collation.ts";
import { apple, caldav, calendarServer } from "../names.ts";
import { type CalendarNode, mayAddMembers, type Node, paths } from "../node.ts";
import { formatToken } from "../sync-token.ts";
import { timezoneText } from "../timezones.ts";
import { hrefs, named } from "./live.ts";

/** Lists what is said of calendars, their homes, inboxes and outboxes: RFC 4791 §5.2, RFC 6638 §9, RFC 6578 §4, RFC 7809 §5. */
export function calendarProperties(house: House): readonly LiveProperty<Node>[] {
  return [
    ofCalendar(caldav("calendar-description"), ({ calendar }) => present(calendar.description)),
    ofCalendar(caldav("calendar-timezone"), ({ calendar: { timezone, timezoneId } }) =>
      present(timezone ?? (timezoneId === undefined ? undefined : timezoneText(house, timezoneId))),
    ),
    ofCalendar(caldav("calendar-timezone-id"), ({ calendar, owner }) => [calendar.timezoneId ?? owner.timezone]),
    ofCalendar(apple("calendar-color"), ({ calendar }) => present(calendar.color)),
    ofCalendar(apple("calendar-order"), ({ calendar }) =>
      present(calendar.order === undefined ? undefined : String(calendar.order)),
    ),
    // Where new members are posted to: the calendar itself, RFC 5995 §3.2.
    ofCalendar(dav("add-member"), (node) => (mayAddMembers(node) ? hrefs(node.path) : undefined)),
    ofCalendar(caldav("schedule-calendar-transp"), ({ calendar }) => [
      xml(caldav(calendar.isTransparent ? "transparent" : "opaque")),
    ]),
    named(caldav("supported-calendar-component-set"), (node) => {
      if (node.kind === "calendar") return node.calendar.components.map(componentElement);
      return node.kind === "inbox" ? inboxComponents.map(componentElement) : undefined;
    }),
    named(caldav("supported-calendar-component-sets"), (node) =>
      node.kind === "home"
        ? [xml(caldav("supported-calendar-component-set"), ...calendarComponents.map(componentElement))]
        : undefined,
    ),
    ofBoth(caldav("supported-calendar-data"), () => [
      xmlWith(caldav("calendar-data"), { "content-type": "text/calendar", version: "2.0" }),
    ]),
    named(caldav("supported-collation-set"), (node) =>
      node.kind === "object" ? undefined : collations.map((one) => xml(caldav("supported-collation"), one)),
    ),
    ofBoth(caldav("max-resource-size"), () => [String(objectBounds.maxResourceSize)]),
    ofBoth(caldav("min-date-time"), () => [objectBounds.minDateTime]),
    ofBoth(caldav("max-date-time"), () => [objectBounds.maxDateTime]),
    ofBoth(caldav("max-instances"), () => [String(objectBounds.maxInstances)]),
    ofBoth(caldav("max-attendees-per-instance"), () => [String(objectBounds.maxAttendeesPerInstance)]),
    named(calendarServer("getctag"), (node) => {
      if (node.kind === "calendar") return [String(node.calendar.revision)];
      return node.kind === "inbox" && node.state ? [String(node.state.revision)] : undefined;
    }),
    named(dav("sync-token"), (node) => {
      if (node.kind === "calendar") return [formatToken("calendar", node.calendar.id, node.calendar.revision)];
      return node.kind === "inbox" && node.state
        ? [formatToken("inbox", node.owner.id, node.state.revision)]
        : undefined;
    }),
    named(caldav("schedule-default-calendar-URL"), (node) => {
      if (node.kind !== "inbox" || !node.state) return undefined;
      const { defaultCalendar } = node.state;
      return defaultCalendar ? [hrefElement(paths.calendar(node.owner, defaultCalendar.slug))] : [];
    }),
    // What counts as busy time, as programs before RFC 6638 knew it.
    named(caldav("calendar-free-busy-set"), (node) =>
      node.kind === "inbox" && node.state?.defaultCalendar
        ? hrefs(paths.calendar(node.owner, node.state.defaultCalendar.slug))
        : undefined,
    ),
    named(caldav("schedule-tag"), (node) => {
      const tag = node.kind === "object" ? node.member.scheduleTag : undefined;
      return tag === undefined ? undefined : [`"${tag}"`];
    }),
  ];
}

const calendarComponents = ["VEVENT", "VTODO", "VJOURNAL"] as const;
const inboxComponents = [...calendarComponents, "VFREEBUSY"] as const;

function ofCalendar(name: Name, read: (node: CalendarNode) => readonly XmlContent[] | undefined): LiveProperty<Node> {
  return named(name, (node) => (node.kind === "calendar" ? read(node) : undefined));
}

/** RFC 6638 §2.2 and RFC 4791 §5.2 have an inbox say these too. */
function ofBoth(name: Name, read: () => readonly XmlContent[]): LiveProperty<Node> {
  return named(name, ({ kind }) => (kind === "calendar" || kind === "inbox" ? read() : undefined));
}

function present(text: string | undefined): readonly string[] | undefined {
  return text === undefined ? undefined : [text];
}

function componentElement(name: string): XmlElement {
  return xmlWith(caldav("comp"), { name });
}
