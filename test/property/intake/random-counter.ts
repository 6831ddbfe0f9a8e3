/** Plays random steps on the real use cases over a log in memory; whatever is refused must be a coded refusal. */
import { createHash } from "node:crypto";
import { CodedError } from "../../../gateway/domain/errors.ts";
import type { DocumentFacts } from "../../../gateway/domain/document.ts";
import {
  type ApplicationId,
  commandId,
  counterId,
  sha256Hex,
  streamId,
  userId,
} from "../../../gateway/domain/ids.ts";
import { parseDocumentRecord } from "../../../gateway/domain/document-record.ts";
import { beijingDate } from "../../../gateway/domain/time.ts";
import { createIntake } from "../../../gateway/intake/create-intake.ts";
import type { Intake, IntakeOptions } from "../../../gateway/intake/intake.ts";
import type { Calendars, Catalogue, Profiles } from "../../../gateway/intake/ports.ts";
import type { JsonObject } from "../../../gateway/evidence/record.ts";
import { type MemoryLog, memoryLog } from "./memory-log.ts";
import type { Step } from "./steps.ts";

const HOUR_MS = 3_600_000;
const CLERK = { userId: userId("clerk-1"), role: "clerk" } as const;
const SUPERVISOR = { userId: userId("supervisor-1"), role: "supervisor" } as const;

class Expected extends Error {}

export interface Rules {
  readonly profiles: Profiles;
  readonly calendars: Calendars;
  readonly catalogue: Catalogue;
}

export interface Played {
  readonly log: MemoryLog;
  readonly intake: Intake;
  readonly applications: readonly ApplicationId[];
  readonly rows: ReadonlyMap<string, JsonObject>;
  readonly options: IntakeOptions;
  readonly refusals: number;
}

