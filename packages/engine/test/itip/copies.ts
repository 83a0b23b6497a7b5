import {
  type Action,
  act,
  type CalendarUserAddress,
  type Context,
  defaultPolicy,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  schedule,
  settleState,
  unknownState,
} from "@parley/engine";
import { counterText } from "./counter-world.ts";
import { applied, day, instance, key, several, stamp, weekly } from "./series.ts";
import { address, ann, ben, clara, contextOf, evidenceOf, message, noon } from "./world.ts";

/** What somebody has of an object. */
export interface Copy {
  readonly name: string;
  readonly owner: CalendarUserAddress;
  readonly state: SchedulingState;
  /** Of its context, what is not as always. */
  readonly over?: Partial<Context>;
}

/** The context in which something is done to a copy, or comes to it. */
export function contextAt({ owner, over }: Copy): Context {
  return { ...contextOf(owner), ...over };
}

/** Nobody has invited him. */
export const emil = address("emil@partner.test");
/** Ann's event, to which Clara and Ben are invited. */
export const event = message({ method: "REQUEST" });
/** Ann's five Wednesdays with Clara, of which the second is at another hour. */
export const series = several("REQUEST", [
  [...weekly, ...stamp(0)],
  [...day("17", "14"), instance("17"), ...stamp(1, 1)],
]);
const due = ["DTSTART:20270310T090000Z", "DUE:20270312T090000Z", "PRIORITY:5", ...stamp(0)];
/** What Clara is to do for Ann. */
export const todo = several("REQUEST", [due], { type: "VTODO" });

function organizes({ object }: SchedulingMessage): SchedulingState {
  return settleState(applied(schedule(unknownState, object, contextOf(ann, noon - 600))).state);
}

function does(state: SchedulingState, action: Action, owner = ann): SchedulingState {
  return settleState(applied(act(state, action, contextOf(owner, noon - 300))).state);
}

/** What somebody has of messages; each came from who speaks in it. */
function has(owner: CalendarUserAddress, start: SchedulingState, ...messages: readonly SchedulingMessage[]) {
  return messages.reduce((state, one) => {
    const evidence = evidenceOf(one.originator, { confirmedByOwner: true });
    return settleState(applied(receive(state, one, evidence, contextOf(owner, noon - 300))).state);
  }, start);
}

const proposal = counterText({ lines: ["COMMENT:Later?"] });
const proposed = has(ann, organizes(event), proposal);
const atClara = has(clara, unknownState, event);
const seriesAtClara = has(clara, unknownState, series);
const delegated = applied(
  act(
    atClara,
    { kind: "delegate", to: emil, comment: "You know it", keepInformed: true },
    contextOf(clara, noon - 300),
  ),
);
const [toAnn, toEmil] = delegated.messages;
if (!toAnn || !toEmil) throw new Error("nobody was told of the delegation");
const later = [
  { name: "DTSTART", parameters: [], value: "20270310T130000Z" },
  { name: "DTEND", parameters: [], value: "20270310T140000Z" },
];
const answers = (["ACCEPTED", "DECLINED", "TENTATIVE"] as const).map((partstat, index): Action => {
  const at = [{}, { key: key("17") }, { key: key("24"), range: "this-and-future" as const }][index];
  return { kind: "answer", partstat, ...at };
});
const answered = answers.reduce((state, action) => does(state, action, clara), seriesAtClara);
const replies = [
  message({
    method: "REPLY",
    attendees: [`;PARTSTAT=ACCEPTED:mailto:${clara}`],
    lines: ["COMMENT:Fine", "REQUEST-STATUS:3.14;Unsupported capability;METHOD:ADD"],
  }),
  message({ method: "REPLY", attendees: [`;PARTSTAT=DECLINED:mailto:${ben}`] }),
];
const assistant = { actor: ben, ownerName: "Ann Lee" };

/** Copies of all kinds: what can be done to them, and come to them, is listed in `outcomes`. */
export const copies: readonly Copy[] = [
  { name: "nothing", owner: ann, state: unknownState },
  { name: "organizer-event", owner: ann, state: proposed },
  { name: "attendee-event", owner: clara, state: atClara },
  { name: "organizer-series", owner: ann, state: organizes(series) },
  { name: "attendee-series", owner: clara, state: seriesAtClara },
  { name: "organizer-to-do", owner: ann, state: organizes(todo) },
  { name: "attendee-to-do", owner: clara, state: has(clara, unknownState, todo) },
  { name: "organizer-cancelled", owner: ann, state: does(organizes(event), { kind: "cancel" }) },
  {
    name: "attendee-cancelled",
    owner: clara,
    state: has(clara, unknownState, event, message({ method: "CANCEL", sequence: 1, dtstamp: "20270301T100000Z" })),
  },
  {
    name: "published",
    owner: clara,
    state: has(clara, unknownState, message({ method: "PUBLISH", attendees: [] })),
  },
  {
    name: "private",
    owner: ann,
    state: organizes(message({ method: "REQUEST", organizer: null, attendees: [] })),
  },
  {
    name: "no-mail-address",
    owner: clara,
    state: has(clara, unknownState, message({ method: "REQUEST", organizer: null, lines: ["ORGANIZER:urn:uuid:1"] })),
  },
  { name: "attendee-proposed", owner: clara, state: does(atClara, { kind: "counter", changes: later }, clara) },
  { name: "attendee-delegated", owner: clara, state: settleState(delegated.state) },
  { name: "delegate", owner: emil, state: has(emil, unknownState, { ...toEmil, originator: clara }) },
  { name: "organizer-delegated", owner: ann, state: has(ann, organizes(event), toAnn) },
  { name: "organizer-answered", owner: ann, state: has(ann, organizes(event), ...replies) },
  { name: "organizer-assisted", owner: ann, state: proposed, over: assistant },
  { name: "attendee-assisted", owner: clara, state: atClara, over: { ...assistant, ownerName: "Clara Roe" } },
  { name: "attendee-answered-series", owner: clara, state: answered },
  {
    name: "attendee-one-of-series",
    owner: clara,
    state: has(clara, unknownState, several("REQUEST", [[...day("17", "14"), instance("17"), ...stamp(1, 1)]])),
  },
  {
    name: "organizer-range-series",
    owner: ann,
    state: organizes(series),
    over: { policy: { ...defaultPolicy, thisAndFuture: "range" } },
  },
  {
    name: "journal",
    owner: clara,
    state: has(
      clara,
      unknownState,
      several("PUBLISH", [[day("10")[0] ?? "", ...stamp(0)]], { type: "VJOURNAL", guests: [] }),
    ),
  },
];
