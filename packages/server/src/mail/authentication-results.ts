/** An Authentication-Results header, RFC 8601 §2.2, read. */
export interface AuthenticationResults {
  /** In lower case. */
  readonly authservId: string;
  readonly results: readonly MethodResult[];
}

/** What one method found: names and result in lower case, values as written. */
export interface MethodResult {
  /** Such as `dmarc`. */
  readonly method: string;
  /** Such as `pass`. */
  readonly result: string;
  /** By `ptype.property`, such as `header.from`; the first of one name. */
  readonly properties: ReadonlyMap<string, string>;
}

/**
 * Parses the value of an Authentication-Results header. `undefined` where it has no authserv-id; of the results those that
 * break the grammar are left out. What stands in comments and quotes counts for nothing but a value.
 */
export function parseAuthenticationResults(text: string): AuthenticationResults | undefined {
  const [head = [], ...segments] = splitTokens(text);
  const [id, version, ...more] = head;
  const isVersion = version === undefined || (version.kind === "word" && /^\d+$/.test(version.text));
  if (!id || id.kind === "equals" || !isVersion || more.length > 0) return undefined;
  return { authservId: id.text.toLowerCase(), results: segments.flatMap((segment) => readResult(segment) ?? []) };
}

interface Token {
  readonly kind: "word" | "quoted" | "equals";
  readonly text: string;
}

/** Splits into words, quoted strings and `=`, one list for each part between semicolons. */
function splitTokens(text: string): readonly (readonly Token[])[] {
  const segments: Token[][] = [[]];
  for (let i = 0; i < text.length; ) {
    const character = text.charAt(i);
    const segment = segments.at(-1) ?? [];
    if (character === "(") {
      i = endOfComment(text, i);
    } else if (character === '"') {
      const end = endOfQuotes(text, i);
      segment.push({ kind: "quoted", text: text.slice(i + 1, end - 1).replace(/\\(.)/gs, "$1") });
      i = end;
    } else if (character === ";") {
      segments.push([]);
      i++;
    } else if (character === "=") {
      segment.push({ kind: "equals", text: "=" });
      i++;
    } else if (/\s/.test(character)) {
      i++;
    } else {
      const word = wordAt(text, i, segment.at(-1)?.kind === "equals");
      segment.push({ kind: "word", text: word });
      i += word.length;
    }
  }
  return segments;
}

/** A value may hold `=`, as base64 in a `header.b` does; a name ends there. */
function wordAt(text: string, start: number, isValue: boolean): string {
  let end = start;
  while (end < text.length && !(isValue ? /[\s;("]/ : /[\s;("=]/).test(text.charAt(end))) end++;
  return text.slice(start, end);
}

/** Finds where a comment ends; comments nest. One without an end takes all the rest. */
function endOfComment(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === "\\") i++;
    else if (character === "(") depth++;
    else if (character === ")" && --depth === 0) return i + 1;
  }
  return text.length;
}

/** Finds where a quoted string ends, behind its quote; one without an end takes all the rest. */
function endOfQuotes(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text.charAt(i) === "\\") i++;
    else if (text.charAt(i) === '"') return i + 1;
  }
  return text.length + 1;
}

function readResult(tokens: readonly Token[]): MethodResult | undefined {
  const pairs = readPairs(tokens);
  const [first, ...properties] = pairs ?? [];
  if (!first) return undefined;
  const known = new Map<string, string>();
  for (const [name, value] of properties) if (!known.has(name)) known.set(name, value);
  return { method: first[0].replace(/\/.*$/, ""), result: first[1].toLowerCase(), properties: known };
}

/** Reads `name = value` pairs; a name may have space around its `.` and `/`. `undefined` where anything else stands between. */
function readPairs(tokens: readonly Token[]): readonly (readonly [name: string, value: string])[] | undefined {
  const pairs: [string, string][] = [];
  for (let i = 0; i < tokens.length; ) {
    let name = "";
    for (; tokens[i]?.kind === "word"; i++) {
      const { text = "" } = tokens[i] ?? {};
      if (name !== "" && !/[./]$/.test(name) && !/^[./]/.test(text)) return undefined;
      name += text.toLowerCase();
    }
    const value = tokens[i + 1];
    if (name === "" || tokens[i]?.kind !== "equals" || !value || value.kind === "equals") return undefined;
    pairs.push([name, value.text]);
    i += 2;
  }
  return pairs;
}
