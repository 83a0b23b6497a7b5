/** The methods of iTIP, RFC 5546 §1.4. */
export type Method = "PUBLISH" | "REQUEST" | "REPLY" | "ADD" | "CANCEL" | "REFRESH" | "COUNTER" | "DECLINECOUNTER";

/** Lists all methods, in the order of RFC 5546 §1.4. */
export const methods: readonly Method[] = [
  "PUBLISH",
  "REQUEST",
  "REPLY",
  "ADD",
  "CANCEL",
  "REFRESH",
  "COUNTER",
  "DECLINECOUNTER",
];

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
