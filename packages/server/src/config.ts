import { Value } from "typebox/value";
import { contradictionsIn, explain } from "./config/explain.ts";
import { type Config, ConfigSchema } from "./config/schema.ts";
import { isTree, merge, type Tree } from "./config/tree.ts";
import { readFlags, readVariables } from "./config/variables.ts";

export { type Config, ConfigSchema, isDomain, isLocale } from "./config/schema.ts";
export { logLevels } from "./config/variables.ts";

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
    ...("smtpIn" in given && { smtpIn: { host: "127.0.0.1", port: 2525 } }),
    ...(isTree(given["imap"]) && { imap: mailboxDefaults(given["imap"]) }),
    ...("smtp" in given && { smtp: { port: 25, secure: false, requireTls: false } }),
  };
  const config = merge(defaults, given);
  if (!Value.Check(ConfigSchema, config)) {
    return { errors: [...errors, ...[...Value.Errors(ConfigSchema, config)].flatMap(explain)] };
  }
  errors.push(...contradictionsIn(config));
  return errors.length > 0 ? { errors } : { config, tryOut };
}

function mailboxDefaults(mailboxes: Tree): Tree {
  const defaults = Object.entries(mailboxes).map(([name, mailbox]) => {
    const secure = !isTree(mailbox) || mailbox["secure"] !== false;
    return [name, { port: secure ? 993 : 143, secure, requireTls: true, mailbox: "INBOX", pollSeconds: 60 }];
  });
  return Object.fromEntries(defaults);
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
