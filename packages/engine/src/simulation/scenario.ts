import { parseStep } from "./parse-step.ts";
import type { Step } from "./step.ts";

/** A script that can be played, or what is wrong with it. */
export type ScenarioResult =
  | { readonly title: string; readonly steps: readonly Step[] }
  | { readonly errors: readonly string[] };

const maxLines = 5_000;

/**
 * Reads a scenario script. One step a line; `#` begins a comment, the first of which is the title. A step is about the last thing
 * its person put or received, and with `at KEY` about one Instance, with `from KEY` about it and all after; a KEY is the original
 * start, `20270310T180000Z`:
 *
 *     at        2027-03-01T09:00:00Z       at +1h
 *     put       ann@example.test meeting.ics
 *     edit      ann@example.test at 20270310T180000Z LOCATION Room 5
 *     invite    ann@example.test eve@example.test [at KEY]         uninvite, alike
 *     answer    ben@example.test ACCEPTED [40%] [at KEY | from KEY] "with pleasure"
 *     cancel    ann@example.test [at KEY... | from KEY] "I am ill"
 *     delegate  ben@example.test eve@example.test [at KEY] [informed] "please go"
 *     counter   ben@example.test [at KEY] DTSTART=20270311T090000Z DTEND=20270311T100000Z
 *     accept    ann@example.test ben@example.test [at KEY]         decline, alike, with a comment
 *     admit     ann@example.test eve@example.test [at KEY]         refuse, alike
 *     add       ann@example.test 20270312T180000Z
 *     publish   ann@example.test eve@example.test                  hand-over, alike
 *     refresh   ben@example.test [at KEY]
 *     ask-again ann@example.test [ben@example.test...]             resend ann@example.test [ben@example.test]
 *     forward   ben@example.test eve@example.test                  the last message, as it came
 *     receive   ann@example.test reply.ics from eve@example.test   decide ann@example.test apply
 *     ask-busy  ann@example.test 20270310T000000Z/20270311T000000Z ben@example.test
 *     tell-busy ben@example.test                                   publish-busy ann@example.test FROM/TO eve@example.test
 *     expect    ann@example.test sends REQUEST sequence 0 to ben@example.test
 *     expect    ann@example.test sees ben@example.test ACCEPTED [40%] [at KEY]
 *     expect    ben@example.test has STATUS CANCELLED [at KEY]     has no event [at KEY]
 *     expect    ann@example.test knows ben@example.test 20270310T090000Z/20270310T100000Z BUSY
 *     deliver [twice] [reversed]         lose
 *     same      ann@example.test ben@example.test
 */
export function parseScenario(text: string): ScenarioResult {
  const steps: Step[] = [];
  const errors: string[] = [];
  let title = "";
  const lines = text.split(/\r?\n/).slice(0, maxLines);
  lines.forEach((raw, index) => {
    const line = index + 1;
    const trimmed = raw.trim();
    if (trimmed.startsWith("#")) title ||= trimmed.replace(/^#+\s*/, "");
    if (trimmed === "" || trimmed.startsWith("#")) return;
    const step = parseStep(trimmed, line);
    if (typeof step === "string") errors.push(`line ${line}: ${step}`);
    else steps.push(step);
  });
  if (steps.length === 0 && errors.length === 0) errors.push("line 1: nothing happens");
  return errors.length > 0 ? { errors } : { title, steps };
}
