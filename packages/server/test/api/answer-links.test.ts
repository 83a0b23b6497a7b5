import { createHash } from "node:crypto";
import { masterKey } from "@parley/engine";
import { describe, expect, test } from "vitest";
import { type OutgoingMail, startDeliveryWorker } from "../../src/delivery/worker.ts";
import { deliverInside } from "../../src/mail/deliver-inside.ts";
import { drain } from "../scheduling/house.ts";
import {
  api,
  ask,
  begin,
  choose,
  day,
  endApi,
  eventOf,
  four,
  guest,
  hiddenOf,
  hour,
  invite,
  ledger,
  other,
  partstatOf,
  planning,
  send,
  textOf,
  tokenFor,
} from "./answer-links.ts";
import { ann, ben, start } from "./api.ts";

endApi();

describe("mails to guests elsewhere", () => {
  test("have links of each guest's own, in text and HTML; of a token nothing but its hash is kept", async () => {
    await begin();
    await invite({}, guest, other, ben);
    const mails = await drain(api.house);
    expect(mails.map(({ to }) => to).sort()).toEqual([guest, other]);
    const tokens = mails.map((mail) => {
      const text = textOf(mail);
      const found = [...text.matchAll(/https:\/\/cal\.example\.test\/answer\/([\w-]{22})\?answer=(\w+)/g)];
      expect(found.map(([, , answer]) => answer)).toEqual([...four, ...four]);
      expect(new Set(found.map(([, token]) => token)).size).toBe(1);
      return found[0]?.[1] ?? "";
    });
    expect(new Set(tokens).size).toBe(2);
    await api.house.store.read(async ({ upkeep, answerLinks }) => {
      for (const table of upkeep.tables) {
        const rows = JSON.stringify(await upkeep.page(table, undefined), (_key, value) =>
          value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
        );
        for (const token of tokens) expect(rows).not.toContain(token);
      }
      const [first = ""] = tokens;
      const link = await answerLinks.find(createHash("sha256").update(first).digest("hex"));
      expect(link).toMatchObject({ told: [[masterKey, 0]] });
      // The end of the event and a fortnight.
      expect(link?.expires).toBe(start + day + 2 * hour + 14 * day);
    });
  });

  test("are the same octets when they are sent again", async () => {
    await begin();
    await invite();
    const tried: OutgoingMail[] = [];
    const worker = startDeliveryWorker({
      ...{ store: api.house.store, clock: api.house.clock, random: () => 0.5 },
      transport: {
        send: async (mail) => {
          tried.push(mail);
          return { kind: "deferred", retryAfterSeconds: 60, detail: "451 later" };
        },
        close: async () => {},
      },
      deliverInside: (...of) => deliverInside(api.house, ...of),
      onTrouble: (error) => expect(error).toBeUndefined(),
    });
    await worker.drain();
    api.clock.now += day;
    await worker.drain();
    await worker.stop();
    expect(tried).toHaveLength(2);
    expect(tried[1]).toEqual(tried[0]);
    expect(textOf(tried[0] as OutgoingMail)).toMatch(/answer\/[\w-]{22}\?/);
  });

  const without: readonly (readonly [name: string, prepare: () => Promise<void>])[] = [
    ["the server has no public address", () => begin({})],
    [
      "the organizer wants none",
      async () => {
        await begin();
        await choose("off");
      },
    ],
  ];
  test.each(without)("have none where %s", async (_name, prepare) => {
    await prepare();
    await invite();
    const [mail] = await drain(api.house);
    expect(mail && textOf(mail)).not.toContain("/answer/");
  });

  test("have none that is not asked: a REPLY, a CANCEL", async () => {
    await begin();
    const { id } = await invite();
    await drain(api.house);
    await api.call("POST", `/api/events/${id}/cancel`, { as: ann, body: {} });
    const [cancel] = await drain(api.house);
    expect(cancel && textOf(cancel)).toContain("method=CANCEL");
    expect(cancel && textOf(cancel)).not.toContain("/answer/");
  });
});

