import { restrictionTables } from "../../src/itip/restrictions/check.ts";
import type { RestrictionTable } from "../../src/itip/restrictions/restriction.ts";
import { type Method, methods, type ObjectType, objectTypes } from "../../src/model/method.ts";

/** Lists the restriction tables with what they are for. */
export function allTables(): readonly { type: ObjectType; method: Method; table: RestrictionTable }[] {
  return objectTypes.flatMap((type) =>
    methods.flatMap((method) => {
      const table = restrictionTables[type][method];
      return table ? [{ type, method, table }] : [];
    }),
  );
}
