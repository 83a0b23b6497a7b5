/** Where in a dialogue something goes wrong. `body` is the middle of the content, `dot` the answer to its end, `again` the next mail of a connection that has carried one. */
export const steps = [
  "connect",
  "greeting",
  "EHLO",
  "STARTTLS",
  "handshake",
  "EHLO again",
  "AUTH",
  "MAIL",
  "RCPT",
  "DATA",
  "body",
  "dot",
  "again",
  "idle",
  "QUIT",
] as const;
export type Step = (typeof steps)[number];

/**
 * What goes wrong. `cut` answers half a line and drops; `stall` and `trickle` say nothing, or ever the same, and drop in the end, and
 * those `for ever` do not; `late` answers rightly but slowly,
 * `injected` is somebody on the way who adds an answer before the encryption begins. Those that end in `kept` come after a mail was taken: its
 * sender does not learn it.
 */
export const faults = [
  "4xx",
  "421",
  "5xx",
  "5xx of many lines",
  "drop",
  "cut",
  "stall",
  "stall for ever",
  "trickle",
  "trickle for ever",
  "garbage",
  "unfitting",
  "late",
  "injected",
  "drop, kept",
  "stall, kept",
  "garbage, kept",
  "421, kept",
] as const;
export type Fault = (typeof faults)[number];

/** What is to go wrong; `only` are the recipients whose RCPT it is about, all where absent. */
export interface Trouble {
  readonly step: Step;
  readonly fault: Fault;
  readonly only?: RegExp;
}

/** What is said instead of the right answer. */
export const replies: Readonly<Partial<Record<Fault, string>>> = {
  "4xx": "451 4.3.0 try again later\r\n",
  "5xx": "554 5.7.1 never\r\n",
  "5xx of many lines": "550-5.7.1 never\r\n550-5.7.1 in\r\n550 5.7.1 a lifetime\r\n",
  garbage: "\u0000\u00ff!!! \u001b[2J\r\n",
  unfitting: "399 what now\r\n",
};
