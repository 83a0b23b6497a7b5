import { defaultLimits, type Method, type SchedulingMessage } from "@parley/engine";
import { languages } from "@parley/engine/languages";
import type { MailLanguage } from "@parley/engine/mail-languages";
import { intlZoneProvider } from "@parley/engine/recurrence";
import { describeChanges } from "@parley/engine/sentences";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeText } from "../../src/icalendar/text.ts";
import { type ComposedMail, composeMail } from "../../src/imip/compose.ts";
import { changed } from "../itip/describe-samples.ts";
import { ann, clara, message } from "../itip/world.ts";
import { tongues, zoneOf } from "./mail-samples.ts";

/** What others wrote, in every place they can write in. */
interface Foreign {
  readonly name: string;
  readonly summary: string;
  readonly place: string;
  readonly description: string;
  readonly comment: string;
}

const plain: Foreign = { name: "x", summary: "x", place: "x", description: "x", comment: "x" };
const unit = fc.constantFrom(
  ..."<>&'`|-.:,;a 😀企。「س",
  "\n",
  "\t",
  "\u00a0",
  "\u0000",
  "\u001b",
  "\u0085",
  "\u2028",
  "\u202e",
  "\u2067",
  "\u2068",
  "\u2069",
  "\u200f",
  "When: tomorrow",
  "\nWhat: x",
  "> ",
  "- ",
  "</td><script>",
  "Bcc: b@example.test",
  "long ".repeat(30),
);
const nasty = fc.string({ unit, maxLength: 40 }).map((text) => `x${text}`);
const foreign: fc.Arbitrary<Foreign> = fc.record({
  name: nasty,
  summary: nasty,
  place: nasty,
  description: nasty,
  comment: nasty,
});

function messageOf(method: Method, { name, summary, place, description, comment }: Foreign): SchedulingMessage {
  const cn = name.replace(/["\u0000-\u001f\u2028]/g, "");
  return message({
    method,
    summary: encodeText(summary),
    attendees: [`;CN="${cn}";PARTSTAT=ACCEPTED:mailto:${clara}`],
    lines: [
      `LOCATION:${encodeText(place)}`,
      `URL:https://example.test/${encodeText(place)}`,
      `DESCRIPTION:${encodeText(description)}`,
      `COMMENT:${encodeText(comment)}`,
    ],
  });
}

function compose(method: Method, fields: Foreign, language: MailLanguage): ComposedMail {
  const zone = zoneOf("Europe/Berlin");
  const changes = [
    changed("LOCATION", "y", encodeText(fields.place)),
    changed("DESCRIPTION", encodeText(fields.description), encodeText(fields.comment)),
  ];
  const viewer = { zone, zones: intlZoneProvider.zone, language: languages[language.code] };
  return composeMail(messageOf(method, fields), {
    provider: intlZoneProvider,
    limits: defaultLimits,
    senderName: fields.name,
    changes: describeChanges(changes, viewer),
    zone,
    language,
  });
}

/** What stands at the margin, as far as the first colon; the first line, which has a name in it, not at all. */
function margin(text: string, { colon }: MailLanguage): readonly string[] {
  const lines = text.split("\n").map((line) => line.replace(/^\u200f/, ""));
  const ours = lines.filter((line) => !/^(?:$| |>)/.test(line));
  return ours.slice(1).map((line) => (line.startsWith("- ") ? "- " : (line.split(colon.trimEnd())[0] ?? "")));
}

function tags(html: string): readonly string[] {
  return (html.match(/<[^>]*>/g) ?? []).filter((tag) => tag !== "<br>");
}

/** Whether each line closes what turns its direction, and nothing it did not open. */
function isBalanced(text: string): boolean {
  return text.split("\n").every((line) => {
    let open = 0;
    for (const character of line) {
      if (character === "\u2068") open++;
      if (character === "\u2069" && --open < 0) return false;
    }
    return open === 0;
  });
}

const methods: readonly Method[] = ["REQUEST", "REPLY", "CANCEL", "COUNTER", "PUBLISH", "DECLINECOUNTER"];

describe.each(tongues)("whatever others wrote, in a mail in $code", (language) => {
  test.each(methods)("%s: no line, header or element is added, and nothing turns what stands around it", (method) => {
    const expected = compose(method, plain, language);
    const [first] = expected.subject.split("x");
    fc.assert(
      fc.property(foreign, (fields) => {
        const { subject, text, html } = compose(method, fields, language);
        expect(subject).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066\u2067]/);
        expect(subject.startsWith((first ?? "").replace("\u2068", ""))).toBe(true);
        expect(subject.length).toBeLessThan(260);
        expect(isBalanced(subject)).toBe(true);
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066\u2067]/);
        expect(isBalanced(text)).toBe(true);
        expect(margin(text, language)).toEqual(margin(expected.text, language));
        expect(tags(html)).toEqual(tags(expected.html));
        expect(html).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066\u2067]/);
      }),
      { numRuns: 60 },
    );
  });
});

test("a name that is empty once it is cleaned gives way to the address, and that to somebody", () => {
  const text = (organizer: typeof ann | null): string => {
    const nobody = message({ method: "REQUEST", organizer });
    const options = { provider: intlZoneProvider, limits: defaultLimits, senderName: " \u202e\n", changes: [] };
    return composeMail(nobody, options).text.split("\n")[0] ?? "";
  };
  expect([text(ann), text(null)]).toEqual(["ann@example.test invites you.", "Somebody invites you."]);
});
