import type {
  CalendarUserAddress,
  ComponentRevisions,
  Healing,
  InstanceKey,
  Limits,
  OwnPart,
  Participation,
  Proposal,
  Registers,
  SchedulingState,
  Sent,
} from "@parley/engine";
import { formatRequestStatus, parseRequestStatus, participationKey } from "@parley/engine";
import { formatCalendar, makeComponent, parseCalendar } from "@parley/engine/icalendar";
import { chunksOf } from "./keys.ts";
import { type AttendeeTable, type Part, partialMap } from "./partial-registers.ts";
import { preparedForRow } from "./prepared.ts";
import { attendeeRows, ownRows, revisionRows } from "./register-rows.ts";
import type {
  ComponentRevisionsRow,
  Database,
  HealingRow,
  OwnPartRow,
  ParticipationRow,
  ProposalRow,
  SentRow,
} from "./tables.ts";

/** Rows of one statement; whole chunks share one statement text, which the connection keeps prepared. */
const rowsPerStatement = 100;
const objectsPerStatement = 500;

/** The registers of one object; `SchedulingState` without document and speakers. */
export type RegisterState = Omit<SchedulingState, "object" | "speakers">;

interface LoadedRegisters {
  readonly revisions: Map<string, ComponentRevisions>;
  readonly participations: Map<string, Participation>;
  readonly answerRanges: Map<string, InstanceKey[]>;
  readonly sent: Map<string, Sent>;
  readonly proposals: Map<string, Proposal>;
  readonly healings: Map<string, Healing>;
  readonly own: Map<string, OwnPart>;
}

/** Loads all registers of these objects, or a part of them: the one place that decides what of them is read. */
export async function loadRegisters(
  db: Database,
  objects: readonly number[],
  limits: Limits,
  part?: Part,
): Promise<ReadonlyMap<number, RegisterState>> {
  const loaded = new Map<number, LoadedRegisters>();
  for (const id of objects) {
    loaded.set(id, emptyRegisters());
  }
  for (const ids of chunksOf([...loaded.keys()], objectsPerStatement)) {
    const rows = attendeeRows(db, ids, part);
    const revisions = await revisionRows(db, ids);
    for (const row of revisions) loaded.get(row.object_id)?.revisions.set(row.instance, toRevisions(row));
    const participations = await rows.participations();
    for (const row of participations) {
      const participation = toParticipation(row);
      const key = participationKey(participation.attendee, participation.key, participation.range);
      loaded.get(row.object_id)?.participations.set(key, participation);
      if (participation.range) addRange(loaded.get(row.object_id)?.answerRanges, participation);
    }
    for (const id of ids) for (const keys of loaded.get(id)?.answerRanges.values() ?? []) keys.sort();
    const sent = await rows.sent();
    for (const row of sent) loaded.get(row.object_id)?.sent.set(row.attendee, toSent(row));
    const proposals = await rows.proposals();
    for (const row of proposals) {
      const proposal = toProposal(row, limits);
      loaded.get(row.object_id)?.proposals.set(participationKey(proposal.attendee, proposal.key), proposal);
    }
    const healings = await rows.healings();
    for (const { object_id, attendee, since, count } of healings)
      loaded.get(object_id)?.healings.set(attendee, { since, count });
    const own = await ownRows(db, ids);
    for (const row of own) loaded.get(row.object_id)?.own.set(row.instance, toOwnPart(row, limits));
  }
  return new Map([...loaded].map(([id, registers]) => [id, asStored(registers, part)]));
}

function emptyRegisters(): LoadedRegisters {
  return {
    revisions: new Map(),
    participations: new Map(),
    answerRanges: new Map(),
    sent: new Map(),
    proposals: new Map(),
    healings: new Map(),
    own: new Map(),
  };
}

