import type { Method, ObjectType } from "../model/method.ts";
import { makeRequestStatus } from "../model/request-status.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import type { Policy } from "./context.ts";
import type { Rejected, Rule, Violation } from "./outcome.ts";

/**
 * What RFC 5546 §5.1 asks of those who do not serve a METHOD.
 *
 * - `required`: it is always served.
 * - `publish`: a REQUEST is taken as a PUBLISH: shown, not answered.
 * - `not-supported`: its sender has earned 3.14.
 */
export type Fallback = "required" | "publish" | "not-supported";

/**
 * The METHODs of RFC 5546 §5.1.1 to §5.1.4. Recurrences are supported, so an ADD is `required` there; a house without ADD does as
 * §3.2.4 and §3.4.4 say: 3.14.
 */
export const fallbacks: Readonly<Record<ObjectType, Readonly<Partial<Record<Method, Fallback>>>>> = {
  VEVENT: {
    PUBLISH: "required",
    REQUEST: "publish",
    REPLY: "required",
    ADD: "not-supported",
    CANCEL: "required",
    REFRESH: "required",
    COUNTER: "not-supported",
    DECLINECOUNTER: "not-supported",
  },
  VFREEBUSY: { PUBLISH: "not-supported", REQUEST: "not-supported", REPLY: "not-supported" },
  VTODO: {
    PUBLISH: "required",
    REQUEST: "publish",
    REPLY: "required",
    ADD: "not-supported",
    CANCEL: "required",
    REFRESH: "required",
    COUNTER: "not-supported",
    DECLINECOUNTER: "not-supported",
  },
  VJOURNAL: { PUBLISH: "not-supported", ADD: "not-supported", CANCEL: "not-supported" },
};

/** Tells what is done with a message of a type or METHOD that the house does not serve; `required` for all it serves. */
export function fallbackFor(message: SchedulingMessage, { unserved }: Policy): Fallback {
  const { type } = message.object;
  if (!unserved.has(type) && !unserved.has(message.method)) return "required";
  return fallbacks[type][message.method] ?? "required";
}

/** Rejects what is not served, RFC 5546 §5.1: 3.14, whose exception data are the METHOD. */
export function rejectUnserved({ object, method }: SchedulingMessage, violations: readonly Violation[]): Rejected {
  const rule = method === "ADD" ? addRules[object.type] : fallbackRules[object.type];
  return { kind: "rejected", rule, status: makeRequestStatus("3.14", `METHOD:${method}`), violations };
}

const fallbackRules: Readonly<Record<ObjectType, Rule>> = {
  VEVENT: "RFC 5546 §5.1.1",
  VFREEBUSY: "RFC 5546 §5.1.2",
  VTODO: "RFC 5546 §5.1.3",
  VJOURNAL: "RFC 5546 §5.1.4",
};

const addRules: Readonly<Record<ObjectType, Rule>> = {
  ...fallbackRules,
  VEVENT: "RFC 5546 §3.2.4",
  VTODO: "RFC 5546 §3.4.4",
};
