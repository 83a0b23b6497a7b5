import type { Mail } from "@parley/engine/imip";
import { oneLine, type Payload } from "../scheduling/payload.ts";

/** Characters of a subject that are looked at, as of a mail from outside. */
const maxSubjectLength = 1_000;

/** Gives what one of our own people sent as the mail it would be, without its octets ever being made. Decision 0030. */
export function insideMail({ from, date, mail }: Payload): Mail {
  const name = oneLine(from.name);
  return {
    from: [{ address: from.address, ...(name && { name }) }],
    to: [],
    cc: [],
    subject: oneLine(mail.subject).slice(0, maxSubjectLength),
    date,
    authenticationResults: [],
    root: {
      contentType: "text/calendar",
      parameters: { charset: "UTF-8", method: mail.method, component: mail.component },
      bytes: new TextEncoder().encode(mail.calendar),
      parts: [],
    },
    problems: [],
  };
}
