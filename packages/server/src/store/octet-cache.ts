/** Values made of texts, those used last; dropped by how long their texts are together. */
export interface OctetCache<Value> {
  get(key: string): Value | undefined;
  /** Keeps a value made of a text of so many octets; one larger than all that is kept is not. */
  put(key: string, value: Value, octets: number): void;
}

/** Makes an empty cache whose texts are together within a bound. A value costs memory beside its text: the bound is chosen with that in mind. */
export function makeOctetCache<Value>(maxOctets: number): OctetCache<Value> {
  const entries = new Map<string, { readonly value: Value; readonly octets: number }>();
  let total = 0;
  const drop = (key: string): void => {
    total -= entries.get(key)?.octets ?? 0;
    entries.delete(key);
  };
  return {
    get: (key) => {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key); // put back last: the first of a Map is what was used longest ago
      entries.set(key, entry);
      return entry.value;
    },
    put: (key, value, octets) => {
      if (octets > maxOctets) return;
      drop(key);
      entries.set(key, { value, octets });
      total += octets;
      for (const oldest of entries.keys()) {
        if (total <= maxOctets) return;
        drop(oldest);
      }
    },
  };
}
