import type { LedgerEntry, Problem } from "@parley/server/contract";
import { useCallback, useState } from "react";
import { listLedger } from "../data/api.ts";
import { useLive } from "../data/live.ts";
import { awaitsDelivery } from "../data/refresh.ts";
import { LedgerItem } from "../parts/ledger-entry.tsx";
import { PageHeading } from "../parts/page-heading.tsx";
import { Empty, Loaded, ProblemNote } from "../parts/states.tsx";
import { words } from "../words.ts";

const pageSize = 25;

interface Older {
  readonly entries: readonly LedgerEntry[];
  /** Whether the last page came full, so that there may be more. */
  readonly more: boolean;
}

/** Shows every message, newest first. The newest page is kept fresh; older ones are added on demand. */
export function LedgerPage() {
  const newest = useLive(
    useCallback(() => listLedger({ limit: pageSize }), []),
    awaitsDelivery,
  );
  const [older, setOlder] = useState<Older | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const entries = joined(newest.value?.entries ?? [], older?.entries ?? []);
  const more = older ? older.more : (newest.value?.entries.length ?? 0) >= pageSize;

  const loadOlder = async () => {
    const last = entries.at(-1);
    if (!last || busy) return;
    setBusy(true);
    setProblem(null);
    const reply = await listLedger({ before: last.id, limit: pageSize });
    setBusy(false);
    if (reply.kind === "problem") return setProblem(reply.problem);
    // All that is shown now is kept, so that nothing falls between the pages when new messages push the newest page on.
    setOlder({ entries: [...entries, ...reply.value.entries], more: reply.value.entries.length >= pageSize });
  };

  return (
    <>
      <PageHeading title={words.ledger.title} />
      <p className="muted lead">{words.ledger.lead}</p>
      <section className="panel" aria-label={words.ledger.title}>
        <Loaded live={newest}>
          {() =>
            entries.length === 0 ? (
              <Empty title={words.ledger.empty}>{words.ledger.emptyHint}</Empty>
            ) : (
              <ol className="entries">
                {entries.map((entry) => (
                  <LedgerItem key={entry.id} entry={entry} withEvent />
                ))}
              </ol>
            )
          }
        </Loaded>
        <ProblemNote problem={problem} />
        {more && (
          <button type="button" className="button" aria-disabled={busy} onClick={() => void loadOlder()}>
            {words.ledger.older}
          </button>
        )}
      </section>
    </>
  );
}

/** The newest page first, then what it does not hold. */
function joined(newest: readonly LedgerEntry[], older: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const fresh = new Set(newest.map(({ id }) => id));
  return [...newest, ...older.filter(({ id }) => !fresh.has(id))];
}
