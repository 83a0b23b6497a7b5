import { benchCaldav, benchCaldavCyrus } from "./caldav.ts";
import { benchDeliver } from "./deliver.ts";
import { benchEngine } from "./engine.ts";
import { benchFanOut } from "./fan-out.ts";
import { benchFreeBusy } from "./free-busy.ts";
import { benchHostile } from "./hostile.ts";
import { benchText } from "./icalendar.ts";
import { benchMail } from "./mail.ts";
import { benchRecurrence } from "./recurrence.ts";
import { benchServer } from "./server.ts";

/** Benchmarks by name; each prints its workload, its unit, and the cost of each step or how others compare. */
const benchmarks: Readonly<Record<string, () => Promise<void>>> = {
  caldav: benchCaldav,
  "caldav-cyrus": benchCaldavCyrus,
  deliver: benchDeliver,
  engine: benchEngine,
  icalendar: async () => {
    await benchText();
    await benchRecurrence();
  },
  "free-busy": benchFreeBusy,
  hostile: benchHostile,
  mail: benchMail,
  server: async () => {
    await benchServer();
    await benchFanOut();
  },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}; there are: ${Object.keys(benchmarks).join(", ")}`);
  process.exitCode = 2;
} else {
  for (const [name, run] of Object.entries(benchmarks)) if (wanted.length === 0 || wanted.includes(name)) await run();
}
