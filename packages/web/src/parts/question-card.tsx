import type { EventView, QuestionDecision, QuestionView } from "@parley/server/contract";
import { useAction } from "../data/act.ts";
import { decideQuestion } from "../data/api.ts";
import { titleOf, words } from "../words.ts";
import { AnswerForm } from "./answer-form.tsx";
import { Badge } from "./badge.tsx";
import { EventFacts } from "./event-facts.tsx";
import { Icon } from "./icon.tsx";
import { whyNotAnswerable } from "./no-answer.ts";
import { ProblemNote } from "./states.tsx";

/** Shows a message the person must decide about, with what speaks for and against its sender. */
export function QuestionCard({
  question,
  others,
  onDone,
}: {
  readonly question: QuestionView;
  readonly others: readonly EventView[];
  readonly onDone: () => Promise<void>;
}) {
  const action = useAction();
  const { event, suspicious } = question;
  const title = event ? titleOf(event) : methodInWords(question.method);
  const noAnswer = whyNotAnswerable(question);
  const decide = (decision: QuestionDecision, done: string) => {
    void action.run(() => decideQuestion(question.id, decision), done, onDone);
  };
  return (
    <article
      className={suspicious ? "card card-warning" : "card card-caution"}
      aria-labelledby={`question-${question.id}`}
    >
      <header className="card-header">
        <p className="card-kind">
          <Badge tone={suspicious ? "bad" : "unsure"}>{suspicious ? words.card.suspicious : words.card.question}</Badge>
          <span className="muted">{words.card.from(question.from)}</span>
        </p>
        <h3 id={`question-${question.id}`}>{title}</h3>
      </header>
      <Warning question={question} />
      {event && <EventFacts event={event} others={others} trusted={!suspicious} />}
      {noAnswer !== null && <p className="card-note">{noAnswer}</p>}
      {question.answerable ? (
        <AnswerForm
          about={title}
          busy={action.busy}
          cautious
          onAnswer={(answer) => decide({ decision: "apply", answer }, words.answer.done[answer.partstat](title))}
        />
      ) : (
        <div className="actions">
          <button
            type="button"
            className="button"
            aria-disabled={action.busy}
            onClick={() => decide({ decision: "apply" }, words.card.applied)}
          >
            {question.kind === "uninvited-reply" ? words.card.addGuest : words.card.apply}
          </button>
        </div>
      )}
      <div className="actions actions-second">
        <button
          type="button"
          className="button button-quiet"
          aria-disabled={action.busy}
          onClick={() => decide({ decision: "dismiss" }, words.card.dismissed)}
        >
          {words.card.dismiss}
        </button>
        <span className="muted">{words.card.dismissHint}</span>
      </div>
      <ProblemNote problem={action.problem} />
    </article>
  );
}

function Warning({ question: { text, evidence, warnings } }: { readonly question: QuestionView }) {
  return (
    <div className="warning">
      <Icon name="warning" />
      <div>
        <p>{text}</p>
        {warnings.map((warning) => (
          <p key={warning}>{warning}</p>
        ))}
        {evidence !== "" && <p className="muted">{evidence}</p>}
      </div>
    </div>
  );
}

function methodInWords(method: string): string {
  return words.ledger.methods[method] ?? words.ledger.mail;
}
