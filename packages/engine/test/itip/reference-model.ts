// What becomes of one series at its Organizer's and at an Attendee's, written to be read: RFC 5546 §2.1.4, §2.1.5, §3.2.2 to §3.2.5
// and decisions 0002, 0004, 0006, 0008, 0010, 0014, 0017 and 0019, on plain data and without the engine.

/** The whole series, or one of its Instances by its day. */
export type Place = "" | "10" | "17" | "24";
export type Partstat = "NEEDS-ACTION" | "ACCEPTED" | "DECLINED" | "TENTATIVE";

export interface Version {
  readonly sequence: number;
  readonly dtstamp: number;
}

/** Oldest first: SEQUENCE, then DTSTAMP. */
export const order = (a: Version, b: Version): number => a.sequence - b.sequence || a.dtstamp - b.dtstamp;
/** The SEQUENCE of an answer that does not count, nor any before it: the whole is in doubt, or its Attendee was taken off the list. */
const isVoid = -1;
/** The SEQUENCE of one that does not count, and leaves its place to what is said of the whole: its Attendee was taken off all. */
const isGivenUp = -2;
const never: Version = { sequence: 0, dtstamp: 0 };

/** What one component says. */
export interface Text {
  readonly title: string;
  readonly end: number;
  /** Of the series: it is every other week only, and has no Instance on the 17th. */
  readonly sparse?: boolean;
}

/** What an Organizer, or somebody who says so, sends about one place. */
export interface Notice extends Text {
  readonly method: "REQUEST" | "CANCEL";
  readonly from: "organizer" | "another";
  readonly place: Place;
  readonly version: Version;
  /** Of a REQUEST: what its text says the owner has answered. */
  readonly says: Partstat;
  /** Of a CANCEL: for whom. */
  readonly lists: "all" | "owner" | "others";
}

interface Part extends Text {
  readonly latest: Version;
  /** Answers to an older SEQUENCE do not count. */
  readonly major: Version;
  readonly cancelled?: Version | undefined;
  /** SEQUENCE and what is said of the owner in the text, which may be that of a CANCEL. */
  readonly written: Version;
  readonly says: Partstat;
}

interface Said {
  readonly partstat: Partstat;
  readonly sequence: number;
}

export interface Attendee {
  readonly parts: ReadonlyMap<Place, Part>;
  readonly said: ReadonlyMap<Place, Said>;
}

export const noCopy: Attendee = { parts: new Map(), said: new Map() };

/** What happened, and the copy from then on. */
export type Step = readonly [kind: string, copy: Attendee];

export function attendeeReceives(copy: Attendee, notice: Notice): Step {
  const isKnown = copy.parts.size > 0;
  if (notice.method === "CANCEL" && !isKnown) return ["held", copy];
  const [kind, after] = notice.method === "CANCEL" ? cancel(copy, notice) : request(copy, notice);
  if (kind !== "applied" || notice.from === "organizer") return [kind, after];
  // Who is not the Organizer changes nothing that is known; an invitation they forward is for the owner to judge.
  return [isKnown ? "rejected" : "undecided", copy];
}

function request(copy: Attendee, { place, version, title, end, sparse, says }: Notice): Step {
  const own = copy.parts.get(place);
  const age = own ? order(version, own.latest) : 1;
  if (age <= 0) return [age < 0 ? "superseded" : "duplicate", copy];
  const before = own ?? madeBySeries(copy, place);
  const isMoved = !before || before.end !== end || before.sparse !== sparse;
  const isDoubted = before !== undefined && version.sequence > before.written.sequence && says === "NEEDS-ACTION";
  // What the owner says of an Instance: void where it is in doubt or was taken back with the whole, good where the Organizer shows it.
  const known = place === "" ? undefined : (copy.said.get(place) ?? copy.said.get(""));
  const isReset = isMoved || isTakenBack(before) || (place !== "" && (isDoubted || isOfCancelled(copy, own)));
  const reset = isReset ? version : before.major;
  const isShown = known?.partstat === says && known.sequence >= 0 && known.sequence < reset.sequence;
  const major = isShown ? { ...reset, sequence: known.sequence } : reset;
  const cancelled = own?.cancelled;
  const part = { title, end, ...(sparse && { sparse }), latest: version, major, cancelled, written: version, says };
  // Of the whole in doubt, and not moved, only the answer to the whole is void.
  const whole = place === "" && isDoubted && !isMoved && isSent(own) ? copy.said.get("") : undefined;
  const said = whole ? new Map([...copy.said, ["", { ...whole, sequence: isVoid }] as const]) : copy.said;
  return ["applied", { parts: new Map([...copy.parts, [place, part]]), said }];
}

