import { currentAnswer, leadingComponent } from "@parley/engine";
import { describe, expect, test } from "vitest";
import { addMembers } from "../../src/accounts/groups.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { addAccount, addPerson } from "../../src/people.ts";
import { actOnObject } from "../../src/scheduling/change-object.ts";
import type { House } from "../../src/scheduling/house.ts";
import type { Principal, Store } from "../../src/store/store.ts";
import { calendarMail } from "../mail/calendar-mail.ts";
import { type MakeBench, withStore } from "../store/bench.ts";
import { onEveryStore } from "../store/benches.ts";
import { houseOver, storeOptions } from "./house.ts";

// RFC 5546 §3.7.2: a group is invited as one ATTENDEE, and each of its people answers for themselves.
describe("a group that is invited", () => {
  onEveryStore(testInvited, storeOptions);
});

interface World {
  readonly house: House;
  readonly ben: Principal;
}

/** Ann is of the team, Ben of a group in it; Carl is of none. */
async function fill(store: Store): Promise<World> {
  const add = (name: string) => addPerson(store, { name, addresses: [`${name}@example.test`], timezone: "UTC" });
  const added = await add("ben");
  await add("ann");
  await add("carl");
  const addGroup = (name: string) =>
    addAccount(store, { kind: "group", name, addresses: [`${name}@example.test`], timezone: "UTC" });
  await addGroup("team");
  await addGroup("inner");
  await addMembers(store, "inner@example.test", ["ben@example.test", "ann@example.test"]);
  await addMembers(store, "team@example.test", ["ann@example.test", "inner@example.test"]);
  const ben = await store.read(({ principals }) => principals.byId(added.id));
  if (!ben) throw new Error("Ben was added");
  return { house: houseOver(store), ben };
}

function mailOf(method: string, sequence: number, id = `${method}${sequence}`): Uint8Array {
  const who = method === "REPLY" ? "ATTENDEE;PARTSTAT=ACCEPTED:mailto:carl@example.test" : "";
  const header = ["From: carl@example.test", "To: team@example.test", "Subject: Planning", `Message-ID: <${id}@test>`];
  const lines = [
    "UID:planning",
    `DTSTAMP:20270302T08000${sequence}Z`,
    `SEQUENCE:${sequence}`,
    "SUMMARY:Planning",
    "DTSTART:20270303T100000Z",
    "DTEND:20270303T110000Z",
    `ORGANIZER:mailto:${method === "REPLY" ? "team@example.test" : "carl@example.test"}`,
    who || "ATTENDEE;CUTYPE=GROUP;RSVP=TRUE:mailto:team@example.test",
  ];
  return new TextEncoder().encode(calendarMail(header, method, lines));
}

function deliver(house: House, mail: Uint8Array) {
  return deliverMail(house, mail, ["team@example.test"], "inside");
}

/** Who has a copy, and what its ledger says of each message. */
function verdicts(store: Store): Promise<Readonly<Record<string, readonly string[]>>> {
  return store.read(async ({ principals, ledger }) => {
    const found: Record<string, readonly string[]> = {};
    for (const { id, name } of await principals.list()) {
      const rows = (await ledger.list(id, { limit: 50 })).filter(({ direction }) => direction === "in");
      if (rows.length > 0) found[name] = rows.map(({ method, verdict }) => `${method} ${verdict}`).reverse();
    }
    return found;
  });
}

function testInvited(makeBench: MakeBench): void {
  test(
    "hands it to each of its people once, also by way of other groups; so with updates; a retry changes nothing",
    withStore(makeBench, async (store) => {
      const { house } = await fill(store);
      expect(await deliver(house, mailOf("REQUEST", 0))).toMatchObject([{ kind: "kept" }]);
      expect(await deliver(house, mailOf("REQUEST", 0))).toMatchObject([{ kind: "duplicate" }]);
      await deliver(house, mailOf("CANCEL", 1));
      const both = ["REQUEST applied", "CANCEL applied"];
      expect(await verdicts(store)).toEqual({ ann: both, ben: both, team: both });
    }),
  );

  test(
    "leaves what is said to an Organizer, and what cannot be read, to the group",
    withStore(makeBench, async (store) => {
      const { house } = await fill(store);
      await deliver(house, mailOf("REPLY", 0));
      const text = new TextDecoder().decode(mailOf("REQUEST", 0, "broken")).replace("BEGIN:VEVENT", "BEGIN:NOTHING");
      await deliver(house, new TextEncoder().encode(text));
      expect(Object.keys(await verdicts(store))).toEqual(["team"]);
    }),
  );

  test(
    "is answered by its people in their own name, as members",
    withStore(makeBench, async (store) => {
      const { house, ben } = await fill(store);
      await deliver(house, mailOf("REQUEST", 0));
      const copy = await store.read(({ objects }) => objects.byUid(ben.id, "planning"));
      const done = await actOnObject(house, ben, { id: copy?.id ?? "" }, { kind: "answer", partstat: "ACCEPTED" });
      if (done.kind !== "done" || !done.object?.state.object) throw new Error(done.kind);
      const { state } = done.object;
      const said = currentAnswer(state, leadingComponent(done.object.state.object), ben.address);
      expect(said.partstat).toBe("ACCEPTED");
      const sent = await store.read(async ({ ledger, deliveries }) => {
        const [row] = await ledger.list(ben.id, { limit: 1 });
        const [delivery] = await deliveries.ofMessage(row?.id ?? "");
        const payload = await ledger.source(delivery?.payload ?? "");
        return { to: delivery?.recipient, text: new TextDecoder().decode(payload) };
      });
      expect(sent.to).toBe("carl@example.test");
      expect(sent.text.replaceAll("\\r\\n ", "")).toMatch(/ATTENDEE[^:]*MEMBER=[^:]*mailto:team@example\.test/);
    }),
  );
}
