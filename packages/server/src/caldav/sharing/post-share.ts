import { type CalendarUserAddress, parseAddress } from "@parley/engine";
import type { DavResponse } from "../../dav/message.ts";
import { parsePath } from "../../dav/path.ts";
import { DavRefusal, notFound } from "../../dav/refusal.ts";
import { childElements, childNamed, dav, textOf, type XmlElement } from "../../dav/xml.ts";
import { readXml } from "../../dav/xml-reader.ts";
import { shareCalendar } from "../../scheduling/share-calendar.ts";
import type { ShareAccess } from "../../store/store.ts";
import { calendarServer, ownCloud } from "../names.ts";
import { type CalendarNode, davRoot } from "../node.ts";
import type { CaldavWorld } from "../world.ts";

/** People one request can name. */
const maxAtOnce = 100;

interface Change {
  readonly address: CalendarUserAddress;
  readonly access: ShareAccess | undefined;
}

/**
 * Shares a calendar as Apple's programs (`CS:share`) and Nextcloud's (`oc:share`) ask for it: all that is named, or nothing. Who is named
 * sees it at once; there is nothing to accept. Decision 0041.
 */
export async function postShare(
  { house }: CaldavWorld,
  node: CalendarNode,
  { body }: { readonly body: Uint8Array },
): Promise<DavResponse> {
  const changes = readChanges(body);
  await house.store.write(async (transaction) => {
    const calendar = await transaction.calendars.byId(node.owner.id, node.calendar.id);
    if (!calendar) throw notFound();
    for (const { address, access } of changes) {
      const result = await shareCalendar(transaction, calendar, address, access);
      if (result.kind === "too-many") throw new DavRefusal(507, "It is shared with as many as it can be.");
      // Whoever is not there is not there any more: it is as it was asked for.
      if (result.kind === "nobody" && access !== undefined) {
        throw new DavRefusal(403, `It cannot be shared with ${address}: they have no calendar here.`);
      }
    }
  });
  return { status: 200, headers: {} };
}

function readChanges(body: Uint8Array): readonly Change[] {
  const reading = readXml(body);
  const root = reading.kind === "read" ? reading.root : undefined;
  const name = [calendarServer, ownCloud].find((one) => root?.name === one("share"));
  if (!root || !name) throw new DavRefusal(400, "Only share is posted to a calendar.");
  const elements = childElements(root);
  if (elements.length > maxAtOnce) throw new DavRefusal(403, `More than ${maxAtOnce} are named.`);
  return elements.flatMap((element): readonly Change[] => {
    if (element.name === name("remove")) return [{ address: readSharee(element), access: undefined }];
    if (element.name !== name("set")) return [];
    const access = childNamed(element, name("read-write")) ? "write" : "read";
    return [{ address: readSharee(element), access }];
  });
}

/** By an address, or by the URL of a principal, before which Nextcloud's programs write `principal:`. */
function readSharee(element: XmlElement): CalendarUserAddress {
  const href = childNamed(element, dav("href"));
  const written = href
    ? textOf(href)
        .trim()
        .replace(/^principal:/, "")
    : "";
  const [root, place, owner, ...rest] = parsePath(written)?.segments ?? [];
  const isPrincipal = root === davRoot && place === "principals" && rest.length === 0;
  const address = parseAddress(isPrincipal && owner !== undefined ? owner : written);
  if (!address) throw new DavRefusal(403, "Somebody is named by what is no address.");
  return address;
}
