import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

const closed = { additionalProperties: false };
const Port = Type.Integer({ minimum: 0, maximum: 65_535 });
const Locale = Type.String({ pattern: "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}$" });
const domainForm = "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$";
const Domain = Type.String({ pattern: domainForm });

/** Tells whether a text is the name of a mail domain, in lower case. */
export function isDomain(text: string): boolean {
  return new RegExp(domainForm).test(text) && text.length <= 253;
}

/** Everything an operator can set. Every key has a default but `domains`. */
export const ConfigSchema = Type.Object(
  {
    /** Folder of the database and, without a relay, of outgoing mail. */
    data: Type.String({ minLength: 1 }),
    /** A PostgreSQL database, `postgresql://user:password@host:port/name`; without it an SQLite file in `data`. */
    database: Type.Optional(Type.Object({ url: Type.String() }, closed)),
    /** Mail domains whose people are ours. */
    domains: Type.Array(Domain, { minItems: 1 }),
    http: Type.Object({ host: Type.String(), port: Port, publicUrl: Type.Optional(Type.String()) }, closed),
    /** `passwords: false`: people sign in at the OpenID provider alone, programs by app passwords. */
    auth: Type.Optional(Type.Object({ passwords: Type.Boolean() }, closed)),
    /** An OpenID provider people can sign in at; `http.publicUrl` must be given with it. */
    oidc: Type.Optional(
      Type.Object(
        {
          issuer: Type.String(),
          clientId: Type.String({ minLength: 1 }),
          clientSecret: Type.Optional(Type.String({ minLength: 1 })),
          addressClaim: Type.String({ minLength: 1 }),
          requireVerified: Type.Boolean(),
          /** What people call it. */
          name: Type.String({ minLength: 1, maxLength: 100 }),
          /** Whoever it vouches for is added, where their address is of one of `domains`. */
          create: Type.Boolean(),
        },
        closed,
      ),
    ),
    lmtp: Type.Object({ host: Type.String(), port: Port }, closed),
    /** The relay that takes our mail; without it mail becomes files in `outbox`. */
    smtp: Type.Optional(
      Type.Object(
        {
          host: Type.String({ minLength: 1 }),
          port: Port,
          /** TLS from the first byte. */
          secure: Type.Boolean(),
          /** Refuse to send without STARTTLS. */
          requireTls: Type.Boolean(),
          user: Type.Optional(Type.String()),
          password: Type.Optional(Type.String()),
        },
        closed,
      ),
    ),
    outbox: Type.String({ minLength: 1 }),
    delivery: Type.Object(
      {
        /** What an Organizer writes waits so long for what they write next; 0 sends each by itself, at once. */
        pauseSeconds: Type.Integer({ minimum: 0, maximum: 3_600 }),
        /** What one person sends in a day beyond that is held until `parley queue release`. */
        maxPerPersonDay: Type.Optional(Type.Integer({ minimum: 1 })),
        /** What one person sends to one address about one event in an hour beyond that is held too. */
        maxPerGuestHour: Type.Optional(Type.Integer({ minimum: 1 })),
        /** What nobody had sent (answers of rooms, versions sent again), to one address about one event in a day; 50 where it is left out. */
        maxAutomaticPerGuestDay: Type.Optional(Type.Integer({ minimum: 1 })),
        /** Guests' programs are told of the others' answers after so long, many at once; 60 where it is left out. */
        refreshSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400 })),
      },
      closed,
    ),
    keep: Type.Object(
      {
        /** Messages and the mail they came in are removed after so many days, but for what is open. */
        ledgerDays: Type.Integer({ minimum: 1 }),
      },
      closed,
    ),
    /** Who may see when people here are busy, and nothing else of it: those they let (`nobody`), all who sign in, anybody. */
    freeBusy: Type.Enum(["nobody", "people", "everybody"]),
    /** Whose word about the sender of a mail is taken. Decisions 0004 and 0033. */
    trust: Type.Object(
      {
        /** Ids under which our own relay writes Authentication-Results. */
        authservIds: Type.Array(Type.String()),
        /** The relay hands over only mail whose sender it has proven. */
        relay: Type.Boolean(),
        /** Check DKIM, DMARC and ARC ourselves; it asks the DNS. */
        check: Type.Optional(Type.Boolean()),
        /** Names our relay writes behind `by` in its Received lines, which say where a mail came from: SPF is checked of that. */
        receivedBy: Type.Optional(Type.Array(Domain)),
        /** Domains of forwarders whose ARC seal we believe. */
        arcSealers: Type.Optional(Type.Array(Domain)),
        /** PEM files of the authorities whose S/MIME certificates we believe. */
        smimeAuthorities: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
      },
      closed,
    ),
    /** The language of mails where nobody says another, such as `de-AT`; without it English. */
    locale: Type.Optional(Locale),
    /** Folder of TZif files; without it the system's. */
    zoneinfo: Type.Optional(Type.String()),
  },
  closed,
);

