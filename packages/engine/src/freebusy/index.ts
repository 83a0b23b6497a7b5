export type { BusyPeriod, BusyType } from "../model/busy-time.ts";
export {
  busyTypes,
  clipBusyPeriods,
  makeBusyProperties,
  mergeBusyPeriods,
  parseBusyType,
  readBusyPeriods,
} from "../model/busy-time.ts";
export type { FreeBusyAnswer, FreeBusyFields, FreeBusyReport, KnownBusyTime } from "../model/free-busy.ts";
export { combineReports, makeFreeBusy, readFreeBusyAnswer, readFreeBusyRange } from "../model/free-busy.ts";
export type { Availability, AvailabilityOptions } from "./availability.ts";
export { readAvailabilities, unavailablePeriods } from "./availability.ts";
export type { BusyOptions, BusyTime } from "./busy-periods.ts";
export { busyPeriods } from "./busy-periods.ts";
export type { BusyOwner, TimeType } from "./busy-type.ts";
export { busyTypeOf } from "./busy-type.ts";
export type { FoundTimes } from "./find-times.ts";
export { findTimes, whyNot } from "./find-times.ts";
export type { Chosen, Obstacle, Slot } from "./obstacles.ts";
export type { TakenInstance, TakenInstances } from "./taken-instances.ts";
export { busyDuring, takenInstances } from "./taken-instances.ts";
export type { Candidate, Choice, SearchProblem, TimeSearch } from "./time-search.ts";
export type { DayHours, WorkingHours } from "./working-hours.ts";
export { workingSpans } from "./working-hours.ts";
