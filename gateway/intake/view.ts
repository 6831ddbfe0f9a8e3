/**
 * The intake's view: state of every application, command results, numbers, claim codes, ledger. Invariant: derived
 * from entries alone, and free of personal data, so erasing a `person` body leaves nothing behind here.
 */
import { parseDocumentRecord } from "../domain/document-record.ts";
import { evolve } from "../domain/intake/evolve.ts";
import type { IntakeEvent } from "../domain/intake/events.ts";
import type { ApplicationState } from "../domain/intake/state.ts";
import { eventOf, personOf } from "./entries.ts";
import { key, type StoredCommand } from "./view-rows.ts";
import type { EntryRef, JsonObject, ProjectedEntry, Projection, ViewTransaction } from "./ports.ts";

/** State, events and rows are plain JSON by their types, and nobody changes them: no copy is needed to keep one. */
const plain = (value: object): JsonObject => value as JsonObject;
const refOf = ({ logId, seq }: EntryRef): JsonObject => ({ logId, seq });

function ledgerRow(entry: ProjectedEntry, fields: JsonObject): JsonObject {
  return { ...fields, ref: refOf(entry) };
}

/** `first`: nothing can stand there yet, so nobody has to look. */
async function countUp(table: ViewTransaction, at: string, first = false): Promise<number> {
  const next = first ? 0 : Number((await table.get(at))?.["next"] ?? 0);
  table.put(at, { next: next + 1 });
  return next;
}

function clockRuns(state: ApplicationState): boolean {
  return state.received !== undefined && state.outcome === undefined && state.notices.length === 0;
}

async function applyEvent(entry: ProjectedEntry, json: JsonObject, table: ViewTransaction): Promise<void> {
  const read = eventOf(json);
  if (read === undefined) return;
  const { applicationId, event } = read;
  // The first event of an application follows nothing.
  const before =
    event.version === 1
      ? undefined
      : ((await table.get(key.application(applicationId))) as ApplicationState | undefined);
  const after = evolve(before, event);
  table.put(key.application(applicationId), plain(after));
  if (before === undefined) table.put(key.list(after.startedMs, applicationId), { applicationId });
  const ran = before !== undefined && clockRuns(before);
  if (clockRuns(after) && !ran) table.put(key.due(applicationId), { applicationId });
  if (ran && !clockRuns(after)) table.del(key.due(applicationId));
  if (after.proposal !== undefined) table.put(key.pending(applicationId), { applicationId });
  else if (before?.proposal !== undefined) table.del(key.pending(applicationId));
  table.put(
    key.ledger(applicationId, await countUp(table, key.ledgerCount(applicationId), before === undefined)),
    ledgerRow(entry, row(event)),
  );
  for (const paper of event.papers) table.put(key.series(paper.series), { last: paper.serial });
  if (event.type === "claimCodeIssued") await applyCode(before, event, applicationId, table);
  await applyCommand(event, after, before?.lastCommandId, table);
}

function row(event: IntakeEvent): JsonObject {
  const { actor, at, device, warnings, responsible } = event.meta;
  return plain({
    atMs: at.wallMs,
    userId: actor.userId,
    role: actor.role,
    certNo: (responsible ?? actor).certNo,
    device,
    what: event.type,
    warnings: warnings ?? [],
  });
}

async function applyCode(
  before: ApplicationState | undefined,
  event: IntakeEvent & { readonly type: "claimCodeIssued" },
  applicationId: string,
  table: ViewTransaction,
): Promise<void> {
  if (event.revokes) for (const old of before?.claimCodeHashes ?? []) table.del(key.code(old));
  table.put(key.code(event.codeHash), { applicationId, issuedMs: event.meta.at.wallMs });
}

/** All events of one command make one result; the last one has the final version. */
async function applyCommand(
  event: IntakeEvent,
  after: ApplicationState,
  again: string | undefined,
  table: ViewTransaction,
): Promise<void> {
  const { commandId, warnings } = event.meta;
  const before =
    again === commandId
      ? ((await table.get(key.command(commandId))) as StoredCommand | undefined)
      : undefined;
  const stored: StoredCommand = {
    applicationId: after.applicationId,
    version: after.version,
    phase: after.phase,
    documentIds: [...(before?.documentIds ?? []), ...event.papers.map((paper) => paper.documentId)],
    warnings: [...new Set([...(before?.warnings ?? []), ...(warnings ?? [])])],
  };
  table.put(key.command(commandId), plain(stored));
}