function cancel(copy: Attendee, { place, version, title, end, lists }: Notice): Step {
  if (lists === "others") return ["not-for-us", copy];
  const own = copy.parts.get(place);
  if (own && order(version, own.latest) < 0) return ["superseded", copy];
  if (own?.cancelled && order(version, own.cancelled) <= 0) return ["duplicate", copy];
  // What was never sent is what the CANCEL says of it, and older than any REQUEST.
  const told: Part = { title, end, latest: never, major: never, written: version, says: "NEEDS-ACTION" };
  const part = { ...(isSent(own) ? own : told), cancelled: version };
  return ["applied", { ...copy, parts: new Map([...copy.parts, [place, part]]) }];
}

const isTakenBack = ({ cancelled, latest }: Part): boolean => cancelled !== undefined && order(cancelled, latest) >= 0;
const isOfCancelled = ({ parts }: Attendee, own: Part | undefined): boolean => {
  const series = parts.get("");
  return (
    series?.cancelled !== undefined && isTakenBack(series) && (own?.latest.dtstamp ?? 0) <= series.cancelled.dtstamp
  );
};
const isSent = (part: Part | undefined): part is Part => part !== undefined && order(part.latest, never) > 0;
const has = (series: Text, place: Place): boolean => place !== "17" || series.sparse !== true;

/** An Instance as the series says. */
function madeBySeries({ parts }: Attendee, place: Place): Part | undefined {
  const series = parts.get("");
  if (!isSent(series) || place === "" || !has(series, place)) return undefined;
  const { sparse: _sparse, ...made } = series;
  return made;
}

/** The owner answers, for the whole or for one Instance; for the whole also those that were revised since, unless they answered them. */
export function attendeeAnswers(copy: Attendee, place: Place, partstat: Partstat): Step {
  const part = partAt(copy, place);
  if (!part) return ["unknown-uid", copy];
  if (!takesPlace(copy, place)) return ["cancelled", copy];
  const { sequence } = part.latest;
  const revised = [...copy.parts].filter(([key, one]) => {
    const said = copy.said.get(key);
    return (
      key !== "" &&
      one.latest.sequence > sequence &&
      takesPlace(copy, key) &&
      !(said && said.sequence >= one.major.sequence)
    );
  });
  const further = place === "" ? revised : [];
  const answers = further.map(([key, one]) => [key, { partstat, sequence: one.latest.sequence }] as const);
  return ["applied", { ...copy, said: new Map([...copy.said, [place, { partstat, sequence }], ...answers]) }];
}

function partAt(copy: Attendee, place: Place): Part | undefined {
  const own = copy.parts.get(place);
  return (place === "" ? isSent(own) : own) ? own : madeBySeries(copy, place);
}

/** Cancelled by name; or with all, unless it was sent later; or the series has it no more, unless it was sent later. */
function takesPlace({ parts }: Attendee, place: Place): boolean {
  const [own, series] = [parts.get(place), parts.get("")];
  if (own && isTakenBack(own)) return false;
  if (place === "" || !series) return true;
  const sent = own?.latest.dtstamp ?? series.latest.dtstamp;
  if (isTakenBack(series) && series.cancelled && sent <= series.cancelled.dtstamp) return false;
  return !(isSent(own) && isSent(series) && !has(series, place) && sent < series.latest.dtstamp);
}

/** The answer to the Instance, or that to the whole where it is to an older time; of two outdated ones the nearer. */
function nearest<One extends Said>(all: readonly (One | undefined)[], major: number): One | undefined {
  const said = all.filter((one) => one !== undefined);
  return said.find(({ sequence }) => sequence >= major || sequence === isVoid) ?? said[0];
}

/** What stands at one place, and what the owner says to it. */
export function attendeeSees(copy: Attendee, place: Place): string | undefined {
  const part = partAt(copy, place);
  if (!part) return undefined;
  const said = nearest([copy.said.get(place), copy.said.get("")], part.major.sequence);
  const isOutdated = said !== undefined && said.sequence < part.major.sequence;
  const answer = isOutdated ? `${part.says}, ${said.partstat} is outdated` : (said?.partstat ?? part.says);
  return `${part.title} ${part.end} ${takesPlace(copy, place) ? "on" : "off"}: ${answer}`;
}

