import type { IncomingMessage, ServerResponse } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { Action, SchedulingState } from "@parley/engine";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { Attempts } from "../auth/attempts.ts";
import type { Oidc } from "../auth/oidc.ts";
import type { House } from "../scheduling/house.ts";
import type { LedgerRow, Principal, StoredObject } from "../store/store.ts";
import type { FetchCalendar } from "../subscriptions/fetch-calendar.ts";

/** What the API is given. What concerns mail comes in as functions, so that the API knows no mail. */
export interface ApiOptions {
  readonly house: House;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Folder of the built web app. */
  readonly webRoot: string;
  /** Where browsers find it, where that is not `host` and `port`. With https cookies are Secure. */
  readonly publicUrl?: string;
  /** Anybody may sign in as anybody, without a password. */
  readonly tryOut: boolean;
  /** Who may see when people here are busy, beside whom those let: nobody, all who are signed in, anybody. Decision 0029. */
  readonly freeBusy: "nobody" | "people" | "everybody";
  /** Whether people sign in by passwords of their own; app passwords are always taken. */
  readonly passwords: boolean;
  /** Where else they can sign in. */
  readonly oidc?: Oidc;
  /** Reads calendars elsewhere; absent where people do not subscribe to any. */
  readonly fetchCalendar?: FetchCalendar;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Records the owner's decision on an undecided message, and does what it says. */
  readonly decideQuestion: (
    principal: Principal,
    id: string,
    decision: "apply" | "dismiss",
    answer: Extract<Action, { kind: "answer" }> | undefined,
  ) => Promise<QuestionDecided>;
  /** Finds what the object would be if the owner said yes; `undefined` where the message would change nothing. */
  readonly previewQuestion: (principal: Principal, row: LedgerRow) => Promise<SchedulingState | undefined>;
  /** Whether what the server does beside answering goes on, and it is not stopping. */
  readonly isWorking: () => boolean;
  /** Adds what programs speak beside the API, at the same port; failed sign-ins are counted together. */
  readonly addProtocols?: (api: Api, attempts: Attempts) => Promise<void>;
  readonly logger: FastifyBaseLogger;
}

/** What became of a decision. */
export type QuestionDecided =
  | { readonly kind: "done"; readonly object?: StoredObject }
  | { readonly kind: "not-found" }
  | { readonly kind: "decided-before" }
  /** The message no longer applies. */
  | { readonly kind: "void"; readonly reason: string };

/** What routes need to know. */
export interface ApiWorld extends ApiOptions {
  readonly attempts: Attempts;
}

/** A server whose routes are typed by their schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;
