import { type Availability, readAvailabilities } from "@parley/engine/freebusy";
import { parseCalendar } from "@parley/engine/icalendar";
import type { Principal, PrincipalId, ReadTransaction } from "../store/store.ts";
import type { House } from "./house.ts";
import { zoneOf } from "./span.ts";

/** Under which name an inbox has when its owner can be met at all, RFC 7953 §7.2.4. */
const property = "{urn:ietf:params:xml:ns:caldav}calendar-availability";

/** Finds when people can be met at all, as far as they have said so by their programs. */
export async function availabilitiesOf(
  house: House,
  { calendars }: Pick<ReadTransaction, "calendars">,
  principals: readonly Principal[],
): Promise<ReadonlyMap<PrincipalId, readonly Availability[]>> {
  const kept = await calendars.inboxProperties(principals.map(({ id }) => id));
  const found = new Map<PrincipalId, readonly Availability[]>();
  for (const principal of principals) {
    const xml = kept.get(principal.id)?.get(property);
    const calendar = xml === undefined ? undefined : parseCalendar(textOfElement(xml), house.limits).calendar;
    const options = { localZone: zoneOf(house, principal), limits: house.limits };
    if (calendar) found.set(principal.id, readAvailabilities(calendar, house.zones, options));
  }
  return found;
}

/** The text of an element that has no others in it, as `dav/xml-writer.ts` has written it. */
export function textOfElement(xml: string): string {
  const content = xml.slice(xml.indexOf(">") + 1, Math.max(xml.lastIndexOf("</"), 0));
  return content.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return entities[String(name)] ?? whole;
    const code = decimal === undefined ? Number.parseInt(String(hexadecimal), 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
