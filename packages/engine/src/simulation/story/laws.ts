import { isPublication } from "../../itip/methods/receive-publish.ts";
import type { Outcome } from "../../itip/outcome.ts";
import { checkRestrictions } from "../../itip/restrictions/check.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import { objectComponents, organizerOf } from "../../model/calendar-object.ts";
import { allRegisters, readRegister } from "../../model/registers.ts";
import { compareRevisions } from "../../model/revision.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import type { Calendar } from "./calendar.ts";

/** Messages that may leave because of one that came, counted by recipients: to delegates, and to those who were. */
const maxAnswers = 12;

/** Checks a new state of a copy: no revision falls, but where what was published becomes an invitation. */
export function checkState(
  { owner }: Calendar,
  uid: string,
  before: SchedulingState,
  after: SchedulingState,
): readonly string[] {
  if (isPublication(before.object)) return [];
  return [...allRegisters(before.revisions)].flatMap(([key, { latest }]) => {
    const now = readRegister(after.revisions, key);
    if (now && compareRevisions(now.latest, latest) >= 0) return [];
    return [`${owner}: ${uid} ${key} fell from ${JSON.stringify(latest)} to ${JSON.stringify(now?.latest)}`];
  });
}

/** Checks a message that leaves: it keeps its table, goes to people of the object alone, and shows nobody what they are not invited to. */
export function checkSent(
  owner: CalendarUserAddress,
  message: SchedulingMessage,
  known: ReadonlySet<CalendarUserAddress>,
): readonly string[] {
  const { method, object, recipients } = message;
  const outsider = recipients.find((recipient) => !known.has(recipient));
  const problems = checkRestrictions(message).map(({ detail }) => `${owner} sends a wrong ${method}: ${detail}`);
  if (recipients.includes(owner)) problems.push(`${owner} writes to themselves`);
  if (outsider) problems.push(`${owner} sends ${outsider}, who has nothing to do with ${object.uid}, a ${method}`);
  if (method !== "REQUEST" || organizerOf(object)?.address !== owner) return problems;
  for (const { attendees, key } of objectComponents(object)) {
    const stranger = recipients.find((recipient) => !attendees.has(recipient));
    if (stranger) problems.push(`${owner} shows ${stranger} ${object.uid} ${key}, which is not theirs`);
  }
  return problems;
}

/** Lists who has to do with an object, as a copy of it knows them. */
export function peopleOf({ object, sent, participations, proposals }: SchedulingState): readonly CalendarUserAddress[] {
  const organizer = object && organizerOf(object)?.address;
  return [
    ...(organizer ? [organizer] : []),
    ...(object ? objectComponents(object).flatMap(({ attendees }) => [...attendees.keys()]) : []),
    ...[...allRegisters(sent).values()].map(({ attendee }) => attendee),
    ...[...allRegisters(proposals).values()].map(({ attendee }) => attendee),
    ...[...allRegisters(participations).values()].flatMap(({ attendee, delegatedTo = [] }) => [
      attendee,
      ...delegatedTo,
    ]),
  ];
}

/** Checks what came of a message that was received: it is not answered by a flood. */
export function checkReceipt(
  owner: CalendarUserAddress,
  { method }: SchedulingMessage,
  outcome: Outcome,
): readonly string[] {
  if (!("messages" in outcome)) return [];
  const count = (outcome.messages ?? []).reduce((sum, { recipients }) => sum + recipients.length, 0);
  return count > maxAnswers ? [`${owner} answers a ${method} by ${count} letters`] : [];
}
