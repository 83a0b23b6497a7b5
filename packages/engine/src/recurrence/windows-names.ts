import { windowsZones } from "./windows-zones.ts";

/** Finds the IANA name for a name of Windows, for one Exchange shows to people, and for one of Notes. */
export function windowsZone(name: string): string | undefined {
  const shown = name
    .replace(/^\((?:UTC|GMT)[^)]{0,10}\)/i, "")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
  // Notes leaves out the "Standard Time", and so do we.
  const direct = byName.get(shown.replace(" standard time", ""));
  return direct ?? byPlace.get(letters(shown)) ?? byPlace.get(letters(shown.split(/[,;/]/, 1)[0] ?? ""));
}

function letters(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[^a-z]/g, "");
}

const { byName, byPlace } = readNames();

function readNames() {
  const byName = new Map<string, string>();
  const byPlace = new Map<string, string>();
  for (const row of windowsZones.trim().split("\n")) {
    const [zone = "", name = "", ...places] = row.split(",");
    byName.set(name, zone);
    for (const place of places) byPlace.set(place === "=" ? letters(zone.slice(zone.lastIndexOf("/"))) : place, zone);
  }
  return { byName, byPlace };
}
