import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { intlZoneProvider } from "@parley/engine/recurrence";
import pc from "picocolors";
import { afterAll, describe, expect, test, vi } from "vitest";
import { inspectCommand } from "../../src/cli/inspect.ts";
import { type FileReport, inspectFile } from "../../src/cli/inspect-file.ts";
import { inspectionAsText } from "../../src/cli/inspect-text.ts";
import { jsonForTerminal, printable } from "../../src/cli/terminal.ts";

const corpus = fileURLToPath(new URL("../../../../../shared/corpus/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "parley-inspect-"));
afterAll(() => rmSync(folder, { recursive: true }));

const request = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "PRODID:-//Test//EN",
  "METHOD:REQUEST",
  "BEGIN:VEVENT",
  "UID:1@example.test",
  "DTSTAMP:20270101T000000Z",
  "DTSTART:20270301T090000Z",
  "SUMMARY:Tea \u009b31mred \u202eevil",
  "ORGANIZER:mailto:ann@example.test",
  "ATTENDEE:MAILTO:bo@example.test",
  "END:VEVENT",
  "END:VCALENDAR",
  "",
].join("\r\n");

const mail = [
  "From: ann@example.test",
  "Subject: Tea",
  "MIME-Version: 1.0",
  'Content-Type: text/calendar; method=CANCEL; charset="UTF-8"',
  "Content-Transfer-Encoding: base64",
  "",
  Buffer.from(request).toString("base64"),
  "",
].join("\r\n");

describe("parley inspect", () => {
  test("a calendar, guessed by content", async () => {
    expect(await inspectFile(write("invite.txt", `\ufeff\r\n${request}`), intlZoneProvider)).toMatchObject({
      kind: "read",
      form: "calendar",
      calendars: [
        {
          inspection: {
            method: "REQUEST",
            objects: [{ uid: "1@example.test" }],
            violations: [],
            quirks: ["upper-case-mailto"],
          },
        },
      ],
    });
  });

  test("a mail, and what its Content-Type says", async () => {
    const report = await inspectFile(write("invite.eml", mail), intlZoneProvider);
    expect(report).toMatchObject({
      kind: "read",
      form: "mail",
      calendars: [{ declaredMethod: "CANCEL", inspection: { method: "REQUEST" } }],
    });
    expect(inspectionAsText(report, pc.createColors(false))).toContain(
      "METHOD REQUEST, but CANCEL in the Content-Type",
    );
  });

  test.each([
    ["absent.ics", undefined],
    ["empty.ics", ""],
    ["letter.eml", "From: ann@example.test\r\nSubject: Tea\r\n\r\nNo calendar here.\r\n"],
    ["noise.bin", "\u0000\u0001\u0002"],
  ])("%s holds no calendar: it says so and the exit code is 1", async (name, content) => {
    const file = content === undefined ? join(folder, name) : write(name, content);
    expect(await inspectFile(file, intlZoneProvider)).toMatchObject({ kind: "failed", file });
    const { output, exitCode } = await run(file, write("good.ics", request));
    expect(exitCode).toBe(1);
    expect(output).toContain("1@example.test");
  });

  test("a folder is told apart from a file", async () => {
    expect(await inspectFile(folder, intlZoneProvider)).toEqual({
      kind: "failed",
      file: folder,
      reason: "it is no file",
    });
  });

  test("the text for a person", async () => {
    const { output, exitCode } = await run(write("invite.ics", request.replace("DTSTAMP:20270101T000000Z\r\n", "")));
    expect(exitCode).toBe(0);
    expect(output.split("\n").slice(1)).toEqual([
      "  METHOD REQUEST",
      "    product      -//Test//EN",
      "    VEVENT       1@example.test",
      "      summary    Tea \ufffd31mred \ufffdevil",
      "      revision   0, without DTSTAMP",
      "      from       ann@example.test",
      "      to         bo@example.test",
      "      instances  all",
      "    tolerated    RFC 5546 §3.2.2  A VEVENT of a REQUEST has exactly one DTSTAMP; this one has none.",
      "    quirk        missing-dtstamp (Zoom, OpenPaaS, Microsoft CDO, booking sites)",
      "    quirk        upper-case-mailto (Exchange before 2013, Outlook, Lotus Notes, Zimbra)",
      "",
      "",
    ]);
  });

  test("the text says what is odd with rules and zones", async () => {
    const zone = [
      ...["BEGIN:VTIMEZONE", "TZID:Europe/Berlin", "BEGIN:STANDARD", "DTSTART:16010101T000000", "TZOFFSETFROM:+0200"],
      ...["TZOFFSETTO:+0200", "END:STANDARD", "END:VTIMEZONE", ""],
    ].join("\r\n");
    const odd = request
      .replace(
        "DTSTART:",
        "RRULE:FREQ=DAILY;BYMONTH=13\r\nDTEND;TZID=B\u202eRT:20270301T100000\r\nDTSTART;TZID=Europe/Berlin:",
      )
      .replace("090000Z", "090000")
      .replace("BEGIN:VEVENT", `${zone}BEGIN:VEVENT`);
    const { output } = await run(write("odd.ics", odd));
    expect(output).toContain("      rule       BYMONTH: has a value it cannot have");
    expect(output).toContain(
      "    zone         Europe/Berlin: at 20270301T080000Z its VTIMEZONE says +0200, its name means +0100; the name counts",
    );
    expect(output).toContain(
      "    zone         B\ufffdRT: nobody knows it; its times are read as those of whoever looks",
    );
  });

  test("--json is one array, whole and without controls", async () => {
    const { output } = await run("--json", write("invite.ics", request), join(folder, "absent.ics"));
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    const reports = JSON.parse(output) as readonly FileReport[];
    expect(reports.map(({ kind }) => kind)).toEqual(["read", "failed"]);
    expect(reports[0]).toMatchObject({
      calendars: [{ inspection: { objects: [{ summary: "Tea \u009b31mred \u202eevil" }] } }],
    });
  });

  test("colours only where asked for", async () => {
    const report = await inspectFile(write("invite.ics", request), intlZoneProvider);
    expect(inspectionAsText(report, pc.createColors(false))).not.toContain("\u001b");
    expect(inspectionAsText(report, pc.createColors(true))).toContain("\u001b[");
  });

  test("nothing that steers a terminal is printable, and JSON keeps what it escapes", () => {
    const everything = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code));
    const steering = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;
    for (const character of everything) expect(printable(character)).not.toMatch(steering);
    const text = everything.join("");
    expect(jsonForTerminal(text)).not.toMatch(steering);
    expect(JSON.parse(jsonForTerminal(text))).toBe(text);
    expect(printable("x".repeat(10_000)).length).toBeLessThan(300);
  });
});

