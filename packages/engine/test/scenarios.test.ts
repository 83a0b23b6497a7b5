import { readdirSync, readFileSync } from "node:fs";
import { intlZoneProvider } from "@parley/engine/recurrence";
import { makeEngineWorld, parseScenario, playScenario, type Reply } from "@parley/engine/simulation";
import { describe, expect, test } from "vitest";

const root = new URL("../../../", import.meta.url);
const readFixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, root), "utf8");

describe("scenarios on the engine", () => {
  const files = readdirSync(new URL("scenarios/", root)).filter((name) => name.endsWith(".itip"));

  test.each(files)("%s", (file) => {
    const scenario = parseScenario(readFileSync(new URL(`scenarios/${file}`, root), "utf8"));
    if ("errors" in scenario) throw new Error(scenario.errors.join("\n"));
    play(scenario.steps);
  });

  test("there are scripts", () => expect(files.length).toBeGreaterThanOrEqual(10));
});

function play(steps: Parameters<typeof playScenario>[0]): void {
  const world = makeEngineWorld({ zones: intlZoneProvider, readFixture });
  const script = playScenario(steps);
  let reply: Reply;
  for (;;) {
    const next = script.next(reply);
    if (next.done) return;
    reply = world.answer(next.value);
  }
}

describe("a script that is wrong says where", () => {
  test.each([
    ["", "line 1: nothing happens"],
    ["fly ann@example.test", "line 1: nobody knows how to fly"],
    ["\nat yesterday", "line 2: yesterday is no UTC time"],
    ["put ann meeting.ics", "line 1: ann is no address"],
    ["answer ann@example.test PERHAPS", "line 1: PERHAPS is no answer"],
    ["expect ann@example.test sends BOUNCE to ben@example.test", "line 1: BOUNCE is no method"],
    [
      "expect ann@example.test sends REQUEST sequence 0",
      "line 1: expect PERSON sends METHOD [sequence N] to ADDRESS...",
    ],
  ])("%j", (text, error) => {
    expect(parseScenario(text)).toEqual({ errors: [error] });
  });

  test.each([
    [
      "expect ann@example.test sees ben@example.test DECLINED",
      /line 4: ann@example.test sees ben@example.test as NEEDS-ACTION/,
    ],
    ["expect ann@example.test sends nothing", /line 4: ann@example.test sent REQUEST sequence 0/],
    ["expect ann@example.test has SUMMARY Nothing", /line 4: ann@example.test has SUMMARY "Planning"/],
    ["expect ben@example.test has SUMMARY Planning", /line 4: ben@example.test has no event/],
    ["same ann@example.test ben@example.test", /line 4: they differ/],
    ["expect ann@example.test has no event", /line 4: ann@example.test has an event/],
  ])("%s", (line, error) => {
    const scenario = parseScenario(
      `# title\nat 2027-03-01T09:00:00Z\nput ann@example.test itip/planning-meeting.ics\n${line}`,
    );
    if ("errors" in scenario) throw new Error(scenario.errors.join("\n"));
    expect(() => play(scenario.steps)).toThrow(error);
  });
});
