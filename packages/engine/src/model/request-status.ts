import { allProperties, type Component } from "../icalendar/component.ts";
import { decodeText, encodeText, splitEscaped } from "../icalendar/text.ts";
import { codesWithoutException, statusCodes } from "./status-codes.ts";
import { statusPurposes } from "./status-purposes.ts";

/** The value of a REQUEST-STATUS, RFC 5545 §3.8.8.3 and RFC 5546 §3.6. The code is a tuple: 2.10 is not 2.1. */
export interface RequestStatus {
  readonly code: StatusCode;
  readonly description: string;
  /** The data that gave offence, such as the content line. */
  readonly exception?: string;
}

/** The short return status, class first. */
export type StatusCode = readonly [number, number] | readonly [number, number, number];

/** A code the standards describe, as it is written. */
export type KnownStatusCode = keyof typeof statusCodes;

/** The codes the standards describe, in their order. */
export const knownStatusCodes: readonly KnownStatusCode[] = Object.keys(statusCodes) as KnownStatusCode[];

/**
 * Makes the status of a known code with the description the standard gives it. The exception data are left out where the
 * standard knows none.
 */
export function makeRequestStatus(code: KnownStatusCode, exception?: string): RequestStatus {
  const parts = readCode(code);
  if (!parts) throw new Error(`a known code is no code: ${code}`);
  return {
    code: parts,
    description: statusCodes[code],
    ...(exception && !codesWithoutException.has(code) && { exception }),
  };
}

/** Says what a code is for, in a sentence; `undefined` for one the standards do not know. */
export function purposeOfCode(code: StatusCode): string | undefined {
  const known = asKnown(code);
  return known && statusPurposes[known];
}

function asKnown(code: StatusCode): KnownStatusCode | undefined {
  const written = formatStatusCode(code);
  return Object.hasOwn(statusCodes, written) ? (written as KnownStatusCode) : undefined;
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
  const known = asKnown(code);
  const exception = decodeText(rest.join(";")).trim();
  return {
    code,
    description: written || (known ? statusCodes[known] : ""),
    ...(exception && { exception }),
  };
}

/**
 * Reads the statuses of a component of a REPLY, COUNTER or DECLINECOUNTER; values that cannot be read are left out.
 * Where none is left the status is 2.0, RFC 5546 §3.6.
 */
export function readRequestStatuses(component: Component): readonly RequestStatus[] {
  const statuses = allProperties(component, "REQUEST-STATUS").flatMap(({ value }) => parseRequestStatus(value) ?? []);
  return statuses.length > 0 ? statuses : [makeRequestStatus("2.0")];
}

/** Picks the status that counts for a whole component, where one mixes classes against RFC 5546 §3.6: the first of the gravest. */
export function gravestStatus(component: Component): RequestStatus {
  const statuses = readRequestStatuses(component);
  return statuses.reduce((gravest, status) => (status.code[0] > gravest.code[0] ? status : gravest));
}

const codeForm = /^(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?$/;

function readCode(text: string): StatusCode | undefined {
  const match = codeForm.exec(text);
  if (!match) return undefined;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return match[3] === undefined ? [major, minor] : [major, minor, Number(match[3])];
}