function addRange(ranges: Map<string, InstanceKey[]> | undefined, { attendee, key }: Participation): void {
  const keys = ranges?.get(attendee);
  if (keys) keys.push(key);
  else ranges?.set(attendee, [key]);
}

function asStored(registers: LoadedRegisters, part: Part | undefined): RegisterState {
  const { revisions, participations, answerRanges, sent, proposals, healings, own } = registers;
  const stored = <Value>(map: ReadonlyMap<string, Value>, table?: AttendeeTable): Registers<Value> => ({
    stored: part && table ? partialMap(map, part, table) : map,
    written: new Map(),
  });
  return {
    revisions: stored(revisions),
    participations: stored(participations, "participations"),
    answerRanges: stored(answerRanges, "participations"),
    sent: stored(sent, "sent"),
    proposals: stored(proposals, "proposals"),
    healings: stored(healings, "healings"),
    own: stored(own),
  };
}

/** Writes the registers that were written since the state was loaded, and no others. */
export async function saveRegisters(db: Database, object: number, state: RegisterState): Promise<void> {
  const { revisions, participations, sent, own } = state;
  const revisionRows = [...revisions.written].map(([instance, value]) => fromRevisions(object, instance, value));
  for (const rows of chunksOf(revisionRows, rowsPerStatement)) await saveRevisions(db, rows);
  const participationRows = [...participations.written.values()].map((value) => fromParticipation(object, value));
  for (const rows of chunksOf(participationRows, rowsPerStatement)) await saveParticipations(db, rows);
  const sentRows = [...sent.written.values()].map((value) => fromSent(object, value));
  for (const rows of chunksOf(sentRows, rowsPerStatement)) await saveSent(db, rows);
  const ownRows = [...own.written].map(([instance, value]) => ({
    object_id: object,
    instance,
    text: ownPartText(value),
  }));
  for (const rows of chunksOf(ownRows, rowsPerStatement)) await saveOwnParts(db, rows);
  const proposalRows = [...state.proposals.written.values()].map((value) => fromProposal(object, value));
  for (const rows of chunksOf(proposalRows, rowsPerStatement)) await saveProposals(db, rows);
  const healingRows = [...state.healings.written].map(([attendee, value]) => ({
    object_id: object,
    attendee,
    ...value,
  }));
  for (const rows of chunksOf(healingRows, rowsPerStatement)) await saveHealings(db, rows);
}

async function saveRevisions(db: Database, rows: readonly ComponentRevisionsRow[]): Promise<void> {
  const [only, ...others] = rows;
  if (only && others.length === 0) await saveOneRevision(db, only);
  else await putRevisions(db, rows).execute();
}

const saveOneRevision = preparedForRow((db, row: ComponentRevisionsRow) => putRevisions(db, [row]));

function putRevisions(db: Database, rows: readonly ComponentRevisionsRow[]) {
  return db
    .insertInto("component_revisions")
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(["object_id", "instance"]).doUpdateSet((eb) => ({
        latest_sequence: eb.ref("excluded.latest_sequence"),
        latest_dtstamp: eb.ref("excluded.latest_dtstamp"),
        major_sequence: eb.ref("excluded.major_sequence"),
        major_dtstamp: eb.ref("excluded.major_dtstamp"),
        cancelled_sequence: eb.ref("excluded.cancelled_sequence"),
        cancelled_dtstamp: eb.ref("excluded.cancelled_dtstamp"),
        stray: eb.ref("excluded.stray"),
        provisional: eb.ref("excluded.provisional"),
      })),
    );
}

