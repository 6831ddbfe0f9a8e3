/**
 * Destruction lists 销毁清册: drawn up, appraised, approved by two others, carried out, kept for ever. Invariant: every step
 * is by another person and an entry of its own, and whoever carries it out is told no by a hold that came in between.
 */
import { CodedError } from "../../domain/errors.ts";
import { type EntryRef, type UserId, logId, seq } from "../../domain/ids.ts";
import { type EntryType, isFootage } from "../../evidence/entry.ts";
import type { CaseBook } from "../case-files/case-book.ts";
import { checkText } from "../records/check-record.ts";
import type { CommandBase } from "../records/records.ts";
import type { EraseOrder, RetentionOptions } from "./ports.ts";
import type { RetentionIndex } from "./retention-index.ts";
import type { DestructionList, ListItem } from "./retention-view.ts";

/** Bodies that a case file's destruction takes; what says that something happened stays (DESIGN 5). */
const GOING: ReadonlySet<string> = new Set<EntryType>([
  "person",
  "document",
  "rendition",
  "print",
  "signature",
  "scan",
]);
const MAX_WORDS = 2000;
const APPROVALS = 2;
const MOST_ITEMS = 500;

const keyOf = (ref: EntryRef): string => `${ref.logId}/${ref.seq}`;

/** Refuses what may not go yet, by name. */
function checkItem(item: ListItem, index: RetentionIndex, nowMs: number): void {
  const cases = item.kind === "case" ? [item.caseId] : index.casesOfFile(item.fileId);
  const held = item.kind === "case" ? index.isCaseHeld(item.caseId) : index.isFileHeld(item.fileId);
  if (held || cases.some((id) => index.isCaseHeld(id)))
    throw new CodedError("retention.held", { of: item.kind === "case" ? item.caseId : item.fileId });
  for (const id of cases)
    if (index.caseKeepUntil(id) > nowMs)
      throw new CodedError("retention.notOver", { of: id, why: "caseFile" });
}

async function entriesOf(item: ListItem, options: RetentionOptions): Promise<readonly EntryRef[]> {
  if (item.kind === "file") return options.entriesOfFile(item.fileId);
  const members = await options.book.members(item.caseId);
  const records = members.filter(({ type }) => GOING.has(type)).map(({ ref }) => ref);
  const links = await options.book.links(item.caseId);
  const files = new Set(links.flatMap(({ link }) => (link.type === "file" ? [link.fileId] : [])));
  const chunks = await Promise.all([...files].map((id) => options.entriesOfFile(id)));
  return [...records, ...chunks.flat()];
}

/** What a list of these items takes; throws where one of them may not go. */
export async function drawEntries(
  items: readonly ListItem[],
  index: RetentionIndex,
  options: RetentionOptions,
): Promise<DestructionList["entries"]> {
  if (items.length === 0 || items.length > MOST_ITEMS) throw new CodedError("retention.nothingDue");
  const nowMs = options.clock.wallMs();
  const refs = new Map<string, EntryRef>();
  for (const item of items) {
    checkItem(item, index, nowMs);
    for (const ref of await entriesOf(item, options)) {
      const entry = await options.reader.readEntry(ref);
      if (isFootage(entry.type) && index.isHeld(entry))
        throw new CodedError("retention.held", { seq: ref.seq });
      if (isFootage(entry.type) && index.keepUntilMs(entry) > nowMs)
        throw new CodedError("retention.notOver", { seq: ref.seq, why: index.fate(entry).class });
      if (!(await options.acknowledged(ref)))
        throw new CodedError("retention.notOver", { seq: ref.seq, why: "notAcknowledged" });
      refs.set(keyOf(ref), ref);
    }
  }
  if (refs.size === 0) throw new CodedError("retention.nothingDue");
  const byLog = new Map<string, number[]>();
  for (const ref of refs.values()) byLog.set(ref.logId, [...(byLog.get(ref.logId) ?? []), ref.seq]);
  return [...byLog].map(([log, seqs]) => ({ logId: log, seqs: seqs.toSorted((a, b) => a - b) }));
}

/** The rules that the eraser asks again, entry by entry, at the moment of destruction. */
async function rulesOf(
  list: DestructionList,
  log: string,
  parts: { readonly index: RetentionIndex; readonly book: CaseBook },
): Promise<EraseOrder["rules"]> {
  const owner = new Map<number, string>();
  for (const item of list.items)
    if (item.kind === "case")
      for (const { ref } of await parts.book.members(item.caseId))
        if (ref.logId === log) owner.set(ref.seq, item.caseId);
  const { index } = parts;
  return {
    keepUntilMs(entry) {
      if (isFootage(entry.type)) return index.keepUntilMs(entry);
      const caseId = owner.get(entry.seq);
      // The record of a body camera's file goes with its chunks, which are asked themselves.
      return caseId === undefined
        ? entry.type === "file"
          ? 0
          : Number.POSITIVE_INFINITY
        : index.caseKeepUntil(caseId);
    },
    isHeld(entry) {
      if (isFootage(entry.type)) return index.isHeld(entry);
      const caseId = owner.get(entry.seq);
      return caseId !== undefined && index.isCaseHeld(caseId);
    },
  };
}

/** The next state of a list, or why there is none. */
export function nextStep(
  list: DestructionList,
  step: "appraise" | "approve" | "reject",
  command: CommandBase & { readonly opinion?: string; readonly why?: string },
  nowMs: number,
): DestructionList {
  const by: UserId = command.actor.userId;
  if (list.done !== undefined || list.rejected !== undefined) throw new CodedError("retention.wrongStep");
  if (step === "reject")
    return { ...list, rejected: { by, atMs: nowMs, why: checkText(command.why ?? "", "why", MAX_WORDS) } };
  const acted = [
    list.drawnBy,
    ...(list.appraisal === undefined ? [] : [list.appraisal.by]),
    ...list.approvals.map((one) => one.by),
  ];
  if (acted.includes(by)) throw new CodedError("retention.samePerson");
  if (step === "appraise") {
    if (list.appraisal !== undefined) throw new CodedError("retention.wrongStep");
    return {
      ...list,
      appraisal: { by, atMs: nowMs, opinion: checkText(command.opinion ?? "", "opinion", MAX_WORDS) },
    };
  }
  if (list.appraisal === undefined || list.approvals.length >= APPROVALS)
    throw new CodedError("retention.wrongStep");
  return { ...list, approvals: [...list.approvals, { by, atMs: nowMs }] };
}

/** Destroys; the `erase` entries name the list. */
export async function carryOutList(
  list: DestructionList,
  index: RetentionIndex,
  options: RetentionOptions,
): Promise<readonly EntryRef[]> {
  if (list.done !== undefined || list.rejected !== undefined || list.approvals.length < APPROVALS)
    throw new CodedError("retention.wrongStep");
  for (const item of list.items) checkItem(item, index, options.clock.wallMs());
  const orders: EraseOrder[] = [];
  for (const { logId: log, seqs } of list.entries)
    orders.push({
      logId: logId(log),
      seqs: seqs.map((one) => seq(one)),
      basis: list.listId,
      detail: { listId: list.listId, approvedBy: list.approvals.map(({ by }) => by) },
      rules: await rulesOf(list, log, { index, book: options.book }),
    });
  const erased: EntryRef[] = [];
  for (const order of orders) erased.push(await options.erase(order));
  return erased;
}
