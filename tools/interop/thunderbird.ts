// Lets Debian's Thunderbird, without a screen and driven from here, work a day against a server of ours:
//   node --conditions=@parley/source tools/interop/thunderbird.ts [--requests FILE]
// Says what it did, step by step; with --requests all its requests and their answers are written to a file. Exit code 1 where a step
// fails. Without Thunderbird (apt install thunderbird) it says so and does nothing. docs/interop/thunderbird.md has the last result.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { thunderbirdVersion } from "./thunderbird/program.ts";
import type { Exchange } from "./thunderbird/recorder.ts";
import { openStage } from "./thunderbird/stage.ts";
import { tellOfMail } from "./thunderbird/story-by-mail.ts";
import { tellOfAGuest } from "./thunderbird/story-of-a-guest.ts";
import { tellOfAnOrganizer } from "./thunderbird/story-of-an-organizer.ts";
import { tellOfSharing } from "./thunderbird/story-of-sharing.ts";

const { values } = parseArgs({ options: { requests: { type: "string" } } });
const version = thunderbirdVersion();
if (version === undefined) console.log("SKIPPED: there is no Thunderbird here (apt install thunderbird)");
else await run(version);

async function run(found: string): Promise<void> {
  console.log(`${found}, ${new Date().toISOString().slice(0, 10)}`);
  const stage = await openStage();
  try {
    await tellOfAGuest(stage);
    await tellOfAnOrganizer(stage);
    await tellOfMail(stage);
    await tellOfSharing(stage);
  } finally {
    await stage.close();
  }
  const { results } = stage;
  const { exchanges } = stage.recorder;
  if (values.requests !== undefined) await writeFile(values.requests, exchanges.map(describe).join("\n"));
  const failed = results.filter(({ error }) => error !== undefined).length;
  console.log(`${results.length - failed} of ${results.length} steps as expected; ${summarize(exchanges)}`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function summarize(exchanges: readonly Exchange[]): string {
  const counts = new Map<string, number>();
  for (const { method, status } of exchanges) {
    const key = `${method} ${status}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const each = [...counts].map(([key, count]) => `${count} ${key}`);
  return `${exchanges.length} requests: ${each.join(", ")}`;
}

function describe({ method, path, headers, body, status, answer, millis }: Exchange): string {
  const told = ["depth", "if-match", "if-none-match", "content-type", "user-agent", "originator", "recipient"];
  const lines = told.flatMap((name) => (headers[name] === undefined ? [] : [`${name}: ${String(headers[name])}`]));
  const first = `${method} ${path} => ${status} (${Math.round(millis)} ms)`;
  return [`=== ${first}`, ...lines, body, "---", answer, ""].join("\n");
}
