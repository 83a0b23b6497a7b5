// Parses and formats the file named as its second argument with the parser named as the first, once, in a process of its
// own; prints by how many octets the peak of memory rose. Run by `icalendar.ts`.
import { readFileSync } from "node:fs";
import { resourceUsage } from "node:process";
import { defaultLimits } from "@parley/engine";
import { formatCalendar, parseCalendar } from "@parley/engine/icalendar";
import ical from "ical.js";

const parsers: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  ours: (bytes) => {
    const { calendar } = parseCalendar(bytes, defaultLimits);
    if (!calendar) throw new Error("the calendar cannot be read");
    return formatCalendar(calendar);
  },
  "ical.js": (bytes) => ical.stringify(ical.parse(new TextDecoder().decode(bytes)) as never),
};

const [name = "", file = ""] = process.argv.slice(2);
const parse = parsers[name];
if (!parse) throw new Error(`no parser "${name}"`);
const bytes = readFileSync(file);
const before = resourceUsage().maxRSS;
const written = parse(bytes);
if (written.length < bytes.length / 2) throw new Error("not all was written");
process.stdout.write(String((resourceUsage().maxRSS - before) * 1_024));
