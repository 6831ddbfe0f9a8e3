/**
 * Destruction lists 销毁清册: drawn up, appraised, approved by two others, carried out, kept for ever. Invariant: every step
 * is by another person and an entry of its own, and whoever carries it out is told no by a hold that came in between.
 */
import { CodedError } from "../../domain/errors.ts";
import { type EntryRef, type UserId, logId, seq } from "../../domain/ids.ts";
import { type Entry, type EntryType, isFootage } from "../../evidence/entry.ts";
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
  "orphan",
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

/** An entry on a list, and whose time it goes by: the file's class, or that of the matters it belongs to. */
interface Listed {
  readonly ref: EntryRef;
  readonly of: ListItem;
}

/** Scans that belong to these matters alone; one that another matter needs stays until that goes too. */
async function scansOf(caseId: string, listed: ReadonlySet<string>, book: CaseBook): Promise<Set<string>> {
  const scans = new Set<string>();
  for (const { scanId } of await book.members(caseId)) {
    if (scanId === undefined || scans.has(scanId)) continue;
    const cases = await book.casesOfScan(scanId);
    if (cases.length > 0 && cases.every((id) => listed.has(id))) scans.add(scanId);
  }
  return scans;
}

const casesIn = (items: readonly ListItem[]): readonly string[] =>
  items.flatMap((item) => (item.kind === "case" ? [item.caseId] : []));

/** Every body that the items take, each with whose it is; what lists before took counts as theirs. */
async function listedEntries(
  items: readonly ListItem[],
  before: readonly DestructionList[],
  options: RetentionOptions,
): Promise<readonly Listed[]> {
  const { book, entriesOfFile, entriesOfScan } = options;
  const done = before.filter((list) => list.done !== undefined);
  const cases = new Set([...casesIn(items), ...done.flatMap((list) => casesIn(list.items))]);
  const found: Listed[] = [];
  const addFile = async (fileId: string): Promise<void> => {
    for (const ref of await entriesOfFile(fileId)) found.push({ ref, of: { kind: "file", fileId } });
  };
  for (const item of items) {
    if (item.kind === "file") {
      await addFile(item.fileId);
      continue;
    }
    for (const { ref, type } of await book.members(item.caseId))
      if (GOING.has(type)) found.push({ ref, of: item });
    for (const scanId of await scansOf(item.caseId, cases, book))
      for (const ref of await entriesOfScan(scanId)) found.push({ ref, of: item });
    const links = await book.links(item.caseId);
    const files = new Set(links.flatMap(({ link }) => (link.type === "file" ? [link.fileId] : [])));
    for (const fileId of files) await addFile(fileId);
  }
  return found;
}

/** Bytes of a camera: their class and holds are asked one by one; all else goes with its matter or file. */
const isOwnFootage = (entry: Entry, of: ListItem | undefined): boolean =>
  isFootage(entry.type) && of?.kind !== "case";

/** What is asked of the moment: classes and holds, and the lists there are. */
export interface DestructionFacts {
  readonly index: RetentionIndex;
  readonly lists: readonly DestructionList[];
}

/** What a list of these items takes; throws where one of them may not go. */
export async function drawEntries(
  items: readonly ListItem[],
  now: DestructionFacts,
  options: RetentionOptions,
): Promise<DestructionList["entries"]> {
  const { index, lists } = now;
  if (items.length === 0 || items.length > MOST_ITEMS) throw new CodedError("retention.nothingDue");
  const nowMs = options.clock.wallMs();
  for (const item of items) checkItem(item, index, nowMs);
  const refs = new Map<string, EntryRef>();
  for (const { ref, of } of await listedEntries(items, lists, options)) {
    const entry = await options.reader.readEntry(ref);
    if (isOwnFootage(entry, of) && index.isHeld(entry))
      throw new CodedError("retention.held", { seq: ref.seq });
    if (isOwnFootage(entry, of) && index.keepUntilMs(entry) > nowMs)
      throw new CodedError("retention.notOver", { seq: ref.seq, why: index.fate(entry).class });
    if (!(await options.acknowledged(ref)))
      throw new CodedError("retention.notOver", { seq: ref.seq, why: "notAcknowledged" });
    refs.set(keyOf(ref), ref);
  }
  if (refs.size === 0) throw new CodedError("retention.nothingDue");
  const byLog = new Map<string, number[]>();
  for (const ref of refs.values()) byLog.set(ref.logId, [...(byLog.get(ref.logId) ?? []), ref.seq]);
  return [...byLog].map(([log, seqs]) => ({ logId: log, seqs: seqs.toSorted((a, b) => a - b) }));
}

/** The rules that the eraser asks again, entry by entry, at the moment of destruction. */
function rulesOf(listed: readonly Listed[], log: string, index: RetentionIndex): EraseOrder["rules"] {
  const owner = new Map<number, ListItem>();
  for (const { ref, of } of listed) if (ref.logId === log) owner.set(ref.seq, of);
  return {
    keepUntilMs(entry) {
      const of = owner.get(entry.seq);
      if (isOwnFootage(entry, of)) return index.keepUntilMs(entry);
      // What is not of the list's matters and files any more, such as a scan that another matter got, stays.
      if (of === undefined) return Number.POSITIVE_INFINITY;
      // The record of a body camera's file goes with its bytes, which are asked themselves.
      return of.kind === "case" ? index.caseKeepUntil(of.caseId) : 0;
    },
    isHeld(entry) {
      const of = owner.get(entry.seq);
      if (isOwnFootage(entry, of)) return index.isHeld(entry);
      if (of === undefined) return false;
      return of.kind === "case" ? index.isCaseHeld(of.caseId) : index.isFileHeld(of.fileId);
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
  { index, lists }: DestructionFacts,
  options: RetentionOptions,
): Promise<readonly EntryRef[]> {
  if (list.done !== undefined || list.rejected !== undefined || list.approvals.length < APPROVALS)
    throw new CodedError("retention.wrongStep");
  for (const item of list.items) checkItem(item, index, options.clock.wallMs());
  const listed = await listedEntries(list.items, lists, options);
  const orders: EraseOrder[] = [];
  for (const { logId: log, seqs } of list.entries)
    orders.push({
      logId: logId(log),
      seqs: seqs.map((one) => seq(one)),
      basis: list.listId,
      detail: { listId: list.listId, approvedBy: list.approvals.map(({ by }) => by) },
      rules: rulesOf(listed, log, index),
    });
  const erased: EntryRef[] = [];
  for (const order of orders) erased.push(await options.erase(order));
  return erased;
}
