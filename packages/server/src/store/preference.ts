import type { PrincipalId } from "./people.ts";

/** Finds what a principal has chosen otherwise than the house. */
export interface ReadPreferences {
  get(principal: PrincipalId, name: string): Promise<string | undefined>;
}

/** Keeps what a principal has chosen. */
export interface Preferences extends ReadPreferences {
  /** `undefined` takes it back: then it is as the house has it. */
  set(principal: PrincipalId, name: string, value: string | undefined): Promise<void>;
}