async function saveParticipations(db: Database, rows: readonly ParticipationRow[]): Promise<void> {
  await db
    .insertInto("participations")
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(["object_id", "instance", "attendee", "range"]).doUpdateSet((eb) => ({
        partstat: eb.ref("excluded.partstat"),
        reply_sequence: eb.ref("excluded.reply_sequence"),
        reply_dtstamp: eb.ref("excluded.reply_dtstamp"),
        answered_sequence: eb.ref("excluded.answered_sequence"),
        comment: eb.ref("excluded.comment"),
        percent_complete: eb.ref("excluded.percent_complete"),
        sent_by: eb.ref("excluded.sent_by"),
        delegated_to: eb.ref("excluded.delegated_to"),
        delegated_from: eb.ref("excluded.delegated_from"),
        completed: eb.ref("excluded.completed"),
        request_status: eb.ref("excluded.request_status"),
        informed: eb.ref("excluded.informed"),
      })),
    )
    .execute();
}

async function saveSent(db: Database, rows: readonly SentRow[]): Promise<void> {
  await db
    .insertInto("sent")
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(["object_id", "attendee"]).doUpdateSet((eb) => ({
        sequence: eb.ref("excluded.sequence"),
        dtstamp: eb.ref("excluded.dtstamp"),
        instances: eb.ref("excluded.instances"),
        cancelled: eb.ref("excluded.cancelled"),
      })),
    )
    .execute();
}

async function saveProposals(db: Database, rows: readonly ProposalRow[]): Promise<void> {
  await db
    .insertInto("proposals")
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(["object_id", "instance", "attendee"]).doUpdateSet((eb) => ({
        counter_sequence: eb.ref("excluded.counter_sequence"),
        counter_dtstamp: eb.ref("excluded.counter_dtstamp"),
        countered_sequence: eb.ref("excluded.countered_sequence"),
        text: eb.ref("excluded.text"),
        comment: eb.ref("excluded.comment"),
        at: eb.ref("excluded.at"),
        status: eb.ref("excluded.status"),
      })),
    )
    .execute();
}

async function saveHealings(db: Database, rows: readonly HealingRow[]): Promise<void> {
  await db
    .insertInto("healings")
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(["object_id", "attendee"]).doUpdateSet((eb) => ({
        since: eb.ref("excluded.since"),
        count: eb.ref("excluded.count"),
      })),
    )
    .execute();
}

async function saveOwnParts(db: Database, rows: readonly OwnPartRow[]): Promise<void> {
  await db
    .insertInto("own_parts")
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(["object_id", "instance"]).doUpdateSet((eb) => ({
        text: eb.ref("excluded.text"),
      })),
    )
    .execute();
}

function fromRevisions(object: number, instance: InstanceKey, revisions: ComponentRevisions): ComponentRevisionsRow {
  return {
    object_id: object,
    instance,
    latest_sequence: revisions.latest.sequence,
    latest_dtstamp: revisions.latest.dtstamp,
    major_sequence: revisions.major.sequence,
    major_dtstamp: revisions.major.dtstamp,
    cancelled_sequence: revisions.cancelled?.sequence ?? null,
    cancelled_dtstamp: revisions.cancelled?.dtstamp ?? null,
    stray: revisions.stray ? 1 : null,
    provisional: revisions.provisional ? 1 : null,
  };
}

function toRevisions(row: ComponentRevisionsRow): ComponentRevisions {
  return {
    latest: { sequence: row.latest_sequence, dtstamp: row.latest_dtstamp },
    major: { sequence: row.major_sequence, dtstamp: row.major_dtstamp },
    ...(row.cancelled_sequence !== null && {
      cancelled: { sequence: row.cancelled_sequence, dtstamp: row.cancelled_dtstamp ?? 0 },
    }),
    ...(row.stray === 1 && { stray: true }),
    ...(row.provisional === 1 && { provisional: true }),
  };
}

