/** How texts are compared, RFC 4791 §7.5. */
export type Collation = "i;ascii-casemap" | "i;octet" | "i;unicode-casemap";

/** All that are known here; the first is what counts where none is named. */
export const collations: readonly Collation[] = ["i;ascii-casemap", "i;octet", "i;unicode-casemap"];

/** Reads the name of a collation; `undefined` for one nobody knows here. */
export function parseCollation(text: string | undefined): Collation | undefined {
  if (text === undefined || text === "" || text === "default") return "i;ascii-casemap";
  return collations.find((one) => one === text.trim().toLowerCase());
}

/** Gives a text in the form in which a collation compares octet by octet. */
export function foldText(text: string, collation: Collation): string {
  if (collation === "i;octet") return text;
  if (collation === "i;ascii-casemap") return text.replace(/[a-z]+/g, (found) => found.toUpperCase());
  return text.toUpperCase().normalize("NFKD");
}
