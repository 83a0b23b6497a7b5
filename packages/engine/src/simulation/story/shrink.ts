import { fairWeather, type Weather } from "../network.ts";
import type { Story, StoryStep } from "./story.ts";

/** Stories that are played at most in search of a shorter one. */
const maxPlayed = 2_000;

/** Finds a short story that still fails: steps are left out, in halves first and then one by one, and the weather made better. */
export function shrinkStory(story: Story, fails: (story: Story) => boolean): Story {
  let left = maxPlayed;
  const isBad = (candidate: Story): boolean => left-- > 0 && fails(candidate);
  let best = story;
  for (let before = Infinity; before > best.steps.length; ) {
    before = best.steps.length;
    best = shorten(best, isBad);
    best = simplify(best, isBad);
    best = betterWeather(best, isBad);
  }
  const named = new Set(best.steps.flatMap(({ who, people = [] }) => [who, ...people]));
  const alone = { ...best, people: best.people.filter((person) => named.has(person)) };
  return isBad(alone) ? alone : best;
}

function shorten(story: Story, isBad: (story: Story) => boolean): Story {
  let best = story;
  for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < best.steps.length; ) {
      const shorter = { ...best, steps: best.steps.toSpliced(start, size) };
      if (isBad(shorter)) best = shorter;
      else start += size;
    }
  }
  return best;
}

/** Takes away from each step what it need not say, and guests an object need not begin with. */
function simplify(story: Story, isBad: (story: Story) => boolean): Story {
  let best = story;
  for (const index of story.steps.keys()) {
    const step = best.steps[index];
    for (const simpler of step ? simplerSteps(step) : []) {
      const candidate = { ...best, steps: best.steps.with(index, simpler(best.steps[index] ?? step)) };
      if (isBad(candidate)) best = candidate;
    }
  }
  return best;
}

type Simpler = (step: StoryStep | undefined) => StoryStep;

function simplerSteps(step: StoryStep): readonly Simpler[] {
  const without =
    (name: "part" | "range" | "instance" | "value"): Simpler =>
    (present) => {
      const { [name]: _gone, ...rest } = present ?? step;
      return rest;
    };
  const guests = step.kind === "create" ? (step.people ?? []) : [];
  const absent = guests.map(
    (guest): Simpler =>
      (present) => ({ ...(present ?? step), people: (present?.people ?? guests).filter((one) => one !== guest) }),
  );
  const names = (["part", "range", "instance", "value"] as const).filter((name) => step[name] !== undefined);
  const single: readonly Simpler[] =
    step.kind === "create" ? [(present) => ({ ...(present ?? step), form: "single" })] : [];
  return [...absent, ...single, ...names.map(without)];
}

function betterWeather(story: Story, isBad: (story: Story) => boolean): Story {
  let best = story;
  const better: readonly ((weather: Weather) => Weather)[] = [
    () => fairWeather,
    (weather) => ({ ...weather, lost: 0 }),
    (weather) => ({ ...weather, repeated: 0 }),
    (weather) => ({ ...weather, reordered: 0 }),
  ];
  for (const change of better) {
    const weather = change(best.weather);
    if (JSON.stringify(weather) === JSON.stringify(best.weather)) continue;
    const candidate = { ...best, weather };
    if (isBad(candidate)) best = candidate;
  }
  return best;
}
