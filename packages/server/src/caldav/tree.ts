import type { Zone } from "@parley/engine/recurrence";
import { headerOf } from "../dav/headers.ts";
import type { RequestHeaders } from "../dav/message.ts";
import { DavRefusal } from "../dav/refusal.ts";
import type { Tree, View } from "../dav/tree.ts";
import { dav } from "../dav/xml.ts";
import type { Principal, ReadTransaction } from "../store/store.ts";
import { judgeChange } from "./change-properties.ts";
import { makeCalendar, patchNode } from "./collections.ts";
import { loadObjects } from "./load-objects.ts";
import { caldav, features, prefixes, resourceTypes } from "./names.ts";
import { mayAddMembers, maySharePart, type Node } from "./node.ts";
import { postToOutbox } from "./outbox.ts";
import { allProperties } from "./properties/index.ts";
import { calendarDataReader } from "./read-calendar-data.ts";
import { makeReports } from "./reports/index.ts";
import { postShare } from "./sharing/post-share.ts";
import type { Texts } from "./texts.ts";
import { makeView } from "./view.ts";
import type { CaldavWorld } from "./world.ts";
import { addMember, beginsCalendar, put, remove, transfer } from "./write.ts";

/** Makes the tree of all calendars as one caller may see and change it. */
export function makeTree(world: CaldavWorld, texts: Texts, caller: Principal, headers: RequestHeaders): Tree<Node> {
  const { house } = world;
  const wantsTimezones = headerOf(headers, "caldav-timezones")?.trim().toUpperCase() !== "F";
  const treeIn = (zone: Zone | undefined): Tree<Node> => {
    const properties = allProperties(house, caller, calendarDataReader(house, zone));
    const isLive = (name: string): boolean => properties.has(name);
    return {
      features,
      prefixes,
      properties,
      makers,
      read: (work) => house.store.read((transaction) => work(viewOf(transaction))),
      put: (path, body, conditions) => put(world, caller, path, { body, conditions }),
      remove: (node, conditions, headers) => remove(world, caller, node, { conditions, headers }),
      transfer: (what) => transfer(world, caller, what),
      make: (collection) => makeCalendar(world, caller, collection, isLive),
      judge: (node, change) => judgeChange(house, node, change, isLive),
      patch: (node, changes) => patchNode(world, caller, node, changes),
      post: async (node, request) => {
        if (node.kind === "outbox") return postToOutbox(world, caller, node, request);
        // What programs call their body says less than how it begins.
        const isObject = node.kind === "calendar" && beginsCalendar(request.body);
        if (isObject && mayAddMembers(node)) return addMember(world, caller, node, request);
        if (node.kind === "calendar" && maySharePart(node)) return postShare(world, node, request);
        throw new DavRefusal(405, "Nothing is posted here.", { headers: { Allow: node.methods.join(", ") } });
      },
    };
  };
  const viewOf = (transaction: ReadTransaction): View<Node> => {
    const viewing = { world, transaction, caller, texts, wantsTimezones };
    const reports = makeReports({
      house,
      transaction,
      loadObjects: (nodes) => loadObjects(viewing, nodes),
      treeIn,
    });
    return makeView(viewing, reports);
  };
  return treeIn(undefined);
}

const makers: Tree<Node>["makers"] = new Map([
  ["MKCALENDAR", { root: caldav("mkcalendar"), types: [resourceTypes.calendar] }],
  ["MKCOL", { root: dav("mkcol"), types: [] }],
]);
