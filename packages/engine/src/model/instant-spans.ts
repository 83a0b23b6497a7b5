import type { InstantRange } from "../recurrence/recurrence-set.ts";

/** Joins spans that overlap or adjoin: the result is in order, and between two of its spans there is time. Empty ones go. */
export function joinSpans(spans: readonly InstantRange[]): readonly InstantRange[] {
  const sorted = spans.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from);
  const joined: InstantRange[] = [];
  for (const { from, to } of sorted) {
    const last = joined.at(-1);
    if (last && from <= last.to) joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else joined.push({ from, to });
  }
  return joined;
}

/** Takes spans out of others. Both must be as `joinSpans` leaves them, and so is the result. Takes linear time. */
export function subtractSpans(spans: readonly InstantRange[], taken: readonly InstantRange[]): readonly InstantRange[] {
  if (taken.length === 0) return spans;
  const left: InstantRange[] = [];
  let next = 0;
  for (const { from, to } of spans) {
    let at = from;
    for (let hole = taken[next]; hole && hole.from < to; hole = taken[next]) {
      if (hole.from > at) left.push({ from: at, to: hole.from });
      at = Math.max(at, hole.to);
      // One that goes on beyond this span may reach into the following.
      if (hole.to > to) break;
      next++;
    }
    if (at < to) left.push({ from: at, to });
  }
  return left;
}

/** Cuts a span to a range; what is left may be empty, its end before its start. */
export function clipSpan({ from, to }: InstantRange, range: InstantRange): InstantRange {
  return { from: Math.max(from, range.from), to: Math.min(to, range.to) };
}
