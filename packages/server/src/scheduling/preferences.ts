import type { Principal, ReadTransaction } from "../store/store.ts";

/** All that people, groups and rooms can choose otherwise than the house, by name, and what they can choose. */
export const preferenceValues = {
  /** Whether people elsewhere are asked by mail when their busy time is wanted by a calendar program, and not known: decision 0039. */
  "ask-by-mail": ["off", "on"],
  /** Whether guests elsewhere can answer what they organize by links: decision 0037. */
  "answer-links": ["on", "off"],
  /** Who is told by mail when they are busy: decision 0040. */
  "busy-by-mail": ["nobody", "contacts", "everybody"],
  /** What becomes of another time that a guest's program gives a meeting: it is not kept, or proposed to the Organizer. Decision 0038. */
  "edited-times": ["restore", "propose"],
} as const;

/** Names one of them. */
export type PreferenceName = keyof typeof preferenceValues;

/** What can be chosen of one. */
export type PreferenceValue<Name extends PreferenceName> = (typeof preferenceValues)[Name][number];

/** The names, in the order they are shown. */
export const preferenceNames = Object.keys(preferenceValues) as readonly PreferenceName[];

/** Finds what somebody has chosen; `undefined` for who leaves it to the house. */
export async function preferenceOf<Name extends PreferenceName>(
  { preferences }: ReadTransaction,
  { id }: Pick<Principal, "id">,
  name: Name,
): Promise<PreferenceValue<Name> | undefined> {
  const chosen = await preferences.get(id, name);
  const allowed: readonly PreferenceValue<Name>[] = preferenceValues[name];
  return allowed.find((value) => value === chosen);
}
