import type { CalendarObject, Limits } from "@parley/engine";
import { objectComponents, readCalendarObject } from "@parley/engine";
import { formatCalendar, makeComponent, makeTextProperty, parseCalendar } from "@parley/engine/icalendar";
import { makeZoneResolver, type ZoneProvider } from "@parley/engine/recurrence";
import { contentHash } from "./keys.ts";
import { type Lock, lockNames } from "./locks.ts";
import type { Database } from "./tables.ts";

/** Octets of the texts whose parsed objects are kept at hand; an object takes about ten times its text. */
const maxCachedOctets = 16 * 1024 * 1024;

/** What reading a stored document takes. */
export interface DocumentOptions {
  readonly zones: ZoneProvider;
  readonly limits: Limits;
}

/** The documents of a store: kept by content, read once. */
export interface Documents {
  /**
   * Keeps the text of an object and gives its hash, and the object as it will be loaded. Where `present` is its hash already,
   * nothing is written. Throws where the text could not be read again.
   */
  keep(db: Database, lock: Lock, object: CalendarObject, present: string | null): Promise<KeptDocument>;
  /** Loads documents by hash; throws where one is missing or cannot be read. */
  load(db: Database, hashes: Iterable<string>): Promise<ReadonlyMap<string, CalendarObject>>;
  /** Deletes a document that no object points to any more. */
  release(db: Database, lock: Lock, hash: string): Promise<void>;
}

/** Is a document as it was kept. */
export interface KeptDocument {
  readonly hash: string;
  readonly object: CalendarObject;
}

/** Makes the documents of one store. What is cached is named by its content, so a transaction that fails spoils nothing. */
export function makeDocuments(options: DocumentOptions): Documents {
  const parsed = makeParsedCache();
  const hashes = new WeakMap<CalendarObject, string>();
  const read = (hash: string, text: string): CalendarObject => {
    const object = parsed.get(hash) ?? readDocument(hash, text, options);
    parsed.put(hash, object, text);
    hashes.set(object, hash);
    return object;
  };
  return {
    keep: async (db, lock, object, present) => {
      const known = hashes.get(object);
      if (known !== undefined && known === present) return { hash: known, object };
      const text = documentText(object);
      const hash = known ?? contentHash(text);
      hashes.set(object, hash);
      if (hash === present) return { hash, object };
      // Or another copy that lets go of the same text could delete it before this one points to it.
      // Both at once and in one order: two that change places do not wait for each other.
      const concerned = present === null ? [hash] : [hash, present];
      for (const each of concerned.sort()) await lock(lockNames.document(each));
      await db
        .insertInto("documents")
        .values({ hash, text })
        .onConflict((conflict) => conflict.column("hash").doNothing())
        .execute();
      return { hash, object: read(hash, text) };
    },
    load: async (db, wanted) => {
      const loaded = new Map<string, CalendarObject>();
      for (const hash of new Set(wanted)) {
        const object = parsed.get(hash) ?? read(hash, await documentTextOf(db, hash));
        loaded.set(hash, object);
      }
      return loaded;
    },
    release: async (db, lock, hash) => {
      await lock(lockNames.document(hash));
      await db
        .deleteFrom("documents")
        .where("hash", "=", hash)
        .where((eb) => eb.not(eb.exists(eb.selectFrom("objects").select("id").where("document", "=", hash))))
        .execute();
    },
  };
}

async function documentTextOf(db: Database, hash: string): Promise<string> {
  const row = await db.selectFrom("documents").select("text").where("hash", "=", hash).executeTakeFirst();
  if (!row) throw new Error(`document ${hash} is missing from the store`);
  return row.text;
}

function documentText(object: CalendarObject): string {
  const components = objectComponents(object).map(({ component }) => component);
  return formatCalendar(
    makeComponent("VCALENDAR", [makeTextProperty("VERSION", "2.0")], [...object.timezones, ...components]),
  );
}

function readDocument(hash: string, text: string, { zones, limits }: DocumentOptions): CalendarObject {
  const { calendar } = parseCalendar(text, limits);
  if (!calendar) throw new Error(`document ${hash} is no calendar`);
  const timezones = calendar.components.filter((component) => component.name === "VTIMEZONE");
  const reading = readCalendarObject(calendar, makeZoneResolver(timezones, zones, limits), limits);
  if ("problem" in reading) throw new Error(`document ${hash} cannot be read: ${reading.problem}`);
  return reading.object;
}

interface ParsedCache {
  get(hash: string): CalendarObject | undefined;
  put(hash: string, object: CalendarObject, text: string): void;
}

/** Keeps the objects used last; their texts together are within `maxCachedOctets`. */
function makeParsedCache(): ParsedCache {
  const entries = new Map<string, { readonly object: CalendarObject; readonly octets: number }>();
  let total = 0;
  const drop = (hash: string): void => {
    total -= entries.get(hash)?.octets ?? 0;
    entries.delete(hash);
  };
  return {
    get: (hash) => {
      const entry = entries.get(hash);
      if (!entry) return undefined;
      entries.delete(hash); // put back last: the first of a Map is what was used longest ago
      entries.set(hash, entry);
      return entry.object;
    },
    put: (hash, object, text) => {
      const octets = Buffer.byteLength(text);
      if (octets > maxCachedOctets) return;
      drop(hash);
      entries.set(hash, { object, octets });
      total += octets;
      for (const oldest of entries.keys()) {
        if (total <= maxCachedOctets) return;
        drop(oldest);
      }
    },
  };
}
