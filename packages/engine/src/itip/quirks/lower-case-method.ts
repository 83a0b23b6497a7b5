import { firstProperty } from "../../icalendar/component.ts";
import type { Quirk } from "./quirk.ts";

/** METHOD in small letters. RFC 5545 §2 compares enumerated values without case; many programs do not. */
export const lowerCaseMethod = {
  name: "lower-case-method",
  who: "Live Meeting, Apple Mail",
  seen: ({ calendar }) => /[a-z]/.test(firstProperty(calendar, "METHOD")?.value ?? ""),
} as const satisfies Quirk;
