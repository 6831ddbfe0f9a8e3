/** A counter on the real store: an intake with shipped rules, papers that check every form, a clock the test moves. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { type CalendarYear, workingDayCalendar } from "../../../gateway/domain/calendar.ts";
import type { AuthorityPower, DocumentFacts } from "../../../gateway/domain/document.ts";
import { CodedError } from "../../../gateway/domain/errors.ts";
import { parseDocumentRecord } from "../../../gateway/domain/document-record.ts";
import type { Agent, Applicant } from "../../../gateway/domain/intake/party.ts";
import {
  type ApplicationId,
  type EntryRef,
  type UserId,
  commandId,
  counterId,
  sha256Hex,
  streamId,
  userId,
} from "../../../gateway/domain/ids.ts";
import type { ApprovalStep } from "../../../gateway/domain/intake/approval-steps.ts";
import { type Clock, type NtpState, beijingDate } from "../../../gateway/domain/time.ts";
import { assertComplete } from "../../../gateway/documents/content/complete.ts";
import { documentContent } from "../../../gateway/documents/content/content.ts";
import { createIntake } from "../../../gateway/intake/create-intake.ts";
import type { Intake, IntakeOptions } from "../../../gateway/intake/intake.ts";
import { loadCalendars, loadCatalogue, loadProfiles } from "../../../gateway/intake/load-rules.ts";
import type { CertifiedOfficer, FootageCoverage } from "../../../gateway/intake/ports.ts";
import type { Actor } from "../../../gateway/intake/requests.ts";
import type { CommandResult } from "../../../gateway/intake/results.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { type TestClock, freshFolder, openRealStore, testClock } from "../../contract/real-store.ts";

const CONFIGS = join(import.meta.dirname, "../../../firmware-configs");
export const CLERK: Actor = { userId: userId("clerk-1"), role: "clerk" };
export const COLLEAGUE: Actor = { userId: userId("clerk-2"), role: "clerk" };
export const SUPERVISOR: Actor = { userId: userId("supervisor-1"), role: "supervisor" };
/** Who takes which step of a chain; all of them different people. */
export const APPROVERS: Readonly<Partial<Record<ApprovalStep, Actor>>> = {
  sectionHead: { userId: userId("section-head"), role: "leader" },
  legalSection: SUPERVISOR,
  reviewer: { userId: userId("reviewer-1"), role: "leader" },
  approver: { userId: userId("approver-1"), role: "leader" },
  head: { userId: userId("head-1"), role: "leader" },
};
export const HEAD: Actor = { userId: userId("head-1"), role: "leader" };
export const COUNTER = counterId("counter-1");

export const WANG: Applicant = {
  kind: "person",
  name: "王芳",
  idKind: "residentId",
  idNumber: "11010519491231002X",
  phone: "13800138000",
};
export const COMPANY: Applicant = {
  kind: "company",
  name: "示范餐饮有限公司",
  creditCode: "91350100M000100Y43",
  representative: "李强",
  contactName: "赵敏",
  phone: "0335-2022222",
};
export const AGENT: Agent = {
  name: "陈明",
  idKind: "passport",
  idNumber: "E12345678",
  phone: "13900139000",
  authorisation: "代为提交材料、更正、签收，2026年12月31日前有效",
};

/** The refusal of a command that has to be refused. */
export async function refused(work: Promise<unknown>): Promise<CodedError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

export interface CounterOptions {
  readonly profile: "changli-mr" | "hrss-unnamed" | "qd-xha-commerce" | "bjt-drc" | "zz-mr";
  readonly now?: string;
  /** On whose authority the office acts. */
  readonly power?: AuthorityPower;
  /** A year beside the ones that ship. */
  readonly calendar?: CalendarYear;
  readonly switches?: Readonly<Record<string, boolean>>;
  /** An earlier counter's folder: the box after a restart. */
  readonly folder?: string;
  /** Builds what else stands on the store, before its views catch up. */
  readonly beside?: (parts: {
    readonly store: Store;
    readonly clock: TestClock;
    readonly profiles: Awaited<ReturnType<typeof loadProfiles>>;
  }) => void;
  /** Other officers and guides than the plain ones. */
  readonly rules?: (given: CounterRules) => CounterRules;
  /** Builds what else stands at the counter, before the views catch up. */
  readonly atCounter?: (parts: CounterParts) => void;
}

export type CounterRules = Pick<IntakeOptions, "officers" | "catalogue">;