describe("all files of the corpus", () => {
  const present = existsSync(corpus);
  const runTest = present ? test : test.skip;

  runTest(`are told as their index tells them${present ? "" : " (SKIPPED: no ../shared/corpus)"}`, async () => {
    const differences: string[] = [];
    for (const { file, method, component } of readIndex()) {
      const report = await inspectFile(join(corpus, file), intlZoneProvider);
      const inspections = report.kind === "read" ? report.calendars.map(({ inspection }) => inspection) : [];
      const methods = new Set(inspections.map(({ writtenMethod }) => writtenMethod?.toUpperCase() ?? ""));
      const types = new Set(inspections.flatMap(({ objects }) => objects.map(({ type }) => type)));
      const found = `${[...methods].join("+")} ${[...types].sort().join("+")}`;
      if (found !== `${method} ${component}`) differences.push(`${file}: ${found}`);
      const text = inspectionAsText(report, pc.createColors(false));
      expect(text, file).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      expect(text.split("\n").length, file).toBeLessThan(500);
    }
    expect(differences).toEqual(exceptions);
  });

  runTest(`that are in no index do no harm either${present ? "" : " (SKIPPED: no ../shared/corpus)"}`, async () => {
    const indexed = new Set(readIndex().map(({ file }) => file));
    for (const file of readdirSync(corpus, { recursive: true, encoding: "utf8" })) {
      if (!indexed.has(file)) expect((await inspectFile(join(corpus, file), intlZoneProvider)).kind).toBe("failed");
    }
  });
});

/** Where we tell another thing than the index, and why. */
const exceptions: readonly string[] = [
  // Bounces: the calendar is inside the mail that came back.
  "apple/dsn-failure-with-ics.eml:  ",
  // A mail with another mail attached: what is in that was said to somebody else.
  "zimbra/calendar-bounce.eml:  ",
];

async function run(...args: readonly string[]): Promise<{ readonly output: string; readonly exitCode: number }> {
  let output = "";
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    output += String(chunk);
    return true;
  });
  try {
    process.exitCode = 0;
    await inspectCommand().parseAsync(args, { from: "user" });
    return { output, exitCode: Number(process.exitCode) };
  } finally {
    spy.mockRestore();
    process.exitCode = undefined;
  }
}

function write(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

function readIndex(): readonly { readonly file: string; readonly method: string; readonly component: string }[] {
  const rows = readFileSync(join(corpus, "index.csv"), "utf8").split(/\r?\n/).slice(1);
  return rows.flatMap((row) => {
    const [file = "", , method = "", component = ""] = row.split(",");
    return file ? [{ file, method, component }] : [];
  });
}
