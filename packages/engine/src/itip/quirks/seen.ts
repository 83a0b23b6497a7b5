import type { Component } from "../../icalendar/component.ts";
import { type NamedQuirk, type QuirkName, switchedQuirks } from "./index.ts";
import { legalQuirks } from "./legal.ts";
import { makeSight } from "./quirk.ts";

/** All deviations known by name, with who does them: those that can be switched, then those that are legal. */
export const quirks: readonly NamedQuirk[] = [...switchedQuirks, ...legalQuirks];

/** Lists the deviations a VCALENDAR shows. Linear in the calendar; never throws. */
export function seenQuirks(calendar: Component): readonly QuirkName[] {
  const sight = makeSight(calendar);
  return quirks.filter((quirk) => quirk.seen(sight)).map((quirk) => quirk.name);
}
