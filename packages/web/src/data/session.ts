import type { SessionView } from "@parley/server/contract";
import { createContext, useContext } from "react";

/** Who is signed in, and what every page may do. */
export interface Session {
  readonly person: NonNullable<SessionView["person"]>;
  /** The person's zone, or UTC where this browser does not know it. */
  readonly zone: string;
  /** Tells the person that something was done, also aloud to screen readers. */
  readonly say: (text: string) => void;
}

/** Carries the session to the pages; read it with `useSession`. */
export const SessionContext = createContext<Session | null>(null);

/** Gives the session; only below the signed-in part of the app. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession outside of the signed-in part");
  return session;
}
