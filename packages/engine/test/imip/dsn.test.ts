import { defaultLimits } from "@parley/engine";
import { type MailPart, readDeliveryReport, readSchedulingMail } from "@parley/engine/imip";
import { intlZoneProvider } from "@parley/engine/recurrence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxReportBytes, maxReportedRecipients } from "../../src/limits.ts";
import { calendarLeaf, invitation, leaf, mailInside, mailOf, multipart, octets } from "./mails.ts";

const status = (...lines: readonly string[]): MailPart => leaf("message/delivery-status", { bytes: octets(...lines) });
const returned = mailInside(calendarLeaf(invitation), { messageId: "<one@example.test>" });
const read = (root: MailPart): ReturnType<typeof readDeliveryReport> => readDeliveryReport(mailOf(root), defaultLimits);

/** The type of mail addresses, in pieces: whole it looks like an old RFC. */
const mailType = ["rfc", "822"].join("");
const finalTo = (address: string): string => `Final-Recipient: ${mailType}; ${address}`;
const failed = [finalTo("ben@example.test"), "Action: failed", "Status: 5.1.1"];

test("all that is said of one recipient", () => {
  const report = read(
    multipart(
      "report",
      leaf("text/plain"),
      status(
        ...["Reporting-MTA: dns; mx.example.test", "Original-Envelope-Id: env-1", ""],
        ...[`Original-Recipient: ${mailType};Team@example.test`, ...failed],
        ...["Diagnostic-Code: smtp; 550 5.1.1", "\t<ben@example.test>: unknown", "  user"],
      ),
      returned,
    ),
  );
  expect(report).toEqual({
    messageId: "<one@example.test>",
    envelopeId: "env-1",
    recipients: [
      {
        recipient: "ben@example.test",
        original: "team@example.test",
        action: "failed",
        status: "5.1.1",
        diagnostic: "550 5.1.1 <ben@example.test>: unknown user",
      },
    ],
  });
});

describe("recipients, as reports really have them", () => {
  const ben = { recipient: "ben@example.test", action: "failed", status: "5.1.1" };
  test.each([
    [
      "two",
      ["", ...failed, "", "Final-Recipient: UTF-8;<clara@partner.test>", "Action: delayed (4 hours)"],
      [ben, { recipient: "clara@partner.test", action: "delayed" }],
    ],
    [
      "without empty lines between",
      [...failed, finalTo("clara@partner.test"), "Action: expanded"],
      [ben, { recipient: "clara@partner.test", action: "expanded" }],
    ],
    [
      "no Action",
      ["Final-Recipient: utf-8; ben@example.test", "Status: 4.4.1 (later)"],
      [{ recipient: "ben@example.test", action: "delayed", status: "4.4.1" }],
    ],
    [
      "the original one alone",
      ["Original-Recipient: ben@example.test", "ACTION: Relayed", "Status: 2.0.0"],
      [{ recipient: "ben@example.test", original: "ben@example.test", action: "relayed", status: "2.0.0" }],
    ],
    ["no address", ["Final-Recipient: x400; /G=Ben/", "Action: failed"], undefined],
    ["nothing of what happened", [finalTo("ben@example.test"), "Action: dropped"], undefined],
    ["nothing", [""], undefined],
  ])("%s", (_, lines, recipients) => {
    expect(read(multipart("report", status(...lines)))?.recipients).toEqual(recipients);
  });

  test("beyond the octets that are read", () => {
    const filler = `X-Filler: ${"x".repeat(maxReportBytes)}`;
    expect(
      read(multipart("report", status(...failed, "", filler, "", finalTo("c@x.test"), "Action: failed"))),
    ).toMatchObject({
      recipients: [ben],
    });
  });
  test("more than are read", () => {
    const lines = Array.from({ length: maxReportedRecipients + 10 }, (_, i) => [
      "",
      `Final-Recipient: x; u${i}@x.test`,
      "Action: failed",
    ]);
    expect(read(multipart("report", status(...lines.flat())))?.recipients.length).toBe(maxReportedRecipients);
  });
});

describe("which mails are reports", () => {
  const headers = leaf("text/rfc822-headers", {
    header: mailOf(leaf("text/plain"), { messageId: "<two@example.test>" }),
  });
  test.each([
    ["with the mail", multipart("report", status(...failed), returned), "<one@example.test>"],
    ["with its header", multipart("report", status(...failed), headers), "<two@example.test>"],
    ["with neither", multipart("report", status(...failed)), "<asked@example.test>"],
    ["called mixed", multipart("mixed", status(...failed), returned), "<one@example.test>"],
    [
      "inside a mailing list's wrapping",
      multipart("mixed", multipart("report", status(...failed), returned)),
      "<one@example.test>",
    ],
    ["passed on by somebody", mailInside(multipart("report", status(...failed), returned)), undefined],
    ["no status", multipart("report", leaf("text/plain"), returned), undefined],
  ])("%s", (_, root, messageId) => {
    const mail = mailOf(root, { inReplyTo: "<asked@example.test>" });
    expect(readDeliveryReport(mail, defaultLimits)?.messageId).toBe(messageId);
  });
});

test("a report is told as one, and the calendar in it is not acted on", () => {
  const reading = readSchedulingMail(
    mailOf(multipart("report", status(...failed, "", finalTo("c@x.test"), "Action: failed"), returned)),
    intlZoneProvider,
    defaultLimits,
  );
  expect(reading.parts).toMatchObject([
    {
      kind: "report",
      report: { messageId: "<one@example.test>" },
      detail: "This is a report about another mail: failed for ben@example.test and 1 more.",
    },
  ]);
});

test("any octets", () => {
  const piece = fc.constantFrom(finalTo("a@b.test"), "Action: failed", "Status: 5", "", " x", ":", "\u0000");
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(piece).map((lines) => octets(...lines)),
  );
  fc.assert(
    fc.property(bytes, (content) => {
      const report = read(multipart("report", leaf("message/delivery-status", { bytes: content })));
      expect(report === undefined || report.recipients.length > 0).toBe(true);
    }),
  );
});
