import { allProperties, type Component, withoutProperties } from "../icalendar/component.ts";
import { makeDateTimeProperties, readDateTimes } from "../icalendar/date-time.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import { type CalendarObject, recurrenceIdOf } from "./calendar-object.ts";
import { type InstanceKey, instanceKey, masterKey } from "./recurrence-id.ts";
import { type Registers, readRegister } from "./registers.ts";
import { compareRevisions } from "./revision.ts";
import { beginning, type ComponentRevisions } from "./scheduling-state.ts";
import { excludedInstances } from "./times.ts";

/**
 * Takes back what a series says in EXDATE of Instances that a newer component has again: the newer word on an Instance counts (decision
 * 0017). It follows from the present versions alone, so it does not matter which came first.
 */
export function withoutOverruledExceptions(
  object: CalendarObject,
  revisions: Registers<ComponentRevisions>,
  zones: ZoneResolver,
): CalendarObject {
  const { master, overrides } = object;
  const series = master && readRegister(revisions, masterKey);
  if (!series || overrides.size === 0) return object;
  const overruled = new Set(
    [...excludedInstances(master, zones)].filter((key) => {
      const own = overrides.has(key) ? readRegister(revisions, key) : undefined;
      const isSent = own !== undefined && compareRevisions(own.latest, beginning) > 0;
      return isSent && own.latest.dtstamp > series.latest.dtstamp;
    }),
  );
  if (overruled.size === 0) return object;
  return { ...object, master: { ...master, component: withoutExceptions(master.component, overruled, zones) } };
}

function withoutExceptions(component: Component, gone: ReadonlySet<InstanceKey>, zones: ZoneResolver): Component {
  const left = allProperties(component, "EXDATE")
    .flatMap(readDateTimes)
    .filter((value) => !gone.has(instanceKey(recurrenceIdOf(value, "this", zones))));
  const bare = withoutProperties(component, new Set(["EXDATE"]));
  return { ...bare, properties: [...bare.properties, ...makeDateTimeProperties("EXDATE", left)] };
}