/** Holds a configuration that was checked. */
export type Config = Static<typeof ConfigSchema>;

/** Tells whether a text can be the tag of a language, such as `de-AT`. */
export function isLocale(text: string): boolean {
  return Value.Check(Locale, text);
}

/** A configuration that can be used, or one sentence for each thing wrong with it. */
export type ConfigResult =
  | { readonly config: Config; readonly tryOut: boolean }
  | { readonly errors: readonly string[] };

/** Where each setting comes from beside the file; later ones win. */
export interface ConfigSources {
  /** Text of the configuration file, JSON. */
  readonly file?: { readonly name: string; readonly text: string };
  /** The environment; only names that begin with `PARLEY_` are looked at. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** From the command line. */
  readonly flags: { readonly data?: string; readonly httpPort?: string; readonly lmtpPort?: string };
}

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
  PARLEY_SMTP_HOST: { path: ["smtp", "host"], kind: "text" },
  PARLEY_SMTP_PORT: { path: ["smtp", "port"], kind: "integer" },
  PARLEY_SMTP_SECURE: { path: ["smtp", "secure"], kind: "boolean" },
  PARLEY_SMTP_REQUIRE_TLS: { path: ["smtp", "requireTls"], kind: "boolean" },
  PARLEY_SMTP_USER: { path: ["smtp", "user"], kind: "text" },
  PARLEY_SMTP_PASSWORD: { path: ["smtp", "password"], kind: "text" },
  PARLEY_DELIVERY_PAUSE_SECONDS: { path: ["delivery", "pauseSeconds"], kind: "integer" },
  PARLEY_DELIVERY_MAX_PER_PERSON_DAY: { path: ["delivery", "maxPerPersonDay"], kind: "integer" },
  PARLEY_DELIVERY_MAX_PER_GUEST_HOUR: { path: ["delivery", "maxPerGuestHour"], kind: "integer" },
  PARLEY_KEEP_LEDGER_DAYS: { path: ["keep", "ledgerDays"], kind: "integer" },
  PARLEY_FREE_BUSY: { path: ["freeBusy"], kind: "text" },
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

type Tree = { [key: string]: unknown };

/**
 * Reads the configuration from its sources. With no file and no variable it is try-out mode: loopback and two demo domains.
 * Wrong values, unknown keys and unknown `PARLEY_` variables are errors, each named.
 */
export function readConfig(sources: ConfigSources): ConfigResult {
  const errors: string[] = [];
  const fromFile = sources.file ? readFileText(sources.file, errors) : undefined;
  const fromEnv = readVariables(sources.env, errors);
  const tryOut = fromFile === undefined && Object.keys(fromEnv).length === 0;
  const given = merge(merge(fromFile ?? {}, fromEnv), readFlags(sources.flags, errors));
  // Of a file that cannot be read nothing can be told; everything else is told at once.
  if (sources.file && !fromFile) return { errors };
  // Apart, so that nobody who tries Parley out finds the people of the try-out in the real one.
  const folder = tryOut ? "parley-data/try-out" : "parley-data";
  const data = typeof given["data"] === "string" ? given["data"] : folder;
  const defaults: Tree = {
    data,
    http: { host: "127.0.0.1", port: 8080 },
    lmtp: { host: "127.0.0.1", port: 2424 },
    outbox: `${data}/outbox`,
    // Whoever tries Parley out wants to see what comes of what they do.
    delivery: { pauseSeconds: tryOut ? 0 : 30, maxPerPersonDay: 5_000, maxPerGuestHour: 20 },
    keep: { ledgerDays: 400 },
    freeBusy: "people",
    trust: { authservIds: [], relay: false },
    ...(tryOut && { domains: ["example.test", "partner.test"] }),
    ...("oidc" in given && { oidc: { addressClaim: "email", requireVerified: true, name: "OpenID", create: false } }),
    ...("smtp" in given && { smtp: { port: 25, secure: false, requireTls: false } }),
  };
  const config = merge(defaults, given);
  if (!Value.Check(ConfigSchema, config)) {
    return { errors: [...errors, ...[...Value.Errors(ConfigSchema, config)].flatMap(explain)] };
  }
  errors.push(...contradictionsIn(config));
  return errors.length > 0 ? { errors } : { config, tryOut };
}

