import { headerOf } from "./headers.ts";
import type { RequestHeaders } from "./message.ts";
import { type Path, parsePath, pathKey } from "./path.ts";
import { DavRefusal } from "./refusal.ts";

/** Etags a request names: any there is, or some of these, without quotes. */
export type EtagList = "*" | readonly string[];

/** On what a request depends. All of them are looked at in the transaction that writes. */
export interface Conditions {
  /** HTTP's If-Match. */
  readonly ifMatch?: EtagList;
  /** HTTP's If-None-Match. */
  readonly ifNoneMatch?: EtagList;
  /** RFC 6638 §8.3. */
  readonly ifScheduleTagMatch?: string;
}

/** Reads the conditions of a request. */
export function readConditions(headers: RequestHeaders): Conditions {
  const ifMatch = readEtags(headerOf(headers, "if-match"));
  const ifNoneMatch = readEtags(headerOf(headers, "if-none-match"));
  const scheduleTag = readEtags(headerOf(headers, "if-schedule-tag-match"));
  return {
    ...(ifMatch && { ifMatch }),
    ...(ifNoneMatch && { ifNoneMatch }),
    ...(scheduleTag && scheduleTag !== "*" && { ifScheduleTagMatch: scheduleTag[0] ?? "" }),
  };
}

/** What is at a path, as far as conditions go: collections have no etag, and are there. */
type Present = { readonly etag?: string } | undefined;

/** Tells whether what is there is one of a list; `undefined` is what is not there. */
export function isListed(list: EtagList, present: Present): boolean {
  if (list === "*") return present !== undefined;
  return present?.etag !== undefined && list.includes(present.etag);
}

/** Throws where what is there, or is not, does not meet the conditions. */
export function requireConditions({ ifMatch, ifNoneMatch }: Conditions, present: Present): void {
  const isMet =
    (ifMatch === undefined || isListed(ifMatch, present)) &&
    (ifNoneMatch === undefined || !isListed(ifNoneMatch, present));
  if (!isMet) throw new DavRefusal(412, "It is not what you think it is: look again.");
}

/** Programs forget the quotes, and proxies make etags weak: neither makes another of it. */
function readEtags(text: string | undefined): EtagList | undefined {
  if (text === undefined) return undefined;
  if (text.trim() === "*") return "*";
  return [...text.matchAll(/(?:W\/)?"([^"]*)"|([^\s,"]+)/g)].map((match) => match[1] ?? match[2] ?? "");
}

/** One state of a list: a token of a lock, or an etag; `isNot` where it must not be so. */
interface State {
  readonly kind: "etag" | "token";
  readonly value: string;
  readonly isNot: boolean;
}

/** States that must all be met, of the resource named, or of that of the request. */
export interface StateList {
  readonly path?: Path;
  readonly states: readonly State[];
}

const maxStates = 100;

/** Reads an If header, RFC 4918 §10.4; `undefined` where there is none. */
export function readIf(headers: RequestHeaders): readonly StateList[] | undefined {
  const text = headerOf(headers, "if");
  if (text === undefined) return undefined;
  const lists: StateList[] = [];
  let path: Path | undefined;
  let count = 0;
  let rest = text.trim();
  while (rest !== "") {
    const tag = /^<([^>]*)>\s*/.exec(rest);
    if (tag) path = parsePath(tag[1] ?? "") ?? refuseIf();
    rest = rest.slice(tag?.[0].length ?? 0);
    const list = /^\(((?:[^()"<[]|"[^"]*"|<[^>]*>|\[(?:W\/)?"[^"]*"\])*)\)\s*/.exec(rest) ?? refuseIf();
    const states = readStates(list[1] ?? "");
    count += states.length;
    if (count > maxStates) refuseIf();
    lists.push({ ...(path && { path }), states });
    rest = rest.slice(list[0].length);
  }
  return lists;
}

function readStates(text: string): readonly State[] {
  const states: State[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const state = /^(Not\b)?\s*(?:<([^>]*)>|\[(?:W\/)?"([^"]*)"\])\s*/i.exec(rest) ?? refuseIf();
    const isNot = state[1] !== undefined;
    const token = state[2];
    states.push(
      token === undefined ? { kind: "etag", value: state[3] ?? "", isNot } : { kind: "token", value: token, isNot },
    );
    rest = rest.slice(state[0].length);
  }
  return states.length > 0 ? states : refuseIf();
}

function refuseIf(): never {
  throw new DavRefusal(400, "The If header cannot be read.");
}

/** Lists the resources an If header speaks of, that of the request among them. */
export function pathsOfIf(lists: readonly StateList[], own: Path): readonly Path[] {
  return lists.map(({ path }) => path ?? own);
}

/** Tells whether an If header is met: by one list of any resource. Nothing is ever locked here, so no token is one. */
export function isIfMet(
  lists: readonly StateList[],
  own: Path,
  etags: ReadonlyMap<string, string | undefined>,
): boolean {
  return lists.some(({ path, states }) => {
    const etag = etags.get(pathKey(path ?? own));
    return states.every(({ kind, value, isNot }) => (kind === "etag" && value === etag) !== isNot);
  });
}
