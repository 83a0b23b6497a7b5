import { findAutomaticMark, type MailHeader } from "@parley/engine/imip";
import { expect, test } from "vitest";
import { leaf, mailOf } from "./mails.ts";

const header = (over: Partial<MailHeader>): MailHeader => mailOf(leaf("text/plain"), over);

test.each([
  [{}, undefined, undefined],
  [{}, "ann@example.test", undefined],
  [{}, "", "its envelope has no sender"],
  [{}, "<>", "its envelope has no sender"],
  [{ autoSubmitted: "no" }, undefined, undefined],
  [{ autoSubmitted: "auto-generated" }, undefined, "Auto-Submitted is auto-generated"],
  [{ autoSubmitted: "no", precedence: "junk" }, undefined, "Precedence is junk"],
  [{ precedence: "auto_reply" }, undefined, "Precedence is auto_reply"],
  [{ precedence: "list" }, undefined, undefined],
  [{ answerMarks: ["x-autorespond"] }, undefined, "it has the header x-autorespond"],
] as const)("%o, sent by %o", (over, sender, mark) => expect(findAutomaticMark(header(over), sender)).toBe(mark));