function fromParticipation(object: number, participation: Participation): ParticipationRow {
  return {
    object_id: object,
    instance: participation.key,
    attendee: participation.attendee,
    range: participation.range ?? "",
    partstat: participation.partstat,
    reply_sequence: participation.reply.sequence,
    reply_dtstamp: participation.reply.dtstamp,
    answered_sequence: participation.answeredSequence,
    comment: participation.comment ?? null,
    percent_complete: participation.percentComplete ?? null,
    sent_by: participation.sentBy ?? null,
    delegated_to: participation.delegatedTo ? JSON.stringify(participation.delegatedTo) : null,
    delegated_from: participation.delegatedFrom ? JSON.stringify(participation.delegatedFrom) : null,
    completed: participation.completed ?? null,
    request_status: participation.requestStatus ? formatRequestStatus(participation.requestStatus) : null,
    informed: participation.informed ? 1 : null,
  };
}

function toParticipation(row: ParticipationRow): Participation {
  const requestStatus = row.request_status === null ? undefined : parseRequestStatus(row.request_status);
  return {
    attendee: row.attendee as CalendarUserAddress,
    key: row.instance,
    partstat: row.partstat,
    reply: { sequence: row.reply_sequence, dtstamp: row.reply_dtstamp },
    answeredSequence: row.answered_sequence,
    ...(row.comment !== null && { comment: row.comment }),
    ...(row.percent_complete !== null && { percentComplete: row.percent_complete }),
    ...(row.sent_by !== null && { sentBy: row.sent_by as CalendarUserAddress }),
    ...(row.delegated_to !== null && { delegatedTo: JSON.parse(row.delegated_to) }),
    ...(row.delegated_from !== null && { delegatedFrom: JSON.parse(row.delegated_from) }),
    ...(row.range !== "" && { range: row.range }),
    ...(row.completed !== null && { completed: row.completed }),
    ...(requestStatus && { requestStatus }),
    ...(row.informed === 1 && { informed: true }),
  };
}

function fromProposal(object: number, proposal: Proposal): ProposalRow {
  return {
    object_id: object,
    instance: proposal.key,
    attendee: proposal.attendee,
    counter_sequence: proposal.counter.sequence,
    counter_dtstamp: proposal.counter.dtstamp,
    countered_sequence: proposal.counteredSequence,
    text: formatCalendar(makeComponent("VCALENDAR", [], [proposal.component])),
    comment: proposal.comment ?? null,
    at: proposal.at,
    status: proposal.status,
  };
}

function toProposal(row: ProposalRow, limits: Limits): Proposal {
  const component = parseCalendar(row.text, limits).calendar?.components[0];
  if (!component) throw new Error(`the proposal of ${row.attendee} for object ${row.object_id} cannot be read`);
  return {
    attendee: row.attendee as CalendarUserAddress,
    key: row.instance,
    counter: { sequence: row.counter_sequence, dtstamp: row.counter_dtstamp },
    counteredSequence: row.countered_sequence,
    component,
    ...(row.comment !== null && { comment: row.comment }),
    at: row.at,
    status: row.status,
  };
}

function fromSent(object: number, sent: Sent): SentRow {
  return {
    object_id: object,
    attendee: sent.attendee,
    sequence: sent.revision.sequence,
    dtstamp: sent.revision.dtstamp,
    instances: JSON.stringify(sent.instances),
    cancelled: sent.cancelled ? 1 : 0,
  };
}

function toSent(row: SentRow): Sent {
  return {
    attendee: row.attendee as CalendarUserAddress,
    revision: { sequence: row.sequence, dtstamp: row.dtstamp },
    instances: JSON.parse(row.instances),
    cancelled: row.cancelled === 1,
  };
}

/** An own part is kept as the component it is laid over would hold it; the component's name says nothing. */
function ownPartText(own: OwnPart): string {
  return formatCalendar(makeComponent("VCALENDAR", [], [makeComponent("VEVENT", own.properties, own.alarms)]));
}

function toOwnPart(row: OwnPartRow, limits: Limits): OwnPart {
  const part = parseCalendar(row.text, limits).calendar?.components[0];
  if (!part) throw new Error(`the own part of object ${row.object_id}, instance "${row.instance}", cannot be read`);
  return { properties: part.properties, alarms: part.components };
}
