import { schedule } from "../../itip/schedule.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import { unknownState } from "../../model/scheduling-state.ts";
import type { ZoneProvider } from "../../recurrence/zone.ts";
import { disagreements } from "./agree.ts";
import { type Calendar, contextOf } from "./calendar.ts";
import { heal } from "./heal.ts";
import { type Performed, perform } from "./perform.ts";
import { neverSaid } from "./said.ts";
import { beginningOfStory, type StepKind, type Story, type StoryStep } from "./story.ts";
import { formatStep } from "./story-text.ts";
import { calendarOf, deliverUntil, keepAction, makeStoryWorld, postLetter, type StoryWorld } from "./world.ts";

/** What came of a story. */
export interface Played {
  /** What was wrong; empty where all agree in the end. */
  readonly problems: readonly string[];
  readonly letters: number;
}

/**
 * Plays a story: everybody does what it says, mail is lost, repeated, late and out of order; then the world heals, and all must
 * agree; `withTimes` also, that no answer counts that was given to another time. The laws are looked at step by step. `tell` is told everything that happens.
 */
export function playStory(
  story: Story,
  zones: ZoneProvider,
  tell: (line: string) => void = () => {},
  withTimes = false,
): Played {
  const world = makeStoryWorld(story, zones, tell, withTimes);
  try {
    for (const step of story.steps) if (world.problems.length === 0) take(world, step);
    if (isFair(story) && world.problems.length === 0) checkUnhealed(world);
    if (world.problems.length === 0) heal(world);
    if (world.problems.length === 0)
      world.problems.push(...disagreements(world, { isHealed: true, isLeftAlone: () => false }), ...neverSaid(world));
  } catch (error) {
    world.problems.push(`it throws: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  return { problems: world.problems, letters: world.letters };
}

function isFair({ weather }: Story): boolean {
  return weather.lost + weather.repeated + weather.reordered + weather.maxDelaySeconds === 0;
}

/** What some of it needs saying again for: some take no notice of ADDs, and a new Organizer does not know all that was answered. */
const needsHealing: ReadonlySet<StepKind> = new Set(["add", "hand-over"]);

/** Where no mail was lost or late, all agree without anything being said again. */
function checkUnhealed(world: StoryWorld): void {
  deliverUntil(world, Number.POSITIVE_INFINITY);
  if (world.problems.length > 0 || world.story.steps.some(({ kind }) => needsHealing.has(kind))) return;
  // What somebody threw away comes back by and by, and who was refused, as in a circle of delegations, says it again.
  const isLeftAlone = (person: CalendarUserAddress): boolean =>
    world.refused.has(person) || world.story.steps.some(({ kind, who }) => kind === "remove" && who === person);
  world.problems.push(
    ...disagreements(world, { isHealed: false, isLeftAlone }).map((problem) => `without healing ${problem}`),
  );
}

function take(world: StoryWorld, step: StoryStep): void {
  deliverUntil(world, beginningOfStory + step.at);
  if (world.problems.length > 0) return;
  const calendar = calendarOf(world, step.who);
  if (step.kind === "forward") return forward(world, calendar, step);
  const performed = perform(calendar, step, contextOf(step.who, world.now, world.zones));
  const { outcome } = performed ?? {};
  const reason = outcome?.kind === "ignored" ? outcome.reason : "";
  world.tell(`-- ${formatStep(step)}: ${outcome?.kind ?? "nothing"} ${reason}`);
  if (!performed) return;
  if (step.kind === "hand-over") return handOver(world, calendar, step, performed);
  keepAction(world, calendar, performed.uid, performed.outcome, step.people);
}

function forward(world: StoryWorld, { owner, requests }: Calendar, { object, people = [], partstat }: StoryStep): void {
  const letter = [...requests].find(([uid]) => uid.startsWith(`${object}@`))?.[1];
  const [to] = people;
  if (!letter || !to || to === owner) return;
  postLetter(world, { from: owner, to, text: letter.text, ...(partstat && { thenSay: partstat }) });
}

/** Who takes the role over has agreed: they get it for certain, be it the object itself that goes on as another. */
function handOver(
  world: StoryWorld,
  calendar: Calendar,
  { people = [] }: StoryStep,
  { uid, outcome }: Performed,
): void {
  if (outcome.kind !== "applied") return;
  const { further = [], ...ended } = outcome;
  keepAction(world, calendar, uid, ended, people, people);
  for (const { object } of further) {
    const [to] = people;
    if (!object || !to) continue;
    const begun = schedule(unknownState, object, contextOf(to, world.now, world.zones));
    keepAction(world, calendarOf(world, to), object.uid, begun);
  }
}
