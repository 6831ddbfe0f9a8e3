/** The use cases of records on the log. Registers their view; commands may come once the views have caught up. */
import { CodedError } from "../../domain/errors.ts";
import { streamId } from "../../domain/ids.ts";
import { type Profile, articleOf } from "../../domain/profile.ts";
import type { DocumentKindRow } from "../../domain/records/document-kinds.ts";
import { articlesFor, judgeRecord } from "../../domain/records/judge-record.ts";
import type { RecordFacts, Supplement } from "../../domain/records/record.ts";
import type { CaseBook } from "../case-files/case-book.ts";
import type { CaseRow } from "../case-files/case-rows.ts";
import { asJson } from "../entries.ts";
import { inTurn } from "../in-turn.ts";
import type { EntryDraft, ViewTable } from "../ports.ts";
import { holdDraft } from "../retention/hold-entries.ts";
import { checkForm, checkScans, checkText, checkTimes, resolveFootage } from "./check-record.ts";
import type { RecordsOptions } from "./ports.ts";
import { readCaseTitle, readContent } from "./record-content.ts";
import { type RecordRow, recordKey, recordProjection } from "./record-view.ts";
import type { MakeRecord, RecordFilter, RecordView, RecordedDetails, Records } from "./records.ts";

const CASES = streamId("cases");
const APPROVALS = streamId("record-approvals");
const PERSONS = streamId("record-contents");
const MOST = 500;
const PAGE = 500;
const MAX_TITLE = 300;

export function profileOf(
  options: Pick<RecordsOptions, "profiles">,
  pinned: { readonly id: string; readonly version: string },
): Profile {
  // A version that is not installed any more is judged by the current one, which says so in its own version.
  return options.profiles.find(pinned.id, pinned.version) ?? options.profiles.current();
}

/** What of the details is no personal data. */
function bare(details: Partial<RecordedDetails>): Omit<Supplement, "footage"> {
  const { fields, officers, signatures, scans, avReason, interruptionReason } = details;
  return {
    ...(fields === undefined
      ? {}
      : { filled: Object.keys(fields).filter((name) => (fields[name] ?? "").trim() !== "") }),
    ...(officers === undefined || officers.length === 0
      ? {}
      : {
          officers: {
            count: officers.length,
            certified: officers.filter(({ certNo }) => certNo !== undefined).length,
            shown: officers.filter(({ certShown }) => certShown).length,
          },
        }),
    ...(signatures === undefined ? {} : { signatures: signatures.map(({ role, how }) => ({ role, how })) }),
    ...(scans === undefined ? {} : { scans }),
    ...(avReason === undefined ? {} : { avReason: avReason.code }),
    ...(interruptionReason === undefined ? {} : { interruptionExplained: true as const }),
  };
}

function contentDraft(
  ids: { readonly recordId: string; readonly caseId: string },
  details: Partial<RecordedDetails> & { readonly place?: string },
): EntryDraft {
  const { fields, officers, signatures, avReason, interruptionReason, place } = details;
  const json = asJson({
    v: 1,
    what: "recordContent",
    ...ids,
    matterId: ids.caseId,
    fields: fields ?? {},
    officers: officers ?? [],
    signatures: signatures ?? [],
    ...(place === undefined ? {} : { place }),
    ...(avReason === undefined ? {} : { avReason: avReason.text }),
    ...(interruptionReason === undefined ? {} : { interruptionReason }),
  });
  return { type: "person", stream: PERSONS, record: { json } };
}

