import { maxFormatDepth } from "../limits.ts";
import type { Component, Parameter, Property } from "./component.ts";
import { knownNames, writableName } from "./name.ts";

/**
 * Writes a component as iCalendar text: CRLF, lines folded between characters at 75 octets (RFC 5545 §3.1), names as they
 * were written, and the words BEGIN and END in upper case. What it writes is read back as the same tree.
 *
 * No content of the tree can end a line or pass for another part of it: controls but tab are dropped; a name with other
 * characters than names have loses them and becomes an X- name; properties and components left without a name are left
 * out; a parameter value with quotes elsewhere than around its parts, or with `;` or `:` outside of them, is quoted as a whole.
 * Components deeper than `maxFormatDepth` are left out.
 */
export function formatCalendar(calendar: Component): string {
  const text: WrittenText = { pieces: [], done: "", parameters: [], written: [] };
  writeComponent(calendar, 1, text);
  return text.done + text.pieces.join("");
}

/** A text on its way: its last pieces, and what came before them, joined because a million small strings take much room. */
interface WrittenText {
  pieces: string[];
  done: string;
  /** The last parameters of plain characters, by their place, and what was written for each: Attendees share most of theirs. */
  readonly parameters: Parameter[];
  readonly written: string[];
}

function writeComponent(component: Component, depth: number, text: WrittenText): void {
  const name = formatName(component);
  if (name === "" || depth > maxFormatDepth) return;
  const { pieces } = text;
  pieces.push(formatFrame("BEGIN", name));
  for (const property of component.properties) writeProperty(property, text);
  if (pieces.length > maxPieces) {
    text.done += pieces.join("");
    text.pieces = [];
  }
  for (const child of component.components) writeComponent(child, depth + 1, text);
  text.pieces.push(formatFrame("END", name));
}

function formatFrame(word: string, name: string): string {
  const line = `${word}:${name}`;
  return line.length <= maxOctets ? `${line}\r\n` : foldAscii(line);
}

function writeProperty(property: Property, text: WrittenText): void {
  const { parameters, value } = property;
  let line = formatName(property);
  if (line === "" || isFrameName(line)) return;
  let plain = isPlain(value);
  if (plain && parameters.length === 0 && line.length + value.length < maxOctets) {
    text.pieces.push(line, ":", value, "\r\n");
    return;
  }
  let i = 0;
  for (const parameter of parameters) {
    if (text.parameters[i] === parameter) line += text.written[i];
    else {
      const traits = traitsOf(parameter.value);
      const written = formatParameter(parameter, traits);
      line += written;
      if (traits & notPlain) plain = false;
      else rememberParameter(text, i, parameter, written);
    }
    i++;
  }
  line += ":";
  line += value;
  text.pieces.push(plain ? foldAscii(line) : foldOther(line.replace(controls, "")));
}

function rememberParameter({ parameters, written }: WrittenText, i: number, parameter: Parameter, text: string): void {
  if (i > parameters.length) return;
  parameters[i] = parameter;
  written[i] = text;
}

function formatParameter(parameter: Parameter, traits: number): string {
  const value = traits & notWellQuoted ? quoteWhole(parameter.value) : parameter.value;
  const known = parameter.written === undefined ? parameterHeads.get(parameter.name) : undefined;
  if (known !== undefined) return known + value;
  const name = formatName(parameter);
  return name === "" ? "" : `;${name}=${value}`;
}

const parameterHeads = new Map([...knownNames.keys()].map((name) => [name, `;${name}=`]));

/** Such a line would begin or end a component. */
function isFrameName(name: string): boolean {
  if (name.length !== 3 && name.length !== 5) return false;
  const upper = name.toUpperCase();
  return upper === "BEGIN" || upper === "END";
}

function formatName(item: Component | Property | Parameter): string {
  return writableName(item.written ?? item.name);
}

/** Whether every character is a tab or visible ASCII, one octet each. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7e || (code < 0x20 && code !== tab)) return false;
  }
  return true;
}

/** A sum of `notPlain` and `notWellQuoted`, found in one pass. */
function traitsOf(value: string): number {
  let traits = 0;
  let quoted = false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code > 0x7e || (code < 0x20 && code !== tab)) traits |= notPlain;
    else if (code === quote) {
      // Quotes stand around a whole value of the list: other readers take a quote elsewhere for an ordinary character.
      const beside = quoted ? i + 1 : i - 1;
      if (beside >= 0 && beside < value.length && value.charCodeAt(beside) !== comma) traits |= notWellQuoted;
      quoted = !quoted;
    } else if ((code === semicolon || code === colon) && !quoted) traits |= notWellQuoted;
  }
  return quoted ? traits | notWellQuoted : traits;
}

function quoteWhole(value: string): string {
  return `"${value.replaceAll('"', "")}"`;
}

/** Breaks a line where it is longer than 75 octets, all its characters being one octet. */
function foldAscii(line: string): string {
  let text = line.length <= maxOctets ? line : line.slice(0, maxOctets);
  for (let i = maxOctets; i < line.length; i += maxOctets - 1) text += `\r\n ${line.slice(i, i + maxOctets - 1)}`;
  return `${text}\r\n`;
}

function foldOther(line: string): string {
  let text = "";
  let from = 0;
  let octets = 0;
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i);
    const pair = code >= 0xd800 && code < 0xdc00 && isLowSurrogate(line.charCodeAt(i + 1));
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : pair ? 4 : 3;
    if (octets + size > maxOctets) {
      text += `${line.slice(from, i)}\r\n `;
      from = i;
      octets = 1;
    }
    octets += size;
    if (pair) i++;
  }
  return `${text}${line.slice(from)}\r\n`;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}

/** Octets of a physical line without its break; the space that continues a line counts. */
const maxOctets = 75;
const [tab, quote, comma, colon, semicolon] = [0x09, 0x22, 0x2c, 0x3a, 0x3b];
const [notPlain, notWellQuoted] = [1, 2];
const maxPieces = 4_096;
const controls = /[\u0000-\u0008\u000a-\u001f\u007f]/g;
