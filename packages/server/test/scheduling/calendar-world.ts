import type { OutgoingMail } from "../../src/delivery/worker.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { addPerson } from "../../src/people.ts";
import type { House } from "../../src/scheduling/house.ts";
import { putObject } from "../../src/scheduling/put-object.ts";
import { deleteObject, type RemoveOptions } from "../../src/scheduling/remove-object.ts";
import { renderObjects } from "../../src/scheduling/render-object.ts";
import type { Conditions, RemoveResult, WriteResult } from "../../src/scheduling/writing.ts";
import type { Calendar, Member, Principal, Store } from "../../src/store/store.ts";
import { drain, houseOver, now } from "./house.ts";

/** Two people of one house, whose programs write what a test says. Everybody at elsewhere.test gets mail. */
export interface CalendarWorld {
  readonly house: House;
  readonly ann: Principal;
  readonly ben: Principal;
  readonly carl: Principal;
  put(who: Principal, name: string, text: string, conditions?: Conditions): Promise<WriteResult>;
  /** The same, and fails where it is not kept. */
  keep(who: Principal, name: string, text: string, conditions?: Conditions): Promise<Member>;
  remove(who: Principal, name: string, options?: RemoveOptions): Promise<RemoveResult>;
  /** What a GET gives, unfolded, by its owner; `undefined` where there is nothing. */
  get(who: Principal, name: string): Promise<string | undefined>;
  member(who: Principal, name: string): Promise<Member | undefined>;
  /** What is in somebody's default calendar. */
  names(who: Principal): Promise<readonly string[]>;
  /** Delivers all; gives what was sent to people of the house and of others, as "METHOD recipient", and notes the mails. */
  deliver(): Promise<readonly string[]>;
  readonly mails: OutgoingMail[];
  /** A mail comes to somebody. */
  mail(raw: Uint8Array, to: Principal): Promise<void>;
  pass(seconds: number): void;
}

/** The same, with two calendars of Ann's. */
export interface TwoCalendars extends CalendarWorld {
  /** Her default calendar, and one more, which takes no tasks. */
  readonly first: Calendar;
  readonly second: Calendar;
}

/** Makes the world over an empty store, and Ann's second calendar. */
export async function twoCalendars(store: Store): Promise<TwoCalendars> {
  const world = await calendarWorld(store);
  const { ann } = world;
  const first = await store.read(({ calendars }) => calendars.bySlug(ann.id, "calendar"));
  const second = await store.write(({ calendars }) =>
    calendars.add(ann.id, { slug: "work", name: "Work", components: ["VEVENT"] }),
  );
  if (!first || typeof second === "string") throw new Error("Ann has no calendars");
  return { ...world, first, second };
}

/** Makes the world over an empty store. */
export async function calendarWorld(store: Store): Promise<CalendarWorld> {
  const add = (name: string) => addPerson(store, { name, addresses: [`${name}@example.test`], timezone: "UTC" });
  const [ann, ben, carl] = [await add("ann"), await add("ben"), await add("carl")];
  let time = now;
  const house: House = { ...houseOver(store), clock: () => time };
  const mails: OutgoingMail[] = [];
  let told = "0";
  const placeOf = async (who: Principal, name: string) => {
    const calendar = await store.read(({ calendars }) => calendars.bySlug(who.id, "calendar"));
    return { calendar: calendar?.id ?? "", name };
  };
  const member = async (who: Principal, name: string) => {
    const { calendar } = await placeOf(who, name);
    const [found] = await store.read(({ calendars }) => calendars.byNames(calendar, [name]));
    return found;
  };
  const put = async (who: Principal, name: string, text: string, conditions?: Conditions) =>
    putObject(house, { caller: who, owner: who }, await placeOf(who, name), text, conditions);
  return {
    house,
    ann,
    ben,
    carl,
    mails,
    member,
    put,
    keep: async (...of) => {
      const result = await put(...of);
      if (result.kind !== "done") throw new Error(JSON.stringify(result));
      return result.member;
    },
    remove: async (who, name, options) =>
      deleteObject(house, { caller: who, owner: who }, await placeOf(who, name), options),
    get: async (who, name) => {
      const found = await member(who, name);
      if (!found) return undefined;
      const texts = await store.read(async (transaction) => {
        const objects = await transaction.objects.byIds(who.id, [found.object]);
        return renderObjects(house, transaction, { caller: who, owner: who }, objects);
      });
      return unfold(texts.get(found.object) ?? "");
    },
    names: async (who) => {
      const { calendar } = await placeOf(who, "");
      return (await store.read(({ calendars }) => calendars.members(calendar, 100))).map(({ name }) => name);
    },
    deliver: async () => {
      mails.push(...(await drain(house)));
      const sent: string[] = [];
      for (const who of [ann, ben, carl]) {
        const rows = await store.read(({ ledger }) => ledger.list(who.id, { limit: 100 }));
        const fresh = rows.filter(({ id, direction }) => direction === "out" && Number(id) > Number(told));
        for (const { method, to } of fresh) sent.push(...to.map((recipient) => `${method} ${recipient}`));
      }
      told = await lastMessage(store, [ann, ben, carl]);
      return sent.sort();
    },
    mail: async (raw, to) => {
      await deliverMail(house, raw, [to.address], "outside");
    },
    pass: (seconds) => {
      time += seconds;
    },
  };
}

async function lastMessage(store: Store, people: readonly Principal[]): Promise<string> {
  let last = 0;
  for (const { id } of people) {
    const [row] = await store.read(({ ledger }) => ledger.list(id, { limit: 1 }));
    last = Math.max(last, Number(row?.id ?? 0));
  }
  return String(last);
}

/** Takes the folds out of a text, and writes its lines as tests have them. */
export function unfold(text: string): string {
  return text.replace(/\r\n[ \t]/g, "").replace(/\r\n/g, "\n");
}

/** A calendar with one component, or several, of the lines given. */
export function calendarOf(...components: readonly (readonly string[])[]): string {
  const lines = components.flatMap(([first = "", ...rest]) =>
    first.startsWith("BEGIN:") ? [first, ...rest] : ["BEGIN:VEVENT", first, ...rest, "END:VEVENT"],
  );
  return ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//client//EN", ...lines, "END:VCALENDAR", ""].join(
    "\r\n",
  );
}

/** The lines of an event; those given later are added. */
export function eventLines(...more: readonly string[]): readonly string[] {
  return [
    "UID:one@example.test",
    "DTSTAMP:20270301T090000Z",
    "DTSTART:20270302T090000Z",
    "DTEND:20270302T100000Z",
    "SUMMARY:Planning",
    ...more,
  ];
}

/** An event of Ann's with guests, each a whole ATTENDEE line without its name. */
export function meeting(guests: readonly string[], ...more: readonly string[]): string {
  const attendees = guests.map((guest) => `ATTENDEE${guest}`);
  return calendarOf(eventLines("ORGANIZER:mailto:ann@example.test", ...attendees, ...more));
}
