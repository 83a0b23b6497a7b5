import { Command } from "commander";
import picocolors from "picocolors";
import { systemZones } from "../zones.ts";
import { type FileReport, inspectFile } from "./inspect-file.ts";
import { inspectionAsText } from "./inspect-text.ts";
import { jsonForTerminal } from "./terminal.ts";

/**
 * `parley inspect FILE...`: tells what a calendar or the calendars of a mail say, which rows of the restriction tables they
 * break, and which known quirks they show. Nothing is stored or sent. Exit code 1 where a file cannot be read or holds no
 * calendar; the other files are told all the same.
 */
export function inspectCommand(): Command {
  return new Command("inspect")
    .description("tell what is in a calendar file or a mail, and what is wrong with it")
    .argument("<file...>", ".ics, .eml, or anything that is one of the two inside")
    .option("--json", "as JSON, one array for all files")
    .action(async (files: readonly string[], options: { readonly json?: boolean }) => {
      const zones = systemZones();
      const reports: FileReport[] = [];
      for (const file of files) {
        const report = await inspectFile(file, zones);
        if (report.kind === "failed") process.exitCode = 1;
        if (options.json) reports.push(report);
        else process.stdout.write(inspectionAsText(report, picocolors.createColors(process.stdout.isTTY === true)));
      }
      if (options.json) process.stdout.write(`${jsonForTerminal(reports)}\n`);
    });
}
