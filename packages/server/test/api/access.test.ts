import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ann, basic, ben, password, startTestApi, type TestApi } from "./api.ts";

const input = { summary: "Review", start: "2027-03-02T09:00:00Z", end: "2027-03-02T10:00:00Z" };

let api: TestApi;
/** An event and a ledger entry of Ann's. */
let event: string;
let entry: string;

beforeAll(async () => {
  api = await startTestApi();
  const made = await api.call("POST", "/api/events", { as: ann, body: { ...input, attendees: [{ address: ben }] } });
  event = made.body.id;
  const source = await api.house.store.write((transaction) => transaction.ledger.putSource(Buffer.from("Grüße\r\n")));
  const principal = api.people[ann]?.id ?? "";
  const row = {
    at: 0,
    direction: "in",
    subject: "",
    from: ben,
    to: [ann],
    verdict: "unreadable",
    rule: "",
    reason: "",
  } as const;
  const added = await api.house.store.write((transaction) =>
    transaction.ledger.add({ principal, ...row, changes: [], violations: [], source }),
  );
  entry = added.id;
});
afterAll(() => api.close());

describe("each route knows nobody, the wrong person and the right one", () => {
  test.each<[method: string, path: (own: boolean) => string, body: unknown, statuses: readonly [number, number]]>([
    ["GET", () => "/api/events", undefined, [200, 200]],
    ["GET", () => `/api/events/${event}`, undefined, [404, 200]],
    ["PUT", () => `/api/events/${event}`, input, [404, 200]],
    ["POST", () => `/api/events/${event}/answer`, { partstat: "ACCEPTED" }, [404, 409]],
    ["POST", () => `/api/events/${event}/cancel`, {}, [404, 200]],
    ["GET", () => `/api/ledger/${entry}/source`, undefined, [404, 200]],
    ["GET", () => "/api/ledger", undefined, [200, 200]],
    ["GET", () => "/api/questions", undefined, [200, 200]],
    ["POST", () => "/api/questions/1", { decision: "dismiss" }, [404, 404]],
    ["DELETE", () => `/api/events/${event}`, undefined, [404, 204]],
    ["POST", () => "/api/events", input, [201, 201]],
  ])("%s %s", async (method, path, body, [wrong, right]) => {
    const nobody = await api.call(method, path(true), { body });
    expect([nobody.status, nobody.body.error]).toEqual([401, "not-signed-in"]);
    expect(nobody.headers.get("www-authenticate")).not.toMatch(/basic/i);
    expect((await api.call(method, path(false), { as: ben, body })).status).toBe(wrong);
    expect((await api.call(method, path(true), { as: ann, body })).status).toBe(right);
  });

  test("what another person did stays theirs", async () => {
    const { body } = await api.call("GET", "/api/ledger", { as: ben });
    expect(body.entries).toEqual([]);
  });
});

