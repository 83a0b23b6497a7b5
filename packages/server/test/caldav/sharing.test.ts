import { describe, expect, test } from "vitest";
import { addMembers, removeMembers } from "../../src/accounts/groups.ts";
import { apple, caldav, calendarServer } from "../../src/caldav/names.ts";
import { childNamed, dav as davName, textOf } from "../../src/dav/xml.ts";
import { conditionOf, entriesOf, eventText, propertyText, propfind } from "./server.ts";
import {
  anns,
  dav,
  home,
  list,
  namesIn,
  privilegesOf,
  put,
  removal,
  set,
  share,
  shared,
  useSharing,
} from "./sharing-world.ts";

useSharing();

describe("a calendar that is shared as Apple's programs do it", () => {
  test("is in the home of whoever it is shared with at once, and says what it is", async () => {
    expect([...(await list("ben", home("ben"))).keys()]).not.toContain(shared);
    expect((await share(set("mailto:ben@example.test", "read"))).status).toBe(200);
    const found = (await list("ben", home("ben"))).get(shared);
    expect(namesIn(found?.properties.get(davName("resourcetype")))).toEqual([
      davName("collection"),
      caldav("calendar"),
      calendarServer("shared"),
    ]);
    expect(
      textOf(found?.properties.get(davName("displayname")) ?? { name: "", attributes: new Map(), content: [] }),
    ).toBe("Calendar (Ann)");
    const owner = found?.properties.get(davName("owner"));
    expect(owner && textOf(childNamed(owner, davName("href")) ?? owner)).toBe("/dav/principals/ann@example.test/");
    expect(privilegesOf(found?.properties.get(davName("current-user-privilege-set")))).toEqual([
      "read",
      "read-free-busy",
      "read-current-user-privilege-set",
    ]);
    const own = (await list("ann", anns, "0")).get(anns);
    expect(namesIn(own?.properties.get(davName("resourcetype")))).toContain(calendarServer("shared-owner"));
    const invite = own?.properties.get(calendarServer("invite"));
    const user = invite && childNamed(invite, calendarServer("user"));
    expect(invite && namesIn(invite)).toEqual([calendarServer("organizer"), calendarServer("user")]);
    expect(user && namesIn(user)).toEqual([
      davName("href"),
      calendarServer("common-name"),
      calendarServer("invite-accepted"),
      calendarServer("access"),
    ]);
    expect(user && textOf(childNamed(user, davName("href")) ?? user)).toBe("mailto:ben@example.test");
    // Each sees of the others what concerns them.
    await share(set("mailto:dan@example.test", "read-write"));
    const seen = (await list("ben", shared, "0")).get(shared)?.properties.get(calendarServer("invite"));
    expect(JSON.stringify(seen)).not.toContain("dan@");
    const options = await dav.request("ben", "OPTIONS", home("ben"));
    expect(options.headers.get("dav")).toContain("calendarserver-sharing");
  });

  test("can be read by every way there is, and not be written by any", async () => {
    await share(set("mailto:ben@example.test", "read"));
    const [path, other] = [`${shared}open.ics`, `${home("ben")}calendar/open.ics`];
    expect((await dav.request("ben", "GET", path)).text).toContain("SUMMARY:Planning");
    const body = eventText("open", "SUMMARY:Changed");
    for (const [method, at, options] of [
      ["PUT", path, { body }],
      ["PUT", `${shared}new.ics`, { body: eventText("new") }],
      ["DELETE", path, {}],
      ["MOVE", path, { headers: { destination: `${dav.url}${other}` } }],
      ["COPY", path, { headers: { destination: `${dav.url}${shared}copy.ics` } }],
    ] as const) {
      const reply = await dav.request("ben", method, at, options);
      expect([method, reply.status]).toEqual([method, 403]);
      if (method === "PUT" || method === "DELETE") expect(conditionOf(reply)).toBe(davName("need-privileges"));
    }
    expect([405, 403]).toContain((await dav.request("ben", "POST", shared, { body: "<x/>" })).status);
    expect((await dav.request("ann", "GET", `${anns}open.ics`)).text).not.toContain("Changed");
  });

  test("can be written by whom it is shared with so", async () => {
    await share(set("mailto:ben@example.test", "read-write"));
    expect(
      privilegesOf((await list("ben", shared, "0")).get(shared)?.properties.get(davName("current-user-privilege-set"))),
    ).toEqual(expect.arrayContaining(["write-content", "bind", "unbind"]));
    await put("ben", `${shared}bens.ics`, eventText("bens"));
    expect((await dav.request("ann", "GET", `${anns}bens.ics`)).status).toBe(200);
    await put("ben", `${shared}bens.ics`, eventText("bens", "SUMMARY:Later"), 204);
    expect(
      (
        await dav.request("ben", "MOVE", `${shared}bens.ics`, {
          headers: { destination: `${dav.url}${shared}other.ics` },
        })
      ).status,
    ).toBe(201);
    expect((await dav.request("ben", "DELETE", `${shared}other.ics`)).status).toBe(204);
    expect((await dav.request("ann", "GET", `${anns}bens.ics`)).status).toBe(404);
    // It stays what it is: neither its name for others, nor it itself.
    expect((await dav.request("ben", "DELETE", anns)).status).toBe(403);
  });

  test("has the name and the colour everybody gives it, for themselves", async () => {
    await share(set("mailto:ben@example.test", "read"));
    const change = (...properties: readonly string[]) =>
      dav.request("ben", "PROPPATCH", shared, {
        body: `<d:propertyupdate xmlns:d="DAV:" xmlns:a="http://apple.com/ns/ical/" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>${properties.join("")}</d:prop></d:set></d:propertyupdate>`,
      });
    const patched = entriesOf(
      await change("<d:displayname>Ann's</d:displayname>", "<a:calendar-color>#00ff00</a:calendar-color>"),
    ).get(shared);
    expect([...(patched?.properties.keys() ?? [])]).toEqual([davName("displayname"), apple("calendar-color")]);
    const asked = { body: propfind("d:displayname", "a:calendar-color"), headers: { depth: "0" } };
    const [bens, own] = [
      await dav.request("ben", "PROPFIND", shared, asked),
      await dav.request("ann", "PROPFIND", anns, asked),
    ];
    expect([
      propertyText(bens, shared, davName("displayname")),
      propertyText(bens, shared, apple("calendar-color")),
    ]).toEqual(["Ann's", "#00ff00"]);
    expect([propertyText(own, anns, davName("displayname")), propertyText(own, anns, apple("calendar-color"))]).toEqual(
      ["Calendar", undefined],
    );
    for (const property of ["<c:calendar-description>x</c:calendar-description>", "<x xmlns='y'>1</x>"]) {
      expect([
        ...(entriesOf(await change(property))
          .get(shared)
          ?.others.values() ?? []),
      ]).toEqual([403]);
    }
  });

  test("is gone at once when it is shared no longer, or whoever sees it does not want to", async () => {
    await share(set("mailto:ben@example.test", "read"), set("mailto:dan@example.test", "read"));
    await share(removal("mailto:ben@example.test"));
    for (const path of [shared, `${shared}open.ics`, anns, `${anns}open.ics`]) {
      expect((await dav.request("ben", "PROPFIND", path, { headers: { depth: "0" } })).status).toBe(404);
    }
    const dans = shared.replace("ben@", "dan@");
    expect((await dav.request("dan", "DELETE", dans)).status).toBe(204);
    expect([...(await list("dan", home("dan"))).keys()]).not.toContain(dans);
    expect((await dav.request("ann", "GET", `${anns}open.ics`)).status).toBe(200);
    // To take away what is not there is no fault; what one is told of it all is nobody else's.
    expect((await share(removal("mailto:ben@example.test"))).status).toBe(200);
    expect((await dav.request("cat", "PROPFIND", shared, { headers: { depth: "0" } })).status).toBe(404);
  });

  test("is a group's as long as one is in it", async () => {
    const { store } = dav.server.house;
    const cats = shared.replace("ben@", "cat@");
    await share(set("mailto:club@example.test", "read-write"));
    await put("cat", `${cats}cats.ics`, eventText("cats"));
    expect((await dav.request("cat", "DELETE", `${cats}cats.ics`)).status).toBe(204);
    await removeMembers(store, "club@example.test", ["cat@example.test"]);
    expect((await dav.request("cat", "GET", `${cats}open.ics`)).status).toBe(404);
    await addMembers(store, "club@example.test", ["cat@example.test"]);
    expect((await dav.request("cat", "DELETE", cats)).status).toBe(204);
    expect([...(await list("cat", home("cat"))).keys()]).not.toContain(cats);
    await share(set("mailto:cat@example.test", "read"));
    expect([...(await list("cat", home("cat"))).keys()]).toContain(cats);
  });
});