function applyDocument(entry: ProjectedEntry, json: JsonObject, table: ViewTransaction): void {
  const { documentId, applicationId, kind, number, facts } = parseDocumentRecord(json);
  table.put(
    key.document(documentId),
    plain({
      ref: refOf(entry),
      applicationId,
      kind,
      number,
      title: facts.title,
      issuedMs: facts.issuedAtMs,
    }),
  );
  table.put(key.unfinished(documentId), { ref: refOf(entry), documentId });
}

async function applyRendition(
  entry: ProjectedEntry,
  json: JsonObject,
  table: ViewTransaction,
): Promise<void> {
  const documentId = json["documentId"];
  if (typeof documentId !== "string") return;
  table.del(key.unfinished(documentId));
  const document = await table.get(key.document(documentId));
  if (document !== undefined) table.put(key.document(documentId), { ...document, rendition: refOf(entry) });
}

/** How many wrong claims a kiosk's or a code's row remembers. */
const REMEMBERED = 50;

async function applyClaim(json: JsonObject, table: ViewTransaction): Promise<void> {
  const { kioskId, atMs, outcome, codeHash } = json;
  if (outcome === "granted" && typeof codeHash === "string") {
    const code = await table.get(key.code(codeHash));
    if (code !== undefined && code["redeemedMs"] === undefined)
      table.put(key.code(codeHash), { ...code, redeemedMs: atMs });
    return;
  }
  if (outcome !== "refused" || typeof kioskId !== "string") return;
  for (const at of [key.wrongAt(kioskId), ...(typeof codeHash === "string" ? [key.wrongAt(codeHash)] : [])]) {
    const past = (await table.get(at))?.["times"];
    const times = [...(Array.isArray(past) ? (past as readonly number[]) : []), Number(atMs)];
    table.put(at, { times: times.slice(-REMEMBERED) });
  }
}

async function applyDelegation(json: JsonObject, table: ViewTransaction): Promise<void> {
  const { v: _version, what, delegationId, ...act } = json;
  if (typeof delegationId !== "string") return;
  const at = key.delegation(delegationId);
  if (what === "delegation") return table.put(at, { delegationId, ...act });
  const standing = await table.get(at);
  if (standing !== undefined) table.put(at, { ...standing, revoked: act });
}

async function applyRefusal(entry: ProjectedEntry, json: JsonObject, table: ViewTransaction): Promise<void> {
  const { applicationId, atMs, userId, role, device, command, code, article } = json;
  if (typeof applicationId !== "string") return;
  const at = key.ledger(applicationId, await countUp(table, key.ledgerCount(applicationId)));
  table.put(
    at,
    ledgerRow(
      entry,
      plain({ atMs, userId, role, device, what: command, refused: code, article, warnings: [] }),
    ),
  );
}

export const intakeProjection: Projection = {
  name: "intake",
  version: 2,
  types: ["open", "intake", "service", "approval", "person", "document", "rendition", "access", "oversight"],
  async apply(entry, table) {
    const { type, t } = entry.entry;
    if (type === "open" && (await table.get(key.since)) === undefined) table.put(key.since, { ms: t });
    const json = entry.record?.json;
    if (json === undefined) return;
    if (type === "intake" || type === "service") await applyEvent(entry, json, table);
    else if (type === "approval" && "event" in json) await applyEvent(entry, json, table);
    else if (type === "approval") await applyDelegation(json, table);
    else if (type === "document") applyDocument(entry, json, table);
    else if (type === "rendition") await applyRendition(entry, json, table);
    else if (json["what"] === "claim") await applyClaim(json, table);
    else if (json["what"] === "refusedAttempt") await applyRefusal(entry, json, table);
    const person = type === "person" ? personOf(json) : undefined;
    if (person !== undefined) table.put(key.person(person.personId), { ref: refOf(entry) });
  },
};
