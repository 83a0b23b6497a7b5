import type { Problem } from "@parley/server/contract";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Reply } from "./api.ts";
import { changedEvent, isTold } from "./notices.ts";
import { refreshMs, soonAgainMs, toldRefreshMs } from "./refresh.ts";

/** Data that is kept fresh. After a failed refresh the old value stays, with the problem beside it. */
export interface Live<Value> {
  readonly value?: Value;
  readonly problem?: Problem;
  /** HTTP status of the problem. */
  readonly status?: number;
  /** Loads again now; resolves when done. */
  readonly reload: () => Promise<void>;
}

interface Seen<Value> {
  readonly load: () => Promise<Reply<Value>>;
  readonly value?: Value;
  readonly problem?: Problem;
  readonly status?: number;
}

/**
 * Loads, and loads again when the server tells of a change, when the window gets the focus, and now and then while it is visible.
 * Another `load` (keep it with `useCallback`) starts anew with nothing. What is `unsettled` will change in a moment: it is loaded again
 * after 1, 2 and 4 s.
 */
export function useLive<Value>(
  load: () => Promise<Reply<Value>>,
  unsettled: (value: Value) => boolean = () => false,
): Live<Value> {
  const [seen, setSeen] = useState<Seen<Value>>({ load });
  const turn = useRef(0);
  const running = useRef(0);
  const looks = useRef(0);
  const stale = useRef(false);

  const loadAgain = useCallback(async () => {
    turn.current += 1;
    const mine = turn.current;
    running.current += 1;
    do {
      stale.current = false;
      const reply = await load();
      // A load that began later has the say.
      if (mine === turn.current) setSeen((old) => next(old, load, reply));
    } while (stale.current && mine === turn.current);
    running.current -= 1;
  }, [load]);

  // Whoever asks has changed something: waiting begins anew.
  const reload = useCallback(() => {
    looks.current = 0;
    return loadAgain();
  }, [loadAgain]);

  const refresh = useCallback(() => {
    if (document.visibilityState === "visible" && running.current === 0) void loadAgain();
  }, [loadAgain]);

  // What is being loaded may have been read before the change: then it is loaded once more.
  const changed = useCallback(() => {
    if (running.current > 0) stale.current = true;
    else refresh();
  }, [refresh]);

  useEffect(() => {
    void reload();
    return () => {
      turn.current += 1;
    };
  }, [reload]);

  useNews(refresh, changed);

  const waits = seen.load === load && seen.value !== undefined && unsettled(seen.value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every answer, the same one too, sets the next look.
  useEffect(() => {
    if (!waits) looks.current = 0;
    const delay = waits ? soonAgainMs(looks.current) : undefined;
    if (delay === undefined) return;
    const timer = window.setTimeout(() => {
      looks.current += 1;
      refresh();
    }, delay);
    return () => window.clearTimeout(timer);
  }, [seen, waits, refresh]);

  if (seen.load !== load) return { reload };
  return { ...seen, reload };
}

/** Calls `refresh` now and then and when the window is looked at, and `changed` when the server tells of a change. */
function useNews(refresh: () => void, changed: () => void): void {
  useEffect(() => {
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      if (isTold() && now - last < toldRefreshMs) return;
      last = now;
      refresh();
    };
    const timer = window.setInterval(tick, refreshMs);
    window.addEventListener("focus", refresh);
    window.addEventListener(changedEvent, changed);
    document.addEventListener("visibilitychange", refresh);
    return () => {
      window.clearInterval(timer);
      window.removeEventListener("focus", refresh);
      window.removeEventListener(changedEvent, changed);
      document.removeEventListener("visibilitychange", refresh);
    };
  }, [refresh, changed]);
}

function next<Value>(old: Seen<Value>, load: Seen<Value>["load"], reply: Reply<Value>): Seen<Value> {
  if (reply.kind === "ok") return { load, value: reply.value };
  const { status, problem } = reply;
  // What is gone is not shown on as if it were there.
  const keep = old.load === load && old.value !== undefined && status !== 404;
  return keep ? { load, value: old.value as Value, problem, status } : { load, problem, status };
}
