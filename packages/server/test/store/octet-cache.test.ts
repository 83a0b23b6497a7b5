import { expect, test } from "vitest";
import { makeOctetCache } from "../../src/store/octet-cache.ts";

test("keeps what was used last, within its octets", () => {
  const cache = makeOctetCache<number>(10);
  cache.put("a", 1, 4);
  cache.put("b", 2, 4);
  expect(cache.get("a")).toBe(1); // used: b is the oldest now
  cache.put("c", 3, 4);
  expect(["a", "b", "c"].map((key) => cache.get(key))).toEqual([1, undefined, 3]);
});

test("counts what is put again once, and drops as much as it has to", () => {
  const cache = makeOctetCache<number>(10);
  for (let time = 0; time < 5; time++) cache.put("a", time, 5);
  cache.put("b", 2, 5);
  expect([cache.get("a"), cache.get("b")]).toEqual([4, 2]);
  cache.put("c", 3, 10);
  expect(["a", "b", "c"].map((key) => cache.get(key))).toEqual([undefined, undefined, 3]);
});

test("does not keep what is larger than all it may keep", () => {
  const cache = makeOctetCache<number>(10);
  cache.put("a", 1, 4);
  cache.put("b", 2, 11);
  expect([cache.get("a"), cache.get("b")]).toEqual([1, undefined]);
});
