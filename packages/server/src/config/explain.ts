import { type Config, isLoopback } from "./schema.ts";

/** Finds what each value alone does not show. */
export function contradictionsIn({ database, http, smtp, imap, auth, oidc, trust }: Config): readonly string[] {
  const errors: string[] = [];
  const wrong = database && wrongDatabase(database.url);
  if (wrong) errors.push(`database.url: ${wrong}; it is to be postgresql://user:password@host:port/name`);
  if (http.publicUrl !== undefined && !/^https?:$/.test(URL.parse(http.publicUrl)?.protocol ?? "")) {
    errors.push("http.publicUrl: is no address that begins with http:// or https://");
  }
  if (smtp && (smtp.user === undefined) !== (smtp.password === undefined)) {
    errors.push(`smtp.${smtp.user === undefined ? "user" : "password"}: missing; user and password go together`);
  }
  for (const [name, { host, secure, requireTls }] of Object.entries(imap ?? {})) {
    if (secure || requireTls || isLoopback(host)) continue;
    errors.push(`imap.${name}.requireTls: false is for this machine alone, as the password would be read on its way`);
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

/** What a text of that key is not, where it has to be of some form. */
const shapes: Readonly<Record<string, string>> = {
  locale: "is no language such as de or pt-BR",
  smtpIn: "is not this machine (127.0.0.1, ::1, localhost): whoever reaches it could say to be anybody's mail server",
};

/** Says an error of the schema's; none for the second way in which the checker tells of a key nobody knows. */
export function explain({ keyword, instancePath, message, params }: SchemaError): readonly string[] {
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
  const shape = shapes[steps[0] ?? ""] ?? "is no domain name in lower case";
  return [`${steps.join(".") || "configuration"}: ${keyword === "pattern" ? shape : message}`];
}
