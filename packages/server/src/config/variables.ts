import { merge, nest, type Tree } from "./tree.ts";

type Kind = "text" | "integer" | "boolean" | "list";

/** The environment's names for settings, and how their text is read. */
const variables: Readonly<Record<string, { readonly path: readonly string[]; readonly kind: Kind }>> = {
  PARLEY_DATA: { path: ["data"], kind: "text" },
  PARLEY_DATABASE_URL: { path: ["database", "url"], kind: "text" },
  PARLEY_DOMAINS: { path: ["domains"], kind: "list" },
  PARLEY_HTTP_HOST: { path: ["http", "host"], kind: "text" },
  PARLEY_HTTP_PORT: { path: ["http", "port"], kind: "integer" },
  PARLEY_HTTP_PUBLIC_URL: { path: ["http", "publicUrl"], kind: "text" },
  PARLEY_AUTH_PASSWORDS: { path: ["auth", "passwords"], kind: "boolean" },
  PARLEY_OIDC_ISSUER: { path: ["oidc", "issuer"], kind: "text" },
  PARLEY_OIDC_CLIENT_ID: { path: ["oidc", "clientId"], kind: "text" },
  PARLEY_OIDC_CLIENT_SECRET: { path: ["oidc", "clientSecret"], kind: "text" },
  PARLEY_OIDC_ADDRESS_CLAIM: { path: ["oidc", "addressClaim"], kind: "text" },
  PARLEY_OIDC_REQUIRE_VERIFIED: { path: ["oidc", "requireVerified"], kind: "boolean" },
  PARLEY_OIDC_NAME: { path: ["oidc", "name"], kind: "text" },
  PARLEY_OIDC_CREATE: { path: ["oidc", "create"], kind: "boolean" },
  PARLEY_LMTP_HOST: { path: ["lmtp", "host"], kind: "text" },
  PARLEY_LMTP_PORT: { path: ["lmtp", "port"], kind: "integer" },
  PARLEY_SMTP_IN_HOST: { path: ["smtpIn", "host"], kind: "text" },
  PARLEY_SMTP_IN_PORT: { path: ["smtpIn", "port"], kind: "integer" },
  PARLEY_IMAP_HOST: { path: ["imap", "mailbox", "host"], kind: "text" },
  PARLEY_IMAP_PORT: { path: ["imap", "mailbox", "port"], kind: "integer" },
  PARLEY_IMAP_SECURE: { path: ["imap", "mailbox", "secure"], kind: "boolean" },
  PARLEY_IMAP_REQUIRE_TLS: { path: ["imap", "mailbox", "requireTls"], kind: "boolean" },
  PARLEY_IMAP_USER: { path: ["imap", "mailbox", "user"], kind: "text" },
  PARLEY_IMAP_PASSWORD: { path: ["imap", "mailbox", "password"], kind: "text" },
  PARLEY_IMAP_MAILBOX: { path: ["imap", "mailbox", "mailbox"], kind: "text" },
  PARLEY_IMAP_OWNER: { path: ["imap", "mailbox", "owner"], kind: "text" },
  PARLEY_IMAP_HANDLED: { path: ["imap", "mailbox", "handled"], kind: "text" },
  PARLEY_IMAP_FAILED: { path: ["imap", "mailbox", "failed"], kind: "text" },
  PARLEY_IMAP_AUTHSERV_IDS: { path: ["imap", "mailbox", "authservIds"], kind: "list" },
  PARLEY_IMAP_POLL_SECONDS: { path: ["imap", "mailbox", "pollSeconds"], kind: "integer" },
  PARLEY_SMTP_HOST: { path: ["smtp", "host"], kind: "text" },
  PARLEY_SMTP_PORT: { path: ["smtp", "port"], kind: "integer" },
  PARLEY_SMTP_SECURE: { path: ["smtp", "secure"], kind: "boolean" },
  PARLEY_SMTP_REQUIRE_TLS: { path: ["smtp", "requireTls"], kind: "boolean" },
  PARLEY_SMTP_USER: { path: ["smtp", "user"], kind: "text" },
  PARLEY_SMTP_PASSWORD: { path: ["smtp", "password"], kind: "text" },
  PARLEY_DKIM_DOMAIN: { path: ["dkim", "key", "domain"], kind: "text" },
  PARLEY_DKIM_SELECTOR: { path: ["dkim", "key", "selector"], kind: "text" },
  PARLEY_DKIM_KEY_FILE: { path: ["dkim", "key", "keyFile"], kind: "text" },
  PARLEY_SMIME_CERTIFICATE_FILE: { path: ["smime", "person", "certificateFile"], kind: "text" },
  PARLEY_SMIME_KEY_FILE: { path: ["smime", "person", "keyFile"], kind: "text" },
  PARLEY_ENCRYPT_FOR_CERTIFICATE_FILE: { path: ["encryptFor", "guest", "certificateFile"], kind: "text" },
  PARLEY_DELIVERY_PAUSE_SECONDS: { path: ["delivery", "pauseSeconds"], kind: "integer" },
  PARLEY_DELIVERY_MAX_PER_PERSON_DAY: { path: ["delivery", "maxPerPersonDay"], kind: "integer" },
  PARLEY_DELIVERY_MAX_PER_GUEST_HOUR: { path: ["delivery", "maxPerGuestHour"], kind: "integer" },
  PARLEY_KEEP_LEDGER_DAYS: { path: ["keep", "ledgerDays"], kind: "integer" },
  PARLEY_ANSWER_LINKS: { path: ["answerLinks"], kind: "boolean" },
  PARLEY_BUSY_BY_MAIL: { path: ["busyByMail"], kind: "text" },
  PARLEY_FREE_BUSY: { path: ["freeBusy"], kind: "text" },
  PARLEY_SUBSCRIPTIONS: { path: ["subscriptions"], kind: "text" },
  PARLEY_DELIVERY_MAX_AUTOMATIC_PER_GUEST_DAY: { path: ["delivery", "maxAutomaticPerGuestDay"], kind: "integer" },
  PARLEY_DELIVERY_REFRESH_SECONDS: { path: ["delivery", "refreshSeconds"], kind: "integer" },
  PARLEY_OUTBOX: { path: ["outbox"], kind: "text" },
  PARLEY_TRUST_AUTHSERV_IDS: { path: ["trust", "authservIds"], kind: "list" },
  PARLEY_TRUST_RELAY: { path: ["trust", "relay"], kind: "boolean" },
  PARLEY_TRUST_CHECK: { path: ["trust", "check"], kind: "boolean" },
  PARLEY_TRUST_RECEIVED_BY: { path: ["trust", "receivedBy"], kind: "list" },
  PARLEY_TRUST_ARC_SEALERS: { path: ["trust", "arcSealers"], kind: "list" },
  PARLEY_TRUST_SMIME_AUTHORITIES: { path: ["trust", "smimeAuthorities"], kind: "list" },
  PARLEY_LOCALE: { path: ["locale"], kind: "text" },
  PARLEY_ZONEINFO: { path: ["zoneinfo"], kind: "text" },
};

