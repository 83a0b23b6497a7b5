import { type Component, withoutProperties } from "../../icalendar/component.ts";
import type { Policy } from "../../itip/context.ts";
import { defaultPolicy } from "../../itip/context.ts";
import { type CalendarUserAddress, domainOf } from "../../model/address.ts";
import type { Method } from "../../model/method.ts";
import type { StepKind } from "./story.ts";

/** How the program of a calendar user differs from ours, as far as others can tell: the engine, and what it does not do. */
export interface System {
  readonly policy: Policy;
  /** What it does not take in, and tells nobody. */
  readonly deafTo: ReadonlySet<Method>;
  /** What its people have no button for. */
  readonly lacks: ReadonlySet<StepKind>;
  /** It proposes other times for single Instances alone, never for a series. */
  readonly countersInstances?: boolean;
  /** What becomes of what it sends. */
  readonly rewrite: (method: Method, component: Component) => Component;
}

const asItIs: System["rewrite"] = (_method, component) => component;

/**
 * The systems by the domain of their people. `house` is ours; `range` ours, where guests are known to read RANGE; `outlook` answers
 * without ORGANIZER, proposes times alone, and knows neither REFRESH nor ADD; `google` knows neither of them too, and splits
 * series; `plain` says of what it does not serve that it does not (RFC 5546 §5.1).
 */
const systems: Readonly<Record<string, System>> = {
  "house.test": { policy: defaultPolicy, deafTo: new Set(), lacks: new Set(), rewrite: asItIs },
  "range.test": {
    policy: { ...defaultPolicy, thisAndFuture: "range" },
    deafTo: new Set(),
    lacks: new Set(),
    rewrite: asItIs,
  },
  "outlook.test": {
    policy: { ...defaultPolicy, productId: "-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN" },
    deafTo: new Set(["REFRESH", "ADD"]),
    lacks: new Set(["add", "refresh", "hand-over"]),
    countersInstances: true,
    rewrite: (method, component) => (method === "REPLY" ? withoutProperties(component, organizer) : component),
  },
  "google.test": {
    policy: { ...defaultPolicy, productId: "-//Google Inc//Google Calendar 70.9054//EN" },
    deafTo: new Set(["REFRESH", "ADD"]),
    lacks: new Set(["add", "refresh", "delegate"]),
    rewrite: asItIs,
  },
  "plain.test": {
    policy: { ...defaultPolicy, unserved: new Set(["ADD", "COUNTER", "DECLINECOUNTER"]) },
    deafTo: new Set(),
    lacks: new Set(["add", "counter"]),
    rewrite: asItIs,
  },
};

const organizer: ReadonlySet<string> = new Set(["ORGANIZER"]);

/** Lists the domains of the systems. */
export const domains: readonly string[] = Object.keys(systems);

/** Finds the system of a person. */
export function systemOf(person: CalendarUserAddress): System {
  const system = systems[domainOf(person)];
  if (!system) throw new Error(`${person} is of no system`);
  return system;
}
