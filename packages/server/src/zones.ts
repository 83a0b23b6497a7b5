import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { intlZoneProvider, isZoneName, parseTzif, type Zone, type ZoneProvider } from "@parley/engine/recurrence";
import { builtInZones, builtInZonesVersion } from "@parley/engine/zones";

const systemFolder = "/usr/share/zoneinfo";
const maxZoneFileBytes = 1024 * 1024;
const maxFolderDepth = 3;
const maxFolderEntries = 10_000;
/** Not zones of their own: other editions of the same data, with and without leap seconds, and what this machine is set to. */
const notZones = new Set(["posix", "right", "localtime", "posixrules"]);

/**
 * Gives zones from the compiled files of the configured folder, then of the system, then from the data built into the
 * engine, then from Intl: each name from the first that knows it. Zones are read when first asked for and kept; only files found by listing the folders are opened,
 * so no name can lead out of them.
 * Throws where a folder is configured and cannot be listed: an operator who names one must not get other data unawares.
 */
export function systemZones(folder?: string): ZoneProvider {
  const folders = [
    ...(folder === undefined ? [] : [listFolder(folder)]),
    ...(isFolder(systemFolder) ? [listFolder(systemFolder)] : []),
  ];
  const zones = new Map<string, Zone>();
  return {
    zone: (name) => {
      if (!isZoneName(name)) return undefined;
      const key = name.toLowerCase();
      // Only names that exist are kept, so the data bound them.
      const zone = zones.get(key) ?? readZone(key, folders) ?? builtInZones.zone(name) ?? intlZoneProvider.zone(name);
      if (zone) zones.set(key, zone);
      return zone;
    },
  };
}

/** A zone file: its name as the folder writes it, and where it lies. */
interface ZoneFile {
  readonly name: string;
  readonly path: string;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Lists the files of a folder by lower-case name. Links are followed to files, not to folders. */
function listFolder(folder: string): ReadonlyMap<string, ZoneFile> {
  const files = new Map<string, ZoneFile>();
  const list = (area: string, depth: number): void => {
    for (const entry of readdirSync(join(folder, area), { withFileTypes: true })) {
      if (notZones.has(entry.name) || files.size >= maxFolderEntries) continue;
      const name = area === "" ? entry.name : `${area}/${entry.name}`;
      if (entry.isDirectory() && depth < maxFolderDepth) list(name, depth + 1);
      if (entry.isFile() || entry.isSymbolicLink()) files.set(name.toLowerCase(), { name, path: join(folder, name) });
    }
  };
  list("", 1);
  return files;
}

function readZone(key: string, folders: readonly ReadonlyMap<string, ZoneFile>[]): Zone | undefined {
  for (const folder of folders) {
    const file = folder.get(key);
    const zone = file && readZoneFile(file);
    if (zone) return zone;
  }
  return undefined;
}

/** Reads one file; the folders hold lists and tables too, which are no zones. */
function readZoneFile(file: ZoneFile): Zone | undefined {
  const found = statSync(file.path, { throwIfNoEntry: false });
  if (!found?.isFile() || found.size > maxZoneFileBytes) return undefined;
  return parseTzif(readFileSync(file.path), file.name);
}

/**
 * Tells the version of the data `systemZones` reads first, such as "2026f", or "2026c (built in)" where it is the engine's own;
 * "unknown" where a folder does not say.
 */
export function zoneDataVersion(folder?: string): string {
  const used = folder ?? (isFolder(systemFolder) ? systemFolder : undefined);
  if (used === undefined) return `${builtInZonesVersion} (built in)`;
  for (const [file, pattern] of versionFiles) {
    const path = join(used, file);
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
    const version = pattern.exec(readFileSync(path, "utf8"))?.[1];
    if (version) return version;
  }
  return "unknown";
}

/** Where the version stands: in the sources as Debian and others install them, or in a file of its own. */
const versionFiles = [
  ["tzdata.zi", /^# version (\S{1,32})/],
  ["+VERSION", /^(\S{1,32})/],
] as const;
