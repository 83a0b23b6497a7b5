import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { findCitations, findExcused, listRequirements, tabulate } from "../requirements/ledger.ts";
import { tabulateRepository } from "../requirements/repository.ts";

const ledger = listRequirements(
  [
    "### ITIP 1.1 First",
    "| ID | Level | Role | Requirement | Test |",
    "|---|---|---|---|---|",
    "| ITIP-1.1-01 | MUST | any | Be there. | Look. |",
    "| ITIP-1.1-02 | MUST | any | Be true. | Ask. |",
    "### ITIP 2 Second",
    "| ITIP-2-01 | MAY | any | Be kind. | Wait. |",
    "| ITIP-2-02 | MAY | any | Be short. | Count. |",
    "### IMIP 3 Third",
    "| IMIP-3-01 | MUST | any | Be sent. | Read. |",
  ].join("\n"),
);
const cited = findCitations(
  new Map([
    ["a.test.ts", 'test("ITIP-1.1-01 it is there; ITIP-9-01", () => {});'],
    ["b.itip", "# ITIP-1.1-01, ITIP-2-02, IMIP-3-01"],
  ]),
);
const excused = findExcused(
  ["| requirement | why |", "| --- | --- |", "| ITIP-2-01 | We are not. |", "| ITIP-2-02 | Nor that. |"].join("\n"),
);

test("reads the ledger by section", () => {
  expect(ledger.map(({ id, section, text }) => `${section}: ${id} ${text}`)).toEqual([
    "ITIP 1.1 First: ITIP-1.1-01 Be there.",
    "ITIP 1.1 First: ITIP-1.1-02 Be true.",
    "ITIP 2 Second: ITIP-2-01 Be kind.",
    "ITIP 2 Second: ITIP-2-02 Be short.",
    "IMIP 3 Third: IMIP-3-01 Be sent.",
  ]);
});

test("finds where each is cited, and which have a reason; a row without one excuses nothing", () => {
  expect([...cited]).toEqual([
    ["ITIP-1.1-01", ["a.test.ts", "b.itip"]],
    ["ITIP-9-01", ["a.test.ts"]],
    ["ITIP-2-02", ["b.itip"]],
    ["IMIP-3-01", ["b.itip"]],
  ]);
  expect([...excused]).toEqual(["ITIP-2-01", "ITIP-2-02"]);
  expect(findExcused("| ITIP-2-01 | |\nITIP-2-02 is not met.").size).toBe(0);
});

test("tells the gaps, what no ledger knows, and what needs no excuse", () => {
  const { lines, gaps, unknown, idle } = tabulate(ledger, cited, excused);
  expect([gaps.map(({ id }) => id), unknown, idle]).toEqual([["ITIP-1.1-02"], ["ITIP-9-01"], ["ITIP-2-02"]]);
  expect(lines.map((line) => line.split(/ {2,}/).filter(Boolean))).toEqual([
    ["all", "tested", "excused", "gaps"],
    ["ITIP 1.1 First", "2", "1", "0", "1"],
    ["ITIP 2 Second", "2", "1", "1", "0"],
    ["IMIP 3 Third", "1", "1", "0", "0"],
    ["all", "5", "3", "1", "1"],
  ]);
});

const here = tabulateRepository(fileURLToPath(new URL("../..", import.meta.url)));
const skipped = here ? "" : " (SKIPPED: no ../shared/requirements)";

test.skipIf(!here)(
  `every iTIP, iMIP and CalDAV scheduling requirement of the ledger has a test or a reason${skipped}`,
  () => {
    expect(here && [here.gaps.map(({ id }) => id), here.unknown, here.idle]).toEqual([[], [], []]);
    expect(here?.lines.at(-1)).toMatch(/^all +4\d\d /);
  },
);
