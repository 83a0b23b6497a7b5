export type { DateOrDateTime, EpochSeconds, WallSeconds } from "./icalendar/date-time.ts";
export type { Action } from "./itip/action.ts";
export { act } from "./itip/actions.ts";
export type { Context, Policy } from "./itip/context.ts";
export { defaultPolicy } from "./itip/context.ts";
export type { Evidence, EvidenceStrength, Relation } from "./itip/evidence.ts";
export type { PublishedTime } from "./itip/methods/freebusy.ts";
export { publishFreeBusy, replyFreeBusy, requestFreeBusy } from "./itip/methods/freebusy.ts";
export type { Change, FreeBusyRequest, Outcome, Question, Rule, Violation } from "./itip/outcome.ts";
export { invitedAs, leadingLive } from "./itip/own-copy.ts";
export type { StandingProposal } from "./itip/proposals.ts";
export { openProposals } from "./itip/proposals.ts";
export type { QuirkName } from "./itip/quirks/index.ts";
export { defaultQuirks } from "./itip/quirks/index.ts";
export { receive } from "./itip/receive.ts";
export { keepObject, schedule } from "./itip/schedule.ts";
export type { Limits } from "./limits.ts";
export { defaultLimits } from "./limits.ts";
export type { CalendarUserAddress } from "./model/address.ts";
export { domainOf, formatAddress, isMailAddress, parseAddress, parseMailbox, withoutTag } from "./model/address.ts";
export type { CalendarObject, ObjectComponent, ObjectProblem } from "./model/calendar-object.ts";
export {
  componentAt,
  leadingComponent,
  objectComponents,
  organizerOf,
  readCalendarObject,
} from "./model/calendar-object.ts";
export type { Attendee, Organizer, Partstat, Role } from "./model/calendar-user.ts";
export { isCancelled } from "./model/cancelled.ts";
export { seriesFrom } from "./model/cut-series.ts";
export type { EventFields, EventOrganizer } from "./model/edit.ts";
export { editEvent, makeEvent } from "./model/edit.ts";
export { instanceAt, parseInstanceKey } from "./model/instance.ts";
export type { Method, ObjectType } from "./model/method.ts";
export { parseMethod } from "./model/method.ts";
export type { InstanceKey } from "./model/recurrence-id.ts";
export { masterKey } from "./model/recurrence-id.ts";
export { readRecurrenceSet } from "./model/recurrence-set.ts";
export type { Registers } from "./model/registers.ts";
export { allRegisters } from "./model/registers.ts";
export type { CurrentAnswer } from "./model/render.ts";
export { currentAnswer, isOverruled, renderComponent } from "./model/render.ts";
export type { RequestStatus } from "./model/request-status.ts";
export { formatRequestStatus, parseRequestStatus } from "./model/request-status.ts";
export type { Revision } from "./model/revision.ts";
export type { SchedulingMessage } from "./model/scheduling-message.ts";
export type {
  ComponentRevisions,
  Healing,
  OwnPart,
  Participation,
  Proposal,
  ProposalStatus,
  SchedulingState,
  Sent,
} from "./model/scheduling-state.ts";
export { participationKey, settleState, unknownState } from "./model/scheduling-state.ts";
export type { TimeSpan } from "./model/time-span.ts";
export { readTimeSpan, resolveTimeSpan } from "./model/time-span.ts";
export { recurs } from "./model/times.ts";
export type { PlacingOptions } from "./model/upcoming-instances.ts";
export { upcomingInstances } from "./model/upcoming-instances.ts";
