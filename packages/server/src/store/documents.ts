import type { CalendarObject, Limits } from "@parley/engine";
import { objectComponents, readCalendarObject } from "@parley/engine";
import {
  type Component,
  formatCalendar,
  makeComponent,
  makeTextProperty,
  parseCalendar,
} from "@parley/engine/icalendar";
import { makeZoneResolver, type ZoneProvider } from "@parley/engine/recurrence";
import { contentHash } from "./keys.ts";
import { type Lock, lockNames } from "./locks.ts";
import { makeOctetCache } from "./octet-cache.ts";
import { prepared, preparedForMany } from "./prepared.ts";
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
  const parsed = makeOctetCache<CalendarObject>(maxCachedOctets);
  const hashes = new WeakMap<CalendarObject, string>();
  // Of the document kept last: many copies of one meeting are made one after the other.
  let last: { readonly parts: readonly Component[]; readonly hash: string } | undefined;
  const transactions = new WeakMap<Database, Set<string>>();
  /** What is known to be kept in a transaction, which nobody deletes before its end: it holds the lock. */
  const keptIn = (db: Database): Set<string> => {
    const known = transactions.get(db) ?? new Set();
    transactions.set(db, known);
    return known;
  };
  const readAndKeep = (hash: string, text: string): CalendarObject => {
    const object = parsed.get(hash) ?? readDocument(hash, text, options);
    parsed.put(hash, object, Buffer.byteLength(text));
    hashes.set(object, hash);
    return object;
  };
  return {
    keep: async (db, lock, object, present) => {
      const known = hashes.get(object);
      if (known !== undefined && known === present) return { hash: known, object };
      const parts = partsOf(object);
      const hash = known ?? (last && isSame(last.parts, parts) ? last.hash : contentHash(formatParts(parts)));
      hashes.set(object, hash);
      last = { parts, hash };
      if (hash === present) return { hash, object };
      // Or another copy that lets go of the same text could delete it before this one points to it.
      // Both at once and in one order: two that change places do not wait for each other.
      const concerned = present === null ? [hash] : [hash, present];
      for (const each of concerned.sort()) await lock(lockNames.document(each));
      // Asked for first, and once: the text is long, and most copies of it are not the first.
      const isKept = keptIn(db).has(hash) || (await isThere(db, hash));
      keptIn(db).add(hash);
      const read = isKept ? parsed.get(hash) : undefined;
      if (read) return { hash, object: read };
      const text = formatParts(parts);
      await addText(db, hash, text);
      return { hash, object: readAndKeep(hash, text) };
    },
    load: async (db, wanted) => {
      const loaded = new Map<string, CalendarObject>();
      const unread = new Set<string>();
      for (const hash of new Set(wanted)) {
        const object = parsed.get(hash);
        if (object) loaded.set(hash, object);
        else unread.add(hash);
      }
      for (const { hash, text } of await textRows(db, [...unread])) {
        loaded.set(hash, readAndKeep(hash, text));
        unread.delete(hash);
      }
      for (const hash of unread) throw new Error(`document ${hash} is missing from the store`);
      return loaded;
    },
    release: async (db, lock, hash) => {
      await lock(lockNames.document(hash));
      keptIn(db).delete(hash);
      await removeUnused(db, hash);
    },
  };
}

async function isThere(db: Database, hash: string): Promise<boolean> {
  return (await hashRow(db, hash)).length > 0;
}

const hashRow = prepared((db, hash: string) => db.selectFrom("documents").select("hash").where("hash", "=", hash));

const textRows = preparedForMany((db, hashes: readonly string[]) =>
  db.selectFrom("documents").select(["hash", "text"]).where("hash", "in", hashes),
);

const addText = prepared((db, hash: string, text: string) =>
  db
    .insertInto("documents")
    .values({ hash, text })
    .onConflict((conflict) => conflict.column("hash").doNothing()),
);

const removeUnused = prepared((db, hash: string) =>
  db
    .deleteFrom("documents")
    .where("hash", "=", hash)
    .where((eb) => eb.not(eb.exists(eb.selectFrom("objects").select("id").where("document", "=", hash)))),
);

function partsOf(object: CalendarObject): readonly Component[] {
  return [...object.timezones, ...objectComponents(object).map(({ component }) => component)];
}

function formatParts(parts: readonly Component[]): string {
  return formatCalendar(makeComponent("VCALENDAR", [makeTextProperty("VERSION", "2.0")], parts));
}

/** Tells whether two lists of components are made of the very same properties, so that they have one text. */
function isSame(a: readonly Component[], b: readonly Component[]): boolean {
  return (
    a.length === b.length &&
    a.every((component, index) => {
      const other = b[index];
      if (component === other) return true;
      return (
        component.name === other?.name &&
        component.properties.length === other.properties.length &&
        component.properties.every((property, place) => property === other.properties[place]) &&
        isSame(component.components, other.components)
      );
    })
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