/** What the counter's intake is built on. */
export interface CounterParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly intake: Intake;
  readonly options: IntakeOptions;
  readonly shipped: CounterRules;
}

export interface Counter {
  readonly intake: Intake;
  readonly store: Store;
  readonly folder: string;
  /** Facts of every draft, in order. */
  readonly drafted: DocumentFacts[];
  readonly codesGiven: string[];
  readonly footage: { coverage: readonly FootageCoverage[]; fails: boolean };
  readonly officers: Map<UserId, CertifiedOfficer>;
  readonly faults: { finish: boolean; draft: boolean };
  setNow(text: string): void;
  nowMs(): number;
  setNtp(state: NtpState): void;
  /** The request's fixed part, with the version as it stands. */
  on(id: ApplicationId): Promise<{
    readonly commandId: ReturnType<typeof commandId>;
    readonly actor: Actor;
    readonly device: string;
    readonly applicationId: ApplicationId;
    readonly expectedVersion: number;
  }>;
  begin(): Promise<ApplicationId>;
  registered(applicant?: Applicant): Promise<ApplicationId>;
  /** Registered, with all items of the list handed over but those left out. */
  received(leftOut?: readonly string[], applicant?: Applicant): Promise<ApplicationId>;
  judgeAll(id: ApplicationId, deficient?: readonly string[], actor?: Actor): Promise<void>;
  /** The next step of the chain, signed today. */
  approve(
    id: ApplicationId,
    given?: { decision?: "agree" | "return"; actor?: Actor },
  ): Promise<CommandResult>;
  /** All steps that are open, one after the other; the result of the last. */
  approveAll(id: ApplicationId): Promise<CommandResult>;
  factsOf(result: CommandResult): Promise<readonly DocumentFacts[]>;
  close(): Promise<void>;
  remove(): Promise<void>;
}

export function beijing(text: string): number {
  return Date.parse(`${text.replace(" ", "T")}:00+08:00`);
}

