import type { Violation } from "@parley/engine";
import { formatUtcOffset, formatWall } from "@parley/engine/icalendar";
import { type CalendarInspection, quirks } from "@parley/engine/inspect";
import type { createColors } from "picocolors";
import type { CalendarReport, FileReport } from "./inspect-file.ts";
import { printable } from "./terminal.ts";

/** Functions that colour a text, or leave it as it is. */
export type Colors = ReturnType<typeof createColors>;

type ObjectInspection = CalendarInspection["objects"][number];
type InstanceInspection = ObjectInspection["instances"][number];
type ZoneProblem = CalendarInspection["zoneProblems"][number];

const maxShown = { objects: 20, recipients: 5, instances: 8, problems: 10 } as const;
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
      typeof object === "string" ? [row("", object)] : objectLines(object, colors),
    ),
    ...limited(inspection.zoneProblems, maxShown.problems, "zones").map((problem) =>
      row("zone", colors.yellow(typeof problem === "string" ? problem : zoneProblemInWords(problem))),
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

function objectLines(object: ObjectInspection, colors: Colors): readonly string[] {
  const recipients = limited(object.recipients, maxShown.recipients, "others").map(printable);
  const instances = limited(object.instances, maxShown.instances, "instances").map((instance) => {
    return typeof instance === "string" ? instance : nameOf(instance);
  });
  const ruleProblems = object.instances.flatMap((instance) =>
    instance.ruleProblems.map(({ kind, part }) => {
      const place = [instance.key === "" ? "" : nameOf(instance), printable(part)].filter((each) => each !== "");
      return [...place, ruleProblemWords[kind]].join(": ");
    }),
  );
  const { sequence, dtstamp } = object.revision;
  return [
    row(object.type, object.uid === undefined ? "without UID" : printable(object.uid)),
    ...(object.summary === undefined ? [] : [row("  summary", printable(object.summary))]),
    row("  revision", dtstamp === 0 ? `${sequence}, without DTSTAMP` : `${sequence} of ${formatWall(dtstamp)}Z`),
    ...(object.originator === undefined ? [] : [row("  from", printable(object.originator))]),
    ...(recipients.length === 0 ? [] : [row("  to", recipients.join(", "))]),
    row("  instances", instances.join(", ")),
    ...limited(ruleProblems, maxShown.problems, "in rules").map((problem) => row("  rule", colors.yellow(problem))),
  ];
}

function nameOf({ key, range }: InstanceInspection): string {
  return key === "" ? "all" : `${printable(key)}${range === "this-and-future" ? " and later" : ""}`;
}

const ruleProblemWords: Readonly<Record<InstanceInspection["ruleProblems"][number]["kind"], string>> = {
  "unknown-part": "nobody knows this part; it is left out",
  "repeated-part": "is written twice; the first counts",
  "bad-value": "has a value it cannot have",
  "count-and-until": "stands beside COUNT; whichever comes first ends it",
  "not-with-frequency": "does not go with this FREQ",
  "position-of-nothing": "there is nothing to count in",
  "skip-without-rscale": "needs RSCALE beside it; it is left out",
  "unsupported-rscale": "the calendar is not the Gregorian; it does not repeat",
  "no-frequency": "cannot be read; it does not repeat",
  "too-long": "is longer than is read",
  "not-with-date": "tells times of a day, but DTSTART is a date; it is left out",
  "too-many-rules": "there are more RRULEs than are read",
  "excluding-rule": "EXRULE is not supported; what it takes away takes place all the same",
};

function zoneProblemInWords(problem: ZoneProblem): string {
  const tzid = printable(problem.tzid);
  if (problem.kind === "unknown-zone") return `${tzid}: nobody knows it; its times are read as those of whoever looks`;
  const [written, known] = [formatUtcOffset(problem.written), formatUtcOffset(problem.known)];
  const followed = problem.followed === "known" ? "the name" : "the VTIMEZONE";
  const says = `its VTIMEZONE says ${written}, its name means ${known}; ${followed} counts`;
  return `${tzid}: at ${formatWall(problem.at)}Z ${says}`;
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
