import { clipBusyPeriods, makeFreeBusy, mergeBusyPeriods } from "@parley/engine/freebusy";
import { formatCalendar, makeComponent, makeTextProperty } from "@parley/engine/icalendar";
import type { DavResponse } from "../../dav/message.ts";
import { DavRefusal, tooMuch } from "../../dav/refusal.ts";
import type { AskedReport } from "../../dav/tree.ts";
import { childNamed, xml } from "../../dav/xml.ts";
import { readBusyTimes } from "../../scheduling/free-busy.ts";
import { readClosedRange } from "../filter.ts";
import { caldav } from "../names.ts";
import type { Node } from "../node.ts";
import type { ReportWorld } from "./report-world.ts";

const maxRangeSeconds = 3 * 366 * 86_400;

/**
 * Tells of what is in one calendar when it makes its owner busy, RFC 4791 §7.10: from the index, and as decision 0022 counts. It does not
 * matter whether the calendar is transparent for scheduling.
 */
export async function freeBusyQuery(world: ReportWorld, { resource, root }: AskedReport<Node>): Promise<DavResponse> {
  const { house, transaction } = world;
  const element = childNamed(root, caldav("time-range"));
  if (!element) throw new DavRefusal(400, "No time-range is named.");
  const range = readClosedRange(element);
  if (range.to - range.from > maxRangeSeconds) {
    throw new DavRefusal(403, "The time-range is longer than three years.", {
      condition: xml(caldav("max-date-time")),
    });
  }
  if (resource.kind !== "calendar") throw new DavRefusal(403, "Ask a calendar.");
  const { calendar, owner } = resource;
  const [times] = await readBusyTimes(house, transaction, [owner], range, calendar.id);
  // What is missing would look free.
  if (times?.isIncomplete) throw tooMuch("There is more busy time than can be told.");
  const periods = mergeBusyPeriods(clipBusyPeriods(times?.periods ?? [], range));
  const component = makeFreeBusy({ uid: house.makeUid(), dtstamp: house.clock(), range, periods });
  const body = makeComponent(
    "VCALENDAR",
    [makeTextProperty("VERSION", "2.0"), makeTextProperty("PRODID", house.policy.productId)],
    [component],
  );
  return {
    status: 200,
    headers: { "Content-Type": "text/calendar; charset=utf-8; component=VFREEBUSY" },
    body: formatCalendar(body),
  };
}
