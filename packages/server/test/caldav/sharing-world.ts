import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { addMembers } from "../../src/accounts/groups.ts";
import { childElements, type XmlElement } from "../../src/dav/xml.ts";
import { addAccount } from "../../src/people.ts";
import type { Calendar } from "../../src/store/store.ts";
import { type Dav, type Entry, entriesOf, eventText, propfind, type Reply, startDav } from "./server.ts";

export const anns = "/dav/calendars/ann@example.test/calendar/";
export const home = (name: string): string => `/dav/calendars/${name}@example.test/`;

/** Ann has a calendar with something open, something confidential and something private; Cat is the Club; Ben and Dan are others. */
export interface SharingWorld {
  readonly dav: Dav;
  /** Where Ben finds Ann's calendar. */
  readonly shared: string;
  calendarOf(name: string): Promise<Calendar>;
  /** Writes, and fails where that is not answered so. */
  put(person: string, path: string, body: string, status?: number): Promise<Reply>;
  /** Ann shares her calendar as Apple's programs do. */
  share(...parts: readonly string[]): Promise<Reply>;
  list(person: string, path: string, depth?: string, names?: readonly string[]): Promise<ReadonlyMap<string, Entry>>;
  /** Nothing is shared any more. */
  reset(): Promise<void>;
}

/** The world of the file that runs. */
export let world: SharingWorld;
export let dav: Dav;
export let shared: string;

/** Starts it for the tests of a file, with nothing shared before each. */
export function useSharing(): void {
  beforeAll(async () => {
    world = await startSharing();
    ({ dav, shared } = world);
  });
  beforeEach(() => world.reset());
  afterAll(() => dav.close());
}

export const put: SharingWorld["put"] = (...of) => world.put(...of);
export const share: SharingWorld["share"] = (...of) => world.share(...of);
export const list: SharingWorld["list"] = (...of) => world.list(...of);

/** Starts it. */
export async function startSharing(): Promise<SharingWorld> {
  const dav = await startDav(["ann", "ben", "cat", "dan"]);
  const { store } = dav.server.house;
  const group = { kind: "group", name: "Club", addresses: ["club@example.test"], timezone: "UTC" } as const;
  await addMembers(store, (await addAccount(store, group)).address, ["cat@example.test"]);
  const calendarOf = async (name: string): Promise<Calendar> => {
    const found = await store.read(({ calendars }) => calendars.bySlug(dav.people[name]?.id ?? "", "calendar"));
    if (!found) throw new Error("there is no calendar");
    return found;
  };
  const put: SharingWorld["put"] = async (person, path, body, status = 201) => {
    const reply = await dav.request(person, "PUT", path, { body });
    expect([path, reply.status]).toEqual([path, status]);
    return reply;
  };
  await put("ann", `${anns}open.ics`, eventText("open"));
  await put("ann", `${anns}times.ics`, eventText("times", "CLASS:CONFIDENTIAL", "LOCATION:Hidden"));
  await put("ann", `${anns}secret.ics`, eventText("secret", "CLASS:PRIVATE", "LOCATION:Secret"));
  const { id, principal } = await calendarOf("ann");
  return {
    dav,
    shared: `${home("ben")}shared-${id}/`,
    calendarOf,
    put,
    share: (...parts) => {
      const body = `<cs:share xmlns:d="DAV:" xmlns:cs="http://calendarserver.org/ns/">${parts.join("")}</cs:share>`;
      return dav.request("ann", "POST", anns, { body, headers: { "content-type": "application/davsharing+xml" } });
    },
    list: async (person, path, depth = "1", names = propertyNames) =>
      entriesOf(await dav.request(person, "PROPFIND", path, { body: propfind(...names), headers: { depth } })),
    reset: () =>
      store.write(async ({ calendars, sharing }) => {
        for (const { sharee } of await calendars.shares(id)) await calendars.share(principal, id, sharee, undefined);
        const blank = { name: undefined, color: undefined, order: undefined, isHidden: false };
        for (const person of Object.values(dav.people)) await sharing.changeView(person.id, id, blank);
      }),
  };
}

export const set = (who: string, access?: string): string =>
  `<cs:set><d:href>${who}</d:href><cs:common-name>x</cs:common-name>${access ? `<cs:${access}/>` : ""}</cs:set>`;
export const removal = (who: string): string => `<cs:remove><d:href>${who}</d:href></cs:remove>`;

const propertyNames = [
  ...["d:resourcetype", "d:displayname", "d:owner", "d:current-user-privilege-set", "cs:invite", "a:calendar-color"],
];

export const namesIn = (element: XmlElement | undefined): readonly string[] =>
  element ? childElements(element).map(({ name }) => name) : [];

export const privilegesOf = (element: XmlElement | undefined): readonly string[] =>
  element
    ? childElements(element)
        .flatMap(namesIn)
        .map((name) => name.replace(/^\{.*\}/, ""))
    : [];
