import type { Problem } from "@parley/server/contract";
import type { ReactNode } from "react";
import type { Live } from "../data/live.ts";
import { words } from "../words.ts";

/** Says that something is on its way. */
export function Loading() {
  return (
    <p className="loading" role="status">
      {words.app.loading}
    </p>
  );
}

/** Says that there is nothing, and what will be here. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children && <p>{children}</p>}
    </div>
  );
}

/** Says at once what went wrong with something the person did. */
export function ProblemNote({ problem }: { readonly problem: Problem | null }) {
  if (!problem) return null;
  return (
    <p className="note note-bad" role="alert">
      {problem.message}
    </p>
  );
}

/** Shows live data, or why there is none yet. After a failed refresh the old data stay, with a note above. */
export function Loaded<Value>({
  live,
  children,
}: {
  readonly live: Live<Value>;
  readonly children: (value: Value) => ReactNode;
}) {
  if (live.value === undefined && !live.problem) return <Loading />;
  return (
    <>
      <LoadProblem live={live} />
      {live.value !== undefined && children(live.value)}
    </>
  );
}

/** Says that loading failed, and offers to try again; nothing while all is well. */
export function LoadProblem({ live }: { readonly live: Pick<Live<unknown>, "value" | "problem" | "reload"> }) {
  if (!live.problem) return null;
  const { message } = live.problem;
  return (
    <div className="note note-bad load-problem" role="alert">
      <p>{live.value === undefined ? message : words.app.refreshFailed(message)}</p>
      <button type="button" className="button" onClick={() => void live.reload()}>
        {words.app.tryAgain}
      </button>
    </div>
  );
}
