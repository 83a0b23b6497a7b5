import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeOidc, type Oidc, type OidcSettings, type OidcWorld } from "../../src/auth/oidc.ts";
import { addAccount } from "../../src/people.ts";
import { type Answer, ann, password, start, startTestApi, type TestApi } from "../api/api.ts";
import { client, type Faults, type Issuer, startIssuer } from "./issuer.ts";

const publicUrl = "https://calendar.example.test/";
const redirectUri = "https://calendar.example.test/api/oidc/callback";
const proven = { email: ann, email_verified: true };

let issuer: Issuer;
let api: TestApi;
beforeEach(async () => {
  issuer = await startIssuer();
  api = await startWith({});
});
afterEach(async () => {
  await api.close();
  await issuer.close();
});

async function startWith(
  settings: Partial<OidcSettings>,
  others: Parameters<typeof startTestApi>[0] = {},
): Promise<TestApi> {
  let made: Oidc | undefined;
  const oidc = {
    name: "Example ID",
    begin: () => use().begin(),
    finish: (...of: Parameters<Oidc["finish"]>) => use().finish(...of),
  };
  const given = await startTestApi({ publicUrl, oidc, ...others });
  const use = (): Oidc => {
    made ??= makeOidc({ ...usual(), ...settings }, worldOf(given));
    return made;
  };
  return given;
}

function usual(): OidcSettings {
  return {
    issuer: issuer.url,
    clientId: client.id,
    clientSecret: client.secret,
    addressClaim: "email",
    requireVerified: true,
    name: "Example ID",
    createIn: new Set(),
    redirectUri,
  };
}

function worldOf({ house }: TestApi): OidcWorld {
  return {
    store: house.store,
    clock: house.clock,
    randomBytes,
    hasZone: (name) => house.zones.zone(name) !== undefined,
  };
}

const cookieOf = (answer: Answer, name: string): string =>
  answer.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith(`${name}=`))
    ?.split(";")[0] ?? "";

/** Goes to the issuer, as a browser does. */
async function begin() {
  const answer = await api.call("GET", "/api/oidc/start");
  expect(answer.status).toBe(303);
  return { url: answer.headers.get("location") ?? "", cookie: cookieOf(answer, "parley_sign_in") };
}

const comeBack = (query: URLSearchParams, cookie: string) =>
  api.call("GET", `/api/oidc/callback?${query}`, { headers: { cookie } });

/** Goes there, signs in, and comes back: gives where the browser ends up and whether it has a session. */
async function signIn(claims: Readonly<Record<string, unknown>>, faults?: Faults) {
  const { url, cookie } = await begin();
  return outcome(await comeBack(issuer.signIn(url, claims, faults), cookie));
}

async function outcome(answer: Answer): Promise<{ readonly to: string | null; readonly who: string | undefined }> {
  expect(answer.status).toBe(303);
  const session = cookieOf(answer, "parley_session");
  const { body } = await api.call("GET", "/api/session", { headers: { cookie: session } });
  return { to: answer.headers.get("location"), who: body.person?.address };
}

/** OAuth has each written as in a form, before HTTP Basic joins them. */
function credentialsOf(header: string): readonly string[] {
  const words = Buffer.from(header.slice("Basic ".length), "base64").toString().split(":");
  return words.map((word) => new URLSearchParams(`word=${word}`).get("word") ?? "");
}

const nobody = (word: string) => ({ to: `/?sign-in=${word}`, who: undefined });

describe("signing in at an OpenID provider", () => {
  test("goes there with PKCE, state and nonce, comes back to a session, and out again", async () => {
    expect((await api.call("GET", "/api/session")).body).toMatchObject({ oidc: "Example ID", passwords: true });
    const started = await api.call("GET", "/api/oidc/start");
    const url = new URL(started.headers.get("location") ?? "");
    expect(url.href.startsWith(`${issuer.url}/authorize?`)).toBe(true);
    const asked = Object.fromEntries(url.searchParams);
    expect(asked).toMatchObject({
      response_type: "code",
      client_id: client.id,
      redirect_uri: redirectUri,
      code_challenge_method: "S256",
    });
    for (const secret of ["state", "nonce", "code_challenge"]) expect(asked[secret]).toMatch(/^[\w-]{43}$/);
    expect(started.headers.getSetCookie()[0]).toMatch(
      /^parley_sign_in=[\w-]{43}; Max-Age=600; Path=\/api\/oidc; HttpOnly; Secure; SameSite=Lax$/,
    );
    const back = await comeBack(issuer.signIn(url.href, proven), cookieOf(started, "parley_sign_in"));
    expect(back.headers.getSetCookie().some((cookie) => cookie.startsWith("parley_sign_in=;"))).toBe(true);
    expect(await outcome(back)).toEqual({ to: "/", who: ann });
    expect(issuer.proofs.map(credentialsOf)).toEqual([[client.id, client.secret]]);
    const session = { cookie: cookieOf(back, "parley_session") };
    expect((await api.call("GET", "/api/events", { headers: session })).status).toBe(200);
    await api.call("DELETE", "/api/session", { headers: session });
    expect((await api.call("GET", "/api/events", { headers: session })).status).toBe(401);
  });

  test("asks the provider what it is once, and its keys once", async () => {
    for (let time = 0; time < 3; time++) expect((await signIn(proven)).who).toBe(ann);
    expect(issuer.requests.filter((path) => path !== "/token").sort()).toEqual([
      "/.well-known/openid-configuration",
      "/jwks",
    ]);
    api.clock.now += 3_600;
    expect((await signIn(proven)).who).toBe(ann);
    expect(issuer.requests.filter((path) => path.startsWith("/.well-known"))).toHaveLength(2);
  });

  test("by any address of a person, in any case, and by UserInfo where the token has none", async () => {
    expect((await signIn({ ...proven, email: "Ann.Alias@Example.Test" })).who).toBe(ann);
    expect((await signIn({}, { userInfo: proven })).who).toBe(ann);
    expect(await signIn({}, { userInfo: { ...proven, sub: "2" } })).toEqual(nobody("failed"));
  });
});

