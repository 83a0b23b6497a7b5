import type { LedgerEntry } from "@parley/server/contract";
import { sourceHref } from "../data/api.ts";
import { useSession } from "../data/session.ts";
import { hrefOf } from "../router.ts";
import { showInstant } from "../time/show.ts";
import { words } from "../words.ts";
import { Badge, type Tone } from "./badge.tsx";
import { Icon } from "./icon.tsx";

const shownRecipients = 3;
const verdictTones: Readonly<Record<LedgerEntry["verdict"], Tone>> = {
  applied: "good",
  sent: "accent",
  ignored: "plain",
  held: "unsure",
  undecided: "unsure",
  rejected: "bad",
  unreadable: "bad",
  undelivered: "bad",
};
const decisionTones: Readonly<Record<NonNullable<LedgerEntry["decision"]>, Tone>> = {
  open: "unsure",
  apply: "good",
  dismiss: "plain",
};

/** Shows one message: what it was, what became of it, and on demand why. `withEvent` links to its event. */
export function LedgerItem({ entry, withEvent }: { readonly entry: LedgerEntry; readonly withEvent: boolean }) {
  const { zone } = useSession();
  const method = entry.method === null ? words.ledger.mail : (words.ledger.methods[entry.method] ?? entry.method);
  const direction = words.ledger.direction[entry.direction];
  return (
    <li className="entry">
      <span className="entry-icon">
        <Icon name={entry.direction} />
      </span>
      <div className="entry-main">
        <p className="entry-head">
          <strong>{method}</strong>
          <VerdictBadge entry={entry} />
          <span className="muted entry-time">
            {direction} <time dateTime={entry.at}>{showInstant(entry.at, zone)}</time>
          </span>
        </p>
        <p className="entry-subject">
          {withEvent && entry.eventId !== null ? (
            <a href={hrefOf({ page: "event", id: entry.eventId })}>{entry.subject || words.ledger.noSubject}</a>
          ) : (
            entry.subject || words.ledger.noSubject
          )}
        </p>
        <p className="muted entry-party">{partyOf(entry)}</p>
        {entry.changes.length > 0 && (
          <ul className="changes">
            {entry.changes.map(({ text }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: what a recorded message says never moves.
              <li key={index}>{text}</li>
            ))}
          </ul>
        )}
        <p>{entry.reason}</p>
        <EntryDetails entry={entry} />
      </div>
    </li>
  );
}

/** Shows what became of the message; of one that asked, what the person decided. */
export function VerdictBadge({ entry: { verdict, decision } }: { readonly entry: LedgerEntry }) {
  if (decision === null) return <Badge tone={verdictTones[verdict]}>{words.ledger.verdict[verdict]}</Badge>;
  return <Badge tone={decisionTones[decision]}>{words.ledger.decision[decision]}</Badge>;
}

function EntryDetails({ entry }: { readonly entry: LedgerEntry }) {
  return (
    <details className="entry-details">
      <summary>{words.ledger.why}</summary>
      <dl>
        <dt>{words.ledger.rule}</dt>
        <dd>{entry.rule}</dd>
        {entry.evidence !== "" && (
          <>
            <dt>{words.ledger.evidence}</dt>
            <dd>{entry.evidence}</dd>
          </>
        )}
        {entry.warnings.length > 0 && (
          <>
            <dt>{words.ledger.warnings}</dt>
            {entry.warnings.map((warning) => (
              <dd key={warning}>{warning}</dd>
            ))}
          </>
        )}
        {entry.violations.length > 0 && (
          <>
            <dt>{words.ledger.violations}</dt>
            {entry.violations.map(({ rule, detail }) => (
              <dd key={`${rule} ${detail}`}>
                {detail} <span className="muted">({rule})</span>
              </dd>
            ))}
          </>
        )}
      </dl>
      {entry.deliveries.length > 0 && <Deliveries entry={entry} />}
      <p className="muted entry-technical">{technicalLine(entry)}</p>
      {entry.hasSource && (
        <a href={sourceHref(entry.id)} target="_blank" rel="noopener noreferrer">
          {entry.direction === "in" ? words.ledger.source : words.ledger.sourceOut}
        </a>
      )}
    </details>
  );
}

function Deliveries({ entry }: { readonly entry: LedgerEntry }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: on a narrow screen it scrolls, which must work by keyboard
    <section className="table-frame" aria-label={words.ledger.deliveries} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.ledger.recipient}</th>
            <th scope="col">{words.ledger.state}</th>
            <th scope="col">{words.ledger.attempts}</th>
            <th scope="col">{words.ledger.detail}</th>
          </tr>
        </thead>
        <tbody>
          {entry.deliveries.map((delivery) => (
            <tr key={delivery.recipient}>
              <td>{delivery.recipient}</td>
              <td>{stateInWords(delivery.state)}</td>
              <td>{delivery.attempts}</td>
              <td>{delivery.detail}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function partyOf(entry: LedgerEntry): string {
  if (entry.direction === "in") return words.ledger.from(entry.from);
  return words.ledger.to(entry.to.slice(0, shownRecipients), entry.to.length - shownRecipients);
}

function technicalLine(entry: LedgerEntry): string {
  const revision = entry.sequence === null ? "" : words.ledger.revision(entry.sequence);
  return [entry.method ?? "", revision, entry.uid ?? ""].filter((part) => part !== "").join(" · ");
}

function stateInWords(state: string): string {
  const known: Readonly<Record<string, string>> = words.delivery;
  return known[state] ?? state;
}
