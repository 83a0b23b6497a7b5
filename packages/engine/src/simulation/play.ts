import type { CalendarUserAddress } from "../model/address.ts";
import type { Partstat } from "../model/calendar-user.ts";
import type { Method } from "../model/method.ts";
import type { InstanceKey } from "../model/recurrence-id.ts";
import type { Expectation, Step } from "./step.ts";

/** A message that left somebody since their last step, or since the last delivery. */
export interface SentSummary {
  readonly method: Method;
  readonly sequence: number;
  readonly to: readonly CalendarUserAddress[];
}

/** What one person's calendar shows of the scenario's event. */
export interface ViewSummary {
  /** Values of properties by upper-case name, times as UTC instants in iCalendar's form. */
  readonly properties: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<string, Partstat>>;
  /** How much of a to-do somebody says is done, 0 to 100. */
  readonly percents: Readonly<Record<string, number>>;
}

/** What a world is told to do, or asked. */
export type Command =
  | { readonly kind: "do"; readonly step: Exclude<Step, { kind: "expect" | "same" }> }
  | { readonly kind: "sent"; readonly person: CalendarUserAddress }
  | { readonly kind: "view"; readonly person: CalendarUserAddress; readonly key?: InstanceKey }
  | { readonly kind: "busy"; readonly person: CalendarUserAddress; readonly about: CalendarUserAddress }
  | { readonly kind: "verdict"; readonly person: CalendarUserAddress };

/**
 * What a world answers: to `sent`, to `view` (`undefined`: no event), to `busy` (periods as a script writes them), to `verdict`
 * (of the last message received).
 */
export type Reply = readonly SentSummary[] | readonly string[] | ViewSummary | string | undefined;

/**
 * Plays the steps of a scenario: yields each command for a world, is given the world's reply, and throws where an expectation
 * fails. A world drives it, at once or awaiting; the same script so runs on the engine alone and on whole servers.
 */
export function* playScenario(steps: readonly Step[]): Generator<Command, void, Reply> {
  for (const step of steps) {
    if (step.kind === "same") yield* checkSame(step.people, step.line);
    else if (step.kind === "expect") yield* check(step.person, step.what, step.line);
    else yield { kind: "do", step };
  }
}

function* check(person: CalendarUserAddress, what: Expectation, line: number): Generator<Command, void, Reply> {
  switch (what.kind) {
    case "sends":
    case "sends-nothing": {
      const sent = (yield { kind: "sent", person }) as readonly SentSummary[];
      return checkSent(what, sent, person, line);
    }
    case "verdict": {
      const verdict = (yield { kind: "verdict", person }) as string | undefined;
      return demand(verdict === what.verdict, line, `${person}'s last verdict is ${verdict}, not ${what.verdict}`);
    }
    case "no-event": {
      const none = yield { kind: "view", person, ...place(what) };
      return demand(none === undefined, line, `${person} has an event`);
    }
    case "knows": {
      const busy = (yield { kind: "busy", person, about: what.about }) as readonly string[] | undefined;
      const known = busy?.join(", ");
      return demand(known === what.busy.join(", "), line, `${person} knows of ${what.about}: ${known ?? "nothing"}`);
    }
    default: {
      const view = (yield { kind: "view", person, ...place(what) }) as ViewSummary | undefined;
      return view ? checkView(what, view, person, line) : fail(line, `${person} has no event`);
    }
  }
}

function place({ key }: { readonly key?: InstanceKey }): { readonly key?: InstanceKey } {
  return key === undefined ? {} : { key };
}

function checkSent(
  what: Extract<Expectation, { kind: "sends" | "sends-nothing" }>,
  sent: readonly SentSummary[],
  person: CalendarUserAddress,
  line: number,
): void {
  const said = sent
    .map((one) => `${one.method} sequence ${one.sequence} to ${[...one.to].sort().join(" ")}`)
    .join("; ");
  if (what.kind === "sends-nothing") return demand(sent.length === 0, line, `${person} sent ${said}`);
  const match = sent.filter(
    (one) => one.method === what.method && (what.sequence === undefined || one.sequence === what.sequence),
  );
  const to = match.flatMap((one) => one.to).sort();
  demand(match.length > 0, line, `${person} sent no such ${what.method}, but: ${said || "nothing"}`);
  demand(to.join(" ") === [...what.to].sort().join(" "), line, `${person} sent ${what.method} to ${to.join(" ")}`);
}

function checkView(
  what: Extract<Expectation, { kind: "sees" | "does-not-list" | "property" }>,
  view: ViewSummary,
  person: CalendarUserAddress,
  line: number,
): void {
  if (what.kind === "property") {
    const value = view.properties[what.name] ?? "";
    return demand(value === what.value, line, `${person} has ${what.name} ${JSON.stringify(value)}`);
  }
  const partstat = view.answers[what.attendee];
  if (what.kind === "does-not-list") {
    return demand(partstat === undefined, line, `${person} lists ${what.attendee} as ${partstat}`);
  }
  demand(partstat === what.partstat, line, `${person} sees ${what.attendee} as ${partstat ?? "not invited"}`);
  const percent = view.percents[what.attendee];
  if (what.percent !== undefined) demand(percent === what.percent, line, `${what.attendee} is at ${percent} %`);
}

function* checkSame(people: readonly CalendarUserAddress[], line: number): Generator<Command, void, Reply> {
  const texts: string[] = [];
  for (const person of people) {
    const view = (yield { kind: "view", person }) as ViewSummary | undefined;
    texts.push(JSON.stringify(view ? [sorted(view.properties), sorted(view.answers)] : "no event"));
  }
  const other = texts.find((text) => text !== texts[0]);
  demand(other === undefined, line, `they differ:\n${people.map((person, i) => `${person}: ${texts[i]}`).join("\n")}`);
}

function sorted(record: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

function demand(holds: boolean, line: number, otherwise: string): void {
  if (!holds) fail(line, otherwise);
}

function fail(line: number, message: string): never {
  throw new Error(`line ${line}: ${message}`);
}
