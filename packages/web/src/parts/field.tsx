import { type ReactNode, useId } from "react";
import type { FieldError } from "../form/draft.ts";
import { words } from "../words.ts";

/** What a control needs to belong to its label, its hint and its error. */
export interface ControlProps {
  readonly id: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby"?: string;
}

/** Shows a labelled control with its hint and, below it, what is wrong with it. */
export function Field({
  label,
  hint,
  optional = false,
  error,
  children,
}: {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly optional?: boolean;
  readonly error?: FieldError | undefined;
  readonly children: (control: ControlProps) => ReactNode;
}) {
  const id = useId();
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter((part) => part !== "").join(" ");
  const control: ControlProps = { id, "aria-invalid": error !== undefined };
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {optional && <span className="muted"> ({words.answer.optional})</span>}
      </label>
      {children(described === "" ? control : { ...control, "aria-describedby": described })}
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="field-error">
          {words.form.error(error)}
        </p>
      )}
    </div>
  );
}

/** Asks for a comment, which whoever wants may leave. */
export function CommentField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <Field label={label} optional>
      {(control) => (
        <textarea {...control} rows={2} maxLength={8_000} value={value} onChange={(e) => onChange(e.target.value)} />
      )}
    </Field>
  );
}
