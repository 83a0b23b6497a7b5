import { parseAddress } from "../model/address.ts";
import { partstats } from "../model/calendar-user.ts";
import { parseMethod } from "../model/method.ts";
import type { InstanceKey } from "../model/recurrence-id.ts";
import type { Expectation } from "./step.ts";

/** Reads what a script expects of somebody; a sentence where that cannot be read. */
export function parseExpectation([verb = "", ...all]: readonly string[]): Expectation | string {
  const at = all.at(-2) === "at" ? all.at(-1) : undefined;
  const rest = at === undefined ? all : all.slice(0, -2);
  const place: { readonly key?: InstanceKey } = at === undefined ? {} : { key: at };
  const [first = "", second = "", third = ""] = rest;
  switch (verb) {
    case "sends":
      return first === "nothing" ? { kind: "sends-nothing" } : parseSends(rest);
    case "sees": {
      const attendee = parseAddress(first);
      const partstat = partstats.find((known) => known === second);
      if (!attendee) return `${first || "nothing"} is no address`;
      if (!partstat) return `${second} is no answer`;
      return { kind: "sees", attendee, partstat, ...(third && { percent: Number(third.replace("%", "")) }), ...place };
    }
    case "does-not-list": {
      const attendee = parseAddress(first);
      return attendee ? { kind: "does-not-list", attendee, ...place } : `${first || "nothing"} is no address`;
    }
    case "has":
      if (rest.join(" ") === "no event") return { kind: "no-event", ...place };
      return { kind: "property", name: first, value: rest.slice(1).join(" "), ...place };
    case "knows": {
      const about = parseAddress(first);
      const busy = rest.slice(1).join(" ");
      if (!about) return `${first || "nothing"} is no address`;
      return { kind: "knows", about, busy: busy === "free" ? [] : busy.split(", ") };
    }
    case "verdict":
      return { kind: "verdict", verdict: first };
    default:
      return `nobody knows how to expect ${verb}`;
  }
}

function parseSends(rest: readonly string[]): Expectation | string {
  const method = parseMethod(rest[0] ?? "");
  if (!method) return `${rest[0]} is no method`;
  const sequence = rest[1] === "sequence" ? Number(rest[2]) : undefined;
  const tail = rest.slice(sequence === undefined ? 1 : 3);
  const to = tail.slice(1).flatMap((text) => parseAddress(text) ?? []);
  if (tail[0] !== "to" || to.length === 0) return "expect PERSON sends METHOD [sequence N] to ADDRESS...";
  return { kind: "sends", method, sequence, to };
}
