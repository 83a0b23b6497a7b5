import type { AnswerInput, EventView, LedgerList } from "@parley/server/contract";
import { useCallback } from "react";
import { useAction } from "../data/act.ts";
import { answerEvent, getEvent, listLedger } from "../data/api.ts";
import { type Live, useLive } from "../data/live.ts";
import { awaitsDelivery, awaitsMail } from "../data/refresh.ts";
import { useSession } from "../data/session.ts";
import { AnswerForm } from "../parts/answer-form.tsx";
import { AnswerBadge, StatusBadges } from "../parts/badge.tsx";
import { EventActions } from "../parts/event-actions.tsx";
import { GuestList } from "../parts/guest-list.tsx";
import { LedgerItem } from "../parts/ledger-entry.tsx";
import { whyNoAnswer } from "../parts/no-answer.ts";
import { PageHeading } from "../parts/page-heading.tsx";
import { RichText } from "../parts/rich-text.tsx";
import { Empty, Loaded, ProblemNote } from "../parts/states.tsx";
import { guestsOf } from "../people.ts";
import { hrefOf } from "../router.ts";
import { showWhen } from "../time/show.ts";
import { nameOf, titleOf, words } from "../words.ts";

const historyLimit = 100;

/** Shows everything about one event, and its history. */
export function EventPage({ id }: { readonly id: string }) {
  const event = useLive(
    useCallback(() => getEvent(id), [id]),
    awaitsMail,
  );
  return (
    <>
      <p className="crumb">
        <a href={hrefOf({ page: "home" })}>← {words.event.back}</a>
      </p>
      {event.status === 404 ? (
        <>
          <PageHeading title={words.event.notFound} />
          <p>{words.event.notFoundHint}</p>
        </>
      ) : (
        <Loaded live={event}>{(view) => <EventWithHistory event={view} reload={event.reload} />}</Loaded>
      )}
    </>
  );
}

function EventWithHistory({ event, reload }: { readonly event: EventView; readonly reload: () => Promise<void> }) {
  const { uid } = event;
  const history = useLive(
    useCallback(() => listLedger({ uid, limit: historyLimit }), [uid]),
    awaitsDelivery,
  );
  const reloadAll = async () => {
    await Promise.all([reload(), history.reload()]);
  };
  const title = titleOf(event);
  const noAnswer = whyNoAnswer(event);
  return (
    <>
      <PageHeading title={title}>
        <StatusBadges event={event} />
      </PageHeading>
      <div className="event">
        <div className="event-main">
          <section className="panel" aria-label={title}>
            {event.status === "CANCELLED" && <p className="note note-bad">{words.event.cancelledNote}</p>}
            <Facts event={event} />
            {noAnswer !== null && <p className="muted">{noAnswer}</p>}
            <EventActions event={event} onDone={reloadAll} />
          </section>
          {event.role === "attendee" && event.answer && event.status !== "CANCELLED" && (
            <OwnAnswer event={event} onDone={reloadAll} />
          )}
          {guestsOf(event).length > 0 && <GuestList event={event} />}
        </div>
        <History history={history} />
      </div>
    </>
  );
}

function Facts({ event }: { readonly event: EventView }) {
  const { zone } = useSession();
  const when = showWhen(event, zone, Date.now());
  return (
    <dl className="facts-list">
      <dt>{words.event.when}</dt>
      <dd>
        <strong>{when.mine}</strong>
        {when.theirs && <span className="muted"> · {when.theirs}</span>}
      </dd>
      {event.location.trim() !== "" && (
        <>
          <dt>{words.event.where}</dt>
          <dd>
            <RichText text={event.location} />
          </dd>
        </>
      )}
      {event.organizer && (
        <>
          <dt>{words.event.who}</dt>
          <dd>
            {nameOf(event.organizer)}{" "}
            {event.role === "organizer" ? (
              <span className="muted">({words.event.you})</span>
            ) : (
              event.organizer.name !== null && <span className="muted">{event.organizer.address}</span>
            )}
          </dd>
        </>
      )}
      {event.description.trim() !== "" && (
        <>
          <dt>{words.event.notes}</dt>
          <dd>
            <RichText text={event.description} />
          </dd>
        </>
      )}
    </dl>
  );
}

function OwnAnswer({ event, onDone }: { readonly event: EventView; readonly onDone: () => Promise<void> }) {
  const action = useAction();
  const title = titleOf(event);
  const before = event.attendees.find(({ me }) => me)?.outdatedAnswer ?? null;
  const answer = (input: AnswerInput) => {
    const work = () => answerEvent(event.id, event.etag, input);
    void action.run(work, words.answer.done[input.partstat](title), onDone);
  };
  return (
    <section className="panel" aria-labelledby="answer">
      <div className="section-heading">
        <h2 id="answer">{words.answer.legend}</h2>
        {event.answer && <AnswerBadge partstat={event.answer.partstat} />}
      </div>
      {before && <p>{words.card.answeredBefore(words.partstat[before])}</p>}
      <AnswerForm
        about={title}
        busy={action.busy}
        current={event.answer?.partstat ?? null}
        comment={event.answer?.comment ?? ""}
        onAnswer={answer}
      />
      <ProblemNote problem={action.problem} />
    </section>
  );
}

function History({ history }: { readonly history: Live<LedgerList> }) {
  return (
    <section className="event-history panel" aria-labelledby="history">
      <h2 id="history">{words.event.history}</h2>
      <Loaded live={history}>
        {({ entries }) =>
          entries.length === 0 ? (
            <Empty title={words.event.noHistory} />
          ) : (
            <ol className="entries">
              {entries.map((entry) => (
                <LedgerItem key={entry.id} entry={entry} withEvent={false} />
              ))}
            </ol>
          )
        }
      </Loaded>
    </section>
  );
}
