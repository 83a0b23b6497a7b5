import type { Content } from "../dav/tree.ts";
import type { Node, ObjectNode } from "./node.ts";

/** Gives what a GET of a loaded resource gives. Of a collection it is a page that says what it is: some programs look whether there is one. */
export function contentOf(node: Node): Content | undefined {
  if (node.kind === "object") {
    if (node.text === undefined) return undefined;
    const { scheduleTag } = node.member;
    return {
      body: node.text,
      type: typeOf(node),
      headers: {
        ...(scheduleTag !== undefined && { "Schedule-Tag": `"${scheduleTag}"` }),
        "Last-Modified": new Date(node.member.modified * 1_000).toUTCString(),
      },
    };
  }
  if (node.kind === "inbox-item") {
    if (node.text === undefined) return undefined;
    const { method, component } = node.item;
    return { body: node.text, type: `text/calendar; charset=utf-8; method=${method}; component=${component}` };
  }
  return { body: "This is a place for calendar programs (CalDAV).\n", type: "text/plain; charset=utf-8" };
}

/** The type of an object, RFC 5545 §8.1. */
export function typeOf({ member }: Pick<ObjectNode, "member">): string {
  return `text/calendar; charset=utf-8; component=${member.component}`;
}
