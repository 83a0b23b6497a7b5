import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLimits } from "@parley/engine";
import { formatCalendar, parseCalendar } from "@parley/engine/icalendar";
import ical from "ical.js";
import { invitation, longCalendar } from "./calendars.ts";
import { type Libical, makeLibical } from "./libical.ts";
import { inProcess, median, printSideBySide } from "./side-by-side.ts";

const memoryRuns = 5;

/** Measures reading and writing texts, beside ical.js and libical. */
export async function benchText(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "parley-bench-"));
  try {
    console.log(`text: parse and format; ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}`);
    const libical = makeLibical(folder);
    await benchOne("an invitation, 10 attendees", invitation(10), folder, libical);
    await benchOne("an event, 2,000 attendees", invitation(2_000), folder, libical);
    const long = longCalendar(10_000_000);
    await benchOne("a calendar of 10 MB", long, folder, libical);
    await printMemory(long, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchOne(name: string, text: string, folder: string, libical: Libical | undefined): Promise<void> {
  const file = join(folder, "bench.ics");
  await writeFile(file, text);
  if (unfolded(oursOf(text)) !== unfolded(text)) throw new Error(`${name}: what is written is not what was read`);
  const kilobytes = Buffer.byteLength(text) / 1_000;
  printSideBySide(`${name}, ${kilobytes.toFixed(1)} kB`, "texts", 1, [
    inProcess("ours", () => inOnePiece(oursOf(text))),
    inProcess("ical.js", () => inOnePiece(ical.stringify(ical.parse(text) as never))),
    ...(libical ? [libical.text(file)] : []),
  ]);
}

function oursOf(text: string): string {
  const { calendar, problems } = parseCalendar(text, defaultLimits);
  if (!calendar || problems.length > 0)
    throw new Error(`the bench's calendar has problems: ${JSON.stringify(problems)}`);
  return formatCalendar(calendar);
}

/** Makes one string of those the engine of JavaScript has only noted to be joined: whoever uses a text pays for that. */
function inOnePiece(text: string): number {
  return text.charCodeAt(text.length - 1);
}

function unfolded(text: string): string {
  return text.replace(/\r\n /g, "");
}

async function printMemory(text: string, folder: string): Promise<void> {
  const file = join(folder, "long.ics");
  await writeFile(file, text);
  const octets = Buffer.byteLength(text);
  console.log(
    `\npeak memory to parse and format ${(octets / 1e6).toFixed(1)} MB, times the text; median of ${memoryRuns}`,
  );
  const program = join(import.meta.dirname, "icalendar-memory.ts");
  // The young generation grows as far as it may while nobody else wants the room: small, it shows what is needed.
  for (const [flag, title] of [
    ["--max-semi-space-size=1", "young generation of 1 MB"],
    ["--no-warnings", "as Node does it"],
  ] as const) {
    for (const name of ["ours", "ical.js"]) {
      const rises = Array.from({ length: memoryRuns }, () => {
        const run = spawnSync(process.execPath, [flag, "--conditions=@parley/source", program, name, file], {
          encoding: "utf8",
        });
        if (run.status !== 0) throw new Error(run.stderr);
        return Number(run.stdout) / octets;
      });
      console.log(`  ${`${name}, ${title}`.padEnd(42)}${median(rises).toFixed(2)}`);
    }
  }
}
