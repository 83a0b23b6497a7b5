/** A property for `writeTnef`: its type tells how the value is written. */
export interface WrittenProperty {
  /** A number, or a set and a number in it: `appointment 8208`. */
  readonly key: string;
  readonly value: string | number | boolean | Date | Uint8Array | { readonly narrow: string };
}

const sets: Readonly<Record<string, readonly number[]>> = {
  appointment: [0x02, 0x20, 0x06, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46],
  meeting: [0x90, 0xda, 0xd8, 0x6e, 0x0b, 0x45, 0x1b, 0x10, 0x98, 0xda, 0, 0xaa, 0, 0x3f, 0x13, 0x05],
};

/** Writes numbers, the least octet first, so many octets each. */
export function little(size: number, ...numbers: readonly number[]): readonly number[] {
  return numbers.flatMap((number) =>
    Array.from({ length: size }, (_, i) => Number((BigInt(number) >> BigInt(8 * i)) & 255n)),
  );
}

/** Writes text of two octets a character. */
export function wide(text: string): readonly number[] {
  return little(2, ...text.split("").map((unit) => unit.charCodeAt(0)));
}

function padded(bytes: readonly number[]): readonly number[] {
  return [...bytes, ...Array.from({ length: (4 - (bytes.length % 4)) % 4 }, () => 0)];
}

const counted = (bytes: readonly number[]): readonly number[] => [...little(4, 1, bytes.length), ...padded(bytes)];

/** Writes a time: tenths of microseconds since 1601. */
function fileTime(date: Date): readonly number[] {
  const ticks = BigInt(date.getTime() + 11_644_473_600_000) * 10_000n;
  return little(4, Number(ticks & 0xffffffffn), Number(ticks >> 32n));
}

function typed(value: WrittenProperty["value"]): readonly [type: number, bytes: readonly number[]] {
  if (typeof value === "string") return [0x1f, counted([...wide(value), 0, 0])];
  if (typeof value === "number") return [0x03, little(4, value)];
  if (typeof value === "boolean") return [0x0b, little(4, value ? 1 : 0)];
  if (value instanceof Date) return [0x40, fileTime(value)];
  if (value instanceof Uint8Array) return [0x102, counted([...value])];
  return [0x1e, counted([...new TextEncoder().encode(value.narrow), 0])];
}

/** Writes a list of properties, as the body of an attribute or a row of recipients. */
export function writeProperties(properties: readonly WrittenProperty[]): readonly number[] {
  const written = properties.map(({ key, value }, i) => {
    const [type, bytes] = typed(value);
    const [set, lid] = key.split(" ");
    if (lid === undefined) return [...little(2, type, Number.parseInt(key, 16)), ...bytes];
    const id = [...(sets[set ?? ""] ?? []), ...little(4, 0, Number.parseInt(lid, 16))];
    return [...little(2, type, 0x8000 + i), ...id, ...bytes];
  });
  return [...little(4, written.length), ...written.flat()];
}

/** What a test's `winmail.dat` holds. */
export interface WrittenTnef {
  readonly messageClass: string;
  readonly properties?: readonly WrittenProperty[];
  readonly recipients?: readonly (readonly WrittenProperty[])[];
  /** `SMTP:ann@example.test` */
  readonly owner?: string;
  readonly messageId?: string;
  /** Attached files. */
  readonly files?: readonly { readonly name: string; readonly content: Uint8Array }[];
}

/** Writes a `winmail.dat`, MS-OXTNEF section 2.1, with wrong checksums. */
export function writeTnef({
  messageClass,
  properties,
  recipients,
  owner,
  messageId,
  files = [],
}: WrittenTnef): Uint8Array {
  const ascii = (text: string): readonly number[] => [...new TextEncoder().encode(text), 0];
  const attribute = (id: number, content: readonly number[], level = 1): readonly number[] => [
    level,
    ...little(4, id, content.length),
    ...content,
    ...little(2, 0),
  ];
  const row = (list: readonly WrittenProperty[]): readonly number[] => writeProperties(list);
  return Uint8Array.from([
    ...little(4, 0x223e9f78),
    ...little(2, 1),
    ...attribute(0x00089006, little(4, 0x10000)),
    ...attribute(0x00078008, ascii(messageClass)),
    ...(owner
      ? attribute(0x00060000, [...little(2, 4), ...ascii("Ann"), ...little(2, owner.length + 1), ...ascii(owner)])
      : []),
    ...(messageId ? attribute(0x00018009, ascii(messageId)) : []),
    ...attribute(0x00069003, row(properties ?? [])),
    ...(recipients ? attribute(0x00069004, [...little(4, recipients.length), ...recipients.flatMap(row)]) : []),
    ...files.flatMap(({ name, content }) => [
      ...attribute(0x00069002, little(2, 1, 0, 0, 0, 0, 0, 0), 2),
      ...attribute(0x00018010, ascii(name), 2),
      ...attribute(0x0006800f, [...content], 2),
    ]),
  ]);
}

