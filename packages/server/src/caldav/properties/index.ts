import type { LiveProperty } from "../../dav/tree.ts";
import { dav, type Name, xml } from "../../dav/xml.ts";
import type { House } from "../../scheduling/house.ts";
import type { Principal } from "../../store/store.ts";
import { caldav } from "../names.ts";
import type { Node } from "../node.ts";
import type { CalendarDataReader } from "../read-calendar-data.ts";
import { reportsOf } from "../reports/index.ts";
import { sharingProperties } from "../sharing/properties.ts";
import { calendarProperties } from "./calendars.ts";
import { generalProperties } from "./general.ts";
import { named } from "./live.ts";
import { principalProperties } from "./principals.ts";
import { privilegeProperties } from "./privileges.ts";

/** Lists all properties a caller can ask for. */
export function allProperties(
  house: House,
  caller: Principal,
  readData: CalendarDataReader,
): ReadonlyMap<Name, LiveProperty<Node>> {
  const supported = named(dav("supported-report-set"), (node) =>
    reportsOf(node).map((name) => xml(dav("supported-report"), xml(dav("report"), xml(name)))),
  );
  const data = named(caldav("calendar-data"), (node, asked) => {
    const text = readData(node, asked);
    return text === undefined ? undefined : [text];
  });
  const properties = [
    ...generalProperties(caller),
    ...principalProperties,
    ...calendarProperties(house),
    ...privilegeProperties,
    ...sharingProperties,
    supported,
    data,
  ];
  return new Map(properties.map((property) => [property.name, property]));
}
