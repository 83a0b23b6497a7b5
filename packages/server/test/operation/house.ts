import { readFileSync } from "node:fs";
import { type CalendarObject, type Context, type EventFields, makeEvent, parseAddress } from "@parley/engine";
import { makeZoneResolver } from "@parley/engine/recurrence";
import { decideQuestion } from "../../src/mail/decide-question.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { addPerson } from "../../src/people.ts";
import { changeObject } from "../../src/scheduling/change-object.ts";
import type { House } from "../../src/scheduling/house.ts";
import type { Principal, Store } from "../../src/store/store.ts";
import { houseOver as frozenHouse } from "../scheduling/house.ts";

/** 2027-03-01T08:00:00Z. */
export const now = 1_803_888_000;
export const ann = "ann@example.test";
export const outsider = "otto@elsewhere.test";

/** Makes a house over a store, at a time that stands still. */
export function houseOver(store: Store): House {
  let uids = 0;
  return { ...frozenHouse(store), clock: () => now, makeUid: () => `uid-${++uids}@example.test` };
}

/** Lets somebody invite others to an hour of planning; returns its UID. */
export async function invite(house: House, organizer: Principal, guests: readonly string[]): Promise<string> {
  const uid = house.makeUid();
  const result = await changeObject(house, organizer, { uid }, (_, context) =>
    planning(house, uid, organizer, guests, context),
  );
  if (result.kind !== "done") throw new Error(`the invitation is ${result.kind}`);
  return uid;
}

function planning(
  house: House,
  uid: string,
  organizer: Principal,
  guests: readonly string[],
  context: Context,
): CalendarObject | undefined {
  const fields: EventFields = {
    summary: "Planning",
    start: { kind: "utc", wall: now + 86_400 },
    end: { kind: "utc", wall: now + 90_000 },
    location: "",
    description: "",
    attendees: guests.map((text) => {
      const address = parseAddress(text);
      if (!address) throw new Error(`${text} is no address`);
      return { address, name: "" };
    }),
  };
  return makeEvent(uid, fields, organizer, makeZoneResolver([], house.zones, context.limits), context.limits);
}

const google = readFileSync(new URL("../../../../fixtures/dialects/google-request.eml", import.meta.url));

/** Two people; Ann has invited, was invited and has answered; Ben has thrown something away. Returns the UID of Ann's event. */
export async function fill(house: House): Promise<{ readonly ann: Principal; readonly uid: string }> {
  const person = await addPerson(house.store, { name: "Ann", addresses: [ann], timezone: "Europe/Berlin" });
  const ben = await addPerson(house.store, { name: "Ben", addresses: ["ben@example.test"], timezone: "UTC" });
  await house.store.write(async ({ principals, appPasswords }) => {
    await principals.setPasswordHash(person.id, "hash of Ann's");
    await appPasswords.add(person.id, {
      name: "phone",
      created: now,
      selector: "abcdefgh",
      hash: "hash of the phone's",
    });
  });
  const uid = await invite(house, person, ["ben@example.test", outsider]);
  const thrown = await invite(house, ben, [outsider]);
  await changeObject(house, ben, { uid: thrown }, () => undefined);
  await deliverMail(house, google, [ann], "outside");
  const [question] = await house.store.read(({ ledger }) => ledger.openQuestions(person.id));
  const answer = { kind: "answer", partstat: "ACCEPTED" } as const;
  const decided = await decideQuestion(house, person, question?.id ?? "", "apply", answer);
  if (decided.kind !== "done") throw new Error(`the decision is ${decided.kind}`);
  return { ann: person, uid };
}

/** All rows of a store, by table, in one order for every database. */
export function contentOf(store: Store): Promise<Readonly<Record<string, readonly string[]>>> {
  return store.read(async ({ upkeep }) => {
    const content: Record<string, readonly string[]> = {};
    for (const table of upkeep.tables) {
      const rows: string[] = [];
      for (
        let page = await upkeep.page(table, undefined);
        page.length > 0;
        page = await upkeep.page(table, page.at(-1))
      ) {
        rows.push(...page.map((row) => JSON.stringify(Object.entries(row).sort())));
      }
      content[table] = rows.sort();
    }
    return content;
  });
}