const baseArticle = (article: string): string => article.replace(/\(.*$/, "");

function matches(view: RecordView, filter: RecordFilter): boolean {
  const { facts, row } = view;
  return (
    (filter.caseId === undefined || facts.caseId === filter.caseId) &&
    (filter.activity === undefined || facts.activity === filter.activity) &&
    (filter.stage === undefined || row.stage === filter.stage) &&
    (filter.kind === undefined || facts.kind === filter.kind) &&
    (filter.article === undefined ||
      row.articles.some((article) => baseArticle(article) === baseArticle(filter.article ?? ""))) &&
    (filter.deficientOnly !== true || view.deficient) &&
    (filter.uninformedOnly !== true || view.uninformed)
  );
}

export function createRecords(options: RecordsOptions, book: CaseBook): Records {
  const { append, views, reader, clock, random, kinds, footage } = options;
  const table: ViewTable = views.register(recordProjection);
  const turns = inTurn();
  const newId = (prefix: string): string => `${prefix}-${Buffer.from(random.bytes(10)).toString("hex")}`;

  const commit = async (drafts: readonly EntryDraft[]): Promise<void> => {
    const last = (await append.append(drafts)).at(-1);
    if (last !== undefined) await views.applied(last);
  };
  const needCase = async (caseId: string): Promise<CaseRow> => {
    const row = await book.find(caseId);
    if (row === undefined) throw new CodedError("records.noSuchCase");
    return row;
  };
  const openFile = (row: CaseRow): void => {
    if (row.filed !== undefined) throw new CodedError("records.caseClosed", { code: row.filed.archivalCode });
  };
  const needRow = async (recordId: string): Promise<RecordRow> => {
    const row = await table.get(recordKey.record(recordId));
    if (row === undefined) throw new CodedError("records.noSuchRecord");
    return row as unknown as RecordRow;
  };
  const needKind = (kind: string): DocumentKindRow => {
    const row = kinds.find(kind);
    if (row === undefined) throw new CodedError("records.noSuchKind", { kind });
    return row;
  };
  const viewOf = ({ facts, ref, informedMs }: RecordRow): RecordView => {
    const row = needKind(facts.kind);
    const profile = profileOf(options, facts.profile);
    return {
      ...judgeRecord(row, facts, profile, kinds),
      facts,
      row,
      ref,
      articles: articlesFor(row, profile),
      uninformed:
        facts.flags.includes("realName") && facts.flags.includes("notPursued") && informedMs === undefined,
    };
  };
  const get = async (recordId: string): Promise<RecordView> => viewOf(await needRow(recordId));

  async function* newestFirst(caseId: string | undefined): AsyncIterable<RecordRow> {
    const prefix = caseId === undefined ? "order" : `of/${caseId}`;
    let to = `${prefix}0`;
    for (;;) {
      const rows = await table.range({ from: `${prefix}/`, to, limit: PAGE, reverse: true });
      for (const [, row] of rows) yield await needRow(row["recordId"] as string);
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return;
      [to] = last;
    }
  }

  async function* within(fromMs: number, toMs: number): AsyncIterable<RecordView> {
    const to = recordKey.orderFrom(toMs);
    let from = recordKey.orderFrom(fromMs);
    for (;;) {
      const rows = await table.range({ from, to, limit: PAGE });
      for (const [, row] of rows) yield viewOf(await needRow(row["recordId"] as string));
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return;
      from = `${last[0]}\0`;
    }
  }

  async function make(command: MakeRecord, recordId: string): Promise<RecordView> {
    const { caseId, kind, startMs, endMs, flags, answers, actor, device } = command;
    const now = clock.wallMs();
    const matter = await needCase(caseId);
    openFile(matter);
    const row = needKind(kind);
    const { activity } = matter;
    if (!row.activities.includes(activity)) throw new CodedError("records.noSuchKind", { kind, activity });
    const profile = options.profiles.current();
    checkTimes(startMs, endMs, now);
    checkForm(row, { activity, flags }, { profile, kinds, details: command });
    if (command.place !== undefined) checkText(command.place, "place", MAX_TITLE);
    await checkScans(command.scans, reader);
    const links = await resolveFootage(command.footage, footage);
    if (answers !== undefined) {
      const asked = await needRow(answers);
      if (asked.facts.kind !== "complaintRecord")
        throw new CodedError("records.badInput", { what: "answers" });
    }
    const facts: RecordFacts = {
      recordId,
      caseId,
      kind,
      activity,
      startMs,
      endMs,
      recordedMs: now,
      by: actor.userId,
      role: actor.role,
      device,
      profile: { id: profile.id, version: profile.version },
      filled: [],
      officers: { count: 0, certified: 0, shown: 0 },
      signatures: [],
      scans: [],
      ...bare(command),
      footage: links,
      flags,
      ...(answers === undefined ? {} : { answers }),
    };
    const triggers = profile.rule("hold.triggers");
    const trigger = row.hold;
    const held: readonly EntryDraft[] =
      trigger === undefined || !triggers.value.includes(trigger)
        ? []
        : [
            holdDraft({
              v: 1,
              what: "set",
              holdId: `hold-${recordId}`,
              subject: { kind: "case", caseId },
              reason: trigger,
              ...withArticle(articleOf(triggers)),
              by: actor.userId,
              atMs: now,
              source: recordId,
            }),
          ];
    const json = asJson({
      v: 1,
      what: "recorded",
      caseId,
      matterId: caseId,
      commandId: command.commandId,
      result: recordId,
      record: facts,
    });
    await commit([
      { type: "case", stream: CASES, t: startMs, record: { json } },
      contentDraft({ recordId, caseId }, command),
      ...held,
    ]);
    return get(recordId);
  }

  /** A repeat of a command answers what it answered first; two at once run one after the other. */
  const once = <Result>(
    commandId: string,
    turn: string,
    again: (result: string) => Promise<Result>,
    work: () => Promise<Result>,
  ): Promise<Result> =>
    turns.run(turn, async () => {
      const before = await book.commandResult(commandId);
      return before === undefined ? work() : again(before);
    });

  return {
    openCase: (command) =>
      once(command.commandId, "open", needCase, async () => {
        const { activity, authorityBasis, powerItem, actor, title, party } = command;
        const profile = options.profiles.current();
        const scope = profile.rule("activityKinds");
        if (!scope.value.includes(activity))
          throw new CodedError("records.outsideScope", { activity, ...withArticle(articleOf(scope)) });
        checkText(title, "title", MAX_TITLE);
        if (party !== undefined) checkText(party, "party");
        if (powerItem !== undefined) checkText(powerItem, "powerItem", MAX_TITLE);
        const caseId = newId("case");
        const row: CaseRow = {
          caseId,
          activity,
          authorityBasis,
          ...(powerItem === undefined ? {} : { powerItem }),
          openedMs: clock.wallMs(),
          openedBy: actor.userId,
          profile: { id: profile.id, version: profile.version },
        };
        const json = asJson({ v: 1, what: "opened", commandId: command.commandId, result: caseId, row });
        await commit([
          { type: "case", stream: CASES, record: { json } },
          {
            type: "person",
            stream: PERSONS,
            record: { json: asJson({ v: 1, what: "caseContent", caseId, matterId: caseId, title, party }) },
          },
        ]);
        return needCase(caseId);
      }),
    make: (command) => once(command.commandId, command.caseId, get, () => make(command, newId("rec"))),
    async supplement(command) {
      const { facts } = await needRow(command.recordId);
      return once(
        command.commandId,
        facts.caseId,
        () => get(command.recordId),
        async () => {
          openFile(await needCase(facts.caseId));
          const profile = profileOf(options, facts.profile);
          checkForm(needKind(facts.kind), facts, { profile, kinds, details: command });
          await checkScans(command.scans ?? [], reader);
          const links = await resolveFootage(command.footage ?? [], footage);
          const { recordId } = command;
          const { caseId, kind } = facts;
          const json = asJson({
            v: 1,
            what: "recordSupplemented",
            commandId: command.commandId,
            result: recordId,
            recordId,
            caseId,
            matterId: caseId,
            kind,
            by: command.actor.userId,
            more: { ...bare(command), footage: links },
            footage: links,
          });
          await commit([
            { type: "case", stream: CASES, record: { json } },
            contentDraft({ recordId, caseId }, command),
          ]);
          return get(recordId);
        },
      );
    },
    async approve({ recordId, actor, commandId }) {
      const { facts } = await needRow(recordId);
      return turns.run(facts.caseId, async () => {
        const view = await get(recordId);
        if (view.facts.approved !== undefined) return view;
        openFile(await needCase(facts.caseId));
        const missing = view.lacks.filter(({ lack }) => lack !== "notApproved");
        if (missing.length > 0)
          throw new CodedError("records.formIncomplete", {
            missing: missing.map(({ lack, what }) => what ?? lack),
            article: view.articles[0] ?? "",
          });
        if (facts.by === actor.userId) throw new CodedError("records.approverSame");
        const approved = { by: actor.userId, atMs: clock.wallMs() };
        const json = asJson({
          v: 1,
          what: "recordApproved",
          recordId,
          caseId: facts.caseId,
          commandId,
          approved,
        });
        await commit([{ type: "approval", stream: APPROVALS, record: { json } }]);
        return get(recordId);
      });
    },
    async list(filter = {}) {
      const found: RecordView[] = [];
      const limit = Math.min(filter.limit ?? MOST, MOST);
      for await (const row of newestFirst(filter.caseId)) {
        const view = viewOf(row);
        if (matches(view, filter)) found.push(view);
        if (found.length >= limit) break;
      }
      return found;
    },
    within,
    get,
    content: async (recordId) => readContent((await needRow(recordId)).contents, reader),
    caseTitle: async (caseId) => readCaseTitle(await book.find(caseId), reader),
  };
}

function withArticle(article: string | undefined): { readonly article?: string } {
  return article === undefined ? {} : { article };
}
