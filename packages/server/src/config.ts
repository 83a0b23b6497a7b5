import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

const closed = { additionalProperties: false };
const Port = Type.Integer({ minimum: 0, maximum: 65_535 });
const Domain = Type.String({ pattern: "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$" });

/** Everything an operator can set. Every key has a default but `domains`. */
export const ConfigSchema = Type.Object(
  {
    /** Folder of the database and, without a relay, of outgoing mail. */
    data: Type.String({ minLength: 1 }),
    /** Mail domains whose people are ours. */
    domains: Type.Array(Domain, { minItems: 1 }),
    http: Type.Object({ host: Type.String(), port: Port, publicUrl: Type.Optional(Type.String()) }, closed),
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
    trust: Type.Object({ authservIds: Type.Array(Type.String()), relay: Type.Boolean() }, closed),
    /** Folder of TZif files; without it the system's. */
    zoneinfo: Type.Optional(Type.String()),
  },
  closed,
);

/** Holds a configuration that was checked. */
export type Config = Static<typeof ConfigSchema>;

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
  PARLEY_DOMAINS: { path: ["domains"], kind: "list" },
  PARLEY_HTTP_HOST: { path: ["http", "host"], kind: "text" },
  PARLEY_HTTP_PORT: { path: ["http", "port"], kind: "integer" },
  PARLEY_HTTP_PUBLIC_URL: { path: ["http", "publicUrl"], kind: "text" },
  PARLEY_LMTP_HOST: { path: ["lmtp", "host"], kind: "text" },
  PARLEY_LMTP_PORT: { path: ["lmtp", "port"], kind: "integer" },
  PARLEY_SMTP_HOST: { path: ["smtp", "host"], kind: "text" },
  PARLEY_SMTP_PORT: { path: ["smtp", "port"], kind: "integer" },
  PARLEY_SMTP_SECURE: { path: ["smtp", "secure"], kind: "boolean" },
  PARLEY_SMTP_REQUIRE_TLS: { path: ["smtp", "requireTls"], kind: "boolean" },
  PARLEY_SMTP_USER: { path: ["smtp", "user"], kind: "text" },
  PARLEY_SMTP_PASSWORD: { path: ["smtp", "password"], kind: "text" },
  PARLEY_OUTBOX: { path: ["outbox"], kind: "text" },
  PARLEY_TRUST_AUTHSERV_IDS: { path: ["trust", "authservIds"], kind: "list" },
  PARLEY_TRUST_RELAY: { path: ["trust", "relay"], kind: "boolean" },
  PARLEY_ZONEINFO: { path: ["zoneinfo"], kind: "text" },
};

/** Variables that others read, and that do not make a configuration by themselves. */
const otherVariables: ReadonlySet<string> = new Set(["PARLEY_CONFIG", "PARLEY_LOG_LEVEL"]);

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
  if (errors.length > 0) return { errors };
  // Apart, so that nobody who tries Parley out finds the people of the try-out in the real one.
  const folder = tryOut ? "parley-data/try-out" : "parley-data";
  const data = typeof given["data"] === "string" ? given["data"] : folder;
  const defaults: Tree = {
    data,
    http: { host: "127.0.0.1", port: 8080 },
    lmtp: { host: "127.0.0.1", port: 2424 },
    outbox: `${data}/outbox`,
    trust: { authservIds: [], relay: false },
    ...(tryOut && { domains: ["example.test", "partner.test"] }),
    ...("smtp" in given && { smtp: { port: 25, secure: false, requireTls: false } }),
  };
  const config = merge(defaults, given);
  if (!("domains" in config)) {
    return { errors: ["domains: missing; name the mail domains whose people are yours (PARLEY_DOMAINS=example.com)"] };
  }
  if (!Value.Check(ConfigSchema, config)) {
    return { errors: [...Value.Errors(ConfigSchema, config)].map((error) => explain(error)) };
  }
  return { config, tryOut };
}

function explain(error: { readonly instancePath: string; readonly message: string; readonly params?: object }): string {
  const path = error.instancePath.replace(/^\//, "").replaceAll("/", ".") || "configuration";
  const extra = JSON.stringify((error.params as { additionalProperties?: unknown } | undefined)?.additionalProperties);
  return extra ? `${path}: unknown key ${extra}` : `${path}: ${error.message}`;
}

function readFileText(file: { readonly name: string; readonly text: string }, errors: string[]): Tree | undefined {
  try {
    const value: unknown = JSON.parse(file.text);
    if (isTree(value)) return value;
    errors.push(`${file.name}: not a JSON object`);
  } catch (error) {
    errors.push(`${file.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return undefined;
}

function readVariables(env: ConfigSources["env"], errors: string[]): Tree {
  let tree: Tree = {};
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith("PARLEY_") || otherVariables.has(name) || text === undefined) continue;
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