describe("a session", () => {
  const signIn = (body: unknown, headers = {}) => api.call("POST", "/api/session", { body, headers });
  const cookieOf = (headers: Headers): string => headers.getSetCookie()[0]?.split(";")[0] ?? "";

  test("is a cookie no script reads and no other site sends, until it is signed out", async () => {
    const signedIn = await signIn({ address: ann.toUpperCase(), password });
    expect(signedIn.status).toBe(200);
    expect(signedIn.body).toEqual({
      person: { address: ann, name: "Ann Archer", timezone: "Europe/Berlin" },
      tryOut: false,
      people: [],
      passwords: true,
      oidc: null,
    });
    const [set = ""] = signedIn.headers.getSetCookie();
    expect(set).toMatch(/^parley_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/);
    const cookie = { cookie: cookieOf(signedIn.headers) };
    expect((await api.call("GET", "/api/session", { headers: cookie })).body.person.address).toBe(ann);
    expect((await api.call("GET", "/api/events", { headers: cookie })).status).toBe(200);
    const out = await api.call("DELETE", "/api/session", { headers: cookie });
    expect([out.status, out.body.person]).toEqual([200, null]);
    expect(out.headers.getSetCookie()[0]).toMatch(/^parley_session=;/);
    expect((await api.call("GET", "/api/events", { headers: cookie })).status).toBe(401);
    expect((await api.call("GET", "/api/session", { headers: cookie })).body.person).toBeNull();
  });

  test("ends when another is begun, and after 30 days", async () => {
    const first = { cookie: cookieOf((await signIn({ address: ann, password })).headers) };
    const second = { cookie: cookieOf((await signIn({ address: ben, password }, first)).headers) };
    expect((await api.call("GET", "/api/session", { headers: first })).body.person).toBeNull();
    api.clock.now += 30 * 86_400;
    expect((await api.call("GET", "/api/session", { headers: second })).body.person).toBeNull();
  });

  test.each([
    [{ address: ann, password: "wrong" }, 401, "wrong-credentials"],
    [{ address: "nobody@example.test", password }, 401, "wrong-credentials"],
    [{ address: "not an address", password }, 401, "wrong-credentials"],
    [{ address: ann }, 400, "invalid"],
    [{ password }, 400, "invalid"],
    [{ address: ann, password, admin: true }, 400, "invalid"],
  ])("is not given for %j", async (body, status, error) => {
    const answer = await signIn(body);
    expect([answer.status, answer.body.error]).toEqual([status, error]);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  test("wrong Basic credentials are an error even where nobody needs to be signed in", async () => {
    for (const authorization of [basic(ann, "wrong"), "Basic ???", "Bearer x"]) {
      const { status, headers } = await api.call("GET", "/api/session", { headers: { authorization } });
      expect([status, headers.get("www-authenticate")]).toEqual([401, 'Basic realm="Parley", charset="UTF-8"']);
    }
  });

  test("too many failures make everybody wait, by form and by Basic", async () => {
    const own = await startTestApi();
    try {
      const attempt = (secret: string) =>
        own.call("GET", "/api/events", { headers: { authorization: basic(ann, secret) } });
      for (let count = 0; count < 20; count++) expect((await attempt(password)).status).toBe(200);
      for (let count = 0; count < 10; count++) expect((await attempt("wrong")).status).toBe(401);
      const late = await own.call("POST", "/api/session", { body: { address: ann, password } });
      expect([late.status, late.body.error, late.headers.get("retry-after")]).toEqual([
        429,
        "too-many-attempts",
        "300",
      ]);
      expect((await attempt(password)).status).toBe(429);
      own.clock.now += 300;
      expect((await attempt(password)).status).toBe(200);
    } finally {
      await own.close();
    }
  });
});

describe("try-out mode", () => {
  test("lists its people and takes each at their word; any other mode asks for the password", async () => {
    const own = await startTestApi({ tryOut: true, publicUrl: "https://cal.example.test" });
    try {
      const { body } = await own.call("GET", "/api/session");
      expect(body).toEqual({
        person: null,
        tryOut: true,
        people: [
          { address: ann, name: "Ann Archer" },
          { address: ben, name: "Ben Baker" },
        ],
        passwords: true,
        oidc: null,
      });
      const signedIn = await own.call("POST", "/api/session", { body: { address: ben } });
      expect(signedIn.body.person.address).toBe(ben);
      expect(signedIn.headers.getSetCookie()[0]).toMatch(/; Secure/);
      expect((await own.call("POST", "/api/session", { body: { address: "eve@example.test" } })).status).toBe(401);
    } finally {
      await own.close();
    }
    expect((await api.call("POST", "/api/session", { body: { address: ben } })).status).toBe(400);
  });

  test("is at localhost only: another name for this machine is refused", async () => {
    const own = await startTestApi({ tryOut: true });
    try {
      const { request } = await import("node:http");
      const statusFor = (host: string): Promise<number | undefined> =>
        new Promise((done, fail) => {
          const options = { port: own.port, host: "127.0.0.1", path: "/api/session", headers: { host } };
          request(options, (response) => done(response.resume().statusCode))
            .on("error", fail)
            .end();
        });
      for (const host of ["localhost", "localhost:8080", "127.0.0.1:1", "[::1]:80", "parley.localhost"]) {
        expect([host, await statusFor(host)]).toEqual([host, 200]);
      }
      for (const host of ["evil.test", "evil.test:8080", "127.0.0.1.evil.test"]) {
        expect([host, await statusFor(host)]).toEqual([host, 421]);
      }
    } finally {
      await own.close();
    }
  });
});

describe("a request that another site may have made", () => {
  let cookie: string;
  beforeAll(async () => {
    const { headers } = await api.call("POST", "/api/session", { body: { address: ann, password } });
    cookie = headers.getSetCookie()[0]?.split(";")[0] ?? "";
  });

  test.each<
    [what: string, headers: (port: number) => Record<string, string>, body: string | undefined, status: number]
  >([
    ["JSON without Origin", () => ({ "content-type": "application/json" }), JSON.stringify(input), 201],
    ["JSON of the own page", (port) => ({ origin: `http://127.0.0.1:${port}` }), JSON.stringify(input), 201],
    ["JSON with a charset", () => ({ "content-type": "Application/JSON; charset=utf-8" }), JSON.stringify(input), 201],
    ["another site's JSON", () => ({ origin: "https://evil.test" }), JSON.stringify(input), 403],
    ["another port of this host", (port) => ({ origin: `http://127.0.0.1:${port - 1}` }), JSON.stringify(input), 403],
    ["a sandboxed page", () => ({ origin: "null" }), JSON.stringify(input), 403],
    ["a form", () => ({ "content-type": "application/x-www-form-urlencoded" }), "summary=x", 403],
    ["a form of plain text", () => ({ "content-type": "text/plain" }), JSON.stringify(input), 403],
    ["a form with files", () => ({ "content-type": "multipart/form-data; boundary=x" }), "--x--", 403],
    ["JSON in name only", () => ({ "content-type": "text/plain; application/json" }), JSON.stringify(input), 403],
  ])("%s", async (_, headers, body, status) => {
    const answer = await api.call("POST", "/api/events", { headers: { cookie, ...headers(api.port) }, body });
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body.error).toBe("cross-site");
  });

  test("signing in and Basic are guarded by the Origin as well; reading is not", async () => {
    const headers = { origin: "https://evil.test" };
    const signIn = { address: ann, password };
    expect((await api.call("POST", "/api/session", { headers, body: signIn })).status).toBe(403);
    expect((await api.call("POST", "/api/events", { as: ann, headers, body: input })).status).toBe(403);
    expect((await api.call("GET", "/api/events", { as: ann, headers })).status).toBe(200);
  });

  test("the page at the public address is our own, also behind a proxy", async () => {
    const own = await startTestApi({ publicUrl: "https://cal.example.test/parley" });
    try {
      const call = (headers: Record<string, string>) =>
        own.call("POST", "/api/events", { as: ann, headers, body: input });
      expect((await call({ origin: "https://cal.example.test" })).status).toBe(201);
      expect((await call({ origin: "http://cal.example.test" })).status).toBe(403);
      expect((await call({ origin: "https://other.test", "x-forwarded-host": "other.test" })).status).toBe(201);
    } finally {
      await own.close();
    }
  });
});
