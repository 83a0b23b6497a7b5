import type { EventView, QuestionView } from "@parley/server/contract";
import { useCallback, useState } from "react";
import { listEvents, listLedger, listQuestions } from "../data/api.ts";
import { type Live, useLive } from "../data/live.ts";
import { useSession } from "../data/session.ts";
import { Agenda } from "../parts/agenda.tsx";
import { Icon } from "../parts/icon.tsx";
import { InvitationCard } from "../parts/invitation-card.tsx";
import { News, updatedUids } from "../parts/news.tsx";
import { PageHeading } from "../parts/page-heading.tsx";
import { QuestionCard } from "../parts/question-card.tsx";
import { Empty, Loading, LoadProblem } from "../parts/states.tsx";
import { hrefOf } from "../router.ts";
import { waitingOf } from "../time/agenda.ts";
import { showZone } from "../time/show.ts";
import { addDays, apiTime, dateOf, instantOf } from "../time/wall.ts";
import { words } from "../words.ts";

/** How far ahead events are asked for: invitations wait however far off they are. */
const askedDays = 366;
const shownDays = 14;
const moreDays = 60;
const newsLimit = 50;

/** Shows what waits for an answer, the coming days, and what is new. */
export function HomePage() {
  const { zone } = useSession();
  const [days, setDays] = useState(shownDays);
  const events = useLive(useCallback(() => eventsFromToday(zone), [zone]));
  const questions = useLive(listQuestions);
  const ledger = useLive(useCallback(() => listLedger({ limit: newsLimit }), []));
  const reload = async () => {
    await Promise.all([events.reload(), questions.reload(), ledger.reload()]);
  };
  const failed = [events, questions, ledger].find(({ problem }) => problem !== undefined);
  const updated = updatedUids(ledger.value?.entries ?? [], Date.now());
  return (
    <>
      <PageHeading title={words.home.title}>
        <span className="muted">{words.when.zone(showZone(zone))}</span>
        <a className="button button-accent" href={hrefOf({ page: "new" })}>
          <Icon name="plus" /> {words.app.newEvent}
        </a>
      </PageHeading>
      {failed && <LoadProblem live={{ ...failed, reload }} />}
      <div className="home">
        <Waiting events={events} questions={questions} onDone={reload} />
        <section className="home-agenda panel" aria-labelledby="agenda">
          <h2 id="agenda">{words.home.agenda}</h2>
          {events.value ? (
            <Agenda events={events.value.events} updated={updated} days={days} />
          ) : (
            <Pending live={events} />
          )}
          {events.value && days < askedDays && (
            <button
              type="button"
              className="button"
              onClick={() => setDays((shown) => Math.min(askedDays, shown + moreDays))}
            >
              {words.home.laterDays}
            </button>
          )}
        </section>
        <section className="home-news" aria-labelledby="news">
          <div className="section-heading">
            <h2 id="news">{words.home.news}</h2>
            <a href={hrefOf({ page: "ledger" })}>{words.home.allMessages}</a>
          </div>
          {ledger.value ? <News entries={ledger.value.entries} /> : <Pending live={ledger} />}
        </section>
      </div>
    </>
  );
}

function Waiting({
  events,
  questions,
  onDone,
}: {
  readonly events: Live<{ readonly events: readonly EventView[] }>;
  readonly questions: Live<{ readonly questions: readonly QuestionView[] }>;
  readonly onDone: () => Promise<void>;
}) {
  const { zone } = useSession();
  const all = events.value?.events ?? [];
  const waiting = waitingOf(all, zone, Date.now());
  // What is probably a fraud comes last.
  const asked = [...(questions.value?.questions ?? [])].sort((a, b) => Number(a.suspicious) - Number(b.suspicious));
  const count = waiting.length + asked.length;
  const loaded = events.value !== undefined && questions.value !== undefined;
  return (
    <section className="home-waiting" aria-labelledby="waiting">
      <div className="section-heading">
        <h2 id="waiting" tabIndex={-1}>
          {words.home.waiting}
        </h2>
        {count > 0 && <span className="count">{words.home.waitingCount(count)}</span>}
      </div>
      {!loaded && <Pending live={events.value ? questions : events} />}
      {waiting.map((event) => (
        <InvitationCard key={`${event.id} ${event.start}`} event={event} others={all} onDone={onDone} />
      ))}
      {asked.map((question) => (
        <QuestionCard key={question.id} question={question} others={all} onDone={onDone} />
      ))}
      {loaded && count === 0 && <Empty title={words.home.nothingWaiting}>{words.home.nothingWaitingHint}</Empty>}
    </section>
  );
}

/** What failed is said once, above; here only that something is on its way. */
function Pending({ live }: { readonly live: Pick<Live<unknown>, "problem"> }) {
  return live.problem ? null : <Loading />;
}

function eventsFromToday(zone: string) {
  const today = dateOf(Date.now(), zone);
  const from = instantOf(`${today}T00:00`, zone)?.instant ?? Date.now();
  const to = instantOf(`${addDays(today, askedDays)}T00:00`, zone)?.instant ?? from;
  return listEvents(apiTime(from), apiTime(to));
}
