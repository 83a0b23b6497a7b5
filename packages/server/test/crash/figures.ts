import type { Memory } from "./memory.ts";
import type { Findings } from "./verify.ts";
import type { World } from "./world.ts";

/** What a run of crashes has come to. */
export interface Figures {
  rounds: number;
  /** Faults that came while something was under way. */
  underWay: number;
  /** Requests under way then, and how many of them turned out to be kept. */
  requests: number;
  kept: number;
  /** Faults of a kind that has to be counted by itself. */
  readonly hits: Record<string, number>;
  readonly acknowledged: Record<string, number>;
  readonly unknown: Record<string, number>;
  /** Mails at the sink, and how many of them came again. */
  mails: number;
  repeated: number;
  readonly faults: string[];
}

/** Counts nothing yet. */
export function makeFigures(): Figures {
  return {
    rounds: 0,
    underWay: 0,
    requests: 0,
    kept: 0,
    hits: {},
    acknowledged: {},
    unknown: {},
    mails: 0,
    repeated: 0,
    faults: [],
  };
}

/** Adds one fault that came, and what was found after it. */
export function addRound(figures: Figures, requests: number, { faults, keptUnacknowledged }: Findings): void {
  figures.rounds++;
  figures.underWay += requests > 0 ? 1 : 0;
  figures.requests += requests;
  figures.kept += keptUnacknowledged;
  figures.faults.push(...faults);
}

/** Adds what a whole world has seen. */
export function addWorld(figures: Figures, { memory, sink }: World): void {
  addCounts(figures.acknowledged, memory.counts.acknowledged);
  addCounts(figures.unknown, memory.counts.unknown);
  figures.mails += sink.mails.length;
  const ids = sink.mails.map(
    ({ recipient, raw }) => `${recipient} ${/^Message-ID: .*$/im.exec(raw.toString("latin1"))?.[0]}`,
  );
  figures.repeated += ids.length - new Set(ids).size;
}

/** Says figures in lines. */
export function figuresText(figures: Figures): string {
  const { rounds, underWay, requests, kept, hits, acknowledged, unknown, mails, repeated, faults } = figures;
  return [
    `${rounds} rounds; ${underWay} with something under way: ${requests} requests, of which ${kept} were kept`,
    `hits: ${inWords(hits)}`,
    `acknowledged: ${inWords(acknowledged)}`,
    `not answered, or "not now", by status: ${inWords(unknown)}`,
    `${mails} mails at the sink, ${repeated} of them again`,
    `${faults.length} faults found`,
    "",
  ].join("\n");
}

function addCounts(to: Record<string, number>, from: Memory["counts"]["acknowledged"]): void {
  for (const [name, number] of Object.entries(from)) to[name] = (to[name] ?? 0) + number;
}

function inWords(counts: Readonly<Record<string, number>>): string {
  const all = Object.entries(counts).map(([name, number]) => `${number} ${name}`);
  return all.length === 0 ? "none" : all.join(", ");
}
