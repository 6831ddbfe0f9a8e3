/** The use cases of case files on the log, over the view of matters. */
import { CodedError } from "../../domain/errors.ts";
import { fileDue } from "../../domain/case-files/due.ts";
import { type FourPropertyReport, outcomeOf } from "../../domain/case-files/four-properties.ts";
import { streamId } from "../../domain/ids.ts";
import { asJson } from "../entries.ts";
import { inTurn } from "../in-turn.ts";
import type { EntryDraft } from "../ports.ts";
import { checkText } from "../records/check-record.ts";
import { profileOf } from "../records/create-records.ts";
import type { Records } from "../records/records.ts";
import type { CaseBook } from "./case-book.ts";
import type { CaseFiles, CaseListRow, CaseView, EndAct, FileCase } from "./case-files.ts";
import { type CaseMaterial, cameraRanges, gatherCase } from "./case-material.ts";
import { metadataOf } from "./case-metadata.ts";
import type { CaseRow, HandOverRow } from "./case-rows.ts";
import { checkCase } from "./check-case.ts";
import type { CaseFilesOptions } from "./ports.ts";

const CASES = streamId("cases");
const MOST = 500;
const MAX_CODE = 120;
const MAX_WORDS = 2000;
const MOST_DAYS = 3650;
const CODE = /^[\p{L}\p{N}·〔〕.\-/_]+$/u;

const bad = (what: string): never => {
  throw new CodedError("records.badInput", { what });
};