interface Item extends Text {
  readonly sequence: number;
  readonly major: number;
  readonly guests: ReadonlySet<string>;
  readonly isOff: boolean;
}

export interface Organizer {
  readonly items: ReadonlyMap<Place, Item>;
  /** By `guest place`. */
  readonly answers: ReadonlyMap<string, Said & { readonly reply: Version }>;
  /** With which SEQUENCE somebody was taken off everything, and what that was. */
  readonly removed: ReadonlyMap<string, { readonly sequence: number; readonly places: readonly Place[] }>;
  /** How often somebody was sent the present version again. */
  readonly healed: ReadonlyMap<string, number>;
}

/** What happened, the copy from then on, and who was written to. */
export type Told = readonly [kind: string, copy: Organizer, told: ReadonlySet<string>];

const nobody: ReadonlySet<string> = new Set();

export function begun(guests: readonly string[], text: Text): Organizer {
  const series = { ...text, sequence: 0, major: 0, guests: new Set(guests), isOff: false };
  return { items: new Map([["", series]]), answers: new Map(), removed: new Map(), healed: new Map() };
}

const highest = ({ items }: Organizer): number => Math.max(...[...items.values()].map(({ sequence }) => sequence));
const itemAt = ({ items }: Organizer, place: Place): Item => items.get(place) ?? (items.get("") as Item);

/** Changes what these places say; an Instance gets a component of its own by it. */
function changed(copy: Organizer, places: readonly Place[], change: (item: Item, place: Place) => Item): Organizer {
  const items = places.map((place) => [place, change(itemAt(copy, place), place)] as const);
  return { ...copy, items: new Map([...copy.items, ...items]) };
}

/** Another title leaves answers and SEQUENCE; another time makes answers void and raises SEQUENCE. All who are on it are told. */
export function organizerEdits(copy: Organizer, place: Place, text: Partial<Text>): Told {
  const item = itemAt(copy, place);
  const after = { ...item, ...text };
  if (item.isOff || (after.title === item.title && after.end === item.end)) return ["nothing-changed", copy, nobody];
  const next = highest(copy) + 1;
  const raised = after.end === item.end ? after : { ...after, sequence: next, major: next };
  return ["applied", changed(copy, [place], () => raised), item.guests];
}

/** Who is on nothing any more that takes place was sent a CANCEL of all they were on before. */
function leaving(copy: Organizer, guests: ReadonlySet<string>, before: Organizer = copy): Organizer {
  const live = [...copy.items.values()].filter(({ isOff }) => !isOff);
  const gone = [...guests].filter((guest) => !live.some((item) => item.guests.has(guest)));
  const removed = gone.map((guest) => {
    const on = [...before.items].filter(([, item]) => item.guests.has(guest) && (before === copy || !item.isOff));
    return [guest, { sequence: highest(copy), places: on.map(([place]) => place) }] as const;
  });
  return { ...copy, removed: new Map([...copy.removed, ...removed]) };
}

/** Called off, the whole or one Instance: SEQUENCE rises, answers stay. */
export function organizerCancels(copy: Organizer, place: Place): Told {
  // Of a series that is off no Instance is left but those that have a component of their own.
  if (itemAt(copy, place).isOff && !copy.items.has(place)) return ["unknown-uid", copy, nobody];
  const off = (place === "" ? [...copy.items.keys()] : [place]).filter((key) => !itemAt(copy, key).isOff);
  if (off.length === 0) return ["cancelled", copy, nobody];
  const sequence = highest(copy) + 1;
  const told = new Set(off.flatMap((key) => [...itemAt(copy, key).guests]));
  return [
    "applied",
    leaving(
      changed(copy, off, (item) => ({ ...item, sequence, isOff: true })),
      told,
      copy,
    ),
    told,
  ];
}

