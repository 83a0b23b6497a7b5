const hidden = "(hidden)";
const secretWords = "password|passwd|passphrase|secret|token|authorization|cookie|api[_-]?key";

/** What secrets look like in a line of text, and what is left of them. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\b(Basic|Bearer|Digest|AUTH PLAIN|AUTH LOGIN)( +)[A-Za-z0-9+/=._~-]{4,}/gi, `$1$2${hidden}`],
  // user:password@ of an address
  [/(:\/\/[^\s:@/"\\]*:)[^\s@/"\\]+@/g, `$1${hidden}@`],
  [/(parley_(?:session|sign_in)=)[^;\s"\\]+/gi, `$1${hidden}`],
  // What a browser brings back from an OpenID provider.
  [/(\/api\/oidc\/callback\?)[^\s"\\]+/g, `$1${hidden}`],
  [new RegExp(`([?&;](?:${secretWords})=)[^&;\\s"\\\\#]+`, "gi"), `$1${hidden}`],
  // A guest's own link, and a public one to a calendar.
  [/(\/(?:answer|published)\/)[\w-]{16,}/g, `$1${hidden}`],
  // An app password.
  [/\b[0-9a-z]{4}(?:-[0-9a-z]{4}){5}\b/gi, hidden],
];

/** Hides in a text what looks like a password, a token, a cookie or an Authorization. Logs go through it line by line. */
export function redactText(text: string): string {
  return secrets.reduce((line, [pattern, replacement]) => line.replace(pattern, replacement), redactMembers(text));
}

const secretName = new RegExp(secretWords, "i");

/** Hides in a value of JSON all that is named like a secret, and what looks like one in its texts. */
export function redactValue(value: unknown): unknown {
  if (typeof value === "string") return redactText(value);
  if (Array.isArray(value)) return value.map(redactValue);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [
    name,
    secretName.test(name) ? hidden : redactValue(member),
  ]);
  return Object.fromEntries(members);
}

/** A name of JSON and its colon, also where that JSON is quoted in another text: then backslashes are before its quotes. */
const member = new RegExp(
  String.raw`(?<!\\)(\\*)"[\w.-]{0,40}(?:${secretWords})[\w.-]{0,40}(?<!\\)\1"\s{0,8}:\s{0,8}`,
  "gi",
);

function redactMembers(text: string): string {
  let redacted = "";
  let done = 0;
  for (const { 0: name, 1: slashes = "", index } of text.matchAll(member)) {
    const start = index + name.length;
    const end = index < done ? start : endOfValue(text, start, slashes);
    if (end === start) continue;
    redacted += `${text.slice(done, start)}${slashes}"${hidden}${slashes}"`;
    done = end;
  }
  return redacted + text.slice(done);
}

/** Where a string, a number, a word or a list ends; objects end where they begin, their members have names of their own. */
function endOfValue(text: string, start: number, slashes: string): number {
  const quote = `${slashes}"`;
  if (text.startsWith(quote, start)) return endOfString(text, start + quote.length, slashes.length);
  if (text[start] !== "[") return start + (/^[\w.+-]*/.exec(text.slice(start, start + 40))?.[0].length ?? 0);
  for (let at = start + 1; at < text.length; ) {
    if (text[at] === "]") return at + 1;
    at = text.startsWith(quote, at) ? endOfString(text, at + quote.length, slashes.length) : at + 1;
  }
  return text.length;
}

/** A quote ends its string where the backslashes before it are those of its own, after pairs of them. */
function endOfString(text: string, start: number, own: number): number {
  let backslashes = 0;
  for (let at = start; at < text.length; at++) {
    const isEnd = text[at] === '"' && backslashes % (2 * (own + 1)) === own;
    if (isEnd) return at + 1;
    backslashes = text[at] === "\\" ? backslashes + 1 : 0;
  }
  return text.length;
}
