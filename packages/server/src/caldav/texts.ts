import type { House } from "../scheduling/house.ts";
import { makeOctetCache } from "../store/octet-cache.ts";
import type { Filtered } from "./match-filter.ts";
import { readObject } from "./read-object.ts";

/** What was told before of resources that nobody else has a part in, by a key that has their ETag in it: no two texts of one share one. */
export interface Texts {
  get(key: string): string | undefined;
  keep(key: string, text: string): void;
  /** Reads a text; what was read under that key is not read again. */
  read(key: string, text: string): Filtered | undefined;
}

/** Octets of texts kept, and of those whose reading is, which takes about ten times as much. */
const maxTextOctets = 24 * 1024 * 1024;
const maxReadOctets = 4 * 1024 * 1024;

/** Makes an empty memory of what was told. It is of one process, and nobody has to say when it is out of date: an ETag never is. */
export function makeTexts(house: House): Texts {
  const texts = makeOctetCache<string>(maxTextOctets);
  const readings = makeOctetCache<{ readonly read: Filtered | undefined }>(maxReadOctets);
  return {
    get: (key) => texts.get(key),
    keep: (key, text) => texts.put(key, text, Buffer.byteLength(text)),
    read: (key, text) => {
      const known = readings.get(key);
      if (known) return known.read;
      const read = readObject(house, text);
      readings.put(key, { read }, Buffer.byteLength(text));
      return read;
    },
  };
}