/** Who is new is told alone; who is taken off gets a CANCEL of a higher SEQUENCE, and what they answered does not count any more. */
export function organizerInvites(copy: Organizer, guest: string, isInvited: boolean): Told {
  const all = [...copy.items].filter(([, { guests, isOff }]) => !isOff && guests.has(guest) !== isInvited);
  const places = all.map(([place]) => place);
  const told = new Set([guest]);
  if (places.length === 0) return ["nothing-changed", copy, nobody];
  if (isInvited) return ["applied", invited(copy, guest, places), told];
  const sequence = highest(copy) + 1;
  const after = changed(copy, places, (item) => ({
    ...item,
    guests: new Set([...item.guests].filter((one) => one !== guest)),
    sequence,
  }));
  const answers = [...copy.answers].map(([key, answer]) => {
    const [who, place] = key.split(" ") as [string, Place];
    const isGone = who === guest && !after.items.get(place)?.guests.has(guest);
    const isOfWhole = places.includes("") && place !== "";
    if (!isGone || !(isOfWhole || places.includes(place))) return [key, answer] as const;
    if (isOfWhole || place === "") return [key, { ...answer, sequence: isOfWhole ? isGivenUp : isVoid }] as const;
    return [key, { ...answer, sequence: isVoid, reply: { ...answer.reply, sequence } }] as const;
  });
  return ["applied", leaving({ ...after, answers: new Map(answers) }, told, copy), told];
}

function invited(copy: Organizer, guest: string, places: readonly Place[]): Organizer {
  const removed = new Map([...copy.removed].filter(([who]) => who !== guest));
  return { ...changed(copy, places, (item) => ({ ...item, guests: new Set([...item.guests, guest]) })), removed };
}

export interface ReplyNotice {
  readonly attendee: string;
  readonly from: string;
  readonly place: Place;
  readonly version: Version;
  readonly partstat: Partstat;
  readonly isConfirmed: boolean;
}

export function organizerReceives(copy: Organizer, reply: ReplyNotice): Told {
  const { attendee, from, place, version, isConfirmed } = reply;
  if (itemAt(copy, place).guests.has(attendee)) {
    const told = record(copy, reply);
    return told[0] !== "applied" || from === attendee || isConfirmed ? told : ["undecided", copy, nobody];
  }
  if (!isConfirmed) {
    return [wasTakenOff(copy, attendee, place, version) ? "superseded" : "undecided", copy, nobody];
  }
  // The yes to somebody uninvited puts them on what they answered; of what is off they are sent the CANCEL.
  const told = new Set([attendee]);
  const admitted = invited(copy, attendee, place === "" ? [...copy.items.keys()] : [place]);
  return ["applied", record(leaving(admitted, told), reply)[1], told];
}

/** An answer to what was before somebody was taken off: of all, or, being still on something, of that Instance. */
function wasTakenOff(copy: Organizer, attendee: string, place: Place, { sequence }: Version): boolean {
  const removed = copy.removed.get(attendee);
  if (removed) return sequence < removed.sequence && removed.places.some((each) => each === place || each === "");
  const isKnown = [...copy.items.values()].some(({ guests }) => guests.has(attendee));
  return isKnown && place !== "" && sequence < itemAt(copy, place).sequence;
}

/** The newest answer of an Attendee to a place stands; one to an older time is shown, does not count, and is answered. */
function record(copy: Organizer, { attendee, place, version, partstat }: ReplyNotice): Told {
  const item = itemAt(copy, place);
  const reply = { ...version, sequence: Math.min(version.sequence, item.sequence) };
  const known = copy.answers.get(`${attendee} ${place}`);
  const age = known ? order(reply, known.reply) : 1;
  if (age <= 0) return [age < 0 ? "superseded" : "duplicate", copy, nobody];
  const answers = new Map([...copy.answers, [`${attendee} ${place}`, { partstat, sequence: reply.sequence, reply }]]);
  const healed = copy.healed.get(attendee) ?? 0;
  if (reply.sequence >= item.major || healed >= 4) return ["applied", { ...copy, answers }, nobody];
  const told = new Set([attendee]);
  const after = { ...copy, answers, healed: new Map([...copy.healed, [attendee, healed + 1]]) };
  return ["applied", leaving(after, told), told];
}

/** Who is on a place, and what each says. */
export function organizerSees(copy: Organizer, place: Place): readonly string[] {
  const { guests, major, isOff, title, end } = itemAt(copy, place);
  const answers = [...guests].sort().map((guest) => {
    const said = nearest([copy.answers.get(`${guest} ${place}`), copy.answers.get(`${guest} `)], major);
    return `${guest} ${said && said.sequence >= major ? said.partstat : "NEEDS-ACTION"}`;
  });
  return [`${title} ${end} ${isOff ? "off" : "on"}`, ...answers];
}
