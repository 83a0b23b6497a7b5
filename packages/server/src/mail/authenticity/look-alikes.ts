import { domainToASCII, domainToUnicode } from "node:url";
import { type CalendarUserAddress, domainOf } from "@parley/engine";
import type { MailAddress } from "@parley/engine/imip";

const maxShown = 3;
const maxText = 100;
const maxKnown = 1_000;
const maxDomain = 253;

/** Says that a mail has several From addresses, which a person's mail program may not show. */
export function warnOfSeveral(from: readonly MailAddress[]): readonly string[] {
  if (from.length < 2) return [];
  const shown = from.slice(0, maxShown).map(({ address }) => quote(address));
  return [`It says to be from ${from.length} addresses: ${shown.join(", ")}${from.length > maxShown ? ", …" : ""}.`];
}

/** Says where the name beside the From address is another mail address. */
export function warnOfName(from: CalendarUserAddress, name: string | undefined): readonly string[] {
  const found =
    (name ?? "").slice(0, 1_000).match(/[^\s<>"'(),;:@]{1,64}@[^\s<>"'(),;:@]{1,253}\.[^\s<>"'(),;:@.]{1,63}/g) ?? [];
  const other = found.find((each) => each.toLowerCase() !== from.toLowerCase());
  return other === undefined ? [] : [`Its sender calls itself ${quote(other)}, but its address is ${quote(from)}.`];
}

/**
 * Says where the domain of a From address could be taken for another: letters of two scripts in one word, letters that look like
 * Latin ones, or one letter more, less or other than a domain the reader knows. `known` are addresses or domains; at most a thousand are looked at.
 */
export function warnOfDomain(from: CalendarUserAddress, known: readonly string[]): readonly string[] {
  const domain = plain(domainOf(from));
  const shown = domainToUnicode(domain);
  const domains = new Set(known.slice(0, maxKnown).map((each) => plain(each.slice(each.lastIndexOf("@") + 1))));
  if (domain === "" || domain.length > maxDomain || domains.has(domain)) return [];
  const looks = skeleton(shown);
  const twin = [...domains].find((each) => skeleton(domainToUnicode(each)) === looks);
  if (twin !== undefined) return [`The domain ${quote(shown)} is not ${quote(twin)}, which looks the same.`];
  if (shown.split(".").some(mixesScripts)) {
    return [`The domain ${quote(shown)} mixes letters of several alphabets, as a forged one does.`];
  }
  if (shown.split(".").some(passesForLatin)) {
    return [`The domain ${quote(shown)} has no Latin letters, but looks like ${quote(looks)}.`];
  }
  const near = [...domains].find((each) => isNear(domain, each));
  return near === undefined ? [] : [`The domain ${quote(shown)} is nearly ${quote(near)}, which you know.`];
}

function plain(domain: string): string {
  return (domainToASCII(domain) || domain).toLowerCase().replace(/\.$/, "");
}

/** What is quoted is one line, and short. */
function quote(text: string): string {
  return `“${text.replace(/[\p{C}\p{Z}]+/gu, " ").slice(0, maxText)}”`;
}

/** Scripts whose letters are taken for each other's. */
const scripts = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
];

function mixesScripts(label: string): boolean {
  return scripts.filter((script) => script.test(label)).length > 1;
}

/** The letters of other scripts that most look like Latin ones, and what in Latin is taken for something else. */
const confusable = new Map(
  [
    ["а", "a"],
    ["ԁ", "d"],
    ["е", "e"],
    ["ѐ", "e"],
    ["һ", "h"],
    ["і", "i"],
    ["ј", "j"],
    ["ӏ", "l"],
    ["о", "o"],
    ["р", "p"],
    ["ԛ", "q"],
    ["с", "c"],
    ["ѕ", "s"],
    ["у", "y"],
    ["х", "x"],
    ["ԝ", "w"],
    ["α", "a"],
    ["ε", "e"],
    ["ι", "i"],
    ["κ", "k"],
    ["ν", "v"],
    ["ο", "o"],
    ["ρ", "p"],
    ["τ", "t"],
    ["υ", "u"],
    ["χ", "x"],
    ["օ", "o"],
    ["ս", "u"],
    ["հ", "h"],
    ["ı", "i"],
    ["ɩ", "i"],
    ["ɡ", "g"],
    ["0", "o"],
    ["1", "l"],
    ["5", "s"],
  ].map(([from = "", to = ""]) => [from, to] as const),
);

/** What a hasty reader sees: without accents, look-alikes as Latin letters. */
function skeleton(domain: string): string {
  const bare = domain.normalize("NFD").replace(/\p{M}/gu, "");
  const letters = [...bare].map((letter) => confusable.get(letter) ?? letter).join("");
  return letters.replace(/rn/g, "m").replace(/vv/g, "w");
}

/** Whether a word of another script has Latin doubles of all its letters. */
function passesForLatin(label: string): boolean {
  return /[^\x00-\x7f]/.test(label) && !/\p{Script=Latin}/u.test(label) && /^[a-z0-9-]+$/.test(skeleton(label));
}

/** Names of four letters are near to each other by chance. */
const minLength = 6;

/** One letter more, less, other, or two exchanged; not two names of one domain. */
function isNear(one: string, other: string): boolean {
  if (Math.min(one.length, other.length) < minLength || Math.abs(one.length - other.length) > 1) return false;
  if (isSameOwner(one, other)) return false;
  let start = 0;
  while (start < Math.min(one.length, other.length) && one[start] === other[start]) start++;
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (short.length < long.length) return short.slice(start) === long.slice(start + 1);
  if (one.slice(start + 1) === other.slice(start + 1)) return true;
  const exchanged = one[start] === other[start + 1] && one[start + 1] === other[start];
  return exchanged && one.slice(start + 2) === other.slice(start + 2);
}

/** `a.example.com` and `b.example.com` are one owner's; `a.com` and `b.com` are not. */
function isSameOwner(one: string, other: string): boolean {
  const rest = (domain: string): string => domain.slice(domain.indexOf(".") + 1);
  return rest(one) === rest(other) && rest(one).includes(".") && rest(one).length > 7;
}
