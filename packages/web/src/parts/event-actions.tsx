import type { EventView } from "@parley/server/contract";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { type Action, useAction } from "../data/act.ts";
import { cancelEvent, removeEvent } from "../data/api.ts";
import { guestsOf } from "../people.ts";
import { go, hrefOf } from "../router.ts";
import { titleOf, words } from "../words.ts";
import { CommentField } from "./field.tsx";
import { ProblemNote } from "./states.tsx";

/**
 * Offers what the viewer may do beside answering: the organizer edits and cancels; what is cancelled, or nobody else's, can be
 * removed. Cancelling and removing ask once more.
 */
export function EventActions({ event, onDone }: { readonly event: EventView; readonly onDone: () => Promise<void> }) {
  const [asking, setAsking] = useState<"cancel" | "remove" | null>(null);
  const cancelled = event.status === "CANCELLED";
  const mayEdit = event.role !== "attendee" && !cancelled;
  const mayCancel = event.role === "organizer" && !cancelled;
  const mayRemove = cancelled || event.role === "none";
  const close = () => setAsking(null);
  // What somebody shares is changed by calendar programs alone.
  if (event.shared || !(mayEdit || mayRemove)) return null;
  if (asking === "cancel" && mayCancel) return <CancelPanel event={event} onClose={close} onDone={onDone} />;
  if (asking === "remove" && mayRemove) return <RemovePanel event={event} onClose={close} onDone={onDone} />;
  return (
    <div className="actions">
      {mayEdit && (
        <a className="button" href={hrefOf({ page: "edit", id: event.id })}>
          {words.event.edit}
        </a>
      )}
      {mayCancel && (
        <button type="button" className="button" onClick={() => setAsking("cancel")}>
          {words.event.cancel}
        </button>
      )}
      {mayRemove && (
        <button type="button" className="button" onClick={() => setAsking("remove")}>
          {words.event.remove}
        </button>
      )}
    </div>
  );
}

interface PanelProps {
  readonly event: EventView;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

function CancelPanel({ event, onClose, onDone }: PanelProps) {
  const action = useAction();
  const [comment, setComment] = useState("");
  const guests = guestsOf(event).length;
  const cancel = () => {
    const text = comment.trim();
    const work = () => cancelEvent(event.id, event.etag, text === "" ? {} : { comment: text });
    void action.run(work, words.event.cancelDone(titleOf(event)), onDone);
  };
  return (
    <AskPanel
      title={words.event.cancelTitle}
      hint={words.event.cancelHint(guests)}
      confirm={words.event.cancelConfirm}
      action={action}
      onConfirm={cancel}
      onClose={onClose}
    >
      <CommentField label={words.event.cancelComment} value={comment} onChange={setComment} />
    </AskPanel>
  );
}

function RemovePanel({ event, onClose, onDone }: PanelProps) {
  const action = useAction();
  const remove = async () => {
    const work = () => removeEvent(event.id, event.etag);
    const removed = await action.run(work, words.event.removeDone(titleOf(event)));
    // Gone by another hand or changed: the page shows which.
    if (removed) go({ page: "home" });
    else await onDone();
  };
  return (
    <AskPanel
      title={words.event.removeTitle}
      hint={words.event.removeHint}
      confirm={words.event.removeConfirm}
      action={action}
      onConfirm={() => void remove()}
      onClose={onClose}
    />
  );
}

function AskPanel({
  title,
  hint,
  confirm,
  action,
  onConfirm,
  onClose,
  children,
}: {
  readonly title: string;
  readonly hint: string;
  readonly confirm: string;
  readonly action: Action;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="ask" aria-label={title}>
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <p>{hint}</p>
      {children}
      <div className="actions">
        <button type="button" className="button button-danger" aria-disabled={action.busy} onClick={onConfirm}>
          {confirm}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {words.event.keep}
        </button>
      </div>
      <ProblemNote problem={action.problem} />
    </section>
  );
}
