import { readdirSync, readFileSync } from "node:fs";
import type { ComposedMail } from "@parley/engine/imip";
import { describe, expect, test } from "vitest";
import { composeMime, type MailHeader } from "../../src/delivery/compose-mime.ts";
import { asPythonSees, hasPython, readByMailparser, readByPython, type SeenMail } from "./other-readers.ts";

const golden = new URL("../../../engine/test/imip/golden/", import.meta.url);
const fixtures = new URL("../../../../fixtures/itip/", import.meta.url);
const read = (url: URL): string => readFileSync(url, "utf8");

const calendars = readdirSync(fixtures)
  .filter((name) => name.endsWith(".ics"))
  .map((name) => read(new URL(name, fixtures)).replace(/\r?\n/g, "\r\n"));

const methods = ["PUBLISH", "REQUEST", "REPLY", "ADD", "CANCEL", "REFRESH", "COUNTER", "DECLINECOUNTER"] as const;
const components = ["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"] as const;
const names = [
  "Ann Archer",
  "Ärcher, Ann",
  '"Ann" \\ Archer',
  "سارة",
  "企画会議 の あん",
  "=?utf-8?q?Ann?=",
  "a@b.test",
];

/** Every mail a person has looked at, in its language, as it would leave. */
function goldenMails(): readonly { readonly name: string; readonly mail: ComposedMail; readonly header: MailHeader }[] {
  const texts = readdirSync(golden).filter((name) => name.endsWith(".txt"));
  return texts.flatMap((file) => {
    const html = read(new URL(file.replace(".txt", ".html"), golden));
    const mails = read(new URL(file, golden))
      .split(/^#### /m)
      .slice(1);
    return mails.map((whole, index) => {
      const [name = "", subject = "", , ...text] = whole.split("\n");
      const mail: ComposedMail = {
        ...{ subject, text: text.join("\n"), html, calendar: calendars[index % calendars.length] ?? "" },
        method: methods[index % methods.length] ?? "REQUEST",
        component: components[index % components.length] ?? "VEVENT",
        filename: "invite.ics",
      };
      const header: MailHeader = {
        from: { address: "ann@example.test", name: names[index % names.length] ?? "" },
        to: { address: "ben+work@partner.test" },
        messageId: `<${index}.${file}@example.test>`,
        date: Date.UTC(2027, 2, 2) / 1_000,
        ...(index % 3 === 0 && { inReplyTo: "<theirs@partner.test>" }),
        thread: "<thread@uid.invalid>",
        ...(index % 5 === 0 && { autoSubmitted: "auto-replied" as const }),
      };
      return { name: `${file}: ${name}`, mail, header };
    });
  });
}

const basic = ["content-type", "date", "from", "message-id", "mime-version", "references", "subject", "to"];

/** What everybody should see of it. */
function meant({ calendar, method, subject, text, html, filename }: ComposedMail, header: MailHeader): SeenMail {
  const optional = {
    "in-reply-to": header.inReplyTo,
    "auto-submitted": header.autoSubmitted,
  };
  const fields = Object.entries(optional).flatMap(([field, value]) => (value === undefined ? [] : [field]));
  return {
    fields: [...basic, ...fields].sort(),
    from: [header.from.address],
    to: [header.to.address],
    // What others would decode is taken apart.
    name: header.from.name?.replace("=?", "= ?") ?? "",
    subject: subject.replace(/\s/g, " "),
    ...{ messageId: header.messageId, method, charset: "UTF-8", filename, calendar, text, html },
    attached: Buffer.from(calendar).toString("base64"),
  };
}

describe("every golden mail, read by others, says what we meant", async () => {
  const mails = await Promise.all(
    goldenMails().map(async (each) => ({ ...each, raw: await composeMime(each.mail, each.header) })),
  );

  test("there are many of them", () => {
    expect(mails.length).toBeGreaterThan(120);
  });

  test("mailparser", async () => {
    for (const { name, mail, header, raw } of mails) {
      expect(await readByMailparser(raw), name).toEqual(meant(mail, header));
    }
  });

  test.skipIf(!hasPython)("Python's email (SKIPPED where python3 is absent)", () => {
    const seen = readByPython(mails.map(({ raw }) => raw));
    for (const [index, { name, mail, header }] of mails.entries()) {
      expect(seen[index], name).toEqual({ ...meant(mail, header), ...asPythonSees });
    }
  });
});
