import type { Principal, ReadTransaction } from "../store/store.ts";
import type { Texts } from "./texts.ts";
import type { CaldavWorld } from "./world.ts";

/** Whose view it is, and of what. */
export interface Viewing {
  readonly world: CaldavWorld;
  readonly transaction: ReadTransaction;
  readonly caller: Principal;
  readonly texts: Texts;
  /** Whether texts are to have the VTIMEZONEs of zones that everybody knows by name. */
  readonly wantsTimezones: boolean;
}
