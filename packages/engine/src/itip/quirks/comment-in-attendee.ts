import type { Property } from "../../icalendar/component.ts";
import { findParameter, parameterValue } from "../../icalendar/parameter.ts";
import { decodeText, makeTextProperty, readText } from "../../icalendar/text.ts";
import { type ObjectComponent, objectComponents, withComponents } from "../../model/calendar-object.ts";
import type { Quirk } from "./quirk.ts";

/**
 * The answer comes with a note in X-RESPONSE-COMMENT, a parameter of ATTENDEE, where RFC 5546 §3.2.3 has COMMENT. It is read as the
 * COMMENT of a REPLY or COUNTER that has none, its escapes of HTML undone.
 */
export const commentInAttendee = {
  name: "comment-in-attendee",
  who: "Google",
  seen: ({ properties }) =>
    properties.some((property) => property.name === "ATTENDEE" && findParameter(property, "X-RESPONSE-COMMENT")),
  mend: (message) => {
    const { method, originator, object } = message;
    if (!originator || (method !== "REPLY" && method !== "COUNTER")) return message;
    const mendOne = (part: ObjectComponent): ObjectComponent => {
      const note = noteOf(part.attendees.get(originator)?.property);
      if (!note || readText(part.component, "COMMENT")?.trim()) return part;
      const kept = part.component.properties.filter(({ name }) => name !== "COMMENT");
      const properties = [...kept, makeTextProperty("COMMENT", note)];
      return { ...part, component: { ...part.component, properties } };
    };
    return { ...message, object: withComponents(object, objectComponents(object).map(mendOne)) };
  },
} as const satisfies Quirk;

function noteOf(attendee: Property | undefined): string | undefined {
  const written = attendee && parameterValue(attendee, "X-RESPONSE-COMMENT");
  if (!written) return undefined;
  return decodeText(written)
    .replace(/&(?:#(\d{1,7})|([a-z]{2,6}));/gi, (whole, code: string | undefined, name: string | undefined) =>
      code === undefined ? (entities[name ?? ""] ?? whole) : characterOf(Number(code), whole),
    )
    .trim();
}

function characterOf(code: number, otherwise: string): string {
  const isCharacter = code >= 32 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : otherwise;
}

/** Those that stand in notes people write. */
const entities: Readonly<Record<string, string | undefined>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  hellip: "…",
  ndash: "–",
  mdash: "—",
};
