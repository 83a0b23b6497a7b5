import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { VerdictBadge } from "../src/parts/ledger-entry.tsx";
import { makeEntry } from "./make-event.ts";

test.each([
  [{ verdict: "undecided", decision: "open" }, "Asks you"],
  [{ verdict: "undecided", decision: "apply" }, "You applied it"],
  [{ verdict: "undecided", decision: "dismiss" }, "You ignored it"],
  [{ verdict: "applied", decision: null }, "Applied"],
  [{ verdict: "sent", decision: null }, "Sent"],
] as const)("%j reads “%s”", (given, text) => {
  expect(renderToStaticMarkup(createElement(VerdictBadge, { entry: makeEntry(given) }))).toContain(`>${text}<`);
});