const now = Math.floor(Date.now() / 1_000);

describe("whose word is not taken", () => {
  const rows: readonly (readonly [string, Readonly<Record<string, unknown>>, Faults, string])[] = [
    ["another issuer's", proven, { claims: { iss: "https://evil.test" } }, "failed"],
    ["a token for another client", proven, { claims: { aud: "another" } }, "failed"],
    ["a token of another sign-in (nonce)", proven, { claims: { nonce: "another" } }, "failed"],
    ["a token without a nonce", proven, { claims: { nonce: undefined } }, "failed"],
    ["an expired token", proven, { claims: { exp: now - 3_600, iat: now - 7_200 } }, "failed"],
    ["a token that never expires", proven, { claims: { exp: undefined } }, "failed"],
    ["a token without a subject", proven, { claims: { sub: undefined } }, "failed"],
    ["an unsigned token (alg none)", proven, { signature: "none" }, "failed"],
    ["a token somebody else has signed", proven, { signature: "foreign" }, "failed"],
    ["a token that was changed", proven, { signature: "broken" }, "failed"],
    ["an answer in another issuer's name", proven, { callback: { iss: "https://evil.test" } }, "failed"],
    ["an unproven address", { ...proven, email_verified: false }, {}, "unverified"],
    ["an address nobody speaks of", { email: ann }, {}, "unverified"],
    ["an address that is proven in words", { email: ann, email_verified: "false" }, {}, "unverified"],
    ["no address", { email_verified: true }, {}, "no-address"],
    ["an address that is none", { email: "ann", email_verified: true }, {}, "no-address"],
    ["several addresses", { email: [ann], email_verified: true }, {}, "no-address"],
    ["somebody's who is not known", { ...proven, email: "eve@example.test" }, {}, "unknown-person"],
    ["a person's who said no", proven, { callback: { error: "access_denied" } }, "denied"],
    ["a provider's that has failed", proven, { callback: { error: "server_error" } }, "failed"],
    ["a code nobody has given", proven, { callback: { code: "guessed" } }, "failed"],
  ];
  test.each(rows)("%s", async (_, claims, faults, word) => {
    expect(await signIn(claims, faults)).toEqual(nobody(word));
  });

  test("a wrong state's, another browser's, and that of no browser that began", async () => {
    const [mine, other] = [await begin(), await begin()];
    const query = issuer.signIn(mine.url, proven);
    expect(await outcome(await comeBack(query, other.cookie))).toEqual(nobody("expired"));
    expect(await outcome(await comeBack(query, ""))).toEqual(nobody("expired"));
    const forged = new URLSearchParams({ code: query.get("code") ?? "", state: "forged" });
    expect(await outcome(await comeBack(forged, "parley_sign_in=forged"))).toEqual(nobody("expired"));
    expect(await outcome(await comeBack(query, mine.cookie))).toEqual({ to: "/", who: ann });
  });

  test("who comes twice, even where the provider lets them", async () => {
    const { url, cookie } = await begin();
    const query = issuer.signIn(url, proven, { careless: true });
    const both = await Promise.all([comeBack(query, cookie), comeBack(query, cookie)]);
    const outcomes = await Promise.all(both.map(outcome));
    expect(outcomes.map(({ who }) => who ?? "nobody").sort()).toEqual([ann, "nobody"]);
    expect(issuer.proofs).toHaveLength(1);
  });

  test("a code that somebody else has brought (PKCE: the verifier is another)", async () => {
    const [mine, theirs] = [await begin(), await begin()];
    const stolen = issuer.signIn(theirs.url, proven);
    const query = new URLSearchParams({
      code: stolen.get("code") ?? "",
      state: new URL(mine.url).searchParams.get("state") ?? "",
    });
    expect(await outcome(await comeBack(query, mine.cookie))).toEqual(nobody("failed"));
  });

  test("who takes too long", async () => {
    const { url, cookie } = await begin();
    api.clock.now = start + 600;
    expect(await outcome(await comeBack(issuer.signIn(url, proven), cookie))).toEqual(nobody("expired"));
  });

  test("a room's", async () => {
    const room = { kind: "room", name: "Blue", addresses: ["blue@example.test"], timezone: "UTC" } as const;
    await addAccount(api.house.store, { ...room, booking: { policy: "accept" } });
    expect(await signIn({ ...proven, email: "blue@example.test" })).toEqual(nobody("unknown-person"));
  });

  test("and nobody is led anywhere else", async () => {
    for (const more of ["", "&redirect=https://evil.test", "&redirect_uri=https://evil.test", "&next=//evil.test"]) {
      const { url, cookie } = await begin();
      const query = issuer.signIn(url, proven);
      const answer = await api.call("GET", `/api/oidc/callback?${query}${more}`, { headers: { cookie } });
      expect(answer.headers.get("location")).toBe("/");
    }
    const started = await api.call("GET", "/api/oidc/start?issuer=https://evil.test&redirect_uri=https://evil.test", {
      headers: { host: "evil.test" },
    });
    const url = new URL(started.headers.get("location") ?? "");
    expect([url.origin, url.searchParams.get("redirect_uri")]).toEqual([issuer.url, redirectUri]);
  });
});

