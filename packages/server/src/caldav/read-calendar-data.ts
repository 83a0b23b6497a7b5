import { formatCalendar } from "@parley/engine/icalendar";
import type { Zone } from "@parley/engine/recurrence";
import { tooMuch } from "../dav/refusal.ts";
import type { XmlElement } from "../dav/xml.ts";
import type { House } from "../scheduling/house.ts";
import { type AskedData, isWhole, readAskedData, selectData } from "./calendar-data.ts";
import type { Node } from "./node.ts";
import { placingOf, readNode } from "./read-object.ts";
import { makeWork } from "./work.ts";

/** Gives what a `calendar-data` asks of a loaded resource. */
export type CalendarDataReader = (node: Node, asked: XmlElement) => string | undefined;

/** Calendar data of one answer: characters, and components of what was taken apart. */
const maxCharacters = 100_000_000;
const maxComponents = 100_000;
const tooMuchData = "There is more than can be told at once.";

/** Makes what reads calendar data for one request: what is asked is read once for all resources. */
export function calendarDataReader(house: House, localZone: Zone | undefined): CalendarDataReader {
  const known = new Map<XmlElement, AskedData>();
  let [characters, components] = [maxCharacters, maxComponents];
  const around = { zone: localZone, work: makeWork() };
  const told = (text: string): string => {
    characters -= text.length;
    if (characters < 0) throw tooMuch(tooMuchData);
    return text;
  };
  return (node, element) => {
    if ((node.kind !== "object" && node.kind !== "inbox-item") || node.text === undefined) return undefined;
    let asked = known.get(element);
    if (!asked) {
      asked = readAskedData(element);
      known.set(element, asked);
    }
    const read = isWhole(asked) ? undefined : readNode(house, node);
    if (!read) return told(node.text);
    const selected = selectData(read, asked, placingOf(house, read, node, around));
    components -= selected?.components.length ?? maxComponents;
    if (!selected || components < 0) throw tooMuch(tooMuchData);
    return told(formatCalendar(selected));
  };
}
