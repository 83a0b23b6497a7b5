import { schedule } from "@parley/engine";
import { describe, expect, test } from "vitest";
import { begin, instance, on, type Part, put, said, series, weekly } from "./organize-helpers.ts";
import { listOutcomes } from "./outcome-words.ts";
import { ann, ben, clara, contextOf } from "./world.ts";

const all = [ben, clara];
const whole: Part = { lines: weekly(), guests: all };
const own = (day: string, hour = "12", guests: readonly string[] = all): Part => ({
  lines: instance(day, hour),
  guests,
});
const from = (day: string, hour: string, guests: readonly string[] = all): Part => ({
  lines: instance(day, hour).map((line) => line.replace("RECURRENCE-ID", "RECURRENCE-ID;RANGE=THISANDFUTURE")),
  guests,
});
const later: Part = {
  lines: weekly().map((line) =>
    line.replace(/T(09|10)0000Z$/, "T160000Z").replace("DTEND:20270310T16", "DTEND:20270310T17"),
  ),
  guests: all,
};

/** Versions one after the other; what comes of the last is told. */
const histories: Readonly<Record<string, readonly (readonly Part[])[]>> = {
  "the series moves": [[whole, own("0317")], [whole], [later]],
  "the series moves, and was moved before": [[whole, own("0317")], [whole], [later], [whole]],
  "the rest moves": [[whole, own("0317"), own("0407")], [whole], [whole, from("0331", "11")]],
  "the rest moves again": [
    [whole, own("0317"), own("0407"), from("0331", "11")],
    [whole, from("0331", "11")],
    [whole, from("0331", "13")],
  ],
  "of two rests the latter moves": [
    [whole, own("0324"), own("0407"), from("0317", "11"), from("0331", "11")],
    [whole, from("0317", "11"), from("0331", "11")],
    [whole, from("0317", "11"), from("0331", "13")],
  ],
  "of two rests the former moves": [
    [whole, own("0324"), own("0407"), from("0317", "11"), from("0331", "11")],
    [whole, from("0317", "11"), from("0331", "11")],
    [whole, from("0317", "13"), from("0331", "11")],
  ],
  "the rest is as the series again": [[whole, own("0407"), from("0331", "11")], [whole, from("0331", "11")], [whole]],
  "an Instance moves and is as the others again": [[whole], [whole, own("0317")], [whole]],
  "Clara is not on what is between": [[whole], [whole, from("0324", "09", [ben]), from("0407", "09")]],
  "Clara is on what is between": [[whole], [whole, from("0324", "09"), from("0407", "09", [ben])]],
  "Clara is on nothing from the first on": [[whole], [whole, from("0310", "09", [ben])]],
  "Clara is on one of what is between": [[whole], [whole, from("0324", "11", [ben]), own("0331"), from("0407", "11")]],
  "Clara is on the second alone": [[whole], [{ ...whole, guests: [ben] }, own("0317", "09")]],
  "Clara comes again": [[whole, own("0317")], [whole], [{ ...whole, guests: [ben] }], [whole]],
};

describe("what is told of a series that was otherwise before", () => {
  test("history by history", async () => {
    const outcomes = Object.entries(histories).map(([name, [first = [], ...others]]) => {
      const organizing = begin(series(first));
      const last = others.pop() ?? [];
      for (const parts of others) put(organizing, series(parts));
      const outcome = schedule(organizing.state, series(last), contextOf(ann, organizing.now + 60));
      return [name, outcome] as const;
    });
    const text = listOutcomes(outcomes, (message) => said([message]));
    await expect(text).toMatchFileSnapshot("./outcomes/histories-of-a-series.txt");
  });

  test("the series of one who is not on what is between leaves that out, day by day", () => {
    const organizing = begin(series([{ ...whole, guests: [ben] }]));
    const told = put(organizing, series([whole, from("0324", "09", [ben]), from("0407", "09")]));
    const toClara = told.filter((line) => line.includes(" to clara:"));
    expect(toClara).toEqual([`REQUEST to clara: series -${on("0324")},${on("0331")}/0, ${on("0407")}+/0`]);
  });
});
