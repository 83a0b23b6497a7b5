import type { SchedulingState } from "@parley/engine";
import { Type } from "typebox";
import { isHiddenFromActor } from "../../scheduling/privacy.ts";
import type { LedgerRow, Principal, ReadTransaction } from "../../store/store.ts";
import { requireCaller } from "../caller.ts";
import { notAllowed } from "../change-event.ts";
import type { EventView, QuestionDecision, QuestionView } from "../contract.ts";
import { viewEvent } from "../event-view.ts";
import { viewQuestion } from "../ledger-view.ts";
import type { Api, ApiWorld, QuestionDecided } from "../options.ts";
import { Refusal } from "../problem.ts";
import * as schemas from "../schemas.ts";

const tags = ["questions"];
const ById = Type.Object({ id: Type.String({ maxLength: 100 }) }, { additionalProperties: false });

/** Questions shown at once, the oldest: each one's mail is read again to show what it says. */
const maxShown = 20;
/** Octets of mail read again for one request; questions beyond it are shown without what they would look like. */
const maxPreviewedBytes = 40 * 1024 * 1024;

/** Adds the routes of what a person must decide. */
export function addQuestionRoutes(api: Api, world: ApiWorld): void {
  api.get(
    "/questions",
    {
      schema: {
        summary: "Messages that wait for the caller's decision, oldest first",
        tags,
        response: { 200: schemas.QuestionList, "4xx": schemas.Problem },
      },
    },
    async (request) => ({ questions: await listQuestions(world, requireCaller(request)) }),
  );
  api.post(
    "/questions/:id",
    {
      schema: {
        summary: "Decide about a message",
        tags,
        params: ById,
        body: schemas.QuestionDecision,
        response: { 200: schemas.QuestionResult, "4xx": schemas.Problem },
      },
    },
    async (request) => {
      const caller = requireCaller(request);
      await requireOpen(world, caller, request.params.id);
      const result = await decide(world, caller, request.params.id, request.body);
      const { object } = result;
      const event =
        object && (await world.house.store.read((reading) => viewEvent(world.house, reading, caller, object)));
      return { event: event ?? null };
    },
  );
}

async function listQuestions(world: ApiWorld, caller: Principal): Promise<QuestionView[]> {
  const { store } = world.house;
  const open = await store.read((transaction) => transaction.ledger.openQuestions(caller.id));
  const previews: { readonly row: LedgerRow; readonly state: SchedulingState | undefined }[] = [];
  // One after another, and outside of the transaction below: each preview opens its own.
  let left = maxPreviewedBytes;
  for (const row of open.slice(0, maxShown)) {
    left -= await store.read((transaction) => transaction.ledger.sourceSize(row.source ?? ""));
    previews.push({ row, state: left < 0 ? undefined : await world.previewQuestion(caller, row) });
  }
  return store.read(async (transaction) => {
    const questions: QuestionView[] = [];
    for (const { row, state } of previews) {
      if (!isOpen(caller, state)) continue;
      questions.push(viewQuestion(row, await viewPreview(world, transaction, caller, row, state)));
    }
    return questions;
  });
}

/** Tells whether who acts for somebody may decide about what a message says: not where it is, or may be, private. For a room they do. */
function isOpen(caller: Principal, state: SchedulingState | undefined): boolean {
  if (!caller.hidesPrivate || caller.booking !== undefined) return true;
  return state?.object !== undefined && !isHiddenFromActor(caller, state.object);
}

async function requireOpen(world: ApiWorld, caller: Principal, id: string): Promise<void> {
  if (isOpen(caller, undefined)) return;
  const row = await world.house.store.read((transaction) => transaction.ledger.byId(caller.id, id));
  const state = row && (await world.previewQuestion(caller, row));
  if (row && !isOpen(caller, state)) throw notAllowed();
}

async function viewPreview(
  world: ApiWorld,
  transaction: ReadTransaction,
  caller: Principal,
  row: LedgerRow,
  state: SchedulingState | undefined,
): Promise<EventView | undefined> {
  if (!state || row.uid === undefined) return undefined;
  const present = await transaction.objects.byUid(caller.id, row.uid);
  const identity = { id: present?.id ?? "", etag: present?.etag ?? "", uid: row.uid };
  return viewEvent(world.house, transaction, caller, { ...identity, state });
}

async function decide(
  world: ApiWorld,
  caller: Principal,
  id: string,
  { decision, answer }: QuestionDecision,
): Promise<Extract<QuestionDecided, { kind: "done" }>> {
  if (decision === "dismiss" && answer) throw new Refusal("invalid", "answer: only with the decision apply.");
  const action = answer && ({ kind: "answer", ...answer } as const);
  const result = await world.decideQuestion(caller, id, decision, action);
  switch (result.kind) {
    case "done":
      return result;
    case "not-found":
      throw new Refusal("not-found", "There is no such question.");
    case "decided-before":
      throw new Refusal("decided-before", "You have decided this before.");
    case "void":
      throw new Refusal("refused", result.reason);
  }
}