test("who is in a group its members see, and nobody else", async () => {
  const path = "/dav/principals/club@example.test/";
  const members = async (person: string) =>
    (await list(person, path, "0", ["d:displayname", "d:group-member-set"])).get(path)?.properties;
  expect([...((await members("ben"))?.keys() ?? [])]).toEqual([davName("displayname")]);
  expect(JSON.stringify((await members("cat"))?.get(davName("group-member-set")))).toContain("cat@example.test");
});

describe("what is private", () => {
  const query = (name: string) =>
    `<c:${name} xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop><d:getetag/><c:calendar-data/></d:prop>${
      name === "calendar-query" ? '<c:filter><c:comp-filter name="VCALENDAR"/></c:filter>' : `HREFS`
    }</c:${name}>`;

  test.each(["read", "read-write"])(
    "is not there for who was told of the calendar alone (%s); of what is confidential they see the times",
    async (access) => {
      await share(set("mailto:ben@example.test", access));
      for (const path of [shared, anns]) {
        const names = ["open", "times", "secret"].map((name) => `${path}${name}.ics`);
        const multiget = query("calendar-multiget").replace(
          "HREFS",
          names.map((name) => `<d:href>${name}</d:href>`).join(""),
        );
        const replies = [
          await dav.request("ben", "PROPFIND", path, { body: propfind("d:getetag"), headers: { depth: "1" } }),
          await dav.request("ben", "REPORT", path, { body: query("calendar-query"), headers: { depth: "1" } }),
          await dav.request("ben", "REPORT", path, { body: sync("") }),
        ];
        for (const reply of replies) {
          expect([...entriesOf(reply).keys()].filter((name) => name.endsWith(".ics")).sort()).toEqual(
            names.slice(0, 2).sort(),
          );
        }
        const got = await dav.request("ben", "REPORT", path, { body: multiget, headers: { depth: "1" } });
        expect(entriesOf(got).get(names[2] ?? "")?.status).toBe(404);
        expect(propertyText(got, names[1] ?? "", caldav("calendar-data"))).toMatch(/SUMMARY:Busy/);
        for (const reply of [...replies, got]) expect(reply.text).not.toMatch(/Secret|Hidden/);
        expect((await dav.request("ben", "GET", names[2] ?? "")).status).toBe(404);
        expect((await dav.request("ben", "GET", names[1] ?? "")).text).toMatch(/DTSTART[\s\S]*SUMMARY:Busy/);
        for (const name of names.slice(1)) {
          expect([403, 404]).toContain((await dav.request("ben", "PUT", name, { body: eventText("secret") })).status);
          expect([403, 404]).toContain((await dav.request("ben", "DELETE", name)).status);
        }
        // That an UID is taken they learn, and not where.
        const taken = await dav.request("ben", "PUT", `${path}new.ics`, { body: eventText("secret") });
        expect([taken.status, taken.text.includes("secret.ics")]).toEqual([403, false]);
      }
      expect((await dav.request("ann", "GET", `${anns}secret.ics`)).text).toContain("LOCATION:Secret");
    },
  );

  test("is gone for them when it becomes so", async () => {
    await share(set("mailto:ben@example.test", "read"));
    await put("ann", `${anns}turn.ics`, eventText("turn"));
    const token =
      /<d:sync-token>(.*)<\/d:sync-token>/.exec(
        (await dav.request("ben", "REPORT", shared, { body: sync("") })).text,
      )?.[1] ?? "";
    await put("ann", `${anns}turn.ics`, eventText("turn", "CLASS:PRIVATE"), 204);
    const changes = entriesOf(await dav.request("ben", "REPORT", shared, { body: sync(token) }));
    expect([...changes].map(([path, { status }]) => [path, status])).toEqual([[`${shared}turn.ics`, 404]]);
    await dav.request("ann", "DELETE", `${anns}turn.ics`);
  });
});

function sync(token: string): string {
  return `<d:sync-collection xmlns:d="DAV:"><d:sync-token>${token}</d:sync-token><d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>`;
}
