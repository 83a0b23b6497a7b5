/** A question every oracle is asked: the first instances of one rule. */
export interface OracleCase {
  /** The seed and number it was made from: `7:1234`. */
  readonly name: string;
  readonly kind: StartKind;
  /** DTSTART without its zone: `20270415T093000`, of a date `20270415`. */
  readonly start: string;
  /** IANA name; empty unless `kind` is `zoned`. */
  readonly zone: string;
  readonly rule: string;
  /** Instances asked for. */
  readonly take: number;
}

export type StartKind = "date" | "utc" | "floating" | "zoned";

/** What one oracle says. Times are epoch seconds; of dates and floating times, those their clocks would be in UTC. */
export type OracleAnswer =
  | { readonly kind: "instances"; readonly instances: readonly number[] }
  /** It refuses the rule. */
  | { readonly kind: "error"; readonly detail: string }
  /** It did not answer in the time it is given. */
  | { readonly kind: "cut" }
  /** It is not asked, as it cannot do such cases at all. */
  | { readonly kind: "not-asked" };

/** The parts of a rule by name. */
export function partsOf(rule: string): ReadonlyMap<string, string> {
  return new Map(rule.split(";").map((part) => [part.split("=")[0] ?? "", part.split("=")[1] ?? ""]));
}
