/** A guest as written: an address, perhaps with a name. */
export interface Guest {
  readonly address: string;
  readonly name?: string;
}

/** The guests of a text, or the first piece of it that is none. */
export type GuestReading =
  | { readonly kind: "ok"; readonly guests: readonly Guest[] }
  | { readonly kind: "invalid"; readonly piece: string };

const addressPattern = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/;
const maxAddressLength = 320;

/**
 * Reads guests, each `address` or `Name <address>`, one on a line or parted by `;` or `,`.
 * A comma inside a name (`Doe, Jane <jane@example.com>`) parts nothing. Who is named twice counts once.
 */
export function readGuests(text: string): GuestReading {
  const guests = new Map<string, Guest>();
  for (const piece of pieces(text)) {
    const guest = readGuest(piece);
    if (!guest) return { kind: "invalid", piece };
    const key = guest.address.toLowerCase();
    if (!guests.has(key)) guests.set(key, guest);
  }
  return { kind: "ok", guests: [...guests.values()] };
}

/** Writes guests one on a line, so that `readGuests` gives them back. */
export function writeGuests(guests: readonly { readonly address: string; readonly name: string | null }[]): string {
  return guests.map(writeGuest).join("\n");
}

function readGuest(piece: string): Guest | null {
  const named = /^(.*)<([^<>]*)>$/s.exec(piece);
  const address = (named ? (named[2] ?? "") : piece).trim().replace(/^mailto:/i, "");
  if (!addressPattern.test(address) || address.length > maxAddressLength) return null;
  const name = (named?.[1] ?? "")
    .trim()
    .replace(/^"(.*)"$/s, "$1")
    .trim();
  return name === "" ? { address } : { address, name };
}

function writeGuest(guest: { readonly address: string; readonly name: string | null }): string {
  const name = (guest.name ?? "").replace(/[<>";\r\n]+/g, " ").trim();
  return name === "" || name === guest.address ? guest.address : `${name} <${guest.address}>`;
}

/** A comma parts only what has an address before it already. */
function pieces(text: string): readonly string[] {
  return text
    .split(/[\n;]/)
    .flatMap((line) => splitAtCommas(line))
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "");
}

function splitAtCommas(line: string): readonly string[] {
  const found: string[] = [];
  let current = "";
  for (const part of line.split(",")) {
    current = current === "" ? part : `${current},${part}`;
    if (!part.includes("@")) continue;
    found.push(current);
    current = "";
  }
  return current.trim() === "" ? found : [...found, current];
}
