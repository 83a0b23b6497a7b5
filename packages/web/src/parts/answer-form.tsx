import type { AnswerInput, AttendeeView } from "@parley/server/contract";
import { useState } from "react";
import { words } from "../words.ts";
import { CommentField } from "./field.tsx";
import { Icon } from "./icon.tsx";

type Answer = AnswerInput["partstat"];

const answers: readonly Answer[] = ["ACCEPTED", "TENTATIVE", "DECLINED"];

/**
 * Asks for an answer: one button each, and a comment for whoever wants. `current` is marked; `cautious` recommends none of them.
 * `about` names the event to screen readers, which hear many such buttons in a row.
 */
export function AnswerForm({
  about,
  busy,
  current = null,
  comment: commentBefore = "",
  cautious = false,
  onAnswer,
}: {
  readonly about: string;
  readonly busy: boolean;
  readonly current?: AttendeeView["partstat"] | null;
  readonly comment?: string;
  readonly cautious?: boolean;
  readonly onAnswer: (input: AnswerInput) => void;
}) {
  const [comment, setComment] = useState(commentBefore);
  const [open, setOpen] = useState(commentBefore !== "");
  const give = (partstat: Answer) => {
    const text = comment.trim();
    onAnswer(text === "" ? { partstat } : { partstat, comment: text });
  };
  const marked = current === null || current === "NEEDS-ACTION" ? (cautious ? null : "ACCEPTED") : current;
  return (
    <fieldset className="answer-form" aria-busy={busy}>
      <legend className="visually-hidden">{`${words.answer.legend}: ${about}`}</legend>
      {open && <CommentField label={words.answer.comment} value={comment} onChange={setComment} />}
      <div className="actions">
        {answers.map((answer) => (
          <button
            key={answer}
            type="button"
            className={answer === marked ? "button button-accent" : "button"}
            aria-pressed={answer === current}
            aria-disabled={busy}
            onClick={() => give(answer)}
          >
            {answer === current && <Icon name="check" />}
            {words.answer.buttons[answer]}
          </button>
        ))}
        {!open && (
          <button type="button" className="button button-quiet" onClick={() => setOpen(true)}>
            {words.answer.addComment}
          </button>
        )}
      </div>
    </fieldset>
  );
}
