import { describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";

const none = { env: {}, flags: {} };
const oidc = {
  PARLEY_DOMAINS: "x.test",
  PARLEY_HTTP_PUBLIC_URL: "https://cal.x.test/",
  PARLEY_OIDC_ISSUER: "https://id.test",
  PARLEY_OIDC_CLIENT_ID: "parley",
};

const mailbox = { PARLEY_IMAP_HOST: "imap.x.test", PARLEY_IMAP_USER: "ann", PARLEY_IMAP_PASSWORD: "p" };

describe("configuration", () => {
  test("nothing at all is try-out mode, on loopback", () => {
    expect(readConfig(none)).toEqual({
      tryOut: true,
      config: {
        data: "parley-data/try-out",
        domains: ["example.test", "partner.test"],
        http: { host: "127.0.0.1", port: 8080 },
        lmtp: { host: "127.0.0.1", port: 2424 },
        outbox: "parley-data/try-out/outbox",
        delivery: { pauseSeconds: 0, maxPerPersonDay: 5_000, maxPerGuestHour: 20 },
        keep: { ledgerDays: 400 },
        freeBusy: "people",
        trust: { authservIds: [], relay: false },
      },
    });
  });

  test("flags alone stay try-out mode; any variable or file ends it", () => {
    expect(readConfig({ env: {}, flags: { data: "/x", httpPort: "0" } })).toMatchObject({ tryOut: true });
    expect(readConfig({ ...none, env: { PARLEY_DOMAINS: "example.com" } })).toMatchObject({ tryOut: false });
    const file = { name: "p.json", text: '{"domains":["example.com"]}' };
    expect(readConfig({ ...none, file })).toMatchObject({ tryOut: false });
  });

  test("an OpenID provider needs an issuer and a client, and has the rest by default", () => {
    const whole = { ...oidc, PARLEY_OIDC_CREATE: "true", PARLEY_AUTH_PASSWORDS: "false" };
    expect(readConfig({ ...none, env: whole })).toMatchObject({
      config: {
        auth: { passwords: false },
        oidc: {
          issuer: "https://id.test",
          clientId: "parley",
          addressClaim: "email",
          requireVerified: true,
          name: "OpenID",
          create: true,
        },
      },
    });
    const local = { ...oidc, PARLEY_OIDC_ISSUER: "http://localhost:8081/realms/x" };
    expect(readConfig({ ...none, env: local })).toMatchObject({ config: { oidc: { create: false } } });
  });

  test("doors for mail are shut until they are named, and have the rest by default", () => {
    const env = { PARLEY_DOMAINS: "x.test", PARLEY_SMTP_IN_PORT: "2526", ...mailbox };
    const file = { name: "p.json", text: '{"imap":{"sales":{"host":"::1","user":"s","password":"p","secure":false}}}' };
    expect(readConfig({ ...none, file, env })).toMatchObject({
      config: {
        smtpIn: { host: "127.0.0.1", port: 2526 },
        imap: {
          sales: { host: "::1", port: 143, secure: false, requireTls: true, mailbox: "INBOX", pollSeconds: 60 },
          mailbox: { host: "imap.x.test", port: 993, secure: true, user: "ann", password: "p", mailbox: "INBOX" },
        },
      },
    });
  });

  test("variables win over the file, flags over both", () => {
    const file = { name: "p.json", text: '{"domains":["a.test"],"http":{"port":1},"lmtp":{"port":2},"data":"f"}' };
    const env = { PARLEY_HTTP_PORT: "3", PARLEY_SMTP_HOST: "mx", PARLEY_DOMAINS: "B.test, c.test", HOME: "/root" };
    expect(readConfig({ file, env, flags: { lmtpPort: "4" } })).toMatchObject({
      config: {
        domains: ["b.test", "c.test"],
        http: { port: 3 },
        lmtp: { port: 4 },
        data: "f",
        smtp: { host: "mx", port: 25, secure: false, requireTls: false },
      },
    });
  });

  test.each([
    [{ PARLEY_HTTP_PORT: "80" }, /^domains: missing/],
    [{ PARLEY_DOMAINS: "x.test", PARLEY_HTTP_PORT: "eighty" }, /^PARLEY_HTTP_PORT: "eighty" is not a whole number/],
    [{ PARLEY_DOMAINS: "x.test", PARLEY_HTTP_PORT: "70000" }, /^http\.port: /],
    [{ PARLEY_DOMAINS: "x.test", PARLEY_TRUST_RELAY: "yes" }, /^PARLEY_TRUST_RELAY: "yes" is neither/],
    [{ PARLEY_DOMAINS: "x.test", PARLEY_DOMAIN: "y" }, /^PARLEY_DOMAIN: unknown variable/],
    [{ PARLEY_DOMAINS: "x.test", PARLEY_ANSWER_LINKS: "off" }, /^PARLEY_ANSWER_LINKS: "off" is neither/],
    [{ PARLEY_DOMAINS: "x.test", PARLEY_BUSY_BY_MAIL: "friends" }, /^busyByMail: must be one of "nobody", "contacts"/],
    [{ PARLEY_DOMAINS: "x.test", PARLEY_AUTH_PASSWORDS: "false" }, /^auth\.passwords: without them nobody/],
    [{ PARLEY_DOMAINS: "x.test", PARLEY_OIDC_ISSUER: "https://id.test" }, /^oidc\.clientId: missing; say who we are/],
    [{ ...oidc, PARLEY_HTTP_PUBLIC_URL: undefined }, /^http\.publicUrl: missing; whoever signs in/],
    [{ ...oidc, PARLEY_OIDC_ISSUER: "http://id.test" }, /^oidc\.issuer: is no address/],
    [{ ...oidc, PARLEY_OIDC_ISSUER: "https://id.test/?tenant=1" }, /^oidc\.issuer: is no address/],
    [{ ...oidc, PARLEY_OIDC_ISSUER: "id.test" }, /^oidc\.issuer: is no address/],
    [{ PARLEY_DOMAINS: "x.test", PARLEY_DATABASE_URL: "" }, /^database\.url: is not the address of a PostgreSQL/],
    [{ PARLEY_DOMAINS: "x.test", PARLEY_DATABASE_URL: "mysql://h/parley" }, /^database\.url: is not the address/],
    [{ PARLEY_DOMAINS: "x.test", PARLEY_DATABASE_URL: "postgresql://h" }, /^database\.url: names no database/],
    [{ PARLEY_DOMAINS: "x.test", PARLEY_DATABASE_URL: "postgresql://a:b#c@h/d" }, /^database\.url: cannot be read/],
    [{ PARLEY_DOMAINS: "not a domain" }, /^domains\.0: /],
    [
      { PARLEY_DOMAINS: "x.test", PARLEY_FREE_BUSY: "friends" },
      /^freeBusy: must be one of "nobody", "people", "everybody"/,
    ],
    [{ PARLEY_DOMAINS: "x.test", PARLEY_SUBSCRIPTIONS: "on" }, /^subscriptions: must be one of "off", "https", "http"/],
    [{ PARLEY_DOMAINS: "x.test", PARLEY_LOCALE: "Deutsch!" }, /^locale: is no language such as de or pt-BR/],
    [{ PARLEY_DOMAINS: "x.test", PARLEY_IMAP_HOST: "h" }, /^imap\.mailbox\.user: missing/],
    [
      { PARLEY_DOMAINS: "x.test", ...mailbox, PARLEY_IMAP_SECURE: "false", PARLEY_IMAP_REQUIRE_TLS: "false" },
      /^imap\.mailbox\.requireTls: false is for this machine alone/,
    ],
    [{ PARLEY_DOMAINS: "x.test", ...mailbox, PARLEY_IMAP_POLL_SECONDS: "1" }, /^imap\.mailbox\.pollSeconds: /],
    [{ PARLEY_DOMAINS: "x.test", PARLEY_KEEP_LEDGER_DAYS: "0" }, /^keep\.ledgerDays: /],
  ])("%j is refused by name", (env, error) => {
    const result = readConfig({ ...none, env });
    expect("errors" in result && result.errors.join("\n")).toMatch(error);
  });

  test.each(["0.0.0.0", "192.168.0.1", "mx.x.test", "127.0.0.1.x.test", "::", "127.1", ""])(
    "mail by SMTP is taken on this machine alone, not at %j",
    (host) => {
      const result = readConfig({ ...none, env: { PARLEY_DOMAINS: "x.test", PARLEY_SMTP_IN_HOST: host } });
      expect("errors" in result && result.errors.join("\n")).toMatch(/^smtpIn\.host: is not this machine/);
    },
  );

  test.each([
    ["{", /^p\.json: /],
    ["[]", /^p\.json: not a JSON object/],
    ['{"domains":["x.test"],"htpp":{}}', /unknown key.*htpp/],
    ['{"domains":["x.test"],"smtp":{"port":25}}', /^smtp/],
    ['{"domains":["x.test"],"database":{}}', /^database\.url: missing; name the database/],
    ['{"domains":["x.test"],"database":{"file":"x"}}', /^database\.file: unknown key "file"/m],
    ['{"domains":["x.test"],"database":"postgresql://h/d"}', /^database: /],
    ['{"domains":["x.test"],"imap":{"A b":{}}}', /^imap\.A b: unknown key/],
    ['{"domains":["x.test"],"imap":[]}', /^imap: /],
    ['{"domains":["x.test"],"smtpIn":{"port":25,"tls":true}}', /^smtpIn\.tls: unknown key/],
    ['{"domains":[]}', /^domains: /],
    ['{"domains":["x.test"],"dkim":{"a":{"domain":"x.test","selector":"s"}}}', /^dkim\.a\.keyFile: missing/],
    [
      '{"domains":["x.test"],"dkim":{"a":{"domain":"X","selector":"s","keyFile":"k"}}}',
      /^dkim\.a\.domain: is no domain/,
    ],
    ['{"domains":["x.test"],"smime":{"a":{"keyFile":"k"}}}', /^smime\.a\.certificateFile: missing/],
  ])("file %s is refused by name", (text, error) => {
    const result = readConfig({ ...none, file: { name: "p.json", text } });
    expect("errors" in result && result.errors.join("\n")).toMatch(error);
  });

  test("what mail is signed with is set by the file, or one of each kind by variables", () => {
    const dkim = { PARLEY_DKIM_DOMAIN: "x.test", PARLEY_DKIM_SELECTOR: "s", PARLEY_DKIM_KEY_FILE: "/k.pem" };
    const smime = { PARLEY_SMIME_CERTIFICATE_FILE: "/c.pem", PARLEY_SMIME_KEY_FILE: "/ck.pem" };
    const guest = { PARLEY_ENCRYPT_FOR_CERTIFICATE_FILE: "/g.pem" };
    expect(readConfig({ ...none, env: { PARLEY_DOMAINS: "x.test", ...dkim, ...smime, ...guest } })).toMatchObject({
      config: {
        dkim: { key: { domain: "x.test", selector: "s", keyFile: "/k.pem" } },
        smime: { person: { certificateFile: "/c.pem", keyFile: "/ck.pem" } },
        encryptFor: { guest: { certificateFile: "/g.pem" } },
      },
    });
  });

  test("a database is taken as it is written, and what is wrong with one never repeats it", () => {
    const taken = "postgres://ann:p%40ss@db.example:5433/parley?sslmode=verify-full";
    expect(readConfig({ ...none, env: { PARLEY_DOMAINS: "x.test", PARLEY_DATABASE_URL: taken } })).toMatchObject({
      config: { database: { url: taken } },
    });
    for (const url of ["postgresql://ann:opensesame@db", "postgresql://ann:opensesame#1@db/parley", "opensesame"]) {
      const result = readConfig({ ...none, env: { PARLEY_DOMAINS: "x.test", PARLEY_DATABASE_URL: url } });
      expect("errors" in result && result.errors.join("\n")).toMatch(/^database\.url: (?!.*opensesame)/);
    }
  });
});
