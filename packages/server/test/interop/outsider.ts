import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { simpleParser } from "mailparser";
import { createTransport } from "nodemailer";

/** Somebody elsewhere, who has nothing but mail; it is read by a library that was not written here. */
export interface Outsider {
  /** The calendar messages sent to them, unfolded, oldest first. */
  messages(): Promise<readonly string[]>;
  /** Answers the last of them by mail; the server's own relay says that it has proven their domain. */
  answer(partstat: string): Promise<void>;
}

/** Who reads their mail in an outbox folder, and answers by LMTP. */
export function makeOutsider(address: string, outbox: string, lmtpPort: number): Outsider {
  const messages = async (): Promise<readonly string[]> => {
    const found: { readonly at: number; readonly text: string }[] = [];
    for (const name of await readdir(outbox)) {
      if (!name.endsWith(".eml")) continue;
      const mail = await simpleParser(await readFile(join(outbox, name)));
      const to = [mail.to ?? []].flat().flatMap(({ value }) => value);
      if (!to.some((one) => one.address === address)) continue;
      const part = mail.attachments.find(({ contentType }) => contentType === "text/calendar");
      const text =
        part?.content
          .toString("utf8")
          .replaceAll("\r", "")
          .replaceAll(/\n[ \t]/g, "") ?? "";
      found.push({ at: (await stat(join(outbox, name))).mtimeMs, text });
    }
    return found.toSorted((a, b) => a.at - b.at).map(({ text }) => text);
  };
  return {
    messages,
    async answer(partstat) {
      const invitation = (await messages()).at(-1) ?? "";
      const to = /^ORGANIZER.*mailto:(.*)$/im.exec(invitation)?.[1] ?? "";
      const raw = replyTo(invitation, { from: address, to, partstat });
      const transport = createTransport({ host: "127.0.0.1", port: lmtpPort, lmtp: true, ignoreTLS: true });
      const { rejectedErrors = [] } = await transport.sendMail({ envelope: { from: address, to: [to] }, raw });
      transport.close();
      for (const error of rejectedErrors) throw error;
    },
  };
}

function replyTo(
  invitation: string,
  { from, to, partstat }: { readonly from: string; readonly to: string; readonly partstat: string },
): string {
  const event = invitation.slice(invitation.indexOf("BEGIN:VEVENT"));
  const kept = event.split("\n").filter((line) => /^(UID|SEQUENCE|ORGANIZER|DTSTART|DTEND)[:;]/.test(line));
  const zone = /^BEGIN:VTIMEZONE$[^]*^END:VTIMEZONE$/m.exec(invitation)?.[0].split("\n") ?? [];
  return [
    `Authentication-Results: mx.${to.split("@")[1]}; dmarc=pass header.from=${from.split("@")[1]}`,
    `From: ${from}`,
    `To: ${to}`,
    "Subject: an answer",
    "Message-ID: <answer@elsewhere.test>",
    "MIME-Version: 1.0",
    "Content-Type: text/calendar; method=REPLY; charset=utf-8",
    "",
    ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//elsewhere//EN", "METHOD:REPLY", ...zone],
    ...["BEGIN:VEVENT", "DTSTAMP:20270302T130000Z", ...kept, `ATTENDEE;PARTSTAT=${partstat}:mailto:${from}`],
    ...["END:VEVENT", "END:VCALENDAR", ""],
  ].join("\r\n");
}
