import { proposalPlace } from "../model/proposal.ts";
import type { InstanceKey } from "../model/recurrence-id.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import { readTimeSpan, type TimeSpan } from "../model/time-span.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import type { Context } from "./context.ts";
import { describeChanges } from "./describe/changes.ts";
import type { Viewer } from "./describe/values.ts";
import type { Change } from "./outcome.ts";
import { openProposals, type StandingProposal } from "./proposals.ts";

/** The proposals for the whole object, or for one Instance, side by side with what there is. */
export interface ProposalComparison {
  readonly key: InstanceKey;
  /** When it takes place now; absent where it no longer does, or has no time. */
  readonly span?: TimeSpan;
  readonly proposals: readonly (StandingProposal & { readonly sentence: string })[];
}

/** Puts the proposals that wait side by side, those for one Instance together, each with a sentence for a person. */
export function compareProposals(
  state: SchedulingState,
  context: Context,
  viewer: Viewer,
): readonly ProposalComparison[] {
  const { object } = state;
  if (!object) return [];
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const byKey = new Map<InstanceKey, StandingProposal[]>();
  for (const proposal of openProposals(state, context)) {
    const known = byKey.get(proposal.key);
    if (known) known.push(proposal);
    else byKey.set(proposal.key, [proposal]);
  }
  return [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, proposals]) => {
      const present = proposalPlace(object, key, zones, context.limits);
      const span = present && readTimeSpan(present.component);
      const told = proposals.map((proposal) => ({ ...proposal, sentence: sentenceOf(proposal, viewer) }));
      return { key, ...(span && { span }), proposals: told };
    });
}

function sentenceOf(proposal: StandingProposal, viewer: Viewer): string {
  return describeChanges([changeOf(proposal)], viewer)[0] ?? "";
}

function changeOf({ key, attendee, status, updates, comment }: StandingProposal): Change {
  return { kind: "proposal", key, attendee, status, updates, ...(comment && { comment }) };
}
