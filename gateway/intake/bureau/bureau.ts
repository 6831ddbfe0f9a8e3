/**
 * The bureau's own approval system at the counter: its cases come in so that nobody types twice, outcomes go out by
 * cursor, the decision's limit is watched, and its grant or refusal is handed over here. Invariant: an outcome is told
 * under one id for ever; a case is used for one application.
 */
import type { Applicant } from "../../domain/intake/party.ts";
import {
  type BureauCase,
  type CaseSource,
  checkedCase,
  readCaseQr,
  readCases,
} from "../../domain/bureau/case.ts";
import {
  type Decision,
  type DecisionStage,
  type Due,
  type DueStatus,
  type Extension,
  type Pause,
  decided,
  decisionDue,
  dueStatus,
  extended,
  paused,
  resumed,
} from "../../domain/bureau/decision.ts";
import { startOfBeijingDay } from "../../domain/calendar.ts";
import { CodedError } from "../../domain/errors.ts";
import { type ApplicationId, type CommandId, commandId, documentId } from "../../domain/ids.ts";
import type { RowProblem } from "../../domain/table.ts";
import { type Clock, beijingDate } from "../../domain/time.ts";
import { personOf } from "../entries.ts";
import { inTurn } from "../in-turn.ts";
import type { Intake } from "../intake.ts";
import { type LogParts, allUnder, appendAndShow, doneBefore } from "../log-work.ts";
import type { Calendars, Catalogue, LogReader, Profiles, Random } from "../ports.ts";
import type { Services } from "../service/services.ts";
import { refIn } from "../view-rows.ts";
import {
  type BureauFact,
  type CaseRow,
  type OutcomeRow,
  type StageRow,
  bureauDraft,
  bureauKey,
  bureauProjection,
  casePersonDraft,
} from "./projection.ts";

export interface BureauOptions extends LogParts {
  readonly reader: LogReader;
  readonly clock: Clock;
  readonly random: Random;
  readonly profiles: Profiles;
  readonly calendars: Calendars;
  readonly catalogue: Catalogue;
  readonly intake: Pick<Intake, "get">;
  readonly services: Pick<Services, "addForeignPaper" | "state">;
}

export interface BureauCommand {
  readonly commandId: CommandId;
  /** Account id, or `bureau` for its own system. */
  readonly by: string;
}

/** A case in the inbox; `applicant` is undefined once erased. */
export interface InboxRow extends CaseRow {
  readonly applicant: Applicant | undefined;
}

export interface Outcome extends OutcomeRow {
  readonly caseNo?: string;
  readonly decision?: Decision;
}

export interface DueRow {
  readonly applicationId: ApplicationId;
  readonly caseNo?: string;
  readonly stage: DecisionStage;
  readonly due: Due;
  readonly status: DueStatus;
  /** The day that counts now: of the decision, or of its delivery. */
  readonly date: string;
  readonly documentId?: string;
}

export interface CaseReport {
  readonly applied: boolean;
  readonly rows: number;
  readonly problems: readonly RowProblem[];
}

export interface Bureau {
  /** Throws `bureau.badCase`, `bureau.noSuchMatter`, `bureau.caseTaken`, `intake.bad*`. */
  take(
    request: BureauCommand & { readonly source: CaseSource; readonly case: BureauCase },
  ): Promise<InboxRow>;
  /** Also `bureau.badQr`. */
  takeQr(request: BureauCommand & { readonly text: string }): Promise<InboxRow>;
  /** All rows or none. */
  importTable(request: BureauCommand & { readonly text: string }): Promise<CaseReport>;
  /** Newest first; those without an application only, unless `all`. */
  inbox(filter?: { readonly all?: boolean }): Promise<readonly InboxRow[]>;
  /** The application was registered from this case. Throws `bureau.noSuchCase`, `bureau.caseTaken`. */
  link(
    request: BureauCommand & { readonly caseNo: string; readonly applicationId: ApplicationId },
  ): Promise<InboxRow>;
  /** After this id, oldest first. The same id is the same outcome for ever. */
  outcomes(
    after?: string,
    limit?: number,
  ): Promise<{ readonly rows: readonly Outcome[]; readonly next?: string }>;
  pause(
    request: BureauCommand & {
      readonly applicationId: ApplicationId;
      readonly pause: Omit<Pause, "from"> & { readonly from: string };
    },
  ): Promise<DueRow>;
  resume(
    request: BureauCommand & { readonly applicationId: ApplicationId; readonly to: string },
  ): Promise<DueRow>;
  extend(
    request: BureauCommand & { readonly applicationId: ApplicationId; readonly extension: Extension },
  ): Promise<DueRow>;
  /** Enters the decision; its paper can then be handed over through service (S4-11). */
  decide(
    request: BureauCommand & {
      readonly applicationId: ApplicationId;
      readonly made: Omit<Decision, "decidedOn"> & { readonly decidedOn: string };
    },
  ): Promise<DueRow>;
  /** Decision stages that are not done, the most urgent first. */
  due(): Promise<readonly DueRow[]>;
  /** Finishes what a crash left between a decision and its paper; call once after the views caught up. */
  recover(): Promise<void>;
}