/** Variables that others read, and that do not make a configuration by themselves. */
const otherVariables: ReadonlySet<string> = new Set(["PARLEY_CONFIG", "PARLEY_LOG_LEVEL"]);

/** What `PARLEY_LOG_LEVEL` may say, from the most that is logged to nothing. */
export const logLevels: readonly string[] = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

/** Reads the settings the environment has; says what cannot be read. */
export function readVariables(env: Readonly<Record<string, string | undefined>>, errors: string[]): Tree {
  let tree: Tree = {};
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith("PARLEY_") || text === undefined) continue;
    if (name === "PARLEY_LOG_LEVEL" && !logLevels.includes(text)) {
      errors.push(`${name}: there is no level ${JSON.stringify(text)}; there are ${logLevels.join(", ")}`);
    }
    if (otherVariables.has(name)) continue;
    const variable = variables[name];
    if (!variable) {
      errors.push(`${name}: unknown variable; known are ${Object.keys(variables).join(", ")}`);
      continue;
    }
    const value = readText(name, text, variable.kind, errors);
    if (value !== undefined) tree = merge(tree, nest(variable.path, value));
  }
  return tree;
}

/** Reads the settings of the command line; says what cannot be read. */
export function readFlags(
  flags: { readonly data?: string; readonly httpPort?: string; readonly lmtpPort?: string },
  errors: string[],
): Tree {
  let tree: Tree = flags.data === undefined ? {} : { data: flags.data };
  for (const [name, text, path] of [
    ["--http-port", flags.httpPort, ["http", "port"]],
    ["--lmtp-port", flags.lmtpPort, ["lmtp", "port"]],
  ] as const) {
    const value = text === undefined ? undefined : readText(name, text, "integer", errors);
    if (value !== undefined) tree = merge(tree, nest(path, value));
  }
  return tree;
}

function readText(name: string, text: string, kind: Kind, errors: string[]): unknown {
  switch (kind) {
    case "text":
      return text;
    case "list":
      return text
        .split(",")
        .map((item) => item.trim().toLowerCase())
        .filter((item) => item !== "");
    case "integer":
      if (/^\d+$/.test(text)) return Number(text);
      errors.push(`${name}: ${JSON.stringify(text)} is not a whole number`);
      return undefined;
    case "boolean":
      if (text === "true" || text === "false") return text === "true";
      errors.push(`${name}: ${JSON.stringify(text)} is neither "true" nor "false"`);
      return undefined;
  }
}
