import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { addAppPassword } from "../../src/auth/app-passwords.ts";
import { hashPassword } from "../../src/auth/passwords.ts";
import type { Config } from "../../src/config.ts";
import {
  childElements,
  childNamed,
  childrenNamed,
  dav,
  type Name,
  textOf,
  type XmlElement,
} from "../../src/dav/xml.ts";
import { defaultXmlLimits, readXml } from "../../src/dav/xml-reader.ts";
import { addPerson } from "../../src/people.ts";
import { type Server, startServer } from "../../src/server.ts";
import type { Principal } from "../../src/store/store.ts";

export const password = "correct horse battery";

/** A server of one domain on loopback, and its people's calendar programs. */
export interface Dav {
  readonly server: Server;
  readonly url: string;
  readonly clock: { now: number };
  readonly people: Readonly<Record<string, Principal>>;
  request(person: string | undefined, method: string, path: string, options?: Options): Promise<Reply>;
  appPassword(person: string, name: string): Promise<string>;
  close(): Promise<void>;
}

export interface Options {
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly password?: string;
}

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The XML, where it is some. */
  readonly xml: XmlElement | undefined;
}

/** Starts a server with some people, each by the first part of their address. */
export async function startDav(names: readonly string[], config: Partial<Config> = {}, tryOut = false): Promise<Dav> {
  const data = await mkdtemp(join(tmpdir(), "parley-dav-"));
  const clock = { now: 1_803_988_800 };
  const whole: Config = {
    data,
    domains: ["example.test"],
    http: { host: "127.0.0.1", port: 0 },
    lmtp: { host: "127.0.0.1", port: 0 },
    outbox: join(data, "outbox"),
    delivery: { pauseSeconds: 0 },
    keep: { ledgerDays: 400 },
    freeBusy: "people",
    trust: { authservIds: [], relay: false },
    ...config,
  };
  const world = {
    clock: () => clock.now,
    random: () => 0.5,
    randomBytes: (count: number) => randomBytes(count),
    logger: pino({ level: process.env["PARLEY_LOG_LEVEL"] ?? "silent" }),
  };
  const server = await startServer(whole, { tryOut, webRoot: join(data, "web") }, world);
  const hash = await hashPassword(password);
  const people: Record<string, Principal> = {};
  for (const name of names) {
    const addresses = [`${name}@example.test`];
    const person = await addPerson(server.house.store, { name: title(name), addresses, timezone: "Europe/Berlin" });
    await server.house.store.write(({ principals }) => principals.setPasswordHash(person.id, hash));
    people[name] = person;
  }
  const url = `http://127.0.0.1:${server.httpPort}`;
  return {
    server,
    url,
    clock,
    people,
    request: (person, method, path, options = {}) => send(url, person, method, path, options),
    async appPassword(person, name) {
      const principal = people[person];
      if (!principal) throw new Error(`there is no ${person}`);
      return addAppPassword(server.house.store, principal, name, { now: clock.now, randomBytes: world.randomBytes });
    },
    async close() {
      await server.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

function title(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

async function send(
  url: string,
  person: string | undefined,
  method: string,
  path: string,
  options: Options,
): Promise<Reply> {
  const secret = `${person}@example.test:${options.password ?? password}`;
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: "manual",
    headers: {
      ...(person !== undefined && { authorization: `Basic ${Buffer.from(secret).toString("base64")}` }),
      ...options.headers,
    },
    ...(options.body !== undefined && { body: options.body }),
  });
  const text = await response.text();
  const isXml = text !== "" && (response.headers.get("content-type")?.startsWith("application/xml") ?? false);
  // An answer may be longer than what is asked.
  const limits = { ...defaultXmlLimits, maxElements: 500_000 };
  const reading = isXml ? readXml(new TextEncoder().encode(text), limits) : undefined;
  if (reading && reading.kind !== "read") throw new Error(`${method} ${path}: answered no XML: ${text}`);
  return { status: response.status, headers: response.headers, text, xml: reading?.root };
}

/** What a multistatus says of each resource, by its href: a status, or its properties of 200, and the names of the others by status. */
export function entriesOf({ xml }: Reply): ReadonlyMap<string, Entry> {
  if (xml?.name !== dav("multistatus")) throw new Error(`it is no multistatus: ${xml?.name}`);
  return new Map(
    childrenNamed(xml, dav("response")).map((response) => {
      const href = childNamed(response, dav("href"));
      const status = childNamed(response, dav("status"));
      const properties = new Map<Name, XmlElement>();
      const others = new Map<Name, number>();
      for (const set of childrenNamed(response, dav("propstat"))) {
        const code = statusOf(childNamed(set, dav("status")));
        const prop = childNamed(set, dav("prop"));
        for (const one of prop ? childElements(prop) : []) {
          if (code === 200) properties.set(one.name, one);
          else others.set(one.name, code);
        }
      }
      return [href ? textOf(href) : "", { ...(status && { status: statusOf(status) }), properties, others }];
    }),
  );
}

/** What is said of one resource. */
export interface Entry {
  readonly status?: number;
  readonly properties: ReadonlyMap<Name, XmlElement>;
  readonly others: ReadonlyMap<Name, number>;
}

function statusOf(element: XmlElement | undefined): number {
  return Number(element && textOf(element).split(" ")[1]);
}

/** The text of what must be there. */
export function said(element: XmlElement | undefined): string {
  if (!element) throw new Error("it is not said");
  return textOf(element);
}

/** The precondition a refusal names. */
export function conditionOf({ xml }: Reply): Name | undefined {
  if (xml?.name !== dav("error")) return undefined;
  return childElements(xml).find(({ name }) => name !== dav("responsedescription"))?.name;
}

/** The text of a property of one resource. */
export function propertyText(reply: Reply, href: string, name: Name): string | undefined {
  const property = entriesOf(reply).get(href)?.properties.get(name);
  return property && textOf(property);
}

/** An event as a program writes it. */
export function eventText(uid: string, ...lines: readonly string[]): string {
  const given = new Set(lines.map((line) => line.split(/[;:]/, 1)[0]));
  const defaults = [
    "DTSTAMP:20270301T080000Z",
    "DTSTART:20270302T090000Z",
    "DTEND:20270302T100000Z",
    "SUMMARY:Planning",
  ];
  const own = defaults.filter((line) => !given.has(line.split(":", 1)[0] ?? ""));
  return calendarText("BEGIN:VEVENT", `UID:${uid}`, ...own, ...lines, "END:VEVENT");
}

/** A calendar of some lines. */
export function calendarText(...lines: readonly string[]): string {
  return ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//program//EN", ...lines, "END:VCALENDAR", ""].join(
    "\r\n",
  );
}

/** A body that asks for properties. */
export function propfind(...names: readonly string[]): string {
  return `<?xml version="1.0"?><d:propfind xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:cs="http://calendarserver.org/ns/" xmlns:a="http://apple.com/ns/ical/"><d:prop>${names.map((name) => `<${name}/>`).join("")}</d:prop></d:propfind>`;
}
