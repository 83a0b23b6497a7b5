import { type CalendarInspection, quirks, type Violation } from "@parley/engine";
import { formatWall } from "@parley/engine/icalendar";
import type { createColors } from "picocolors";
import type { CalendarReport, FileReport } from "./inspect-file.ts";

/** Functions that colour a text, or leave it as it is. */
export type Colors = ReturnType<typeof createColors>;

type ObjectInspection = CalendarInspection["objects"][number];

const maxShown = { objects: 20, recipients: 5, instances: 8, problems: 10, text: 200 } as const;
const labelWidth = 11;

/** Writes a report for a person, ending in an empty line. Long lists are cut short and say so; `--json` has them whole. */
export function inspectionAsText(report: FileReport, colors: Colors): string {
  const file = colors.bold(printable(report.file));
  if (report.kind === "failed") return `${file}\n  ${colors.red(printable(report.reason))}\n\n`;
  const lines = [
    file,
    ...report.problems.slice(0, maxShown.problems).map((problem) => row("problem", colors.yellow(printable(problem)))),
    ...report.calendars.flatMap((calendar) => calendarLines(calendar, colors)),
  ];
  return `${lines.map((line, index) => (index === 0 ? line : `  ${line}`)).join("\n")}\n\n`;
}

/** Writes JSON in which nothing can steer a terminal: all but plain characters and letters is escaped. */
export function jsonForTerminal(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(steering, (character) =>
    character === "\n" ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Replaces what could steer a terminal or turn the direction of a line, and cuts what is long. */
export function printable(text: string): string {
  const cut = text.length > maxShown.text ? `${text.slice(0, maxShown.text)}…` : text;
  return cut.replace(steering, "\u{fffd}");
}

/** C0, DEL and C1 controls, line separators, and marks that reorder text. */
const steering = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

function calendarLines(calendar: CalendarReport, colors: Colors): readonly string[] {
  const { inspection, declaredMethod, part } = calendar;
  const method = inspection.writtenMethod === undefined ? "no METHOD" : `METHOD ${printable(inspection.writtenMethod)}`;
  const differs = declaredMethod !== undefined && declaredMethod !== inspection.method;
  const declared = differs ? `, but ${printable(declaredMethod)} in the Content-Type` : "";
  const where = part === undefined ? "" : `, part ${printable(part)}`;
  return [
    colors.cyan(`${method}${declared}${where}`),
    ...(inspection.product === undefined ? [] : [row("product", printable(inspection.product.trim()))]),
    ...limited(inspection.objects, maxShown.objects, "objects").flatMap((object) =>
      typeof object === "string" ? [row("", object)] : objectLines(object),
    ),
    ...(inspection.skipped > 0
      ? [row("skipped", colors.red(`${inspection.skipped} components beyond the limits`))]
      : []),
    ...limited(calendar.problems, maxShown.problems, "problems").map((problem) =>
      row("problem", colors.yellow(printable(problem))),
    ),
    ...violationLines(inspection, colors),
    ...inspection.quirks.map((name) => row("quirk", colors.dim(`${name} (${whoDoes(name)})`))),
  ];
}

function objectLines(object: ObjectInspection): readonly string[] {
  const recipients = limited(object.recipients, maxShown.recipients, "others").map(printable);
  const instances = limited(object.instances, maxShown.instances, "instances").map((instance) => {
    if (typeof instance === "string") return instance;
    const range = instance.range === "this-and-future" ? " and later" : "";
    return instance.key === "" ? "all" : `${printable(instance.key)}${range}`;
  });
  const { sequence, dtstamp } = object.revision;
  return [
    row(object.type, object.uid === undefined ? "without UID" : printable(object.uid)),
    ...(object.summary === undefined ? [] : [row("  summary", printable(object.summary))]),
    row("  revision", dtstamp === 0 ? `${sequence}, without DTSTAMP` : `${sequence} of ${formatWall(dtstamp)}Z`),
    ...(object.originator === undefined ? [] : [row("  from", printable(object.originator))]),
    ...(recipients.length === 0 ? [] : [row("  to", recipients.join(", "))]),
    row("  instances", instances.join(", ")),
  ];
}

function violationLines(inspection: CalendarInspection, colors: Colors): readonly string[] {
  const fatal = new Set<Violation>(inspection.fatal);
  return inspection.violations.map((violation) => {
    const text = `${violation.rule}  ${violation.detail}`;
    return fatal.has(violation) ? row("fatal", colors.red(text)) : row("tolerated", colors.yellow(text));
  });
}

/** Cuts a list, its last item then says how many more there are. */
function limited<T>(items: readonly T[], most: number, what: string): readonly (T | string)[] {
  return items.length <= most ? items : [...items.slice(0, most), `and ${items.length - most} more ${what}`];
}

function whoDoes(name: string): string {
  return quirks.find((quirk) => quirk.name === name)?.who ?? "";
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(labelWidth)}  ${text}`;
}