const MOST_OUTCOMES = 200;
const PERSON_BYTES = 8;
const TITLES: Readonly<Record<Decision["decision"], string>> = {
  granted: "准予行政许可决定书",
  refused: "不予行政许可决定书",
};
const URGENCY: readonly DueStatus[] = [
  "overdue",
  "deliveryOverdue",
  "soon",
  "toDeliver",
  "running",
  "paused",
  "done",
];

/** To be called before the store catches up, since it registers a view. */
export function createBureau(options: BureauOptions): Bureau {
  const { clock, catalogue, services, intake } = options;
  const table = options.views.register(bureauProjection);
  const turns = inTurn();
  const today = () => beijingDate(clock.wallMs());
  const rules = () => ({
    today: today(),
    hasMatter: (code: string) => catalogue.find(code) !== undefined,
  });
  // Rows are what this area's own projection wrote.
  const caseRow = async (caseNo: string) =>
    (await table.get(bureauKey.case(caseNo))) as unknown as CaseRow | undefined;
  const stageRow = async (id: string): Promise<StageRow> => {
    const row = (await table.get(bureauKey.stage(id))) as unknown as StageRow | undefined;
    if (row === undefined) throw new CodedError("bureau.notAccepted");
    return row;
  };
  const applicantOf = async (personId: string): Promise<Applicant | undefined> => {
    const ref = refIn(await table.get(bureauKey.person(personId)));
    if (ref === undefined) return undefined;
    try {
      const person = personOf((await options.reader.readRecord(ref)).body.json)?.person;
      return person?.role === "applicant" ? person.applicant : undefined;
    } catch (error) {
      if (error instanceof CodedError && error.code === "evidence.bodyMissing") return undefined;
      throw error;
    }
  };
  const inboxRow = async (row: CaseRow): Promise<InboxRow> => ({
    ...row,
    applicant: await applicantOf(row.personId),
  });
  const existing = async (caseNo: string): Promise<CaseRow> => {
    const row = await caseRow(caseNo);
    if (row === undefined) throw new CodedError("bureau.noSuchCase");
    return row;
  };
  const once = (command: BureauCommand, facts: () => Promise<readonly BureauFact[]>): Promise<void> =>
    turns.run("bureau", async () => {
      if ((await doneBefore(table, command.commandId)) !== undefined) return;
      const { by, commandId: id } = command;
      const made = await facts();
      if (made.length > 0)
        await appendAndShow(
          options,
          made.map((fact) => bureauDraft(fact, { by, commandId: id })),
        );
    });

  const takeAll = (command: BureauCommand, source: CaseSource, cases: readonly BureauCase[]): Promise<void> =>
    turns.run("bureau", async () => {
      if ((await doneBefore(table, command.commandId)) !== undefined) return;
      const drafts = [];
      for (const one of cases) {
        const before = await caseRow(one.caseNo);
        if (before?.applicationId !== undefined)
          throw new CodedError("bureau.caseTaken", { caseNo: one.caseNo });
        // The system may send the same case again: what is known already is not written twice.
        const isSame =
          before?.matterCode === one.matterCode &&
          JSON.stringify(await applicantOf(before.personId)) === JSON.stringify(one.applicant);
        if (isSame) continue;
        const personId = `bureau.${Buffer.from(options.random.bytes(PERSON_BYTES)).toString("hex")}`;
        const { caseNo, matterCode } = one;
        const { by, commandId: id } = command;
        drafts.push(
          casePersonDraft(personId, { role: "applicant", applicant: one.applicant }),
          bureauDraft({ type: "caseCame", caseNo, matterCode, personId, source }, { by, commandId: id }),
        );
      }
      if (drafts.length > 0) await appendAndShow(options, drafts);
    });

  /** The decision's paper in the register of service; a repeat, or a start after a crash, finds it there. */
  const ensurePaper = async (
    { applicationId, stage, documentId: id }: StageRow,
    by: string,
  ): Promise<void> => {
    const { decided: made } = stage;
    if (made === undefined || id === undefined) return;
    await services.addForeignPaper({
      commandId: commandId(`decision-${applicationId}`),
      by,
      paper: {
        documentId: documentId(id),
        applicationId,
        title: TITLES[made.decision],
        number: made.number,
        issuedMs: startOfBeijingDay(made.decidedOn),
        foreign: true,
      },
    });
  };
  const servedOn = async (id: string | undefined) => {
    if (id === undefined) return undefined;
    const { served } = await services.state(documentId(id));
    return served === undefined ? undefined : beijingDate(served.servedMs);
  };
  const dueRow = async (row: StageRow): Promise<DueRow> => {
    const view = await intake.get(row.applicationId);
    const profile =
      options.profiles.find(view.profile.id, view.profile.version) ?? options.profiles.current();
    const calendar = options.calendars.forRegion(profile.rule("region").value);
    const matter =
      view.matter === undefined ? undefined : catalogue.find(view.matter.code, view.matter.version);
    const due = decisionDue(row.stage, matter?.decision.legalDays ?? 20, calendar, today());
    const served = await servedOn(row.documentId);
    const { status, date } = dueStatus(row.stage, due, {
      today: today(),
      calendar,
      ...(served === undefined ? {} : { servedOn: served }),
    });
    const caseNo = (await table.get(bureauKey.caseOf(row.applicationId)))?.["caseNo"];
    return { ...row, due, status, date, ...(typeof caseNo === "string" ? { caseNo } : {}) };
  };
  const onStage = async (
    request: BureauCommand & { readonly applicationId: ApplicationId },
    make: (stage: DecisionStage) => BureauFact,
  ): Promise<DueRow> => {
    await once(request, async () => [make((await stageRow(request.applicationId)).stage)]);
    return dueRow(await stageRow(request.applicationId));
  };

  const take: Bureau["take"] = async (request) => {
    const one = checkedCase(request.case, rules());
    await takeAll(request, request.source, [one]);
    return inboxRow(await existing(one.caseNo));
  };
  return {
    take,
    takeQr: async ({ text, ...command }) => take({ ...command, source: "qr", case: readCaseQr(text) }),
    async importTable(request) {
      const { cases, problems } = readCases(request.text, rules());
      if (problems.length > 0) return { applied: false, rows: 0, problems };
      await takeAll(request, "csv", cases);
      return { applied: true, rows: cases.length, problems: [] };
    },
    async inbox(filter = {}) {
      const rows = await table.range({ from: "case-order/", to: "case-order0", reverse: true, limit: 500 });
      const found = await Promise.all(
        rows.map(([, row]) => caseRow((row as unknown as { readonly caseNo: string }).caseNo)),
      );
      return Promise.all(
        found
          .filter((row) => row !== undefined)
          .filter((row) => filter.all === true || row.applicationId === undefined)
          .map(inboxRow),
      );
    },
    async link(request) {
      const { caseNo, applicationId } = request;
      await intake.get(applicationId);
      await once(request, async () => {
        const row = await existing(caseNo);
        if (row.applicationId === applicationId) return [];
        if (
          row.applicationId !== undefined ||
          (await table.get(bureauKey.caseOf(applicationId))) !== undefined
        )
          throw new CodedError("bureau.caseTaken", { caseNo });
        return [{ type: "caseLinked", caseNo, applicationId }];
      });
      return inboxRow(await existing(caseNo));
    },
    async outcomes(after, limit = MOST_OUTCOMES) {
      const from = after === undefined ? "outcome/" : `${bureauKey.outcome(after)}\0`;
      const most = Math.min(limit, MOST_OUTCOMES);
      const page = await table.range({ from, to: "outcome0", limit: most });
      const rows = await Promise.all(
        page.map(async ([, json]): Promise<Outcome> => {
          const row = json as unknown as OutcomeRow;
          const caseNo = (await table.get(bureauKey.caseOf(row.applicationId)))?.["caseNo"];
          return { ...row, ...(typeof caseNo === "string" ? { caseNo } : {}) };
        }),
      );
      const last = rows.at(-1);
      return { rows, ...(last === undefined ? {} : { next: last.id }) };
    },
    pause: (request) =>
      onStage(request, (stage) => ({
        type: "paused",
        applicationId: request.applicationId,
        pause: paused(stage, request.pause, today()),
      })),
    resume: (request) =>
      onStage(request, (stage) => ({
        type: "resumed",
        applicationId: request.applicationId,
        to: resumed(stage, request.to, today()),
      })),
    extend: (request) =>
      onStage(request, (stage) => ({
        type: "extended",
        applicationId: request.applicationId,
        extension: extended(stage, request.extension),
      })),
    async decide(request) {
      const { applicationId, by } = request;
      const id = documentId(`${applicationId}.x1`);
      await once(request, async () => [
        {
          type: "decided",
          applicationId,
          made: decided((await stageRow(applicationId)).stage, request.made, today()),
          documentId: id,
        },
      ]);
      await ensurePaper(await stageRow(applicationId), by);
      return dueRow(await stageRow(applicationId));
    },
    async recover() {
      for (const [, row] of await allUnder(table, "stage/"))
        await ensurePaper(row as unknown as StageRow, "gateway");
    },
    async due() {
      const rows = await Promise.all(
        (await allUnder(table, "stage/")).map(([, row]) => dueRow(row as unknown as StageRow)),
      );
      return rows
        .filter(({ status }) => status !== "done")
        .toSorted(
          (a, b) => URGENCY.indexOf(a.status) - URGENCY.indexOf(b.status) || a.date.localeCompare(b.date),
        );
    },
  };
}
