import { defaultLimits, readTimeSpan, type SchedulingState, unknownState, upcomingInstances } from "@parley/engine";
import { intlZoneProvider, utc } from "@parley/engine/recurrence";
import { expect, test } from "vitest";
import { ann, message, noon } from "../itip/world.ts";

const day = 86_400;

function stateOf(...lines: readonly string[]): SchedulingState {
  const { object } = message({ method: "REQUEST", start: "20270302T120000Z", end: "20270302T130000Z", lines });
  return { ...unknownState, object };
}

const options = { zones: intlZoneProvider, limits: defaultLimits, localZone: utc };

const cases: readonly (readonly [name: string, state: SchedulingState, after: number, keys: readonly string[]])[] = [
  ["of a series the next, each by its own name", stateOf("RRULE:FREQ=DAILY"), noon, ["02", "03", "04"]],
  ["from an instant on", stateOf("RRULE:FREQ=DAILY"), noon + 1, ["03", "04", "05"]],
  ["no more than there are", stateOf("RRULE:FREQ=DAILY;COUNT=4"), noon + 2 * day, ["04", "05"]],
  ["what is left out is none", stateOf("RRULE:FREQ=DAILY", "EXDATE:20270303T120000Z"), noon, ["02", "04", "05"]],
  ["none of what is over", stateOf("RRULE:FREQ=DAILY;COUNT=2"), noon + 9 * day, []],
  ["none of what takes place no more", stateOf("RRULE:FREQ=DAILY", "STATUS:CANCELLED"), noon, []],
  ["none of what is not there", unknownState, noon, []],
];

test.each(cases)("upcomingInstances lists %s", (_name, state, after, days) => {
  const found = upcomingInstances(state, after, 3, options);
  expect(found.map(({ key }) => key)).toEqual(days.map((one) => `202703${one}T120000Z`));
  for (const { component, recurrenceId } of found) {
    expect(readTimeSpan(component)?.start.wall).toBe(recurrenceId?.at);
    expect(component.properties.some(({ name }) => name === "RRULE")).toBe(false);
  }
});

test("upcomingInstances lists what was moved at its new time, by its old name", () => {
  const series = stateOf("RRULE:FREQ=DAILY");
  const moved = message({
    ...{ method: "REQUEST", organizer: ann, lines: ["RECURRENCE-ID:20270303T120000Z"] },
    ...{ start: "20270304T180000Z", end: "20270304T190000Z" },
  }).object;
  const { object } = series;
  if (!object) throw new Error("no object");
  const state = { ...series, object: { ...object, overrides: moved.overrides } };
  const found = upcomingInstances(state, noon, 3, options);
  expect(found.map(({ key }) => key)).toEqual(["20270302T120000Z", "20270304T120000Z", "20270303T120000Z"]);
});