/** Makes a GlobalObjectId; `day` is year, month and day of an Instance. */
export function globalId(data: readonly number[], day: readonly [number, number, number] = [0, 0, 0]): Uint8Array {
  const [year, month, on] = day;
  return Uint8Array.from([
    ...[0x04, 0, 0, 0, 0x82, 0, 0xe0, 0, 0x74, 0xc5, 0xb7, 0x10, 0x1a, 0x82, 0xe0, 0x08],
    ...[year >> 8, year & 255, month, on],
    ...little(4, 0, 0, 0, 0, data.length),
    ...data,
  ]);
}

/** Makes the data of a GlobalObjectId for a UID of another program. */
export function foreignUid(uid: string): readonly number[] {
  return [...new TextEncoder().encode("vCal-Uid"), ...little(4, 1), ...new TextEncoder().encode(uid), 0];
}

const from1601 = (day: number): number => day / 60 + 194_074_560;

/** A series for `writeSeries`; days are wall seconds since 1970. */
export interface WrittenSeries {
  readonly frequency: number;
  readonly type: number;
  readonly period: number;
  readonly specific?: readonly number[];
  readonly calendar?: number;
  readonly end: number;
  readonly count?: number;
  readonly first: number;
  readonly last?: number;
  readonly deleted?: readonly number[];
  readonly changed?: readonly number[];
  /** Minutes from midnight. */
  readonly from?: number;
  readonly to?: number;
}

/** Writes a series: MS-OXOCAL section 2.2.1.44.5, without what stands behind the count of exceptions. */
export function writeSeries(series: WrittenSeries): Uint8Array {
  const { frequency, type, period, specific = [], calendar = 0, end, count = 10, first, last = first } = series;
  const { deleted = [], changed = [], from = 600, to = 660 } = series;
  return Uint8Array.from([
    ...little(2, 0x3004, 0x3004, frequency, type, calendar),
    ...little(4, 0, period, 0, ...specific, end, count, 1),
    ...little(4, deleted.length, ...deleted.map(from1601), changed.length, ...changed.map(from1601)),
    ...little(4, from1601(first), from1601(last), 0x3006, 0x3009, from, to),
    ...little(2, changed.length),
  ]);
}

/** Rules of a zone: biases in minutes, and the changes as month, weekday, nth, hour. */
const berlin = {
  bias: -60,
  daylight: -60,
  changes: [
    [10, 0, 5, 3],
    [3, 0, 5, 2],
  ],
} as const;
const change = ([month, weekday, nth, hour]: readonly number[]): readonly number[] =>
  little(2, 0, month ?? 0, weekday ?? 0, nth ?? 0, hour ?? 0, 0, 0, 0);

/** Berlin as a TZREG: MS-OXOCAL section 2.2.1.39. */
export const registeredBerlin = Uint8Array.from([
  ...little(4, berlin.bias >>> 0, 0, berlin.daylight >>> 0),
  ...little(2, 0),
  ...change(berlin.changes[0]),
  ...little(2, 0),
  ...change(berlin.changes[1]),
]);

/** Berlin as a TZDEFINITION, after rules that are no longer in force: MS-OXOCAL section 2.2.1.41. */
export const definedBerlin = Uint8Array.from([
  ...[2, 1],
  ...little(2, 6, 2, 24),
  ...wide("W. Europe Standard Time\u0000").slice(0, 48),
  ...little(2, 2),
  ...rule(0, []),
  ...rule(2, berlin.changes),
]);

function rule(flags: number, changes: readonly (readonly number[])[]): readonly number[] {
  return [
    ...[2, 1],
    ...little(2, 0x3e, flags, 2_000),
    ...Array.from({ length: 14 }, () => 0),
    ...little(4, berlin.bias >>> 0, 0, berlin.daylight >>> 0),
    ...change(changes[0] ?? []),
    ...change(changes[1] ?? []),
  ];
}