export function createCaseFiles(
  options: CaseFilesOptions,
  parts: { readonly book: CaseBook; readonly records: Pick<Records, "list" | "caseTitle"> },
): CaseFiles {
  const { append, views, clock, random, reader, calendars } = options;
  const { book, records } = parts;
  const turns = inTurn();

  const need = async (caseId: string): Promise<CaseRow> => {
    const row = await book.find(caseId);
    if (row === undefined) throw new CodedError("records.noSuchCase");
    return row;
  };
  const commit = async (json: object, more: readonly EntryDraft[] = []): Promise<void> => {
    const drafts: readonly EntryDraft[] = [
      { type: "case", stream: CASES, record: { json: asJson({ v: 1, ...json }) } },
      ...more,
    ];
    const last = (await append.append(drafts)).at(-1);
    if (last !== undefined) await views.applied(last);
  };
  const gather = (row: CaseRow): Promise<CaseMaterial> => gatherCase(row, { book, records, options });

  const listRow = async (row: CaseRow): Promise<CaseListRow> => {
    const named = await records.caseTitle(row.caseId);
    const title = named === undefined ? {} : { title: named.title };
    if (row.handedOver !== undefined) return { row, ...title, state: "handedOver" };
    if (row.filed !== undefined) return { row, ...title, state: "filed" };
    if (row.endedMs === undefined) return { row, ...title, state: "open" };
    const profile = profileOf(options, row.profile);
    const due = fileDue({
      endedMs: row.endedMs,
      nowMs: clock.wallMs(),
      profile,
      calendar: calendars.forRegion(profile.rule("region").value),
      lawLimit: row.lawLimit,
    });
    return { row, ...title, due, state: due.overdue ? "overdue" : "ended" };
  };

  const reportOf = async (row: CaseRow): Promise<FourPropertyReport | undefined> =>
    row.filed === undefined
      ? undefined
      : ((await reader.readRecord(row.filed.ref)).body.json["report"] as unknown as FourPropertyReport);

  const view = async (row: CaseRow): Promise<CaseView> => {
    const { rows, recordViews, sessions, links, missing } = await gather(row);
    const report = await reportOf(row);
    return {
      ...(await listRow(row)),
      members: rows,
      records: recordViews,
      sessions,
      links,
      missing,
      ...(report === undefined ? {} : { report }),
    };
  };

  async function end({ caseId, endedMs, lawLimit, actor, commandId }: EndAct): Promise<CaseRow> {
    const row = await need(caseId);
    if (row.filed !== undefined) throw new CodedError("records.caseClosed", { code: row.filed.archivalCode });
    if (!Number.isSafeInteger(endedMs) || endedMs < row.openedMs || endedMs > clock.wallMs() + MOST_AHEAD_MS)
      bad("endedMs");
    if (lawLimit !== undefined) {
      const { days, basis } = lawLimit;
      if (!Number.isSafeInteger(days) || days < 1 || days > MOST_DAYS) bad("lawLimit.days");
      checkText(basis, "lawLimit.basis");
    }
    await commit({ what: "ended", caseId, commandId, result: caseId, endedMs, lawLimit, by: actor.userId });
    return need(caseId);
  }

  async function file(command: FileCase): Promise<CaseView> {
    const { caseId, archivalCode, keep, explained, actor, commandId } = command;
    const row = await need(caseId);
    if (row.filed !== undefined) throw new CodedError("records.caseClosed", { code: row.filed.archivalCode });
    if (row.endedMs === undefined) throw new CodedError("filing.notEnded");
    if (archivalCode.length > MAX_CODE || !CODE.test(archivalCode)) bad("archivalCode");
    if (keep !== "permanent" && (!Number.isSafeInteger(keep) || keep < 1 || keep > 100)) bad("keep");
    if (explained !== undefined) checkText(explained, "explained", MAX_WORDS);
    if ((await book.byCode(archivalCode)) !== undefined) throw new CodedError("filing.codeTaken");
    const report = await checkCase(await gather(row), options);
    if (outcomeOf(report) === "fail" && explained === undefined)
      throw new CodedError("filing.incomplete", {
        wrong: report.results
          .filter(({ outcome }) => outcome === "fail")
          .flatMap(({ check, wrong }) => wrong.map((one) => `${check}: ${one}`)),
      });
    const filed = {
      archivalCode,
      keep,
      atMs: clock.wallMs(),
      by: actor.userId,
      ...(explained === undefined ? {} : { explained }),
    };
    await commit({ what: "filed", caseId, commandId, result: caseId, filed, report });
    return view(await need(caseId));
  }

  async function handOver(
    caseIds: readonly string[],
    { actor, commandId }: { readonly actor: FileCase["actor"]; readonly commandId: string },
  ): Promise<HandOverRow> {
    if (caseIds.length === 0 || caseIds.length > MOST) bad("caseIds");
    for (const caseId of caseIds) {
      const { filed, handedOver } = await need(caseId);
      if (filed === undefined) throw new CodedError("filing.notEnded", { caseId });
      if (handedOver !== undefined) throw new CodedError("filing.noSuchList", { caseId });
    }
    const list: HandOverRow = {
      listId: `handover-${Buffer.from(random.bytes(8)).toString("hex")}`,
      caseIds,
      from: actor.userId,
      fromSignedMs: clock.wallMs(),
    };
    await commit({ what: "handOver", commandId, result: list.listId, list });
    return list;
  }

  const once = <Result>(
    { commandId }: { readonly commandId: string },
    turn: string,
    again: (result: string) => Promise<Result>,
    work: () => Promise<Result>,
  ): Promise<Result> =>
    turns.run(turn, async () => {
      const before = await book.commandResult(commandId);
      return before === undefined ? work() : again(before);
    });
  const needList = async (listId: string): Promise<HandOverRow> => {
    const list = await book.handOver(listId);
    if (list === undefined) throw new CodedError("filing.noSuchList");
    return list;
  };
  const waiting = async (): Promise<readonly CaseListRow[]> =>
    Promise.all((await book.waiting()).map((row) => listRow(row)));

  return {
    end: (command) => once(command, command.caseId, need, () => end(command)),
    file: (command) =>
      // One at a time: two files must not be given the same archival code.
      once(
        command,
        "file",
        async (id) => view(await need(id)),
        () => file(command),
      ),
    handOver: (command) => once(command, "hand-over", needList, () => handOver(command.caseIds, command)),
    takeOver: (command) =>
      once(command, "hand-over", needList, async () => {
        const { listId, actor, commandId } = command;
        const list = await needList(listId);
        if (list.to !== undefined) throw new CodedError("filing.noSuchList");
        if (actor.role !== "custodian" || list.from === actor.userId)
          throw new CodedError("filing.custodianOnly");
        const signed: HandOverRow = { ...list, to: actor.userId, toSignedMs: clock.wallMs() };
        await commit({ what: "handOver", commandId, result: listId, list: signed });
        return signed;
      }),
    handOvers: () => book.handOvers(),
    async list({ limit = MOST, overdueOnly = false } = {}) {
      if (overdueOnly) return (await waiting()).filter(({ state }) => state === "overdue").slice(0, limit);
      return Promise.all((await book.list(Math.min(limit, MOST))).map((row) => listRow(row)));
    },
    overdue: async () => (await waiting()).filter(({ state }) => state === "overdue"),
    async notHandedOver() {
      const found: CaseRow[] = [];
      for await (const row of book.all())
        if (row.filed !== undefined && row.handedOver === undefined) found.push(row);
      return found;
    },
    get: async (caseId) => view(await need(caseId)),
    check: async (caseId) => checkCase(await gather(await need(caseId)), options),
    async metadata(caseId, words) {
      const named = await records.caseTitle(caseId);
      return metadataOf(await gather(await need(caseId)), { ...words, ...named }, options);
    },
    async contents(caseId) {
      const { members, sessions, links, files } = await gather(await need(caseId));
      return {
        entries: members,
        cameras: cameraRanges(sessions, links, clock.wallMs()),
        fileIds: files.map(({ fileId }) => fileId),
      };
    },
  };
}

/** A clerk's own clock may be a little ahead. */
const MOST_AHEAD_MS = 5 * 60_000;
