import { daysFromCivil, daysInMonth, type WallSeconds } from "../../icalendar/date-time.ts";
import { openOctets, readNumber } from "./octets.ts";
import { decodeNarrow } from "./properties.ts";

/** Which meeting a message is about. */
export interface MeetingId {
  readonly uid: string;
  /** Of an Instance of a series: the day it was to be on. */
  readonly day?: WallSeconds;
}

const prefix = "040000008200e00074c5b7101a82e008";
const [dayAt, sizeAt, dataAt] = [16, 36, 40];
/** Before a UID of another program's making: `vCal-Uid` and the number 1. */
const foreign = "7643616c2d55696401000000";

/**
 * Reads a GlobalObjectId, MS-OXOCAL section 2.2.1.27: the UID that mail has for it, which is a foreign one in its own letters and
 * else the whole in hexadecimal without the day. `undefined` for octets that are none.
 */
export function readGlobalObjectId(bytes: Uint8Array): MeetingId | undefined {
  if (bytes.length < dataAt || bytes.length > 2_000 || hex(bytes.subarray(0, dayAt)) !== prefix) return undefined;
  const size = readNumber({ ...openOctets(bytes), at: sizeAt }, 4);
  if (size === 0 || dataAt + size > bytes.length) return undefined;
  const day = readDay(bytes);
  const data = bytes.subarray(dataAt, dataAt + size);
  const text = hex(data).startsWith(foreign) ? decodeNarrow(data.subarray(foreign.length / 2)).trim() : "";
  const uid = text || `${prefix}00000000${hex(bytes.subarray(dayAt + 4, dataAt + size))}`.toUpperCase();
  return { uid, ...(day !== undefined && { day }) };
}

/** The day stands with the high octet of its year first. */
function readDay(bytes: Uint8Array): WallSeconds | undefined {
  const [high = 0, low = 0, month = 0, day = 0] = bytes.subarray(dayAt, dayAt + 4);
  const year = high * 256 + low;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  return daysFromCivil(year, month, day) * 86_400;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
