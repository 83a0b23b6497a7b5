import { type Finding, type Import, isTest, resolveImport, type Source } from "./source.ts";

/**
 * Who may import whom: for each folder (or file) right under a package's `src`, the others it may import. What stands side by
 * side joins above: `delivery`, `mail` and `api` never see each other, `server.ts` puts them together.
 */
const layers: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  engine: {
    limits: [],
    icalendar: ["limits"],
    recurrence: ["limits", "icalendar"],
    model: ["limits", "icalendar", "recurrence"],
    itip: ["limits", "icalendar", "recurrence", "model"],
    imip: ["limits", "icalendar", "recurrence", "model"],
    freebusy: ["limits", "icalendar", "recurrence", "model"],
    simulation: ["limits", "icalendar", "recurrence", "model", "itip", "imip", "freebusy"],
    index: ["limits", "icalendar", "recurrence", "model", "itip", "imip", "freebusy"],
  },
  server: {
    config: [],
    zones: [],
    store: [],
    people: ["store"],
    accounts: ["store", "people"],
    auth: ["store"],
    scheduling: ["store", "auth"],
    smime: [],
    subscriptions: ["store", "scheduling"],
    delivery: ["store", "scheduling", "smime"],
    mail: ["store", "scheduling", "smime"],
    dav: [],
    caldav: ["store", "scheduling", "auth", "dav"],
    live: ["store"],
    api: ["store", "scheduling", "auth", "live", "subscriptions"],
    operation: ["store", "scheduling"],
    jobs: ["store", "scheduling", "subscriptions"],
    "try-out": ["store", "scheduling", "people"],
    "open-house": ["config", "zones", "store", "scheduling", "smime", "mail", "subscriptions"],
    server: [
      "config",
      "store",
      "scheduling",
      "auth",
      "delivery",
      "mail",
      "dav",
      "caldav",
      "api",
      "jobs",
      "subscriptions",
      "open-house",
    ],
    cli: [
      "config",
      "zones",
      "store",
      "people",
      "accounts",
      "scheduling",
      "auth",
      "delivery",
      "mail",
      "operation",
      "jobs",
      "subscriptions",
      "try-out",
      "open-house",
      "server",
    ],
    main: ["config", "cli", "operation", "open-house"],
  },
};

/** Checks that a source file of a package imports only what its place allows, and that what it imports is not above it. */
export function checkLayers(source: Source): readonly Finding[] {
  const [, owner = "", rest = ""] = /^packages\/([^/]+)\/src\/(.+)$/.exec(source.path) ?? [];
  if (!owner) return [];
  const messages = source.imports.map((one) => [one.line, refuse(source, owner, rest, one)] as const);
  return messages.flatMap(([line, message]) => (message ? [{ path: source.path, line, message }] : []));
}

/**
 * Finds circles of imports among source files, each named once, at the first of its files by name. Among tests, which a suite
 * and its parts may share types with, only what is left at run time counts.
 */
export function findCycles(sources: readonly Source[]): readonly Finding[] {
  const graph = new Map(sources.map((source) => [source.path, targets(source)]));
  const done = new Set<string>();
  const findings: Finding[] = [];
  for (const path of [...graph.keys()].sort()) walk(path, []);
  return findings;

  function walk(path: string, trail: readonly string[]): void {
    const start = trail.indexOf(path);
    if (start >= 0) {
      findings.push(cycleFinding(trail.slice(start)));
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  }
}

function cycleFinding(cycle: readonly string[]): Finding {
  const first = [...cycle].sort()[0] ?? "";
  const at = cycle.indexOf(first);
  const round = [...cycle.slice(at), ...cycle.slice(0, at), first];
  return { path: first, line: 1, message: `circle of imports: ${round.join(" -> ")}` };
}

function targets(source: Source): readonly string[] {
  const counted = source.imports.filter((one) => !one.typeOnly || !isTest(source.path));
  return counted.flatMap((one) => resolveImport(source.path, one.specifier) ?? []);
}

/** Why an import is not allowed; `undefined` where it is. */
function refuse(source: Source, owner: string, rest: string, one: Import): string | undefined {
  const target = resolveImport(source.path, one.specifier);
  if (target === undefined) return refusePackage(owner, one);
  const root = `packages/${owner}/src/`;
  if (!target.startsWith(root)) return `"${one.specifier}" leaves ${root}: import the package by its name`;
  const table = layers[owner];
  if (!table) return undefined;
  const from = unitOf(rest);
  const to = unitOf(target.slice(root.length));
  const allowed = table[from];
  if (!allowed || !table[to]) return `${owner}/src/${allowed ? to : from} has no place in tools/tidy/layers.ts yet`;
  if (from === to || allowed.includes(to)) return undefined;
  return `${owner}/src/${from} must not import ${owner}/src/${to}`;
}

function refusePackage(owner: string, one: Import): string | undefined {
  if (owner === "engine") return `the engine imports nothing but itself, not "${one.specifier}"`;
  if (owner === "server" && /^@parley\/(?:server|web)\b/.test(one.specifier)) {
    return `the server must not import "${one.specifier}"`;
  }
  if (owner !== "web" || !one.specifier.startsWith("@parley/")) return undefined;
  if (one.specifier !== "@parley/server/contract") return `the web app must not import "${one.specifier}"`;
  return one.typeOnly ? undefined : "the web app imports the contract as types: import type";
}

function unitOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : path.replace(/\.tsx?$/, "");
}
