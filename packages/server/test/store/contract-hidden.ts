import fc from "fast-check";
import { expect, test } from "vitest";
import type { Store } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "./bench.ts";
import { addAnn, calendarObject, event, property, span, stateOf } from "./fixtures.ts";

const uids = ["1", "2", "3"] as const;
const names = ["a", "b"] as const;
const calendarSlugs = ["one", "two"] as const;
const classes = ["PUBLIC", "CONFIDENTIAL", "PRIVATE"] as const;
const uid = fc.constantFrom(...uids);
const place = fc.record({ slug: fc.constantFrom(...calendarSlugs), name: fc.constantFrom(...names) });

/** What an owner does in two calendars, and that a program of somebody the first is shared with asks what is new. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("save" as const), uid, at: place, said: fc.constantFrom(...classes) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), uid }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("move" as const), uid, to: place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("sync" as const), limit: fc.integer({ min: 1, max: 3 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

const heard: Step = { kind: "sync", limit: 3 };
const at = (slug: "one" | "two", name: "a" | "b") => ({ slug, name }) as const;

/** What private things come to where something open was, by being written and by being moved; and what is open, private and gone. */
const examples: [Step[]][] = [
  [
    [
      { kind: "save", uid: "1", at: at("one", "a"), said: "PUBLIC" },
      heard,
      { kind: "remove", uid: "1" },
      { kind: "save", uid: "2", at: at("one", "a"), said: "PRIVATE" },
      { kind: "save", uid: "2", at: at("one", "a"), said: "PRIVATE" },
    ],
  ],
  [
    [
      { kind: "save", uid: "1", at: at("one", "a"), said: "PUBLIC" },
      { kind: "save", uid: "2", at: at("two", "a"), said: "PRIVATE" },
      heard,
      { kind: "move", uid: "1", to: at("one", "b") },
      { kind: "move", uid: "2", to: at("one", "a") },
    ],
  ],
  [
    [
      { kind: "save", uid: "1", at: at("one", "a"), said: "PUBLIC" },
      heard,
      { kind: "save", uid: "1", at: at("one", "a"), said: "PRIVATE" },
      { kind: "save", uid: "1", at: at("one", "a"), said: "PRIVATE" },
      { kind: "remove", uid: "1" },
      { kind: "save", uid: "3", at: at("one", "a"), said: "PRIVATE" },
    ],
  ],
];

/** What a program knows: etags by name, and up to when. */
interface Mirror {
  readonly etags: Map<string, string>;
  revision: number;
}

interface World {
  readonly store: Store;
  readonly principal: string;
  readonly calendars: Readonly<Record<(typeof calendarSlugs)[number], string>>;
}

async function take({ store, principal, calendars: ids }: World, one: Step, count: number): Promise<void> {
  if (one.kind === "sync") return;
  await store.write(async ({ calendars, objects }) => {
    const present = await calendars.ofUid(principal, one.uid);
    if (one.kind === "save") {
      const at = { calendar: ids[one.at.slug], name: one.at.name };
      const [taken] = await calendars.byNames(at.calendar, [at.name]);
      if (!present && taken) return;
      const { properties, ...rest } = event({ uid: one.uid, summary: `Version ${count}` });
      const object = calendarObject({ ...rest, properties: [...properties, property("CLASS", one.said)] });
      await objects.save(principal, one.uid, stateOf(object), span, undefined, at);
    } else if (present && one.kind === "move") {
      await calendars.move(principal, present.object, { calendar: ids[one.to.slug], name: one.to.name }, 0);
    } else if (present) {
      const { object: _gone, ...state } = stateOf(calendarObject(event({ uid: one.uid })));
      await objects.save(principal, one.uid, state, span);
    }
  });
}

/** Asks once; gives the names it was told are gone. */
async function sync({ store, calendars: { one } }: World, mirror: Mirror, limit: number) {
  const changes = await store.read(({ calendars }) =>
    calendars.changesSince(one, mirror.revision, limit, { hidesPrivate: true }),
  );
  if (!changes) throw new Error("the revision is known");
  for (const { name, etag, privacy } of changes.changed) {
    expect(privacy).not.toBe("private");
    mirror.etags.set(name, etag);
  }
  for (const name of changes.removed) mirror.etags.delete(name);
  mirror.revision = changes.revision;
  return changes;
}

/** What whoever does not see what is private is told of changes. */
export function testHidden(makeBench: MakeBench): void {
  test(
    "who does not see what is private has in the end what is there for them, and hears of nothing else",
    withStore(makeBench, async (store) => {
      let round = 0;
      const law = fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
        const { id: principal } = await addAnn(store, `ann${++round}`);
        const make = async (slug: string): Promise<string> => {
          const made = await store.write(({ calendars }) => calendars.add(principal, { slug, name: slug }));
          return typeof made === "string" ? made : made.id;
        };
        const world: World = { store, principal, calendars: { one: await make("one"), two: await make("two") } };
        const [eager, late]: readonly [Mirror, Mirror] = [
          { etags: new Map(), revision: 0 },
          { etags: new Map(), revision: 0 },
        ];
        for (const [count, one] of steps.entries()) {
          await take(world, one, count);
          const known = new Set(eager.etags.keys());
          const { removed } = await sync(world, eager, 100);
          // Who has heard of all that was before hears that something is gone only where they had it.
          for (const name of removed) expect(known).toContain(name);
          if (one.kind === "sync") await sync(world, late, one.limit);
        }
        while ((await sync(world, late, 2)).isTruncated);
        const members = await store.read(({ calendars }) => calendars.members(world.calendars.one, 10));
        const shown = members.filter(({ privacy }) => privacy !== "private").map(({ name, etag }) => [name, etag]);
        for (const { etags } of [eager, late]) expect([...etags].sort()).toEqual(shown.sort());
      });
      await fc.assert(law, { numRuns: 25, examples });
    }),
  );
}
