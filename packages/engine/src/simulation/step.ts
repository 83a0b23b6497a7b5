import type { EpochSeconds } from "../icalendar/date-time.ts";
import type { Action } from "../itip/action.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import type { Partstat } from "../model/calendar-user.ts";
import type { Method } from "../model/method.ts";
import type { InstanceKey } from "../model/recurrence-id.ts";
import type { InstantRange } from "../recurrence/recurrence-set.ts";

/** Which Instances a step of a script is about: one, or one and all after it; the whole where it names none. */
export interface Place {
  readonly key?: InstanceKey;
  readonly range?: "this-and-future";
}

/** One step of a scenario script, with the line it stands in. */
export type Step = { readonly line: number } & (
  | { readonly kind: "at"; readonly now: EpochSeconds }
  | { readonly kind: "after"; readonly seconds: number }
  | { readonly kind: "put"; readonly person: CalendarUserAddress; readonly fixture: string }
  | {
      readonly kind: "edit";
      readonly person: CalendarUserAddress;
      readonly name: string;
      readonly value: string;
      readonly place: Place;
    }
  | {
      readonly kind: "invite" | "uninvite";
      readonly person: CalendarUserAddress;
      readonly guest: CalendarUserAddress;
      readonly place: Place;
    }
  | { readonly kind: "act"; readonly person: CalendarUserAddress; readonly action: Action }
  | { readonly kind: "remove"; readonly person: CalendarUserAddress }
  | { readonly kind: "decide"; readonly person: CalendarUserAddress; readonly decision: "apply" | "dismiss" }
  | {
      readonly kind: "receive";
      readonly person: CalendarUserAddress;
      readonly from: CalendarUserAddress;
      readonly fixture: string;
    }
  | { readonly kind: "forward"; readonly person: CalendarUserAddress; readonly to: CalendarUserAddress }
  | {
      readonly kind: "ask-busy";
      readonly person: CalendarUserAddress;
      readonly about: readonly [CalendarUserAddress, ...CalendarUserAddress[]];
      readonly range: InstantRange;
    }
  | { readonly kind: "tell-busy"; readonly person: CalendarUserAddress }
  | {
      readonly kind: "publish-busy";
      readonly person: CalendarUserAddress;
      readonly to: readonly CalendarUserAddress[];
      readonly range: InstantRange;
    }
  | { readonly kind: "deliver"; readonly times: 1 | 2; readonly order: "sent" | "reversed" }
  | { readonly kind: "lose" }
  | { readonly kind: "expect"; readonly person: CalendarUserAddress; readonly what: Expectation }
  | { readonly kind: "same"; readonly people: readonly CalendarUserAddress[] }
);

/** What a script can expect of one person. */
export type Expectation =
  | {
      readonly kind: "sends";
      readonly method: Method;
      readonly sequence: number | undefined;
      readonly to: readonly CalendarUserAddress[];
    }
  | { readonly kind: "sends-nothing" }
  | {
      readonly kind: "sees";
      readonly attendee: CalendarUserAddress;
      readonly partstat: Partstat;
      readonly percent?: number;
      readonly key?: InstanceKey;
    }
  | { readonly kind: "does-not-list"; readonly attendee: CalendarUserAddress; readonly key?: InstanceKey }
  | { readonly kind: "property"; readonly name: string; readonly value: string; readonly key?: InstanceKey }
  | { readonly kind: "no-event"; readonly key?: InstanceKey }
  | {
      readonly kind: "knows";
      readonly about: CalendarUserAddress;
      /** As `20270310T090000Z/20270310T100000Z BUSY`, in order; nothing for somebody free. */
      readonly busy: readonly string[];
    }
  | { readonly kind: "verdict"; readonly verdict: string };
