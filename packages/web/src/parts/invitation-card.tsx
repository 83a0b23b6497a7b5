import type { AnswerInput, EventView } from "@parley/server/contract";
import { useAction } from "../data/act.ts";
import { answerEvent } from "../data/api.ts";
import { hrefOf } from "../router.ts";
import { nameOf, titleOf, words } from "../words.ts";
import { AnswerForm } from "./answer-form.tsx";
import { Badge, StatusBadges } from "./badge.tsx";
import { EventFacts } from "./event-facts.tsx";
import { ProblemNote } from "./states.tsx";

/** Shows an invitation that waits for its answer. `onDone` reloads, after an answer and when it proved out of date. */
export function InvitationCard({
  event,
  others,
  onDone,
}: {
  readonly event: EventView;
  readonly others: readonly EventView[];
  readonly onDone: () => Promise<void>;
}) {
  const action = useAction();
  const title = titleOf(event);
  const before = event.attendees.find(({ me }) => me)?.outdatedAnswer ?? null;
  const answer = (input: AnswerInput) => {
    const work = () => answerEvent(event.id, event.etag, input);
    void action.run(work, words.answer.done[input.partstat](title), onDone);
  };
  return (
    <article className="card" aria-labelledby={`invitation-${event.id}`}>
      <header className="card-header">
        <p className="card-kind">
          <Badge tone="accent">{before ? words.card.moved : words.card.newInvitation}</Badge>
          <StatusBadges event={event} />
          {event.organizer && <span className="muted">{words.card.from(nameOf(event.organizer))}</span>}
        </p>
        <h3 id={`invitation-${event.id}`}>
          <a href={hrefOf({ page: "event", id: event.id })}>{title}</a>
        </h3>
      </header>
      {before && <p className="card-note">{words.card.answeredBefore(words.partstat[before])}</p>}
      <EventFacts event={event} others={others} />
      <AnswerForm about={title} busy={action.busy} onAnswer={answer} />
      <ProblemNote problem={action.problem} />
    </article>
  );
}
