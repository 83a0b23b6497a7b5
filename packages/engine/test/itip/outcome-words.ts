import {
  type Outcome,
  objectComponents,
  type SchedulingMessage,
  type SchedulingState,
  unknownState,
} from "@parley/engine";
import { formatCalendar, makeComponent } from "@parley/engine/icalendar";
import { noon } from "./world.ts";

type SayMessage = (message: SchedulingMessage) => readonly string[];

/** An outcome with its name, and what it came of, where the lines that changed are to be said. */
export type NamedOutcome = readonly [name: string, outcome: Outcome, before?: SchedulingState];

/** Says all of an outcome, line by line: what was decided, changed, sent, and written into registers and into the object. */
function outcomeInWords(
  outcome: Outcome,
  before: SchedulingState | undefined,
  messageInWords: SayMessage,
): readonly string[] {
  switch (outcome.kind) {
    case "applied":
      return [
        `applied, ${outcome.rule}`,
        ...outcome.changes.map(({ kind, ...change }) => `${kind} ${plain(change)}`),
        ...registersInWords(outcome.state),
        ...(before ? objectInWords(before, outcome.state) : []),
        ...outcome.messages.flatMap(messageInWords),
        ...outcome.tolerated.map((breach) => `tolerated ${plain(breach)}`),
        ...(outcome.further ?? []).flatMap((further) => [
          "and of another object",
          ...registersInWords(further),
          ...(before ? objectInWords(unknownState, further) : []),
        ]),
      ];
    case "ignored":
      return [`ignored, ${outcome.rule}, ${outcome.reason}`];
    case "held": {
      const { rule, awaiting, messages, state } = outcome;
      const kept = state ? registersInWords(state) : [];
      return [`held, ${rule}, ${awaiting}`, ...kept, ...messages.flatMap(messageInWords)];
    }
    case "undecided": {
      const { rule, question, tolerated } = outcome;
      return [`undecided, ${rule}, ${plain(question)}`, ...tolerated.map((breach) => `tolerated ${plain(breach)}`)];
    }
    case "rejected": {
      const { rule, status, violations, messages = [] } = outcome;
      const breaches = violations.map((breach) => `broken ${plain(breach)}`);
      return [`rejected, ${rule}, ${plain(status)}`, ...breaches, ...messages.flatMap(messageInWords)];
    }
  }
}

/** Makes one text of outcomes by name; those that are the same stand under all their names. Messages are said in full, or as told. */
export function listOutcomes(outcomes: readonly NamedOutcome[], sayMessage: SayMessage = messageInFull): string {
  const names = new Map<string, string[]>();
  for (const [name, outcome, before] of outcomes) {
    const words = outcomeInWords(outcome, before, sayMessage).map((line) => `  ${line}\n`);
    names.set(words.join(""), [...(names.get(words.join("")) ?? []), name]);
  }
  return [...names].map(([words, same]) => `${same.join("\n")}\n${words}`).join("\n");
}

/** Lines of a message that are the same in all of them. */
const everywhere = /^(BEGIN:VCALENDAR|END:.*|VERSION:.*|PRODID:.*|METHOD:.*|UID:.*)$/;

function messageInFull({ method, originator, recipients, calendar }: SchedulingMessage): readonly string[] {
  const lines = formatCalendar(calendar).replace(/\r\n /g, "").split("\r\n");
  const own = lines.filter((line) => line !== "" && !everywhere.test(line));
  return [`${method} ${originator ?? ""} > ${[...recipients].sort().join(" ")}`, ...own.map((line) => `  ${line}`)].map(
    plain,
  );
}

const registers = ["revisions", "participations", "answerRanges", "sent", "proposals", "healings", "own"] as const;

function registersInWords(state: SchedulingState): readonly string[] {
  return registers.flatMap((name) =>
    [...state[name].written].map(([key, value]) => `${name} ${plain(key)}: ${plain(value)}`),
  );
}

/** The lines of its object that are new, and those that are gone. */
function objectInWords(before: SchedulingState, after: SchedulingState): readonly string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const gone = old.filter((line) => !now.includes(line)).map((line) => `- ${line}`);
  return [...gone, ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`)].map(plain);
}

function linesOf({ object }: SchedulingState): readonly string[] {
  return (object ? objectComponents(object) : []).flatMap(({ key, component }) => {
    const lines = formatCalendar(makeComponent("VCALENDAR", [], [component]))
      .replace(/\r\n /g, "")
      .split("\r\n");
    return lines.filter((line) => line !== "" && !everywhere.test(line)).map((line) => `${key || "whole"} ${line}`);
  });
}

/** As JSON without quotation marks: people by their first names, a revision as SEQUENCE@seconds after noon; what is undefined is said. */
function plain(value: unknown): string {
  const said = (_: string, part: unknown): unknown => (part === undefined ? "UNDEFINED" : part);
  const text = typeof value === "string" ? value : JSON.stringify(value, said);
  return text
    .replace(/(?:mailto:)?([a-z]+)@[a-z]+\.test/g, "$1")
    .replaceAll('"', "")
    .replace(/\{sequence:(-?\d+),dtstamp:(\d+)\}/g, (_, sequence, dtstamp) => `${sequence}@${Number(dtstamp) - noon}`);
}
