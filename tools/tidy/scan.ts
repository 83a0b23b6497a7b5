/** What a piece of source text is. A template is one token per piece of text between its `${}`. */
export type TokenKind = "word" | "number" | "string" | "template" | "regex" | "jsx" | "punctuation" | "comment";

/** One token of TypeScript, as it stands in the text. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Line it begins on, from 1. */
  readonly line: number;
}

/**
 * Splits TypeScript into tokens, white space left out. It knows strings, templates, regular expressions, comments and JSX,
 * so that no rule takes the one for the other; it does not parse. Text it cannot read becomes one-character punctuation.
 */
export function scan(text: string, language: "ts" | "tsx"): readonly Token[] {
  const cursor: Cursor = { text, at: 0, line: 1, jsx: language === "tsx", afterValue: false, tokens: [] };
  take(cursor, "comment", /#![^\n]*/y);
  while (cursor.at < text.length) {
    scanCode(cursor);
    if (cursor.at < text.length) takePunctuation(cursor);
  }
  return cursor.tokens;
}

/** Line a token ends on. */
export function endLine(token: Token): number {
  return token.line + countLines(token.text);
}

interface Cursor {
  readonly text: string;
  readonly jsx: boolean;
  readonly tokens: Token[];
  at: number;
  line: number;
  /** Whether what came last ends a value: then `/` divides and `<` compares. */
  afterValue: boolean;
}

const space = /\s+/y;
const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const word = /[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*/uy;
const number = /\.?[0-9](?:[eE][+-]?[0-9]|[\w.])*/y;
const string = /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'/y;
const regex = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const templateText = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;
const punctuation = /=>|\.\.\.|\?\.(?![0-9])|[=!]==?|&&|\|\||\?\?|\+\+|--|[\s\S]/y;
const jsxText = /[^<{]+/y;
const jsxName = /[\p{ID_Start}$_][\p{ID_Continue}$.:-]*/uy;
const jsxString = /"[^"]*"|'[^']*'/y;

/** Words after which a value is still to come. */
const beforeValue = new Set(
  "return typeof case in of delete void throw new else do await yield instanceof extends default".split(" "),
);

/** Scans up to the end, or to a `}` that closes nothing opened here. */
function scanCode(cursor: Cursor): void {
  let depth = 0;
  while (cursor.at < cursor.text.length) {
    const next = cursor.text[cursor.at];
    if (next === "}" && depth === 0) return;
    if (next === "{") depth += 1;
    if (next === "}") depth -= 1;
    scanToken(cursor);
  }
}

function scanToken(cursor: Cursor): void {
  if (skip(cursor, space)) return;
  if (take(cursor, "comment", comment)) return;
  if (take(cursor, "string", string)) return;
  if (cursor.text[cursor.at] === "`") return scanTemplate(cursor);
  if (!cursor.afterValue && take(cursor, "regex", regex)) return;
  if (cursor.jsx && !cursor.afterValue && /<(?:>|[A-Za-z][\w.-]*(?!\s+extends\b)[\s/>])/y.test(rest(cursor))) {
    return scanElement(cursor);
  }
  if (take(cursor, "word", word)) return;
  if (take(cursor, "number", number)) return;
  takePunctuation(cursor);
}

function scanTemplate(cursor: Cursor): void {
  takePunctuation(cursor);
  while (cursor.at < cursor.text.length) {
    take(cursor, "template", templateText);
    if (cursor.text[cursor.at] !== "$") break;
    takePunctuation(cursor);
    takePunctuation(cursor);
    scanCode(cursor);
    takePunctuation(cursor);
  }
  takePunctuation(cursor);
  cursor.afterValue = true;
}

/** Scans a JSX element, or a fragment, from its `<` to the end of its closing tag. */
function scanElement(cursor: Cursor): void {
  const open = scanTag(cursor);
  while (open && cursor.at < cursor.text.length) {
    take(cursor, "jsx", jsxText);
    if (cursor.text.startsWith("</", cursor.at)) {
      scanTag(cursor);
      break;
    }
    if (cursor.text[cursor.at] === "{") scanBraces(cursor);
    else if (cursor.text[cursor.at] === "<") scanElement(cursor);
  }
  cursor.afterValue = true;
}

/** Scans one tag; tells whether it opens an element that has yet to be closed. */
function scanTag(cursor: Cursor): boolean {
  takePunctuation(cursor);
  let last = "";
  while (cursor.at < cursor.text.length) {
    const next = cursor.text[cursor.at] ?? "";
    if (next === "{") scanBraces(cursor);
    else if (!skip(cursor, space) && !take(cursor, "comment", comment)) {
      if (!take(cursor, "word", jsxName) && !take(cursor, "string", jsxString)) takePunctuation(cursor);
      if (next === ">") return last !== "/";
      last = next;
    }
  }
  return false;
}

function scanBraces(cursor: Cursor): void {
  takePunctuation(cursor);
  scanCode(cursor);
  takePunctuation(cursor);
}

function takePunctuation(cursor: Cursor): void {
  const valueBefore = cursor.afterValue;
  take(cursor, "punctuation", punctuation);
  const text = cursor.tokens.at(-1)?.text ?? "";
  // After a value `!` only asserts that it is there, and `++` and `--` leave it a value.
  cursor.afterValue = /^[)\]}]$/.test(text) || (valueBefore && /^(?:!|\+\+|--)$/.test(text));
}

function take(cursor: Cursor, kind: TokenKind, pattern: RegExp): boolean {
  const text = match(cursor, pattern);
  if (!text) return false;
  cursor.tokens.push({ kind, text, line: cursor.line });
  advance(cursor, text);
  if (kind !== "comment") cursor.afterValue = kind !== "word" || isValue(cursor, text);
  return true;
}

function isValue(cursor: Cursor, text: string): boolean {
  const before = cursor.tokens.at(-2)?.text;
  return before === "." || before === "?." || !beforeValue.has(text);
}

function skip(cursor: Cursor, pattern: RegExp): boolean {
  const text = match(cursor, pattern);
  if (text) advance(cursor, text);
  return text !== undefined;
}

function match(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  return pattern.exec(cursor.text)?.[0];
}

function advance(cursor: Cursor, text: string): void {
  cursor.at += text.length;
  cursor.line += countLines(text);
}

function rest(cursor: Cursor): string {
  return cursor.text.slice(cursor.at, cursor.at + 200);
}

function countLines(text: string): number {
  return text.split("\n").length - 1;
}
