import { allProperties, type Component } from "../icalendar/component.ts";
import { decodeText, encodeText, splitEscaped } from "../icalendar/text.ts";

/** The value of a REQUEST-STATUS, RFC 5545 §3.8.8.3 and RFC 5546 §3.6. The code is a tuple: 2.10 is not 2.1. */
export interface RequestStatus {
  readonly code: StatusCode;
  readonly description: string;
  /** The data that gave offence, such as the content line. */
  readonly exception?: string;
}

/** The short return status, class first. */
export type StatusCode = readonly [number, number] | readonly [number, number, number];

/** RFC 5546 §3.6 code by code, and the classes of delivery of RFC 6638 §3.2.9: code, then description. */
const descriptions = {
  "1.0": "Pending",
  "1.1": "Sent",
  "1.2": "Delivered",
  "2.0": "Success",
  "2.1": "Success, but fallback taken on one or more property values",
  "2.2": "Success; invalid property ignored",
  "2.3": "Success; invalid property parameter ignored",
  "2.4": "Success; unknown, non-standard property ignored",
  "2.5": "Success; unknown, non-standard property value ignored",
  "2.6": "Success; invalid calendar component ignored",
  "2.7": "Success; request forwarded to Calendar User",
  "2.8": "Success; repeating event ignored. Scheduled as a single component",
  "2.9": "Success; truncated end date time to date boundary",
  "2.10": "Success; repeating VTODO ignored. Scheduled as a single VTODO",
  "2.11": "Success; unbounded RRULE clipped at some finite number of instances",
  "3.0": "Invalid property name",
  "3.1": "Invalid property value",
  "3.2": "Invalid property parameter",
  "3.3": "Invalid property parameter value",
  "3.4": "Invalid calendar component sequence",
  "3.5": "Invalid date or time",
  "3.6": "Invalid rule",
  "3.7": "Invalid Calendar User",
  "3.8": "No authority",
  "3.9": "Unsupported version",
  "3.10": "Request entity too large",
  "3.11": "Required component or property missing",
  "3.12": "Unknown component or property found",
  "3.13": "Unsupported component or property found",
  "3.14": "Unsupported capability",
  "4.0": "Event conflict. Date/time is busy",
  "5.0": "Request not supported",
  "5.1": "Service unavailable",
  "5.2": "Invalid calendar service",
  "5.3": "No scheduling support for user",
} as const;

/** A code the standards describe, as it is written. */
export type KnownStatusCode = keyof typeof descriptions;

/** The codes the standards describe, in their order. */
export const knownStatusCodes: readonly KnownStatusCode[] = Object.keys(descriptions) as KnownStatusCode[];

/** Makes the status of a known code with the description the standard gives it. */
export function makeRequestStatus(code: KnownStatusCode, exception?: string): RequestStatus {
  const parts = readCode(code);
  if (!parts) throw new Error(`a known code is no code: ${code}`);
  return { code: parts, description: descriptions[code], ...(exception && { exception }) };
}

/** Formats a code with its points. */
export function formatStatusCode(code: StatusCode): string {
  return code.join(".");
}

/** Formats the value of a REQUEST-STATUS property; the descriptions hold semicolons, which are escaped. */
export function formatRequestStatus(status: RequestStatus): string {
  const value = `${formatStatusCode(status.code)};${encodeText(status.description)}`;
  return status.exception === undefined ? value : `${value};${encodeText(status.exception)}`;
}

/**
 * Reads the value of a REQUEST-STATUS property. A missing description is that of the standard, or empty for a code it does
 * not know; further unescaped semicolons belong to the exception data. `undefined` where the value begins with no code.
 */
export function parseRequestStatus(value: string): RequestStatus | undefined {
  const [codeText = "", descriptionText, ...rest] = splitEscaped(value, ";");
  const code = readCode(codeText.trim());
  if (!code) return undefined;
  const written = descriptionText === undefined ? "" : decodeText(descriptionText).trim();
  const standard = descriptions[formatStatusCode(code) as KnownStatusCode] as string | undefined;
  const exception = decodeText(rest.join(";")).trim();
  return { code, description: written || (standard ?? ""), ...(exception && { exception }) };
}

/**
 * Reads the statuses of a component of a REPLY, COUNTER or DECLINECOUNTER; values that cannot be read are left out.
 * Where none is left the status is 2.0, RFC 5546 §3.6.
 */
export function readRequestStatuses(component: Component): readonly RequestStatus[] {
  const statuses = allProperties(component, "REQUEST-STATUS").flatMap(({ value }) => parseRequestStatus(value) ?? []);
  return statuses.length > 0 ? statuses : [makeRequestStatus("2.0")];
}

const codeForm = /^(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?$/;

function readCode(text: string): StatusCode | undefined {
  const match = codeForm.exec(text);
  if (!match) return undefined;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return match[3] === undefined ? [major, minor] : [major, minor, Number(match[3])];
}
