// Writes corpus-mails.tsv: node --conditions=@parley/source packages/server/test/mail/corpus-mails.ts --write
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { defaultLimits } from "@parley/engine";
import { type JudgedPart, readSchedulingMail } from "@parley/engine/imip";
import { inspectCalendar } from "@parley/engine/inspect";
import { intlZoneProvider } from "@parley/engine/recurrence";
import { parseMail } from "../../src/mail/parse-mail.ts";

const corpus = new URL("../../../../../shared/corpus/", import.meta.url);
/** The mails RFC 6047 §4 prints. */
const printed = new URL("../../../../../shared/requirements/examples/", import.meta.url);
/** What is expected of each file of the corpus, a line each; the mails themselves stay outside. */
export const table = new URL("corpus-mails.tsv", import.meta.url);

const head = "file\tjudged\tproblems\tquirks\tfatal";

/** Tells whether the corpus lies beside the repository. */
export function hasCorpus(): boolean {
  return existsSync(corpus) && existsSync(printed);
}

/** Judges every mail of the corpus, and every calendar and `winmail.dat` in a mail of ours: the lines of the table. */
export async function judgeCorpus(): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const folder of [corpus, printed]) {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => named.test(name));
    for (const file of files.sort()) lines.push(await judgeFile(file, readFileSync(new URL(file, folder))));
  }
  return [head, ...lines];
}

const named = /\.(eml|ics|dat)$/;

async function judgeFile(file: string, bytes: Uint8Array): Promise<string> {
  const mail = await parseMail(wrap(file, bytes));
  const { parts, problems } = readSchedulingMail(mail, intlZoneProvider, defaultLimits);
  const inspections = parts.flatMap((part) =>
    part.kind === "message"
      ? [inspectCalendar(part.message.calendar, { zones: intlZoneProvider, limits: defaultLimits })]
      : [],
  );
  const count = parts.reduce(
    (sum, part) => sum + (part.kind === "message" ? part.problems.length : 0),
    problems.length,
  );
  const quirks = new Set(inspections.flatMap((inspection) => inspection.quirks));
  const fatal = new Set(inspections.flatMap((inspection) => inspection.fatal.map(({ rule }) => rule)));
  return [file, parts.map(sayPart).join(", "), count, [...quirks].sort().join(" "), [...fatal].join(" ")].join("\t");
}

const types: Readonly<Record<string, string>> = { ics: "text/calendar", dat: "application/ms-tnef" };

/** Puts what is no mail into one. */
function wrap(file: string, bytes: Uint8Array): Uint8Array {
  const type = types[file.slice(-3)];
  if (!type) return bytes;
  const header = `From: sender@example.test\r\nTo: reader@example.test\r\nContent-Type: ${type}\r\n\r\n`;
  return Buffer.concat([Buffer.from(header), bytes]);
}

/** The METHOD, a hash of the UID and the number of components, and why it is only offered; or why it was not acted on. */
function sayPart(part: JudgedPart): string {
  if (part.kind === "unreadable") return part.reason;
  if (part.kind === "report")
    return part.report.recipients.map(({ action, status }) => `${action} ${status}`).join(" ");
  if (part.kind === "ignored") return "ignored";
  const { method, object } = part.message;
  const hash = createHash("sha256").update(object.uid).digest("hex").slice(0, 6);
  const count = (object.master ? 1 : 0) + object.overrides.size;
  return [method, object.type, hash, ...(count > 1 ? [`x${count}`] : []), ...(part.offered ? [part.offered] : [])].join(
    " ",
  );
}

if (process.argv.includes("--write")) writeFileSync(table, `${(await judgeCorpus()).join("\n")}\n`);