export async function openCounter(options: CounterOptions): Promise<Counter> {
  const fresh = options.folder === undefined ? await freshFolder() : undefined;
  const folder = options.folder ?? fresh?.path ?? "";
  const moving = testClock(beijing(options.now ?? "2026-09-16 10:00"));
  let ntp: NtpState = "synced";
  const clock = { ...moving, ntp: () => ntp };
  const calendars = await loadCalendars(join(CONFIGS, "calendars"));
  const store = await openRealStore(folder, clock);
  const drafted: DocumentFacts[] = [];
  const codesGiven: string[] = [];
  const faults = { finish: false, draft: false };
  const footage: Counter["footage"] = { coverage: [], fails: false };
  const officers = new Map<UserId, CertifiedOfficer>([
    [CLERK.userId, { name: "周洁", certNo: "03030001", certValidUntil: "2027-12-31" }],
    [COLLEAGUE.userId, { name: "吴刚", certNo: "03030002", certValidUntil: "2027-12-31" }],
    [SUPERVISOR.userId, { name: "郑法", certNo: "03030003", certValidUntil: "2027-12-31" }],
    [userId("section-head"), { name: "孙科" }],
    [userId("reviewer-1"), { name: "何审" }],
    [userId("approver-1"), { name: "罗批" }],
    [HEAD.userId, { name: "钱局" }],
  ]);
  const finish = async (ref: EntryRef, secret?: { readonly claimCode: string }): Promise<void> => {
    if (faults.finish) throw new Error("the printer is on fire");
    if (secret !== undefined) codesGiven.push(secret.claimCode);
    const { documentId } = parseDocumentRecord((await store.readRecord(ref)).body.json);
    const record = { json: { v: 1, documentId } };
    const [appended] = await store.append([{ type: "rendition", stream: streamId("rendition"), record }]);
    if (appended !== undefined) await store.applied(appended);
  };
  const profiles = await loadProfiles(join(CONFIGS, "profiles"), options.profile, options.switches);
  const shipped: CounterRules = {
    officers: { of: async (id) => officers.get(id) },
    catalogue: await loadCatalogue(join(CONFIGS, "demonstration/matters.json")),
  };
  const intakeOptions: IntakeOptions = {
    append: store,
    reader: store,
    views: store,
    clock,
    random: { bytes: (count) => randomBytes(count) },
    papers: {
      async draft(facts) {
        if (faults.draft) throw new Error("the renderer is gone");
        assertComplete(facts);
        documentContent(facts, "zh");
        documentContent(facts, "en");
        drafted.push(facts);
        const sha256 = sha256Hex(createHash("sha256").update(JSON.stringify(facts)).digest("hex"));
        return { templateVersion: "test", sha256, sizeBytes: 1 };
      },
      finish,
    },
    ...(options.rules?.(shipped) ?? shipped),
    footage: {
      async coverage() {
        if (footage.fails) throw new Error("no footage");
        return footage.coverage;
      },
    },
    profiles,
    calendars: {
      forRegion: (region) =>
        workingDayCalendar(
          [...calendars.years, ...(options.calendar === undefined ? [] : [options.calendar])],
          region,
        ),
    },
    office: {
      gatewayCode: "a1",
      shortName: "示市监",
      authority: {
        name: { zh: "示范县市场监督管理局", en: "Demonstration Bureau" },
        code: "11130322MB0000000X",
        ...(options.power === undefined ? {} : { power: options.power }),
      },
      phone: "0335-2022222",
      address: "示范县政务服务中心1号窗口",
      remedies: ["可以自收到之日起六十日内申请行政复议", "可以自收到之日起六个月内提起行政诉讼"],
      camerasOf: () => ["cam-1"],
    },
    claimKey: new Uint8Array(32).fill(7),
    onPaperUnfinished: () => {},
  };
  const intake = createIntake(intakeOptions);
  options.beside?.({ store, clock, profiles });
  options.atCounter?.({ store, clock, intake, options: intakeOptions, shipped });
  await store.catchUp();

  const matterCode = options.profile === "hrss-unnamed" ? "hr-service-licence" : "food-business-licence";
  const request = (actor: Actor = CLERK) => ({
    commandId: commandId(randomUUID()),
    actor,
    device: "counter-1",
  });
  const counter: Counter = {
    intake,
    store,
    folder,
    drafted,
    codesGiven,
    footage,
    officers,
    faults,
    nowMs: () => moving.wallMs(),
    setNow: (text) => moving.setWallMs(beijing(text)),
    setNtp: (state) => {
      ntp = state;
    },
    async on(id) {
      return { ...request(), applicationId: id, expectedVersion: (await intake.get(id)).state.version };
    },
    async begin() {
      return (await intake.start({ ...request(), counterId: COUNTER })).applicationId;
    },
    async registered(applicant = WANG) {
      const id = await counter.begin();
      await intake.showNotice({ ...(await counter.on(id)), noticeVersion: "2026-11", language: "zh" });
      await intake.register({ ...(await counter.on(id)), matterCode, applicant });
      return id;
    },
    async received(leftOut = [], applicant = WANG) {
      const id = await counter.registered(applicant);
      const { items } = await intake.get(id);
      const handed = items
        .filter((item) => item.required && !leftOut.includes(item.itemId))
        .map(({ itemId, requirement: { form, copies } }) => ({
          itemId,
          form,
          copies,
          pages: 2,
          medium: "paper" as const,
        }));
      await intake.receive({ ...(await counter.on(id)), items: handed });
      return id;
    },
    async judgeAll(id, deficient = [], actor = CLERK) {
      for (const { itemId, verdict } of (await intake.get(id)).items) {
        if (verdict !== undefined) continue;
        await intake.judge({
          ...(await counter.on(id)),
          actor,
          itemId,
          verdict: deficient.includes(itemId)
            ? {
                kind: "deficient",
                defect: "未提交",
                requirement: "按清单要求提交",
                basis: "公布的服务指南",
                correctableOnSpot: false,
              }
            : { kind: "ok" },
        });
      }
    },
    async approve(id, { decision = "agree", actor } = {}) {
      const { proposal } = (await intake.get(id)).state;
      const step = proposal?.steps[proposal.given.length];
      if (step === undefined) throw new Error("nothing waits for approval");
      return intake.approve({
        ...(await counter.on(id)),
        actor: actor ?? APPROVERS[step] ?? HEAD,
        step,
        decision,
        opinion: decision === "agree" ? "同意" : "请再核对第二项材料",
        signature: { mode: "account", date: beijingDate(moving.wallMs()) },
      });
    },
    async approveAll(id) {
      for (;;) {
        const done = await counter.approve(id);
        if (done.phase !== "PENDING_APPROVAL") return done;
      }
    },
    async factsOf(result) {
      const records = await Promise.all(result.papers.map(async ({ ref }) => store.readRecord(ref)));
      return records.map(({ body }) => parseDocumentRecord(body.json).facts);
    },
    close: () => store.close(),
    async remove() {
      await store.close();
      await fresh?.remove();
    },
  };
  return counter;
}
