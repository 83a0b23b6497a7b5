export type { Component, Parameter, Property } from "./component.ts";
export {
  allProperties,
  countProperties,
  firstProperty,
  makeComponent,
  subcomponents,
  withoutProperties,
  withProperty,
} from "./component.ts";
export type { DateOrDateTime, EpochSeconds, WallSeconds } from "./date-time.ts";
export {
  civilFromDays,
  daysFromCivil,
  daysInMonth,
  formatDateTime,
  formatWall,
  makeDateTimeProperty,
  parseDateTime,
  parseDuration,
  readDateTime,
} from "./date-time.ts";
export { formatCalendar } from "./format.ts";
export { findParameter, makeParameter, parameterValue, parameterValues, withParameter } from "./parameter.ts";
export { parseCalendar } from "./parse.ts";
export type { CalendarProblem, CalendarProblemKind } from "./problem.ts";
export { decodeText, encodeText, makeTextProperty, readInteger, readText } from "./text.ts";
