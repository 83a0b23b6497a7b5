// What the JSON API takes and gives, as types only: the web app imports nothing else of the server.
import type { Static } from "typebox";
import type * as schemas from "./schemas.ts";

export type SessionView = Static<typeof schemas.SessionView>;
export type SignIn = Static<typeof schemas.SignIn>;
export type EventInput = Static<typeof schemas.EventInput>;
export type AnswerInput = Static<typeof schemas.AnswerInput>;
export type CancelInput = Static<typeof schemas.CancelInput>;
export type AttendeeView = Static<typeof schemas.AttendeeView>;
export type EventView = Static<typeof schemas.EventView>;
export type EventList = Static<typeof schemas.EventList>;
export type ChangePreview = Static<typeof schemas.ChangePreview>;
export type LedgerEntry = Static<typeof schemas.LedgerEntry>;
export type LedgerList = Static<typeof schemas.LedgerList>;
export type QuestionView = Static<typeof schemas.QuestionView>;
export type QuestionList = Static<typeof schemas.QuestionList>;
export type QuestionDecision = Static<typeof schemas.QuestionDecision>;
export type QuestionResult = Static<typeof schemas.QuestionResult>;
export type FreeBusyList = Static<typeof schemas.FreeBusyList>;
export type AppPasswordView = Static<typeof schemas.AppPasswordView>;
export type AppPasswordList = Static<typeof schemas.AppPasswordList>;
export type NewAppPassword = Static<typeof schemas.NewAppPassword>;
export type Problem = Static<typeof schemas.Problem>;
