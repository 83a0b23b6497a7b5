import { spawnSync } from "node:child_process";
import { type AddressObject, simpleParser } from "mailparser";

/** What a mail says, as anybody who reads it sees it. */
export interface SeenMail {
  /** Names of the fields of the header, in lower case, sorted. */
  readonly fields: readonly string[];
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** The From's display name. */
  readonly name: string;
  readonly subject: string;
  readonly messageId: string;
  /** With line feeds alone. */
  readonly text: string;
  readonly html: string;
  readonly calendar: string;
  /** Of the calendar part. */
  readonly method: string;
  readonly charset: string;
  readonly filename: string;
  /** In base64. */
  readonly attached: string;
}

/** Whether there is a Python to read with. */
export const hasPython = spawnSync("python3", ["-c", "import email"]).status === 0;

const script = `
import base64, email, email.policy, json, sys
def parts(mail, kind):
    return [p for p in mail.walk() if p.get_content_type() == kind]
def see(raw):
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    leaves = [p for p in mail.walk() if not p.is_multipart()]
    text, html, calendar, attached = leaves
    def people(name):
        return [a.addr_spec for a in mail[name].addresses] if mail[name] is not None else []
    def content(part):
        return part.get_payload(decode=True).decode(part.get_content_charset()).replace("\\r\\n", "\\n")
    return {
        "types": [p.get_content_type() for p in mail.walk()],
        "dispositions": [p.get_content_disposition() for p in leaves],
        "defects": [str(d) for p in mail.walk() for d in p.defects] + [str(d) for v in mail.values() for d in v.defects],
        "fields": sorted(name.lower() for name in mail.keys()),
        "from": people("From"), "to": people("To"),
        "name": mail["From"].addresses[0].display_name, "subject": mail["Subject"], "messageId": mail["Message-ID"],
        "text": content(text), "html": content(html),
        "calendar": calendar.get_payload(decode=True).decode("utf-8"),
        "method": calendar.get_param("method"), "charset": calendar.get_param("charset"),
        "filename": attached.get_filename(), "attached": base64.b64encode(attached.get_payload(decode=True)).decode(),
    }
for line in sys.stdin:
    try:
        print(json.dumps(see(base64.b64decode(line))))
    except Exception as error:
        print(json.dumps({"error": repr(error)}))
`;

/** Lets Python's own library read mails, all in one process. */
export function readByPython(mails: readonly Uint8Array[]): readonly unknown[] {
  const input = mails.map((raw) => `${Buffer.from(raw).toString("base64")}\n`).join("");
  const options = { input, encoding: "utf8", maxBuffer: 1 << 28 } as const;
  const { stdout, stderr } = spawnSync("python3", ["-X", "utf8", "-c", script], options);
  if (stderr !== "") throw new Error(stderr);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

/** What Python says beside what the mail says: how it is built. */
export const asPythonSees = {
  types: ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics"],
  dispositions: [null, null, null, "attachment"],
  defects: [],
} as const;

/** Lets mailparser read a mail. */
export async function readByMailparser(raw: Uint8Array): Promise<SeenMail> {
  const mail = await simpleParser(Buffer.from(raw), { skipTextToHtml: true, skipTextLinks: true });
  const [calendar, attached, ...others] = mail.attachments;
  if (!calendar || !attached || others.length > 0) throw new Error(`${mail.attachments.length} parts beside the texts`);
  const type = mail.attachments.map(({ contentType }) => contentType).join(" ");
  if (type !== "text/calendar application/ics") throw new Error(`they are ${type}`);
  const parameters = parametersOf(calendar.headers.get("content-type"));
  return {
    fields: mail.headerLines.map(({ key }) => key).sort(),
    from: addresses(mail.from),
    to: addresses(mail.to),
    name: mail.from?.value[0]?.name ?? "",
    subject: mail.subject ?? "",
    messageId: mail.messageId ?? "",
    text: (mail.text ?? "").replaceAll("\r\n", "\n"),
    html: (mail.html || "").replaceAll("\r\n", "\n"),
    calendar: calendar.content.toString("utf8"),
    method: parameters["method"] ?? "",
    charset: parameters["charset"] ?? "",
    filename: attached.filename ?? "",
    attached: attached.content.toString("base64"),
  };
}

function addresses(field: AddressObject | AddressObject[] | undefined): readonly string[] {
  return [field ?? []].flat().flatMap(({ value }) => value.map(({ address }) => address ?? ""));
}

function parametersOf(field: unknown): Readonly<Record<string, string | undefined>> {
  return typeof field === "object" && field !== null && "params" in field
    ? (field.params as Record<string, string>)
    : {};
}
