// table: the codes of REQUEST-STATUS, RFC 5546 §3.6 and RFC 6638 §3.2.9
/** What the standards say of one code. */
export interface StatusCodeEntry {
  readonly description: string;
  readonly rule: `RFC ${5546 | 6638} §${string}`;
  /** What its exception data may hold; for `name` that of a component or property, for `property` also its value. */
  readonly exception:
    | "none"
    | "name"
    | "property-name"
    | "property"
    | "parameter"
    | "component"
    | "addresses"
    | "method";
  /** What it is for, one sentence. */
  readonly purpose: string;
}

/** The codes of RFC 5546 §3.6 and those of delivery of RFC 6638 §3.2.9. */
export const statusCodes = {
  "1.0": {
    description: "Pending",
    rule: "RFC 6638 §3.2.9.1",
    exception: "none",
    purpose: "Delivery has not ended yet.",
  },
  "1.1": {
    description: "Sent",
    rule: "RFC 6638 §3.2.9.2",
    exception: "none",
    purpose: "It was handed to a service that will not say what becomes of it, such as mail.",
  },
  "1.2": {
    description: "Delivered",
    rule: "RFC 6638 §3.2.9.3",
    exception: "none",
    purpose: "It was delivered.",
  },
  "2.0": {
    description: "Success",
    rule: "RFC 5546 §3.6.1",
    exception: "none",
    purpose: "It was taken as it is; what no status says.",
  },
  "2.1": {
    description: "Success, but fallback taken on one or more property values",
    rule: "RFC 5546 §3.6.2",
    exception: "property",
    purpose: "A value was replaced by another.",
  },
  "2.2": {
    description: "Success; invalid property ignored",
    rule: "RFC 5546 §3.6.3",
    exception: "property-name",
    purpose: "A property that must not stand there was left out.",
  },
  "2.3": {
    description: "Success; invalid property parameter ignored",
    rule: "RFC 5546 §3.6.4",
    exception: "parameter",
    purpose: "A parameter that must not stand there was left out.",
  },
  "2.4": {
    description: "Success; unknown, non-standard property ignored",
    rule: "RFC 5546 §3.6.5",
    exception: "property-name",
    purpose: "A property nobody there knows was left out.",
  },
  "2.5": {
    description: "Success; unknown, non-standard property value ignored",
    rule: "RFC 5546 §3.6.6",
    exception: "property",
    purpose: "A value nobody there knows was left out.",
  },
  "2.6": {
    description: "Success; invalid calendar component ignored",
    rule: "RFC 5546 §3.6.7",
    exception: "component",
    purpose: "A component that must not stand there was left out.",
  },
  "2.7": {
    description: "Success; request forwarded to Calendar User",
    rule: "RFC 5546 §3.6.8",
    exception: "addresses",
    purpose: "It was passed on to somebody else.",
  },
  "2.8": {
    description: "Success; repeating event ignored. Scheduled as a single component",
    rule: "RFC 5546 §3.6.9",
    exception: "property",
    purpose: "Of a series only the one event was kept.",
  },
  "2.9": {
    description: "Success; truncated end date time to date boundary",
    rule: "RFC 5546 §3.6.10",
    exception: "property",
    purpose: "An end was cut to a day.",
  },
  "2.10": {
    description: "Success; repeating VTODO ignored. Scheduled as a single VTODO",
    rule: "RFC 5546 §3.6.11",
    exception: "property",
    purpose: "Of a series only the one to-do was kept.",
  },
  "2.11": {
    description: "Success; unbounded RRULE clipped at some finite number of instances",
    rule: "RFC 5546 §3.6.12",
    exception: "property",
    purpose: "Of an endless series some Instances were kept.",
  },
  "3.0": {
    description: "Invalid property name",
    rule: "RFC 5546 §3.6.13",
    exception: "property-name",
    purpose: "A property has a name it cannot have.",
  },
  "3.1": {
    description: "Invalid property value",
    rule: "RFC 5546 §3.6.14",
    exception: "property",
    purpose: "A property has a value it cannot have, or too often.",
  },
  "3.2": {
    description: "Invalid property parameter",
    rule: "RFC 5546 §3.6.15",
    exception: "parameter",
    purpose: "A property has a parameter it cannot have.",
  },
  "3.3": {
    description: "Invalid property parameter value",
    rule: "RFC 5546 §3.6.16",
    exception: "parameter",
    purpose: "A parameter has a value it cannot have.",
  },
  "3.4": {
    description: "Invalid calendar component sequence",
    rule: "RFC 5546 §3.6.17",
    exception: "component",
    purpose: "Components stand where they cannot.",
  },
  "3.5": {
    description: "Invalid date or time",
    rule: "RFC 5546 §3.6.18",
    exception: "property",
    purpose: "A date or a time cannot be read.",
  },
  "3.6": {
    description: "Invalid rule",
    rule: "RFC 5546 §3.6.19",
    exception: "property",
    purpose: "A rule cannot be read.",
  },
  "3.7": {
    description: "Invalid Calendar User",
    rule: "RFC 5546 §3.6.20",
    exception: "addresses",
    purpose: "An address is nobody's.",
  },
  "3.8": {
    description: "No authority",
    rule: "RFC 5546 §3.6.21",
    exception: "method",
    purpose: "Its sender may not do this.",
  },
  "3.9": {
    description: "Unsupported version",
    rule: "RFC 5546 §3.6.22",
    exception: "property",
    purpose: "It is written for another version of iCalendar.",
  },
  "3.10": {
    description: "Request entity too large",
    rule: "RFC 5546 §3.6.23",
    exception: "none",
    purpose: "It is larger than what is taken.",
  },
  "3.11": {
    description: "Required component or property missing",
    rule: "RFC 5546 §3.6.24",
    exception: "name",
    purpose: "Something it must have is missing.",
  },
  "3.12": {
    description: "Unknown component or property found",
    rule: "RFC 5546 §3.6.25",
    exception: "name",
    purpose: "Something nobody there knows stands in it.",
  },
  "3.13": {
    description: "Unsupported component or property found",
    rule: "RFC 5546 §3.6.26",
    exception: "name",
    purpose: "Something that is not served stands in it.",
  },
  "3.14": {
    description: "Unsupported capability",
    rule: "RFC 5546 §3.6.27",
    exception: "method",
    purpose: "What it asks for is not served; RFC 5546 §5.1 calls it Not Supported.",
  },
  "4.0": {
    description: "Event conflict. Date/time is busy",
    rule: "RFC 5546 §3.6.28",
    exception: "property",
    purpose: "The time is taken.",
  },
  "5.0": {
    description: "Request not supported",
    rule: "RFC 5546 §3.6.29",
    exception: "method",
    purpose: "The service does not take such requests.",
  },
  "5.1": {
    description: "Service unavailable",
    rule: "RFC 5546 §3.6.30",
    exception: "addresses",
    purpose: "The service cannot be reached now.",
  },
  "5.2": {
    description: "Invalid calendar service",
    rule: "RFC 5546 §3.6.31",
    exception: "addresses",
    purpose: "There is no calendar behind the address.",
  },
  "5.3": {
    description: "No scheduling support for user",
    rule: "RFC 5546 §3.6.32",
    exception: "addresses",
    purpose: "There is nobody behind the address who can be invited.",
  },
} as const satisfies Readonly<Record<string, StatusCodeEntry>>;