export async function play(steps: readonly Step[], rules: Rules): Promise<Played> {
  const log = memoryLog();
  let views = log.views();
  let wallMs = Date.parse("2026-09-14T09:00:00+08:00");
  let counted = 0;
  let ntp: "synced" | "unsynced" = "synced";
  let refusals = 0;
  const faults = { draft: false, finish: false };
  const options: IntakeOptions = {
    append: log,
    reader: log,
    views,
    clock: { wallMs: () => wallMs, monotonicMs: () => wallMs, boot: "b", ntp: () => ntp },
    random: {
      bytes: (count) => {
        counted += 1;
        return createHash("sha512").update(String(counted)).digest().subarray(0, count);
      },
    },
    papers: {
      async draft(facts: DocumentFacts) {
        if (faults.draft) throw new Expected("draft");
        const hash = createHash("sha256").update(JSON.stringify(facts)).digest("hex");
        return { templateVersion: "t", sha256: sha256Hex(hash), sizeBytes: 1 };
      },
      async finish(ref) {
        if (faults.finish) throw new Expected("finish");
        const { documentId } = parseDocumentRecord((await log.readRecord(ref)).body.json);
        await log.append([
          { type: "rendition", stream: streamId("r"), record: { json: { v: 1, documentId } } },
        ]);
      },
    },
    officers: { of: async () => ({ name: "周洁", certNo: "1", certValidUntil: "2030-01-01" }) },
    footage: { coverage: async () => [] },
    ...rules,
    office: {
      gatewayCode: "a1",
      shortName: "示",
      authority: { name: { zh: "示范局" }, code: "1113" },
      phone: "1",
      address: "一层",
      remedies: ["复议"],
      camerasOf: () => [],
    },
    claimKey: new Uint8Array(32),
    onPaperUnfinished: () => {},
  };
  let intake = createIntake(options);
  await views.applied({ logId: log.records[0]?.logId ?? ("2026" as never), seq: 0 as never });
  const applications: ApplicationId[] = [];

  const run = async (step: Step): Promise<void> => {
    const request = {
      commandId: commandId(`command-${counted}-${log.records.length}`),
      actor: CLERK,
      device: "c1",
    };
    if (step.op === "start") {
      applications.push((await intake.start({ ...request, counterId: counterId("c1") })).applicationId);
      return;
    }
    if (step.op === "deriveDeemed") {
      await intake.deriveDeemed();
      return;
    }
    const id = applications[step.app % Math.max(1, applications.length)];
    if (id === undefined) return;
    const view = await intake.get(id);
    const { state } = view;
    const stale = step.fault === "staleVersion" ? 1 : 0;
    const on = { ...request, applicationId: id, expectedVersion: state.version - stale };
    const item = state.items[step.item % Math.max(1, state.items.length)];
    const handed = (itemId: string) => ({ itemId, form: "copy", copies: 1, medium: "paper" }) as const;
    const signature = { mode: "ink", date: beijingDate(wallMs) } as const;
    const deficient = {
      kind: "deficient",
      defect: "缺",
      requirement: "补",
      basis: "指南",
      correctableOnSpot: step.choice === 7,
    } as const;
    switch (step.op) {
      case "register":
        await intake.register({
          ...on,
          matterCode: step.choice === 7 ? "nothing" : (rules.catalogue.matters()[0]?.code ?? ""),
          applicant: {
            kind: "person",
            name: "王芳",
            idKind: "residentId",
            idNumber: "11010519491231002X",
            phone: "13800138000",
          },
        });
        return;
      case "receive":
        await intake.receive({
          ...on,
          items: state.items.slice(step.choice % 2).map(({ itemId }) => handed(itemId)),
        });
        return;
      case "judge":
        if (item === undefined) return;
        await intake.judge({
          ...on,
          itemId: item.itemId,
          verdict: step.choice < 4 ? { kind: "ok" } : deficient,
        });
        return;
      case "judgeAll": {
        let { version } = state;
        for (const [at, each] of state.items.entries()) {
          const verdict =
            at < step.item % 3 || each.handed === undefined ? deficient : ({ kind: "ok" } as const);
          const judged = await intake.judge({
            ...on,
            commandId: commandId(`command-${counted}-${log.records.length}`),
            expectedVersion: version - stale,
            itemId: each.itemId,
            verdict,
          });
          version = judged.version;
        }
        return;
      }
      case "supplementOnSpot":
        if (item !== undefined) await intake.supplementOnSpot({ ...on, item: handed(item.itemId) });
        return;
      case "correctOnSpot":
        if (item === undefined) return;
        await intake.correctOnSpot({
          ...on,
          itemId: item.itemId,
          place: "第一页",
          before: "甲",
          after: "乙",
          corrector: { name: "王芳", relation: "self" },
          entitled: step.choice > 0,
          ...(step.choice > 2 ? { signature } : {}),
        });
        return;
      case "accept":
        await intake.accept(on);
        return;
      case "notifyCorrection":
        await intake.notifyCorrection(on);
        return;
      case "override":
        await intake.notifyCorrection({
          ...on,
          actor: step.choice < 4 ? SUPERVISOR : CLERK,
          override: { supervisorId: SUPERVISOR.userId, reasonCode: "newFact", legalBasis: "行政许可法" },
        });
        return;
      case "notAccept":
        await intake.notAccept({
          ...on,
          reason:
            step.choice < 3
              ? { kind: "incomplete" }
              : step.choice < 6
                ? { kind: "notOurs", rightAuthority: "农业农村局" }
                : { kind: "noPermitNeeded", explanation: "不需要" },
        });
        return;
      case "receiveSupplement": {
        const asked = state.notices.flatMap((notice) => notice.itemIds);
        await intake.receiveSupplement({ ...on, items: asked.slice(step.choice % 2).map(handed) });
        return;
      }
      case "remind":
        await intake.remind(on);
        return;
      case "withdraw":
        await intake.withdraw({ ...on, signature });
        return;
      case "handOver": {
        const paper = state.papers[step.item % Math.max(1, state.papers.length)];
        if (paper === undefined) return;
        const recipient = { name: "王芳", relation: "self" };
        const { documentId } = paper;
        await intake.handOver({ ...on, documentId, recipient, ...(step.choice > 2 ? { signature } : {}) });
        return;
      }
      case "reissueClaimCode":
        await intake.reissueClaimCode(on);
        return;
      case "approveAll": {
        const { proposal } = state;
        let { version } = state;
        for (const [at, next] of proposal?.steps.slice(proposal.given.length).entries() ?? []) {
          const done = await intake.approve({
            ...on,
            commandId: commandId(`command-${counted}-${log.records.length}`),
            expectedVersion: version - stale,
            actor: { userId: userId(`leader-${at}`), role: "leader" },
            step: next,
            decision: step.choice === 7 ? "return" : "agree",
            opinion: "同意",
            signature: { mode: "account", date: beijingDate(wallMs) },
          });
          ({ version } = done);
          if (step.choice === 7) return;
        }
        return;
      }
      case "recallProposal":
        await intake.recallProposal(on);
        return;
      case "handToColleague":
        await intake.handToColleague({ ...on, toUserId: userId(`clerk-${step.choice % 3}`), reason: "轮班" });
        return;
      case "voidPaper": {
        const paper = state.papers[step.item % Math.max(1, state.papers.length)];
        if (paper !== undefined)
          await intake.voidPaper({ ...on, documentId: paper.documentId, reason: "打印串号" });
        return;
      }
      case "closeSession":
        await intake.closeSession(on);
        return;
      case "reopen":
        await intake.reopen({ ...on, counterId: counterId("c1") });
        return;
    }
  };

  for (const step of steps) {
    wallMs += step.hoursLater * HOUR_MS + 1;
    counted += 1;
    ntp = step.fault === "unsynced" ? "unsynced" : "synced";
    faults.draft = step.fault === "draft";
    faults.finish = step.fault === "finish";
    log.failNext =
      step.fault === "appendBefore" ? "before" : step.fault === "appendAfter" ? "after" : undefined;
    if (step.fault === "restart") {
      views = log.views();
      intake = createIntake({ ...options, views });
      await views.applied({ logId: "2026" as never, seq: 0 as never });
    }
    try {
      await run(step);
    } catch (error) {
      if (!(error instanceof CodedError || error instanceof Expected || String(error).includes("disk error")))
        throw error;
      refusals += 1;
    }
    log.failNext = undefined;
  }
  faults.draft = false;
  faults.finish = false;
  ntp = "synced";
  return { log, intake, applications, rows: views.tables[0] ?? new Map(), options, refusals };
}
