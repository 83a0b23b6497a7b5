import {
  type DateOrDateTime,
  type InstanceKey,
  instanceAt,
  leadingLive,
  type ObjectComponent,
  readTimeSpan,
  recurs,
  type TimeSpan,
  type WallSeconds,
} from "@parley/engine";
import { makeDateTimeProperty, type Property, parseDateTime } from "@parley/engine/icalendar";
import { makeZoneResolver, toInstant, toWall, type Zone } from "@parley/engine/recurrence";
import type { LinkAnswer, OpenLink } from "../../scheduling/answer-by-link.ts";
import type { House } from "../../scheduling/house.ts";
import { zoneOf } from "../../scheduling/span.ts";
import type { NoticeName } from "./words/index.ts";

/** What can be chosen on the page, as links and the form name it. */
export const choices = ["accept", "tentative", "decline", "propose"] as const;

/** One of them. */
export type Choice = (typeof choices)[number];

/** What a form says when all dates are meant. */
export const wholeName = "all";

const maxComment = 2_000;
const maxKeyLength = 40;
const dayInSeconds = 86_400;

/** Reads a choice; `undefined` for anything else. */
export function readChoice(text: unknown): Choice | undefined {
  return choices.find((choice) => choice === text);
}

/** Reads an answer from what a form has sent, as far as it can be told without changing anything; else what is wrong with it. */
export function readAnswer(
  house: House,
  open: OpenLink,
  sent: URLSearchParams,
): { readonly answer: LinkAnswer } | { readonly problem: NoticeName } {
  const choice = readChoice(sent.get("answer"));
  if (!choice) return { problem: "chooseAnswer" };
  const chosen = (sent.get("date") ?? wholeName).slice(0, maxKeyLength);
  const comment = (sent.get("comment") ?? "").replace(/\r\n?/g, "\n").trim().slice(0, maxComment);
  const said = { ...(chosen !== wholeName && { key: chosen }), ...(comment !== "" && { comment }) };
  const proof = { form: sent.get("form") ?? "", version: sent.get("version") ?? "" };
  if (choice !== "propose") {
    return { answer: { ...proof, action: { kind: "answer", partstat: partstats[choice], ...said } } };
  }
  if (chosen === wholeName && isSeries(open)) return { problem: "chooseDate" };
  const changes = readProposal(house, open, said.key, sent);
  return changes ? { answer: { ...proof, action: { kind: "counter", changes, ...said } } } : { problem: "badTime" };
}

const partstats = { accept: "ACCEPTED", tentative: "TENTATIVE", decline: "DECLINED" } as const;

/** Whether there is more than one date that could be meant. */
export function isSeries({ copy }: OpenLink): boolean {
  const { object } = copy.state;
  return object !== undefined && (object.overrides.size > 0 || (object.master !== undefined && recurs(object.master)));
}

/** When something takes place, on the clock people enter times by. */
export interface EnteredTime {
  readonly span: TimeSpan;
  /** Whose clock; absent where there is none, of days and floating times. */
  readonly zone?: Zone;
  readonly start: WallSeconds;
  readonly end: WallSeconds;
}

/** Finds the time of one Instance, or of the whole, on the clock people enter times by: the event's own, or else the Organizer's. */
export function enteredTime(house: House, open: OpenLink, key: InstanceKey | undefined): EnteredTime | undefined {
  const { state } = open.copy;
  if (!state.object) return undefined;
  const zones = makeZoneResolver(state.object.timezones, house.zones, house.limits);
  const component: ObjectComponent | undefined =
    key === undefined ? leadingLive(state, state.object) : instanceAt(state.object, key, zones, house.limits);
  const span = component && readTimeSpan(component.component);
  if (!span) return undefined;
  const { start, end } = span;
  if (start.kind === "utc" || end.kind === "utc") {
    const zone = zoneOf(house, open.principal);
    const instants = [start, end].map((value) => (value.kind === "utc" ? toWall(value.wall, zone) : value.wall));
    return { span, zone, start: instants[0] ?? 0, end: instants[1] ?? 0 };
  }
  const zone = start.kind === "zoned" ? zones(start.tzid) : undefined;
  return { span, ...(zone && { zone }), start: start.wall, end: end.wall };
}

function readProposal(
  house: House,
  open: OpenLink,
  key: InstanceKey | undefined,
  sent: URLSearchParams,
): readonly Property[] | undefined {
  const time = enteredTime(house, open, key);
  const day = readWall(sent.get("day") ?? "", "00:00");
  if (!time || day === undefined) return undefined;
  const { start, end } = time.span;
  if (start.kind === "date") {
    const length = Math.max(end.wall - start.wall, dayInSeconds);
    return [
      makeDateTimeProperty("DTSTART", { kind: "date", wall: day }),
      makeDateTimeProperty("DTEND", { kind: "date", wall: day + length }),
    ];
  }
  const from = readWall(sent.get("day") ?? "", sent.get("from") ?? "");
  if (from === undefined) return undefined;
  const until = sent.get("to") ?? "";
  const to = until === "" ? from + Math.max(0, time.end - time.start) : readWall(sent.get("day") ?? "", until);
  if (to === undefined) return undefined;
  return [
    makeDateTimeProperty("DTSTART", valueLike(start, from, time.zone)),
    makeDateTimeProperty("DTEND", valueLike(start, until === "" ? to : lastDay(time, from, to), time.zone)),
  ];
}

/** What goes on for days goes on for as many; else what ends before it begins ends on the next day. */
function lastDay({ start, end }: EnteredTime, from: WallSeconds, to: WallSeconds): WallSeconds {
  const days = Math.floor(end / dayInSeconds) - Math.floor(start / dayInSeconds);
  if (end - start >= dayInSeconds) return to + days * dayInSeconds;
  return to < from ? to + dayInSeconds : to;
}

function valueLike(form: DateOrDateTime, wall: WallSeconds, zone: Zone | undefined): DateOrDateTime {
  return form.kind === "utc" && zone ? { kind: "utc", wall: toInstant(wall, zone) } : { ...form, wall };
}

/** The wall seconds of what date and time fields send; `undefined` for a day or time that does not exist. */
function readWall(day: string, time: string): WallSeconds | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || !/^\d\d:\d\d(:\d\d)?$/.test(time)) return undefined;
  const text = `${day}T${time.slice(0, 5)}:00`.replace(/[-:]/g, "");
  return parseDateTime(text)?.wall;
}
