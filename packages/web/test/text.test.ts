import fc from "fast-check";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { findLinks } from "../src/parts/links.ts";
import { RichText } from "../src/parts/rich-text.tsx";
import { hrefOf, type Route, routeOf } from "../src/router.ts";

test.each([
  ["See https://example.org/a?b=1.", ["https://example.org/a?b=1"]],
  ["(http://example.org/x_(y)) and HTTPS://EXAMPLE.ORG", ["http://example.org/x_(y)", "HTTPS://EXAMPLE.ORG"]],
  ["https://example.org/)", ["https://example.org/"]],
  ["javascript:alert(1) data:text/html,x ftp://x mailto:a@b //x", []],
  ["https:// http://", []],
])("links of %j", (text, links) => {
  expect(findLinks(text).flatMap((piece) => (piece.kind === "link" ? [piece.text] : []))).toEqual(links);
});

test("the pieces of a text joined are the text, and links go only to the web", () => {
  const piece = fc.constantFrom("https://", "http://x.example/", "javascript:", "(", ")", ".", "a", " ", "<b>", "://");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (parts) => {
      const found = findLinks(parts.join(""));
      expect(found.map(({ text }) => text).join("")).toBe(parts.join(""));
      for (const link of found) if (link.kind === "link") expect(link.href).toMatch(/^https?:\/\//);
    }),
  );
});

test("what somebody wrote is shown as text", () => {
  const html = renderToStaticMarkup(
    createElement(RichText, { text: '<img src=x onerror="x"> https://x.example/"onclick' }),
  );
  expect(html).not.toContain("<img");
  expect(html).toContain(
    '<a href="https://x.example/" target="_blank" rel="noopener noreferrer">https://x.example/</a>',
  );
});

test("every page's address leads to it", () => {
  const id = fc.string({ minLength: 1, unit: "grapheme" });
  const route: fc.Arbitrary<Route> = fc.oneof(
    fc.constantFrom<Route>({ page: "home" }, { page: "new" }, { page: "ledger" }, { page: "programs" }),
    id.map((value): Route => ({ page: "event", id: value })),
    id.map((value): Route => ({ page: "edit", id: value })),
  );
  fc.assert(
    fc.property(route, (value) => {
      expect(routeOf(hrefOf(value))).toEqual(value);
    }),
  );
});

test.each([
  "#/nowhere",
  "#/events",
  "#/events/%E0",
  "#/events/1/delete",
  "#/events/1/edit/x",
  "#/new/1",
  "#/programs/1",
])("%s is no page", (hash) => expect(routeOf(hash)).toEqual({ page: "unknown" }));