/** What each value alone does not show. */
function contradictionsIn({ database, http, smtp, auth, oidc, trust }: Config): readonly string[] {
  const errors: string[] = [];
  const wrong = database && wrongDatabase(database.url);
  if (wrong) errors.push(`database.url: ${wrong}; it is to be postgresql://user:password@host:port/name`);
  if (http.publicUrl !== undefined && !/^https?:$/.test(URL.parse(http.publicUrl)?.protocol ?? "")) {
    errors.push("http.publicUrl: is no address that begins with http:// or https://");
  }
  if (smtp && (smtp.user === undefined) !== (smtp.password === undefined)) {
    errors.push(`smtp.${smtp.user === undefined ? "user" : "password"}: missing; user and password go together`);
  }
  if (auth?.passwords === false && !oidc) {
    errors.push("auth.passwords: without them nobody could sign in, as there is no oidc");
  }
  if (oidc && http.publicUrl === undefined) {
    errors.push("http.publicUrl: missing; whoever signs in at the OpenID provider has to find back");
  }
  if (!trust.check && (trust.receivedBy ?? trust.arcSealers) !== undefined) {
    errors.push("trust.check: missing; without it receivedBy and arcSealers are not looked at");
  }
  if (oidc && !isProviderUrl(oidc.issuer)) {
    errors.push("oidc.issuer: is no address that begins with https:// (http:// on this machine alone)");
  }
  return errors;
}

/** What is not encrypted never leaves the machine. */
function isProviderUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url?.search !== "" || url.hash !== "") return false;
  return (
    url.protocol === "https:" || (url.protocol === "http:" && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname))
  );
}

/** What is wrong with the URL of a database; never repeats it, as there may be a password in it. */
function wrongDatabase(text: string): string | undefined {
  if (!/^postgres(?:ql)?:\/\//.test(text)) return "is not the address of a PostgreSQL database";
  const url = URL.parse(text);
  if (!url) return "cannot be read (what is special in a password is written as %-codes)";
  return url.pathname.length > 1 ? undefined : "names no database";
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}

const needs: Readonly<Record<string, string>> = {
  domains: "name the mail domains whose people are yours (PARLEY_DOMAINS=example.com)",
  "database.url": "name the database (PARLEY_DATABASE_URL=postgresql://user:password@host:port/name)",
  "smtp.host": "name the relay (PARLEY_SMTP_HOST=mail.example.com)",
  "oidc.issuer": "name the OpenID provider (PARLEY_OIDC_ISSUER=https://id.example.com)",
  "oidc.clientId": "say who we are to the OpenID provider (PARLEY_OIDC_CLIENT_ID=parley)",
};

/** Says an error of the schema's; none for the second way in which the checker tells of a key nobody knows. */
function explain({ keyword, instancePath, message, params }: SchemaError): readonly string[] {
  const steps = instancePath.split("/").slice(1);
  const at = (key: string): string => [...steps, key].join(".");
  const named = (list: string): readonly string[] =>
    (params as Record<string, readonly string[] | undefined>)[list] ?? [];
  if (keyword === "boolean") return [];
  if (keyword === "additionalProperties") {
    return named("additionalProperties").map((key) => `${at(key)}: unknown key ${JSON.stringify(key)}`);
  }
  if (keyword === "enum") {
    const allowed = named("allowedValues").map((value) => JSON.stringify(value));
    return [`${steps.join(".")}: must be one of ${allowed.join(", ")}`];
  }
  if (keyword === "required") {
    return named("requiredProperties").map((key) => `${at(key)}: missing; ${needs[at(key)] ?? "it must be given"}`);
  }
  const shape = steps[0] === "locale" ? "is no language such as de or pt-BR" : "is no domain name in lower case";
  return [`${steps.join(".") || "configuration"}: ${keyword === "pattern" ? shape : message}`];
}

function readFileText(file: { readonly name: string; readonly text: string }, errors: string[]): Tree | undefined {
  try {
    const value: unknown = JSON.parse(file.text);
    if (isTree(value)) return value;
    errors.push(`${file.name}: not a JSON object`);
  } catch (error) {
    // The parser's own words quote the text, in which there may be passwords.
    const place = /\(line \d+ column \d+\)/.exec(error instanceof Error ? error.message : "")?.[0];
    errors.push(`${file.name}: is not JSON${place ? ` ${place}` : ""}`);
  }
  return undefined;
}

function readVariables(env: ConfigSources["env"], errors: string[]): Tree {
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

function readFlags(flags: ConfigSources["flags"], errors: string[]): Tree {
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

function nest(path: readonly string[], value: unknown): Tree {
  const [first, ...rest] = path;
  if (first === undefined) return {};
  return { [first]: rest.length === 0 ? value : nest(rest, value) };
}

function merge(under: Tree, over: Tree): Tree {
  const merged: Tree = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isTree(below) && isTree(value) ? merge(below, value) : value;
  }
  return merged;
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
