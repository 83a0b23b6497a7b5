import { afterEach, beforeEach, expect, test } from "vitest";
import { ann, basic, ben, password, startTestApi, type TestApi } from "./api.ts";

let api: TestApi;

beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.close());

async function signedIn(address: string): Promise<{ readonly cookie: string }> {
  const { headers } = await api.call("POST", "/api/session", { body: { address, password } });
  return { cookie: headers.getSetCookie()[0]?.split(";")[0] ?? "" };
}

test("a person makes a password for a program, which it signs in with until it is taken back", async () => {
  const headers = await signedIn(ann);
  const made = await api.call("POST", "/api/app-passwords", { headers, body: { name: " phone " } });
  expect(made.body).toMatchObject({ name: "phone", created: "2027-03-01T08:00:00Z" });
  const { password: secret } = made.body;
  expect(secret).toMatch(/^([0-9a-z]{4}-){5}[0-9a-z]{4}$/);
  const asProgram = { headers: { authorization: basic(ann, secret) } };
  expect((await api.call("GET", "/api/questions", asProgram)).status).toBe(200);
  const listed = await api.call("GET", "/api/app-passwords", { headers });
  expect(listed.body).toEqual({ passwords: [{ name: "phone", created: "2027-03-01T08:00:00Z" }] });
  expect(listed.headers.get("cache-control")).toBe("no-store");
  const left = await api.call("DELETE", "/api/app-passwords/phone", { headers });
  expect(left.body).toEqual({ passwords: [] });
  expect((await api.call("GET", "/api/questions", asProgram)).status).toBe(401);
  expect((await api.call("DELETE", "/api/app-passwords/phone", { headers })).status).toBe(404);
});

test.each([
  ["nobody", async () => ({}), 401],
  ["a program of the person", async () => ({ authorization: basic(ann) }), 403],
  ["who acts for the person", async () => ({ ...(await signedIn(ben)), "parley-as": ann }), 403],
] as const)("%s makes, sees and takes back none", async (_who, headersOf, status) => {
  await api.call("POST", "/api/app-passwords", { headers: await signedIn(ann), body: { name: "phone" } });
  await api.house.store.write(({ principals }) =>
    principals.delegate(api.people[ann]?.id ?? "", api.people[ben]?.id ?? "", "organize"),
  );
  const headers = await headersOf();
  expect((await api.call("GET", "/api/app-passwords", { headers })).status).toBe(status);
  expect((await api.call("POST", "/api/app-passwords", { headers, body: { name: "more" } })).status).toBe(status);
  expect((await api.call("DELETE", "/api/app-passwords/phone", { headers })).status).toBe(status);
  const own = await api.call("GET", "/api/app-passwords", { headers: await signedIn(ann) });
  expect(own.body.passwords).toMatchObject([{ name: "phone" }]);
});

test("what one person makes is theirs alone", async () => {
  await api.call("POST", "/api/app-passwords", { headers: await signedIn(ann), body: { name: "phone" } });
  const headers = await signedIn(ben);
  expect((await api.call("GET", "/api/app-passwords", { headers })).body).toEqual({ passwords: [] });
  expect((await api.call("DELETE", "/api/app-passwords/phone", { headers })).status).toBe(404);
});

test.each([
  [
    "one of the same name",
    "phone",
    409,
    'Not made: ann@example.test has an app password named "phone": revoke it first.',
  ],
  ["no name", "", 400, undefined],
  ["blanks for a name", "  ", 409, "Not made: a name has 1 to 100 characters."],
  ["a name too long", "x".repeat(101), 400, undefined],
])("%s is refused with a reason", async (_what, name, status, message) => {
  const headers = await signedIn(ann);
  await api.call("POST", "/api/app-passwords", { headers, body: { name: "phone" } });
  const answer = await api.call("POST", "/api/app-passwords", { headers, body: { name } });
  expect(answer.status).toBe(status);
  if (message !== undefined) expect(answer.body.message).toBe(message);
});
