import { useSyncExternalStore } from "react";

/** The pages there are. They live behind `#`, so that the server need not know them. */
export type Route =
  | { readonly page: "home" | "new" | "ledger" | "programs" | "unknown" }
  | { readonly page: "event" | "edit"; readonly id: string };

/** Reads the part of the address behind `#`. */
export function routeOf(hash: string): Route {
  const [first = "", id = "", last = "", ...more] = hash.replace(/^#?\/?/, "").split("/");
  if (more.length > 0) return { page: "unknown" };
  if (first === "") return { page: "home" };
  if (first === "messages" && id === "") return { page: "ledger" };
  if (first === "programs" && id === "") return { page: "programs" };
  if (first === "new" && id === "") return { page: "new" };
  if (first !== "events" || id === "") return { page: "unknown" };
  const decoded = decode(id);
  if (decoded === null || (last !== "" && last !== "edit")) return { page: "unknown" };
  return { page: last === "edit" ? "edit" : "event", id: decoded };
}

/** Writes a page's address, so that `routeOf` gives it back. */
export function hrefOf(route: Route): string {
  switch (route.page) {
    case "home":
    case "unknown":
      return "#/";
    case "ledger":
      return "#/messages";
    case "programs":
      return "#/programs";
    case "new":
      return "#/new";
    case "event":
      return `#/events/${encodeURIComponent(route.id)}`;
    case "edit":
      return `#/events/${encodeURIComponent(route.id)}/edit`;
  }
}

/** Goes to a page. */
export function go(route: Route): void {
  window.location.hash = hrefOf(route);
}

/** Gives the address behind `#` and follows it. */
export function useHash(): string {
  return useSyncExternalStore(follow, () => window.location.hash);
}

function follow(onChange: () => void): () => void {
  window.addEventListener("hashchange", onChange);
  return () => window.removeEventListener("hashchange", onChange);
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    // A half escape such as `%E0`, typed by hand: there is no such page.
    return null;
  }
}
