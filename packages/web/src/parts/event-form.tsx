import type { EventInput, EventView, Problem } from "@parley/server/contract";
import { type FormEvent, useRef, useState } from "react";
import { useSession } from "../data/session.ts";
import { type Draft, type FieldErrors, readDraft, withAllDay, withFirstDay, withStart } from "../form/draft.ts";
import { showZone } from "../time/show.ts";
import { instantOf, wallTimeOf } from "../time/wall.ts";
import { words } from "../words.ts";
import { Field } from "./field.tsx";
import { ProblemNote } from "./states.tsx";

type SetDraft = (draft: Draft) => void;

interface FieldsProps {
  readonly draft: Draft;
  readonly errors: FieldErrors;
  readonly onChange: SetDraft;
}

/** Edits a draft and hands over what the API takes. `original` is the event being edited. */
export function EventForm({
  initial,
  original,
  busy,
  problem,
  backHref,
  onSubmit,
}: {
  readonly initial: Draft;
  readonly original?: EventView;
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly backHref: string;
  readonly onSubmit: (input: EventInput) => void;
}) {
  const { zone } = useSession();
  const [draft, setDraft] = useState(initial);
  const [errors, setErrors] = useState<FieldErrors>({});
  const form = useRef<HTMLFormElement>(null);
  const change: SetDraft = (changed) => {
    setDraft(changed);
    // What was found wrong is looked at again at once; new faults wait for the next attempt.
    if (Object.keys(errors).length > 0) setErrors(remaining(errors, changed, zone, original));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const reading = readDraft(draft, zone, original);
    if (reading.kind === "ok") return onSubmit(reading.input);
    setErrors(reading.errors);
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  const wrong = Object.keys(errors).length;
  const invites = draft.guests.trim() !== "" || draft.optionalGuests.trim() !== "";
  const save = invites ? words.form.createInvite : words.form.create;
  return (
    <form ref={form} className="panel event-form" noValidate onSubmit={submit}>
      <p role="status" className={wrong > 0 ? "note note-bad" : "visually-hidden"}>
        {wrong > 0 ? words.form.errorsFound(wrong) : ""}
      </p>
      <TitleField draft={draft} errors={errors} onChange={change} />
      <TimeFields draft={draft} errors={errors} onChange={change} />
      <TextFields draft={draft} errors={errors} onChange={change} />
      <ProblemNote problem={problem} />
      <div className="actions">
        <button type="submit" className="button button-accent" aria-disabled={busy}>
          {original ? words.form.save : save}
        </button>
        <a className="button button-quiet" href={backHref}>
          {words.form.discard}
        </a>
      </div>
    </form>
  );
}

function TitleField({ draft, errors, onChange }: FieldsProps) {
  return (
    <Field label={words.form.summary} error={errors.summary}>
      {(control) => (
        <input
          {...control}
          type="text"
          maxLength={1_000}
          required
          value={draft.summary}
          onChange={(e) => onChange({ ...draft, summary: e.target.value })}
        />
      )}
    </Field>
  );
}

function TimeFields({ draft, errors, onChange }: FieldsProps) {
  const Times = draft.allDay ? DayFields : HourFields;
  return (
    <>
      <label className="switch">
        <input type="checkbox" checked={draft.allDay} onChange={(e) => onChange(withAllDay(draft, e.target.checked))} />
        {words.form.allDay}
      </label>
      <Times draft={draft} errors={errors} onChange={onChange} />
    </>
  );
}

function HourFields({ draft, errors, onChange }: FieldsProps) {
  const { zone } = useSession();
  return (
    <div className="field-pair">
      <Field
        label={words.form.start}
        hint={hintOf(draft.start, zone) ?? words.when.zone(showZone(zone))}
        error={errors.start}
      >
        {(control) => (
          <input
            {...control}
            type="datetime-local"
            required
            value={draft.start}
            onChange={(e) => onChange(withStart(draft, e.target.value, zone))}
          />
        )}
      </Field>
      <Field label={words.form.end} hint={hintOf(draft.end, zone)} error={errors.end}>
        {(control) => (
          <input
            {...control}
            type="datetime-local"
            required
            value={draft.end}
            onChange={(e) => onChange({ ...draft, end: e.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function DayFields({ draft, errors, onChange }: FieldsProps) {
  return (
    <div className="field-pair">
      <Field label={words.form.firstDay} error={errors.firstDay}>
        {(control) => (
          <input
            {...control}
            type="date"
            required
            value={draft.firstDay}
            onChange={(e) => onChange(withFirstDay(draft, e.target.value))}
          />
        )}
      </Field>
      <Field label={words.form.lastDay} error={errors.lastDay}>
        {(control) => (
          <input
            {...control}
            type="date"
            required
            value={draft.lastDay}
            onChange={(e) => onChange({ ...draft, lastDay: e.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function TextFields({ draft, errors, onChange }: FieldsProps) {
  return (
    <>
      <Field label={words.form.location} optional error={errors.location}>
        {(control) => (
          <input
            {...control}
            type="text"
            maxLength={2_000}
            value={draft.location}
            onChange={(e) => onChange({ ...draft, location: e.target.value })}
          />
        )}
      </Field>
      <Field label={words.form.guests} hint={words.form.guestsHint} optional error={errors.guests}>
        {(control) => (
          <textarea
            {...control}
            rows={4}
            spellCheck={false}
            placeholder={words.form.guestsExample}
            value={draft.guests}
            onChange={(e) => onChange({ ...draft, guests: e.target.value })}
          />
        )}
      </Field>
      <Field label={words.form.optionalGuests} optional error={errors.optionalGuests}>
        {(control) => (
          <textarea
            {...control}
            rows={2}
            spellCheck={false}
            value={draft.optionalGuests}
            onChange={(e) => onChange({ ...draft, optionalGuests: e.target.value })}
          />
        )}
      </Field>
      <Field label={words.form.description} optional error={errors.description}>
        {(control) => (
          <textarea
            {...control}
            rows={5}
            maxLength={50_000}
            value={draft.description}
            onChange={(e) => onChange({ ...draft, description: e.target.value })}
          />
        )}
      </Field>
    </>
  );
}

/** Says what a time means that clocks skip or show twice. */
function hintOf(wall: string, zone: string): string | undefined {
  const resolved = instantOf(wall, zone);
  if (resolved?.fit === "gap") return words.form.gap(wallTimeOf(resolved.instant, zone).slice(11));
  if (resolved?.fit === "fold") return words.form.fold;
  return undefined;
}

function remaining(errors: FieldErrors, draft: Draft, zone: string, original?: EventView): FieldErrors {
  const reading = readDraft(draft, zone, original);
  if (reading.kind === "ok") return {};
  return Object.fromEntries(Object.entries(reading.errors).filter(([field]) => field in errors));
}
