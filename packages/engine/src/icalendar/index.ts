export { decodeBase64, encodeBase64, makeBinaryProperty } from "./binary.ts";
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
  formatDuration,
  formatWall,
  makeDateTimeProperties,
  makeDateTimeProperty,
  parseDateTime,
  parseDuration,
  readDateTime,
  readDateTimes,
} from "./date-time.ts";
export type { Cardinality } from "./definitions/definition.ts";
export {
  cardinalityOf,
  definitionOf,
  exclusivePropertiesOf,
  parameterDefinitionOf,
  valueTypeOf,
} from "./definitions/definition.ts";
export type { ParameterDefinition } from "./definitions/parameters.ts";
export type { PropertyDefinition, ValueType } from "./definitions/properties.ts";
export { formatCalendar } from "./format.ts";
export type { Geo } from "./number.ts";
export {
  formatBoolean,
  formatFloat,
  formatGeo,
  formatInteger,
  formatUtcOffset,
  parseBoolean,
  parseFloatValue,
  parseGeo,
  parseInteger,
  parseUtcOffset,
} from "./number.ts";
export { findParameter, makeParameter, parameterValue, parameterValues, withParameter } from "./parameter.ts";
export { parseCalendar } from "./parse.ts";
export type { Period } from "./period.ts";
export { formatPeriod, makePeriodProperty, parsePeriod, readPeriods } from "./period.ts";
export type { CalendarProblem, CalendarProblemKind } from "./problem.ts";
export {
  decodeText,
  encodeText,
  makeTextProperty,
  makeTextsProperty,
  readInteger,
  readText,
  readTexts,
  splitEscaped,
} from "./text.ts";
export { parseUri } from "./uri.ts";
