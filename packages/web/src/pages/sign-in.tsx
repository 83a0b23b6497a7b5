import type { Problem, SessionView } from "@parley/server/contract";
import { type FormEvent, useId, useState } from "react";
import { signIn } from "../data/api.ts";
import { PageHeading } from "../parts/page-heading.tsx";
import { Empty, ProblemNote } from "../parts/states.tsx";
import { words } from "../words.ts";

type SignInAs = (address: string, password?: string) => void;

/** Signs somebody in: by choosing a person in try-out mode, else with address and password. */
export function SignInPage({
  session,
  onSignedIn,
}: {
  readonly session: SessionView;
  readonly onSignedIn: () => Promise<void>;
}) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const enter = async (address: string, password?: string) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    const reply = await signIn(password === undefined ? { address } : { address, password });
    if (reply.kind === "ok") await onSignedIn();
    else setProblem(reply.problem);
    setBusy(false);
  };
  const signInAs: SignInAs = (address, password) => void enter(address, password);
  return (
    <main className="sign-in">
      <div className="panel">
        <p className="brand">
          <img src="/favicon.svg" alt="" width="28" height="28" /> {words.app.name}
        </p>
        <PageHeading title={session.tryOut ? words.signIn.who : words.signIn.title} />
        <p className="muted">{session.tryOut ? words.signIn.tryOut : words.signIn.tagline}</p>
        {session.tryOut ? (
          <People people={session.people} busy={busy} onChoose={signInAs} />
        ) : (
          <PasswordForm busy={busy} onSubmit={signInAs} />
        )}
        <ProblemNote problem={problem} />
      </div>
    </main>
  );
}

function People({
  people,
  busy,
  onChoose,
}: {
  readonly people: SessionView["people"];
  readonly busy: boolean;
  readonly onChoose: SignInAs;
}) {
  if (people.length === 0) return <Empty title={words.signIn.nobody} />;
  return (
    <ul className="people">
      {people.map(({ address, name }) => (
        <li key={address}>
          <button type="button" className="person" aria-disabled={busy} onClick={() => onChoose(address)}>
            <span className="avatar" aria-hidden="true">
              {[...name].slice(0, 1)}
            </span>
            <span>
              <span className="person-name">{name}</span>
              <span className="muted">{address}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function PasswordForm({ busy, onSubmit }: { readonly busy: boolean; readonly onSubmit: SignInAs }) {
  const [address, setAddress] = useState("");
  const [password, setPassword] = useState("");
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(address.trim(), password);
  };
  return (
    <form onSubmit={submit}>
      <div className="field">
        <label htmlFor={`${id}-address`}>{words.signIn.address}</label>
        <input
          id={`${id}-address`}
          type="email"
          autoComplete="username"
          required
          minLength={3}
          maxLength={320}
          value={address}
          onChange={(e) => setAddress(e.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-password`}>{words.signIn.password}</label>
        <input
          id={`${id}-password`}
          type="password"
          autoComplete="current-password"
          required
          maxLength={1_000}
          value={password}
          onChange={(e) => setPassword(e.target.value)}
        />
      </div>
      <button type="submit" className="button button-accent button-wide" aria-disabled={busy}>
        {words.signIn.submit}
      </button>
    </form>
  );
}
