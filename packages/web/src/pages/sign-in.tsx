import type { Problem, SessionView } from "@parley/server/contract";
import { type FormEvent, useEffect, useId, useState } from "react";
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
  const [problem, setProblem] = useState<Problem | null>(broughtBack);
  // Said once: it does not come again with a reload.
  useEffect(() => {
    const url = new URL(window.location.href);
    if (!url.searchParams.has(problemKey)) return;
    url.searchParams.delete(problemKey);
    window.history.replaceState(null, "", url);
  }, []);
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
          <Ways session={session} busy={busy} onSubmit={signInAs} />
        )}
        <ProblemNote problem={problem} />
      </div>
    </main>
  );
}

const problemKey = "sign-in";

/** What went wrong at the sign-in service, as the server says in the page's address; never in words of the address. */
function broughtBack(): Problem | null {
  const word = new URLSearchParams(window.location.search).get(problemKey);
  if (word === null || !Object.hasOwn(words.signIn.problems, word)) return null;
  return { error: word, message: words.signIn.problems[word] ?? "" };
}

function Ways({
  session: { passwords, oidc },
  busy,
  onSubmit,
}: {
  readonly session: SessionView;
  readonly busy: boolean;
  readonly onSubmit: SignInAs;
}) {
  return (
    <>
      {oidc !== null && (
        <a className="button button-accent button-wide" href="/api/oidc/start">
          {words.signIn.elsewhere(oidc)}
        </a>
      )}
      {oidc !== null && passwords && <p className="muted">{words.signIn.or}</p>}
      {passwords && <PasswordForm busy={busy} onSubmit={onSubmit} />}
      {oidc === null && !passwords && <Empty title={words.signIn.noWay} />}
    </>
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