describe("whoever only looks", () => {
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const json = { "content-type": "application/json" };
  const requests: readonly (readonly [name: string, init: RequestInit & { query?: string }])[] = [
    ["GET", {}],
    ...four.map((answer) => [`GET ?answer=${answer}`, { query: `?answer=${answer}` }] as const),
    ["HEAD", { method: "HEAD", query: "?answer=accept" }],
    ["OPTIONS", { method: "OPTIONS", query: "?answer=accept" }],
    ["a prefetch", { headers: { purpose: "prefetch", "sec-purpose": "prefetch" }, query: "?answer=accept" }],
    ["PUT", { method: "PUT", body: "answer=accept", headers: form }],
    ["POST of nothing", { method: "POST", query: "?answer=accept" }],
    ["POST of JSON", { method: "POST", headers: json, body: '{"answer":"accept"}' }],
    ["POST of a choice", { method: "POST", headers: form, body: "answer=accept" }],
    ["POST of a guessed form", { method: "POST", headers: form, body: "answer=accept&form=x&version=y" }],
    [
      "POST of a file",
      { method: "POST", headers: { "content-type": "multipart/form-data; boundary=x" }, body: "--x--" },
    ],
  ];
  test("changes nothing, by whatever method", async () => {
    await begin();
    const { id } = await invite();
    const token = await tokenFor();
    const before = [await ledger(), await eventOf(id)];
    for (const [name, init] of requests) {
      await ask(token, init);
      expect([await ledger(), await eventOf(id)], name).toEqual(before);
    }
  });

  test("is told what, when, where and by whom, and as whom they answer; what the link says is chosen already", async () => {
    await begin();
    await invite({ location: "Room <1>", description: "Bring & share" });
    const token = await tokenFor();
    const { status, headers, text } = await ask(token, { query: "?answer=decline" });
    expect(status).toBe(200);
    expect(text).toContain("Ann Archer invites you.");
    for (const said of ["Planning", "Tuesday, 2 March 2027, 10:00–11:00", "Room &lt;1&gt;", "Bring &amp; share"]) {
      expect(text).toContain(said);
    }
    expect(text).toContain(`You answer as <bdi>${guest}</bdi>.`);
    expect(text).toContain('value="decline" required checked>');
    expect(text).not.toMatch(/<script|src=|<img|<link|https?:/);
    expect(Object.fromEntries(headers)).toMatchObject({
      "cache-control": "no-store",
      "content-type": "text/html; charset=utf-8",
      "referrer-policy": "no-referrer",
      "x-robots-tag": "noindex, nofollow",
      "x-frame-options": "DENY",
    });
    const policy = headers.get("content-security-policy") ?? "";
    const style = /<style>([^<]*)<\/style>/.exec(text)?.[1] ?? "";
    expect(policy.split("; ")).toEqual([
      "default-src 'none'",
      `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
      ...["form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"],
    ]);
  });

  const greetings: readonly (readonly [accepts: string, language: string, says: string])[] = [
    ["", "en", "Your answer"],
    ["de-AT,de;q=0.9", "de", "Ihre Antwort"],
    ["tlh, fr;q=0.5", "fr", "Votre réponse"],
    ["es", "es", "Su respuesta"],
    ["ja", "ja", "ご回答"],
    ["ar", "ar", "ردّك"],
  ];
  test.each(greetings)("reads the language they ask for: %j is %s", async (accepts, language, says) => {
    await begin();
    await invite();
    const { text } = await ask(await tokenFor(), { headers: { "accept-language": accepts } });
    expect(text).toContain(`<html lang="${language}" dir="${language === "ar" ? "rtl" : "ltr"}">`);
    expect(text).toContain(says);
  });
});

describe("a link", () => {
  const ends: readonly (readonly [name: string, end: (id: string) => Promise<unknown>])[] = [
    ["that has expired", async () => Object.assign(api.clock, { now: api.clock.now + 17 * day })],
    ["of a cancelled event", (id) => api.call("POST", `/api/events/${id}/cancel`, { as: ann, body: {} })],
    ["of a removed event", (id) => api.call("DELETE", `/api/events/${id}`, { as: ann })],
    [
      "of somebody who was taken off the list",
      (id) => api.call("PUT", `/api/events/${id}`, { as: ann, body: { ...planning, attendees: [{ address: other }] } }),
    ],
    ["that its organizer took back", (id) => api.call("DELETE", `/api/events/${id}/answer-links`, { as: ann })],
    ["of somebody who wants none any more", () => choose("off")],
    ["of a house that has none any more", async () => void Object.assign(api.house, { answerLinks: undefined })],
  ];
  test.each(ends)("%s looks like one that never was, and answers nothing", async (_name, end) => {
    await begin();
    const { id } = await invite({}, guest, other);
    const token = await tokenFor();
    const form = hiddenOf(await ask(token));
    await end(id);
    const never = await ask("AAAAAAAAAAAAAAAAAAAAAA");
    expect(never.status).toBe(404);
    expect(never.text).toContain("This link is no longer good");
    const before = await ledger();
    const page = await ask(token);
    const posted = await ask(token, { method: "POST", body: new URLSearchParams({ ...form, answer: "accept" }) });
    for (const { status, text } of [page, posted]) expect({ status, text }).toEqual({ status: 404, text: never.text });
    expect([...page.headers.keys()]).toEqual([...never.headers.keys()]);
    expect(await ledger()).toEqual(before);
  });

  test("of another event, another guest or another form opens nothing else", async () => {
    await begin();
    const { id } = await invite({}, guest, other);
    const mails = await drain(api.house);
    const [own = "", theirs = ""] = [guest, other].map(
      (to) => /answer\/([\w-]{22})/.exec(textOf(mails.find((mail) => mail.to === to) as OutgoingMail))?.[1] ?? "",
    );
    const form = hiddenOf(await ask(own));
    const crossed = await ask(theirs, { method: "POST", body: new URLSearchParams({ ...form, answer: "accept" }) });
    expect(crossed.status).toBe(404);
    await send(theirs, { answer: "accept" });
    expect([await partstatOf(id, guest), await partstatOf(id, other)]).toEqual(["NEEDS-ACTION", "ACCEPTED"]);
  });

  test.each(["", "x", "a".repeat(99), "a".repeat(5_000), "%00", "..%2f..%2fapi", "é"])(
    "that is none (%#) is told apart from no other",
    async (token) => {
      await begin();
      const { status } = await ask(token);
      expect([404, 400, 414]).toContain(status);
    },
  );

  test("is not to be guessed: too many from one place are not looked at", async () => {
    await begin();
    await invite();
    const token = await tokenFor();
    for (let count = 0; count < 50; count++) {
      expect((await ask(`guess-${count}`)).status).toBe(404);
    }
    expect((await ask(token)).status).toBe(429);
    api.clock.now += 301;
    expect((await ask(token)).status).toBe(200);
  });
});
