import type { SessionView } from "@parley/server/contract";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { getSession, signedOutEvent, signOut } from "./data/api.ts";
import { useLive } from "./data/live.ts";
import { listenForChanges } from "./data/notices.ts";
import { type Session, SessionContext } from "./data/session.ts";
import { EditEventPage, NewEventPage } from "./pages/edit.tsx";
import { EventPage } from "./pages/event.tsx";
import { HomePage } from "./pages/home.tsx";
import { LedgerPage } from "./pages/ledger.tsx";
import { ProgramsPage } from "./pages/programs.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { useFocusRescue } from "./parts/focus.ts";
import { PageHeading } from "./parts/page-heading.tsx";
import { Loaded } from "./parts/states.tsx";
import { hrefOf, type Route, routeOf, useHash } from "./router.ts";
import { knownZone } from "./time/wall.ts";
import { words } from "./words.ts";

type Person = NonNullable<SessionView["person"]>;

const saidForMs = 8_000;

/** Shows the sign-in page or the app, as the session has it. */
export function App() {
  const session = useLive(getSession);
  const { reload } = session;
  useEffect(() => {
    const again = () => void reload();
    window.addEventListener(signedOutEvent, again);
    return () => window.removeEventListener(signedOutEvent, again);
  }, [reload]);
  const { value } = session;
  if (!value) {
    return (
      <main>
        <Loaded live={session}>{() => null}</Loaded>
      </main>
    );
  }
  if (!value.person) return <SignInPage session={value} onSignedIn={reload} />;
  // Another person must not see a form the first one left behind.
  return <SignedIn key={value.person.address} person={value.person} onSignedOut={reload} />;
}

function SignedIn({ person, onSignedOut }: { readonly person: Person; readonly onSignedOut: () => Promise<void> }) {
  const [said, setSaid] = useState("");
  const timer = useRef(0);
  const say = useCallback((text: string) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setSaid(""), saidForMs);
    setSaid(text);
  }, []);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const session = useMemo<Session>(() => ({ person, zone: knownZone(person.timezone), say }), [person, say]);
  useEffect(() => listenForChanges(person.address), [person.address]);
  const main = useRef<HTMLElement>(null);
  useFocusRescue(main);
  const route = routeOf(useHash());
  const leave = async () => {
    const reply = await signOut();
    if (reply.kind === "problem") say(reply.problem.message);
    await onSignedOut();
  };
  return (
    <SessionContext value={session}>
      <button type="button" className="skip button" onClick={() => main.current?.focus()}>
        {words.app.skip}
      </button>
      <Header person={person} route={route} onSignOut={() => void leave()} />
      <main id="main" ref={main} tabIndex={-1}>
        <Page key={hrefOf(route)} route={route} />
      </main>
      <div className="said" role="status" aria-live="polite">
        {said !== "" && <p>{said}</p>}
      </div>
    </SessionContext>
  );
}

function Header({
  person,
  route,
  onSignOut,
}: {
  readonly person: Person;
  readonly route: Route;
  readonly onSignOut: () => void;
}) {
  return (
    <header className="header">
      <div className="header-inner">
        <a className="brand" href={hrefOf({ page: "home" })}>
          <img src="/favicon.svg" alt="" width="28" height="28" /> {words.app.name}
        </a>
        <nav aria-label={words.app.nav}>
          <a href={hrefOf({ page: "home" })} aria-current={route.page === "home" ? "page" : undefined}>
            {words.app.home}
          </a>
          <a href={hrefOf({ page: "ledger" })} aria-current={route.page === "ledger" ? "page" : undefined}>
            {words.app.ledger}
          </a>
          <a href={hrefOf({ page: "programs" })} aria-current={route.page === "programs" ? "page" : undefined}>
            {words.app.programs}
          </a>
        </nav>
        <div className="header-person">
          <span title={person.address}>
            <span className="visually-hidden">{words.app.person(person.name, person.address)}</span>
            <span aria-hidden="true">{person.name}</span>
          </span>
          <button type="button" className="button button-quiet" onClick={onSignOut}>
            {words.app.signOut}
          </button>
        </div>
      </div>
    </header>
  );
}

function Page({ route }: { readonly route: Route }) {
  switch (route.page) {
    case "home":
      return <HomePage />;
    case "ledger":
      return <LedgerPage />;
    case "programs":
      return <ProgramsPage />;
    case "new":
      return <NewEventPage />;
    case "edit":
      return <EditEventPage id={route.id} />;
    case "event":
      return <EventPage id={route.id} />;
    case "unknown":
      return (
        <>
          <PageHeading title={words.app.unknownPage} />
          <p>{words.app.unknownPageHint}</p>
          <a href={hrefOf({ page: "home" })}>{words.app.backHome}</a>
        </>
      );
  }
}
