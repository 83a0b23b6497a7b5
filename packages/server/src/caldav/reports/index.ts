import type { DavResponse } from "../../dav/message.ts";
import { expandProperty } from "../../dav/reports/expand-property.ts";
import {
  aclPrincipalPropSet,
  principalMatch,
  principalPropertySearch,
  principalSearchPropertySet,
} from "../../dav/reports/principals.ts";
import { syncCollection } from "../../dav/reports/sync-collection.ts";
import type { AskedReport, Report } from "../../dav/tree.ts";
import { dav, type Name } from "../../dav/xml.ts";
import { caldav } from "../names.ts";
import type { Node } from "../node.ts";
import { searchable } from "../search-principals.ts";
import { calendarMultiget } from "./calendar-multiget.ts";
import { calendarQuery } from "./calendar-query.ts";
import { freeBusyQuery } from "./free-busy-query.ts";
import type { ReportWorld } from "./report-world.ts";

type Kinds = readonly Node["kind"][] | "all";

/** Which reports there are, and of what: `supported-report-set`. */
const table: readonly (readonly [
  name: Name,
  kinds: Kinds,
  run: (world: ReportWorld, asked: AskedReport<Node>) => Promise<DavResponse>,
])[] = [
  [caldav("calendar-query"), ["calendar", "inbox"], calendarQuery],
  [caldav("calendar-multiget"), ["calendar", "inbox"], (_, asked) => calendarMultiget(asked)],
  [caldav("free-busy-query"), ["calendar"], freeBusyQuery],
  [dav("sync-collection"), ["calendar", "inbox"], (_, asked) => syncCollection(asked)],
  [dav("expand-property"), "all", (_, asked) => expandProperty(asked)],
  [dav("principal-property-search"), ["principals", "root"], (_, asked) => principalPropertySearch(asked)],
  [dav("principal-search-property-set"), "all", (_, asked) => principalSearchPropertySet<Node>(searchable)(asked)],
  [dav("principal-match"), ["principals", "root"], (_, asked) => principalMatch(asked)],
  [dav("acl-principal-prop-set"), "all", (_, asked) => aclPrincipalPropSet(asked)],
];

/** Names the reports that can be asked of a resource. */
export function reportsOf({ kind }: Node): readonly Name[] {
  return table.filter(([, kinds]) => applies(kinds, kind)).map(([name]) => name);
}

/** Makes the reports of one view. */
export function makeReports(world: ReportWorld): ReadonlyMap<Name, Report<Node>> {
  return new Map(
    table.map(([name, kinds, run]) => [
      name,
      { name, appliesTo: ({ kind }) => applies(kinds, kind), run: (asked) => run(world, asked) },
    ]),
  );
}

function applies(kinds: Kinds, kind: Node["kind"]): boolean {
  return kinds === "all" || kinds.includes(kind);
}
