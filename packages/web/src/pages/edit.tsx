import type { EventInput, EventView } from "@parley/server/contract";
import { useCallback, useState } from "react";
import { useAction } from "../data/act.ts";
import { changeEvent, createEvent, getEvent } from "../data/api.ts";
import { useLive } from "../data/live.ts";
import { useSession } from "../data/session.ts";
import { draftOf, newDraft } from "../form/draft.ts";
import { EventForm } from "../parts/event-form.tsx";
import { PageHeading } from "../parts/page-heading.tsx";
import { Loaded } from "../parts/states.tsx";
import { go, hrefOf } from "../router.ts";
import { titleOf, words } from "../words.ts";

/** Makes a new event. */
export function NewEventPage() {
  const { zone } = useSession();
  const [initial] = useState(() => newDraft(Date.now(), zone));
  const [keyOf] = useState(makeKeys);
  const action = useAction();
  const save = (input: EventInput) => {
    void action.run(
      () => createEvent(keyOf(input), input),
      words.form.created(input.summary),
      (event) => event && go({ page: "event", id: event.id }),
    );
  };
  return (
    <>
      <PageHeading title={words.form.newTitle} />
      <EventForm
        initial={initial}
        busy={action.busy}
        problem={action.problem}
        backHref={hrefOf({ page: "home" })}
        onSubmit={save}
      />
    </>
  );
}

/** Makes a key for each different event asked for: whoever presses again after a lost answer asks for the same one. */
function makeKeys(): (input: EventInput) => string {
  let last = { asked: "", key: "" };
  return (input) => {
    const asked = JSON.stringify(input);
    if (asked !== last.asked) {
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      last = { asked, key: Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") };
    }
    return last.key;
  };
}

/** Edits an event: the version that was there when the page opened, however often it is refreshed behind it. */
export function EditEventPage({ id }: { readonly id: string }) {
  const event = useLive(useCallback(() => getEvent(id), [id]));
  const [version, setVersion] = useState(0);
  const restart = async () => {
    await event.reload();
    setVersion((count) => count + 1);
  };
  return (
    <Loaded live={event}>
      {(view) => <EditForm key={`${id} ${version}`} newest={view} onRestart={() => void restart()} />}
    </Loaded>
  );
}

function EditForm({ newest, onRestart }: { readonly newest: EventView; readonly onRestart: () => void }) {
  const { zone } = useSession();
  const [original] = useState(newest);
  const action = useAction();
  const page = { page: "event", id: original.id } as const;
  const save = (input: EventInput) => {
    void action.run(
      () => changeEvent(original.id, original.etag, input),
      words.form.saved(input.summary),
      (event) => event && go(page),
    );
  };
  const title = words.form.editTitle(titleOf(original));
  if (original.role === "attendee" || original.shared) {
    return (
      <>
        <PageHeading title={title} />
        <p>{words.form.notYours}</p>
        <a href={hrefOf(page)}>{words.ledger.openEvent}</a>
      </>
    );
  }
  const stale = action.status === 412;
  return (
    <>
      <PageHeading title={title} />
      {stale && (
        <div className="note note-bad" role="alert">
          <p>{words.form.changedMeanwhile}</p>
          <button type="button" className="button" onClick={onRestart}>
            {words.form.startAgain}
          </button>
        </div>
      )}
      <EventForm
        initial={draftOf(original, zone)}
        original={original}
        busy={action.busy}
        problem={stale ? null : action.problem}
        backHref={hrefOf(page)}
        onSubmit={save}
      />
    </>
  );
}
