import { receive, type SchedulingState, schedule, settleState, unknownState } from "@parley/engine";
import { expect, test } from "vitest";
import { ann, ben, contextOf, evidenceOf, message } from "./world.ts";

test("a REPLY to the whole looks at no property of the event and copies no register, however many are invited", () => {
  const guests = Array.from({ length: 500 }, (_, i) => `;RSVP=TRUE:mailto:guest${i}@outside.test`);
  const invitation = message({ method: "REQUEST", attendees: [...guests, `;RSVP=TRUE:mailto:${ben}`] });
  const made = schedule(unknownState, invitation.object, contextOf(ann));
  if (made.kind !== "applied") throw new Error(made.kind);
  const { state, looks } = watched(settleState(made.state));

  const reply = message({ method: "REPLY", attendees: [`;PARTSTAT=ACCEPTED:mailto:${ben}`] });
  const outcome = receive(state, reply, evidenceOf(ben), contextOf(ann));

  expect(outcome.kind).toBe("applied");
  if (outcome.kind !== "applied") return;
  expect(looks()).toBe(0);
  expect(outcome.state.participations.written.size).toBe(1);
  expect(outcome.state.sent.stored).toBe(state.sent.stored);
  expect(outcome.state.participations.stored).toBe(state.participations.stored);
});

/** The same state, which counts how often somebody reads one of the event's properties. */
function watched(state: SchedulingState): { readonly state: SchedulingState; readonly looks: () => number } {
  const master = state.object?.master;
  if (!state.object || !master) throw new Error("the event has no master");
  let count = 0;
  const properties = new Proxy(master.component.properties, {
    get: (target, key, receiver) => {
      if (typeof key === "string" && /^\d+$/.test(key)) count++;
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
  const component = { ...master.component, properties };
  return {
    state: { ...state, object: { ...state.object, master: { ...master, component } } },
    looks: () => count,
  };
}