describe("an OpenID provider", () => {
  test("that is away is said to be, and found again", async () => {
    const { url } = issuer;
    await issuer.close();
    const away = await api.call("GET", "/api/oidc/start");
    expect(away.headers.get("location")).toBe("/?sign-in=unavailable");
    await api.close();
    issuer = await startIssuer();
    expect(issuer.url).not.toBe(url);
    api = await startWith({});
    expect((await signIn(proven)).who).toBe(ann);
  });

  test("that calls itself something else is not believed", async () => {
    await issuer.close();
    issuer = await startIssuer({ issuer: "https://evil.test" });
    await api.close();
    api = await startWith({});
    expect((await api.call("GET", "/api/oidc/start")).headers.get("location")).toBe("/?sign-in=unavailable");
  });

  test("may be trusted without a word that addresses are proven, and by another claim", async () => {
    await api.close();
    api = await startWith({ requireVerified: false, addressClaim: "upn" });
    expect((await signIn({ upn: ann })).who).toBe(ann);
    expect(await signIn({ email: ann })).toEqual(nobody("no-address"));
  });

  test("by another claim only where it is the address that is proven", async () => {
    await api.close();
    api = await startWith({ addressClaim: "preferred_username" });
    const mallory = { email: "mallory@evil.test", email_verified: true };
    expect(await signIn({ ...mallory, preferred_username: ann })).toEqual(nobody("unverified"));
    expect(await signIn({ email_verified: true, preferred_username: ann })).toEqual(nobody("unverified"));
    expect((await signIn({ ...proven, preferred_username: ann })).who).toBe(ann);
  });

  test("may add people of our domains, and of no others", async () => {
    await api.close();
    api = await startWith({ createIn: new Set(["example.test"]) });
    const eve = { email: "Eve@example.test", email_verified: true, name: " Eve Early ", zoneinfo: "Europe/Paris" };
    expect((await signIn(eve)).who).toBe("eve@example.test");
    expect((await signIn(eve)).who).toBe("eve@example.test");
    const people = await api.house.store.read(({ principals }) => principals.list());
    expect(people.find(({ name }) => name === "Eve Early")).toMatchObject({ timezone: "Europe/Paris", kind: "person" });
    expect(people).toHaveLength(3);
    expect((await signIn({ email: "fay@example.test", email_verified: true, zoneinfo: "Mars/North" })).who).toBe(
      "fay@example.test",
    );
    expect(await signIn({ email: "gus@example.test.evil.test", email_verified: true })).toEqual(
      nobody("unknown-person"),
    );
    expect(await signIn({ email: "hal@example.test", email_verified: false })).toEqual(nobody("unverified"));
  });

  test("keeps us from remembering more sign-ins than there can be", async () => {
    const full = api.house.store.write(async ({ signIns }) => {
      for (let row = 0; row < 10_000; row++)
        await signIns.add(`${row}`, { nonce: "", verifier: "" }, start, start + 10);
    });
    await full;
    expect((await api.call("GET", "/api/oidc/start")).headers.get("location")).toBe("/?sign-in=too-many");
    api.clock.now += 10;
    expect((await signIn(proven)).who).toBe(ann);
  }, 60_000);
});

test("where passwords are off nobody signs in by their own, and programs by app passwords", async () => {
  await api.close();
  api = await startWith({}, { passwords: false });
  expect((await api.call("POST", "/api/session", { body: { address: ann, password } })).status).toBe(403);
  expect((await api.call("GET", "/api/events", { as: ann })).status).toBe(401);
  expect((await api.call("GET", "/api/session")).body.passwords).toBe(false);
  expect((await signIn(proven)).who).toBe(ann);
});

test("where there is no provider there is no way to one", async () => {
  const plain = await startTestApi();
  expect((await plain.call("GET", "/api/oidc/start")).status).toBe(404);
  await plain.close();
});
