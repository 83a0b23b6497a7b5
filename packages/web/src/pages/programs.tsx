import type { AppPasswordView, NewAppPassword } from "@parley/server/contract";
import { type FormEvent, useState } from "react";
import { useAction } from "../data/act.ts";
import { addAppPassword, listAppPasswords, removeAppPassword } from "../data/api.ts";
import { type Live, useLive } from "../data/live.ts";
import { useSession } from "../data/session.ts";
import { Field } from "../parts/field.tsx";
import { PageHeading } from "../parts/page-heading.tsx";
import { Empty, Loaded, ProblemNote } from "../parts/states.tsx";
import { showInstant } from "../time/show.ts";
import { words } from "../words.ts";

const maxNameLength = 100;

/** Shows how a calendar program finds the calendar, and the passwords of the person's programs. */
export function ProgramsPage() {
  const { person } = useSession();
  const passwords = useLive(listAppPasswords);
  return (
    <>
      <PageHeading title={words.programs.title} />
      <p className="muted lead">{words.programs.lead}</p>
      <section className="panel" aria-label={words.programs.title}>
        <dl className="facts-list">
          <dt>{words.programs.server}</dt>
          <dd>
            <code>{`${window.location.origin}/dav/`}</code>
          </dd>
          <dt>{words.programs.account}</dt>
          <dd>
            <code>{person.address}</code>
          </dd>
          <dt>{words.programs.secret}</dt>
          <dd>{words.programs.secretHint}</dd>
        </dl>
        <NewPassword onMade={passwords.reload} />
      </section>
      <section className="panel programs-made" aria-labelledby="made">
        <h2 id="made">{words.programs.list}</h2>
        <Loaded live={passwords}>
          {(value) =>
            value.passwords.length === 0 ? (
              <Empty title={words.programs.none}>{words.programs.noneHint}</Empty>
            ) : (
              <ul className="programs">
                {value.passwords.map((password) => (
                  <Program key={password.name} password={password} onRemoved={passwords.reload} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
    </>
  );
}

function Program({
  password: { name, created },
  onRemoved,
}: {
  readonly password: AppPasswordView;
  readonly onRemoved: Live<unknown>["reload"];
}) {
  const { zone } = useSession();
  const { busy, problem, run } = useAction();
  const remove = () => void run(() => removeAppPassword(name), words.programs.removed(name), onRemoved);
  return (
    <li>
      <strong>{name}</strong> <span className="muted">{words.programs.made(showInstant(created, zone))}</span>{" "}
      <button
        type="button"
        className="button button-quiet"
        aria-disabled={busy}
        aria-label={words.programs.removeFor(name)}
        onClick={remove}
      >
        {words.programs.remove}
      </button>
      <ProblemNote problem={problem} />
    </li>
  );
}

function NewPassword({ onMade }: { readonly onMade: Live<unknown>["reload"] }) {
  const [name, setName] = useState("");
  const [made, setMade] = useState<NewAppPassword | null>(null);
  const { busy, problem, run } = useAction();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMade(null);
    void run(
      () => addAppPassword(name),
      words.programs.done(name),
      async (value) => {
        if (!value) return;
        setMade(value);
        setName("");
        await onMade();
      },
    );
  };
  return (
    <form className="programs-form" onSubmit={submit}>
      <h2>{words.programs.newTitle}</h2>
      <Field label={words.programs.name} hint={words.programs.nameHint}>
        {(control) => (
          <input
            {...control}
            required
            maxLength={maxNameLength}
            autoComplete="off"
            value={name}
            onChange={(e) => setName(e.target.value)}
          />
        )}
      </Field>
      <ProblemNote problem={problem} />
      <button type="submit" className="button button-accent" aria-disabled={busy}>
        {words.programs.make}
      </button>
      {made && (
        <p className="note" role="status">
          {words.programs.once(made.name)} <code className="secret">{made.password}</code>
        </p>
      )}
    </form>
  );
}
