import type { LedgerEntry } from "@parley/server/contract";
import { useSession } from "../data/session.ts";
import { hrefOf } from "../router.ts";
import { showAgo } from "../time/show.ts";
import { words } from "../words.ts";
import { Empty } from "./states.tsx";

const shownEntries = 6;
const shownChanges = 4;
const dayMs = 86_400_000;
const freshDays = 14;
const updatedDays = 3;

/** Finds the events whose organizer changed them in the last three days after first announcing them. */
export function updatedUids(entries: readonly LedgerEntry[], now: number): ReadonlySet<string> {
  const uids = entries
    .filter((entry) => isNews(entry) && entry.method !== "REPLY" && (entry.sequence ?? 0) > 0)
    .filter((entry) => now - Date.parse(entry.at) < updatedDays * dayMs)
    .flatMap((entry) => (entry.uid === null ? [] : [entry.uid]));
  return new Set(uids);
}

/** Shows what came in lately and changed something: answers, changes, cancellations. */
export function News({ entries }: { readonly entries: readonly LedgerEntry[] }) {
  const { zone } = useSession();
  const now = Date.now();
  const news = entries.filter((entry) => isNews(entry) && now - Date.parse(entry.at) < freshDays * dayMs);
  if (news.length === 0) return <Empty title={words.home.noNews}>{words.home.noNewsHint}</Empty>;
  return (
    <ul className="news">
      {news.slice(0, shownEntries).map((entry) => (
        <li key={entry.id}>
          <p className="news-head">
            <NewsTitle entry={entry} />
            <time className="muted" dateTime={entry.at}>
              {showAgo(entry.at, zone, now)}
            </time>
          </p>
          {entry.changes.slice(0, shownChanges).map(({ text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what a recorded message says never moves.
            <p key={index}>{text}</p>
          ))}
        </li>
      ))}
    </ul>
  );
}

function NewsTitle({ entry }: { readonly entry: LedgerEntry }) {
  const subject = entry.subject || words.ledger.noSubject;
  if (entry.eventId === null) return <span className="news-title">{subject}</span>;
  return (
    <a className="news-title" href={hrefOf({ page: "event", id: entry.eventId })}>
      {subject}
    </a>
  );
}

function isNews(entry: LedgerEntry): boolean {
  return entry.direction === "in" && entry.verdict === "applied" && entry.changes.length > 0;
}
