import { createTransport } from "nodemailer";
import {
  annAddress,
  day,
  deliver,
  eventually,
  methodOf,
  outsiderAddress,
  partstatOf,
  present,
  type Stage,
  same,
  seen,
  someOf,
} from "./stage.ts";
import { pick } from "./story-of-a-guest.ts";

/** Somebody elsewhere whom Ann has written to invites her by mail; by the web page alone she is asked whether she wants strangers. */
export async function tellOfMail(stage: Stage): Promise<void> {
  const { dav, outsider, thunderbird, step } = stage;
  const [uid, on] = ["by-mail@elsewhere.test", day(28)];
  await step("Olga invites Ann by mail; she accepts in Thunderbird, and Olga has a mail", async () => {
    const lines = [
      ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//elsewhere//EN", "METHOD:REQUEST", "BEGIN:VEVENT"],
      ...[`UID:${uid}`, "DTSTAMP:20260101T080000Z", `DTSTART:${on}T090000Z`, `DTEND:${on}T100000Z`, "SUMMARY:Visit"],
      ...[`ORGANIZER:mailto:${outsiderAddress}`, `ATTENDEE;RSVP=TRUE;PARTSTAT=NEEDS-ACTION:mailto:${annAddress}`],
      ...["END:VEVENT", "END:VCALENDAR", ""],
    ];
    const before = (await outsider.messages()).length;
    await sendByLmtp(dav.server.lmtpPort, lines);
    const item = await eventually(async () => present(await seen(stage, "Calendar", uid)));
    same(pick(item), { start: `${on}T090000Z`, answer: "NEEDS-ACTION", isInvitation: true, isOpen: true });
    await thunderbird.call("answer", "Calendar", uid, "ACCEPTED");
    await deliver(stage);
    const [reply = "", ...others] = await eventually(async () => someOf((await outsider.messages()).slice(before)));
    same(
      [methodOf(reply), partstatOf({ href: "", etag: "", text: reply }, annAddress), others],
      ["REPLY", "ACCEPTED", []],
    );
  });
}

/** A mail from Olga, as her house's mail server hands it over; the own relay says that it has proven her domain. */
async function sendByLmtp(port: number, lines: readonly string[]): Promise<void> {
  const raw = [
    "Authentication-Results: mx.example.test; dmarc=pass header.from=elsewhere.test",
    `From: ${outsiderAddress}`,
    `To: ${annAddress}`,
    "Subject: Visit",
    "Message-ID: <visit@elsewhere.test>",
    "MIME-Version: 1.0",
    "Content-Type: text/calendar; method=REQUEST; charset=utf-8",
    "",
    ...lines,
  ].join("\r\n");
  const transport = createTransport({ host: "127.0.0.1", port, lmtp: true, ignoreTLS: true });
  await transport.sendMail({ envelope: { from: outsiderAddress, to: [annAddress] }, raw });
  transport.close();
}
