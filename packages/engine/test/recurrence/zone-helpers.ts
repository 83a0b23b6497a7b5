import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Component, makeComponent, type Property } from "../../src/icalendar/component.ts";
import { formatWall, parseDateTime, type WallSeconds } from "../../src/icalendar/date-time.ts";
import { intlZoneProvider } from "../../src/recurrence/intl-zone.ts";
import { parseTzif } from "../../src/recurrence/tzif.ts";
import type { Zone, ZoneProvider } from "../../src/recurrence/zone.ts";

export const zoneFolder = "/usr/share/zoneinfo";
export const hasZoneFolder = existsSync(join(zoneFolder, "Europe/Berlin"));

/** The edition of the machine's zone files; `undefined` where there are none or they do not say. */
export const zoneEdition: string | undefined = readEdition();

function readEdition(): string | undefined {
  const path = join(zoneFolder, "tzdata.zi");
  return existsSync(path) ? /^# version (\S+)/.exec(readFileSync(path, "utf8"))?.[1] : undefined;
}

/** The seconds of `20260329T020000`. */
export function wall(text: string): WallSeconds {
  const value = parseDateTime(text);
  if (!value) throw new Error(`not a time: ${text}`);
  return value.wall;
}

/** The names of all zones this machine has files of; of names for the same bytes one. */
export function systemZoneNames(): readonly string[] {
  if (!hasZoneFolder) return [];
  const names = readdirSync(zoneFolder, { recursive: true, encoding: "utf8" })
    .filter((name) => /^[A-Z]/.test(name) && !name.includes("."))
    .filter((name) => systemZone(name) !== undefined)
    .sort();
  const contents = new Map(names.map((name) => [readFileSync(join(zoneFolder, name), "latin1"), name]));
  return [...contents.values()];
}

export function systemZone(name: string): Zone | undefined {
  const path = join(zoneFolder, name);
  try {
    return parseTzif(readFileSync(path), name);
  } catch {
    return undefined;
  }
}

/** The machine's zone files where it has them, else Intl. */
export const testProvider: ZoneProvider = {
  zone: (name) => systemZone(name) ?? intlZoneProvider.zone(name),
};

export function testZone(name: string): Zone {
  const zone = testProvider.zone(name);
  if (!zone) throw new Error(`no zone ${name}`);
  return zone;
}

/** The changes of the offset between the starts of two years, as `20260329T010000Z +7200`. */
export function changes(zone: Zone, fromYear: number, untilYear: number): readonly string[] {
  const end = wall(`${untilYear}0101`);
  const found: string[] = [];
  let period = zone.periodAt(wall(`${fromYear}0101`));
  while (period.until < end) {
    const next = zone.periodAt(period.until);
    if (next.offset !== period.offset) found.push(`${formatWall(next.from)}Z ${next.offset}`);
    period = next;
  }
  return found;
}

/** Reads lines of BEGIN, END and properties into the one component they make. */
export function component(...lines: readonly string[]): Component {
  const open: { name: string; properties: Property[]; components: Component[] }[] = [];
  for (const line of lines
    .join("\n")
    .split("\n")
    .map((each) => each.trim())) {
    const [, name = "", parameters = "", value = ""] = /^([^:;]+)((?:;[^:]+)?):(.*)$/.exec(line) ?? [];
    if (name === "BEGIN") {
      open.push({ name: value, properties: [], components: [] });
      continue;
    }
    if (name !== "END") {
      const list = parameters
        .slice(1)
        .split(";")
        .filter((each) => each !== "");
      const pairs = list.map((each) => ({ name: each.split("=")[0] ?? "", value: each.split("=")[1] ?? "" }));
      open.at(-1)?.properties.push({ name, parameters: pairs, value });
      continue;
    }
    const done = open.pop();
    if (!done) break;
    const made = makeComponent(done.name, done.properties, done.components);
    const parent = open.at(-1);
    if (!parent) return made;
    parent.components.push(made);
  }
  throw new Error("no whole component");
}

export interface TzifParts {
  readonly version?: number;
  readonly times?: readonly number[];
  readonly indexes?: readonly number[];
  readonly offsets?: readonly number[];
  readonly footer?: string;
  readonly leapSeconds?: number;
}

/** Writes a TZif file; of version 2 and up the 32-bit block holds one type and no times. */
export function makeTzif(parts: TzifParts): Uint8Array {
  const version = parts.version ?? 2;
  if (version === 1) return new Uint8Array(block(parts, 1, 4));
  const footer = new TextEncoder().encode(`\n${parts.footer ?? ""}\n`);
  return new Uint8Array([...block({ offsets: [0] }, version, 4), ...block(parts, version, 8), ...footer]);
}

function block(parts: TzifParts, version: number, timeLength: number): readonly number[] {
  const { times = [], offsets = [0], leapSeconds = 0 } = parts;
  const indexes = parts.indexes ?? times.map((_, i) => (i + 1) % offsets.length);
  return [
    ...new TextEncoder().encode("TZif"),
    version === 1 ? 0 : 0x30 + version,
    ...Array<number>(15).fill(0),
    ...[0, 0, leapSeconds, times.length, offsets.length, 4].flatMap((each) => integer(each, 4)),
    ...times.flatMap((each) => integer(each, timeLength)),
    ...indexes,
    ...offsets.flatMap((each) => [...integer(each, 4), 0, 0]),
    ...new TextEncoder().encode("LMT\0"),
    ...Array<number>(leapSeconds * (timeLength + 4)).fill(0),
  ];
}

function integer(value: number, length: number): readonly number[] {
  const bytes: number[] = [];
  for (let i = length - 1; i >= 0; i--) bytes.push(Number((BigInt(value) >> BigInt(8 * i)) & 255n));
  return bytes;
}
