import { type CalendarObject, keepObject, unknownState } from "@parley/engine";
import type { CalendarId, Member, Transaction } from "../store/store.ts";
import { type LeftOut, readCalendarFile } from "./calendar-file.ts";
import { keepDecided } from "./change-object.ts";
import type { House } from "./house.ts";
import { type OpenCalendar, openCalendar } from "./open-place.ts";
import { isHidden } from "./privacy.ts";
import type { Actor, ImportResult, NotDone } from "./writing.ts";

/** Objects kept in one transaction: others wait no longer than for these. */
const maxTogether = 50;
/** Objects of one file. */
const maxImported = 20_000;

/** How a file is imported. */
export interface ImportOptions {
  /** What becomes of what is in the calendar already: it stays as it is, where nobody says. */
  readonly duplicates?: "skip" | "replace";
}

interface Step {
  readonly added: Member[];
  readonly replaced: Member[];
  readonly skipped: LeftOut[];
}

/**
 * Takes the objects of a file into a calendar, as they are, and tells nobody: also of what the owner is the Organizer of, until they change it.
 * Decision 0041.
 */
export async function importObjects(
  house: House,
  actor: Actor,
  calendar: CalendarId,
  text: string,
  { duplicates = "skip" }: ImportOptions = {},
): Promise<ImportResult> {
  const file = readCalendarFile(house, text, maxImported);
  if (file.kind !== "file") return file;
  const { objects } = file;
  const done: Step = { added: [], replaced: [], skipped: [...file.leftOut] };
  for (let start = 0; start === 0 || start < objects.length; start += maxTogether) {
    const some = objects.slice(start, start + maxTogether);
    const step = await house.store.write((transaction) =>
      importSome(house, transaction, actor, { calendar, duplicates, objects: some }),
    );
    if ("kind" in step) return step;
    done.added.push(...step.added);
    done.replaced.push(...step.replaced);
    done.skipped.push(...step.skipped);
  }
  return { kind: "done", ...done };
}

async function importSome(
  house: House,
  transaction: Transaction,
  actor: Actor,
  {
    calendar,
    duplicates,
    objects,
  }: {
    readonly calendar: CalendarId;
    readonly duplicates: "skip" | "replace";
    readonly objects: readonly CalendarObject[];
  },
): Promise<Step | NotDone> {
  const open = await openCalendar(transaction, actor, calendar, "organize");
  if (open.kind !== "open") return open;
  const done: Step = { added: [], replaced: [], skipped: [] };
  for (const object of objects) {
    const became = await importOne(house, transaction, actor, open, object, duplicates);
    if (became !== "added" && became !== "replaced") {
      done.skipped.push({ uid: object.uid, detail: became.detail });
      continue;
    }
    const member = await transaction.calendars.ofUid(open.principal.id, object.uid);
    if (member) done[became].push(member);
  }
  return done;
}

async function importOne(
  house: House,
  transaction: Transaction,
  actor: Actor,
  { calendar, principal }: OpenCalendar,
  object: CalendarObject,
  duplicates: "skip" | "replace",
): Promise<"added" | "replaced" | Pick<LeftOut, "detail">> {
  if (!calendar.components.some((component) => component === object.type)) {
    return { detail: `This calendar holds no ${object.type}.` };
  }
  const known = await transaction.objects.byUid(principal.id, object.uid);
  const present = known?.state.object;
  if (present) {
    if (duplicates === "skip") return { detail: "It is there already." };
    const member = await transaction.calendars.ofUid(principal.id, object.uid);
    if (member?.calendar !== calendar.id) return { detail: "It is in another calendar already." };
    if (isHidden(actor, present)) return { detail: "It is there already, and private." };
  }
  const decided = keepObject(known?.state ?? unknownState, object);
  const kept = await keepDecided(house, transaction, principal, object.uid, decided, { calendar: calendar.id });
  if (kept.kind !== "done") return { detail: "The time is taken." };
  return present ? "replaced" : "added";
}
