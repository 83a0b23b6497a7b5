import fc from "fast-check";
import { expect, test } from "vitest";
import { redactText, redactValue } from "../../src/operation/redact.ts";

const secret = "s3cr3t/Value+=";

test.each([
  ['{"password":"S"}', '{"password":"(hidden)"}'],
  ['{"level":30,"smtp":{"user":"u","smtpPassword":"S"}}', '{"level":30,"smtp":{"user":"u","smtpPassword":"(hidden)"}}'],
  ['{"headers":{"Set-Cookie":["S","S"],"x":1}}', '{"headers":{"Set-Cookie":"(hidden)","x":1}}'],
  ['{"headers":{"authorization":"Basic S"}}', '{"headers":{"authorization":"(hidden)"}}'],
  [String.raw`{"msg":"got {\"password\":\"S\"}"}`, String.raw`{"msg":"got {\"password\":\"(hidden)\"}"}`],
  ['{"msg":"Authorization: Bearer S"}', '{"msg":"Authorization: Bearer (hidden)"}'],
  ['{"msg":"AUTH PLAIN S failed"}', '{"msg":"AUTH PLAIN (hidden) failed"}'],
  ['{"msg":"cookie parley_session=S; Path=/"}', '{"msg":"cookie parley_session=(hidden); Path=/"}'],
  ['{"msg":"cookie parley_sign_in=S; Path=/api/oidc"}', '{"msg":"cookie parley_sign_in=(hidden); Path=/api/oidc"}'],
  ['{"url":"/api/oidc/callback?code=S&state=S"}', '{"url":"/api/oidc/callback?(hidden)"}'],
  ['{"url":"/answer/0123456789abcdefABCD_-?answer=accept"}', '{"url":"/answer/(hidden)?answer=accept"}'],
  ['{"url":"/published/0123456789abcdefABCD_-.ics"}', '{"url":"/published/(hidden).ics"}'],
  ['{"url":"/api/session?password=S&x=1"}', '{"url":"/api/session?password=(hidden)&x=1"}'],
  ['{"msg":"postgresql://parley:S@db:5432/parley"}', '{"msg":"postgresql://parley:(hidden)@db:5432/parley"}'],
  ['{"msg":"0a1b-2c3d-4e5f-6g7h-8j9k-mnpq is wrong"}', '{"msg":"(hidden) is wrong"}'],
])("%s", (text, expected) => {
  // In an address and in a query the characters of Base64 are written otherwise.
  const value = /:\/\/|\?/.test(text) ? "s3cr3tValue" : secret;
  const redacted = redactText(text.replaceAll('S"', `${value}"`).replace(/(?<=[ =:])S(?=["; &@])/g, value));
  expect(redacted).toBe(expected);
  expect(redacted).not.toContain(value);
});

test.each([
  '{"level":50,"msg":"listening at http://127.0.0.1:8080/"}',
  '{"msg":"no password was given"}',
  '{"uid":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6@example.com","url":"/api/events?from=2027-03-01"}',
  '{"err":{"message":"connect ECONNREFUSED 127.0.0.1:25"}}',
])("%s says no secret and stays", (text) => {
  expect(redactText(text)).toBe(text);
});

test("whatever a password is, its JSON is JSON without it", () => {
  const value = fc.string({ minLength: 12, unit: "grapheme" });
  fc.assert(
    fc.property(value, fc.constantFrom("password", "token", "Cookie", "x-api-key", "clientSecret"), (text, name) => {
      fc.pre(!'{}"before"after"(hidden)'.includes(text));
      const line = redactText(JSON.stringify({ before: 1, [name]: text, after: "yes" }));
      expect(JSON.parse(line)).toEqual({ before: 1, [name]: "(hidden)", after: "yes" });
      const nested = redactText(JSON.stringify({ body: JSON.stringify({ [name]: text, after: "yes" }) }));
      expect(JSON.parse(JSON.parse(nested).body)).toEqual({ [name]: "(hidden)", after: "yes" });
    }),
  );
});

test("of a value all that is named like a secret is hidden, at any depth, and nothing else", () => {
  const value = {
    smtp: { user: "u", password: secret, port: 25 },
    list: [{ token: { a: secret } }],
    url: "x://a:b@c",
    none: null,
  };
  expect(redactValue(value)).toEqual({
    smtp: { user: "u", password: "(hidden)", port: 25 },
    list: [{ token: "(hidden)" }],
    url: "x://a:(hidden)@c",
    none: null,
  });
});
