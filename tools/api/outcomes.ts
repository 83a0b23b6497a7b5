import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const itip = resolve(import.meta.dirname, "../../packages/engine/src/itip");

/** What a function of the engine says of the outcomes it has. */
export interface OutcomeNotes {
  /** The name it is called by: an exported function, then the METHOD or the kind of action. */
  readonly title: string;
  /** Its whole comment. */
  readonly comment: string;
}

/** Lists what decides on outcomes: the three exported functions, each with what it hands over to. */
export function readOutcomeNotes(): readonly OutcomeNotes[] {
  return [
    ...notesOf("receive.ts", () => "receive"),
    ...notesIn("methods", (name) => `receive: ${name.replace(/^receive/, "").toUpperCase()}`),
    ...notesOf("schedule.ts", () => "schedule"),
    ...notesOf("organize.ts", () => "schedule: as Organizer"),
    ...notesOf("attend.ts", (name) => `schedule: as Attendee, ${name === "declineAll" ? "removed" : "a new version"}`),
    ...notesOf("actions.ts", () => "act"),
    ...notesIn("actions", (name) => `act: ${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`),
  ];
}

function notesIn(folder: string, title: (name: string) => string): readonly OutcomeNotes[] {
  const files = readdirSync(join(itip, folder)).sort();
  return files.flatMap((file) => notesOf(join(folder, file), title));
}

const functionForm = /\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport function (\w+)\((?:(?!\n\})[^])*?\): (\w+)[^\n]* \{$/gm;

function notesOf(file: string, title: (name: string) => string): readonly OutcomeNotes[] {
  const text = readFileSync(join(itip, file), "utf8");
  return [...text.matchAll(functionForm)].flatMap(([, comment = "", name = "", result]) =>
    result === "Outcome" ? [{ title: title(name), comment: comment.replace(/^\s*\* ?/gm, "").trim() }] : [],
  );
}
