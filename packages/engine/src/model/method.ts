/** The methods of iTIP, RFC 5546 §1.4. */
export type Method = "PUBLISH" | "REQUEST" | "REPLY" | "ADD" | "CANCEL" | "REFRESH" | "COUNTER" | "DECLINECOUNTER";

/** Says who speaks in each method, RFC 5546 §1.4. A REQUEST that delegates comes from an Attendee, which the message does not say. */
export const speakers: Readonly<Record<Method, "organizer" | "attendee">> = {
  PUBLISH: "organizer",
  REQUEST: "organizer",
  REPLY: "attendee",
  ADD: "organizer",
  CANCEL: "organizer",
  REFRESH: "attendee",
  COUNTER: "attendee",
  DECLINECOUNTER: "organizer",
};

/** Lists all methods, in the order of RFC 5546 §1.4. */
export const methods: readonly Method[] = Object.keys(speakers) as Method[];

/** The components that can be scheduled, RFC 5546 §3. */
export type ObjectType = "VEVENT" | "VTODO" | "VJOURNAL" | "VFREEBUSY";

/** Lists all components that can be scheduled. */
export const objectTypes: readonly ObjectType[] = ["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"];

/** Reads a METHOD value, in any case; `undefined` for one iTIP does not know. */
export function parseMethod(text: string): Method | undefined {
  const upper = text.trim().toUpperCase();
  return methods.find((method) => method === upper);
}

/** Reads a component name; `undefined` for one that cannot be scheduled. */
export function parseObjectType(name: string): ObjectType | undefined {
  return objectTypes.find((type) => type === name);
}
