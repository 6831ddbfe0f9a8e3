/** The pure rules played without a store: commands drawn at random, facts folded into state, every event kept. */
import type { WorkingDayCalendar } from "../../../gateway/domain/calendar.ts";
import type { LicenceMatter } from "../../../gateway/domain/catalogue.ts";
import { CodedError, errorTable } from "../../../gateway/domain/errors.ts";
import type { IntakeCommand, Verdict } from "../../../gateway/domain/intake/commands.ts";
import type { DecideContext } from "../../../gateway/domain/intake/context.ts";
import { decide } from "../../../gateway/domain/intake/decide.ts";
import type { EventActor, IntakeEvent, IssuedPaper } from "../../../gateway/domain/intake/events.ts";
import { evolve } from "../../../gateway/domain/intake/evolve.ts";
import { papersOf } from "../../../gateway/domain/intake/papers-of.ts";
import type { ApplicationState } from "../../../gateway/domain/intake/state.ts";
import { applicationId, commandId, counterId, documentId, userId } from "../../../gateway/domain/ids.ts";
import type { Profile } from "../../../gateway/domain/profile.ts";
import { beijingDate } from "../../../gateway/domain/time.ts";

export const OPS = [
  "start",
  "reopen",
  "register",
  "receive",
  "judge",
  "judgeAll",
  "supplementOnSpot",
  "correctOnSpot",
  "accept",
  "notifyCorrection",
  "override",
  "notAccept",
  "receiveSupplement",
  "remind",
  "withdraw",
  "handOver",
  "closeSession",
  "approve",
  "approveAll",
  "recallProposal",
  "handToColleague",
  "voidPaper",
  "closeOnScan",
  "deem",
] as const;
export type Op = (typeof OPS)[number];

export interface EngineStep {
  readonly op: Op;
  readonly pick: number;
  readonly choice: number;
  /** Negative where the clock steps back. */
  readonly hoursLater: number;
  readonly unsynced: boolean;
}

export interface EngineRules {
  readonly profile: Profile;
  readonly calendar: WorkingDayCalendar;
  readonly matter: LicenceMatter;
  readonly delegations: DecideContext["delegations"];
}

export interface Told {
  readonly before: ApplicationState | undefined;
  readonly event: IntakeEvent;
  readonly context: DecideContext;
}

export interface PlayedEngine {
  readonly told: readonly Told[];
  readonly state: ApplicationState | undefined;
  readonly refusals: ReadonlyMap<string, number>;
}

const HOUR_MS = 3_600_000;
const BEGAN = Date.parse("2026-09-14T08:00:00+08:00");
const ID = applicationId("a1-engine");
const PERSON = (name: string, role: EventActor["role"], certNo?: string): EventActor => ({
  userId: userId(name),
  role,
  ...(certNo === undefined ? {} : { certNo }),
});
const CLERKS = [PERSON("clerk-1", "clerk", "1"), PERSON("clerk-2", "clerk", "2"), PERSON("clerk-3", "clerk")];
const APPROVERS = [
  PERSON("leader-1", "leader"),
  PERSON("leader-2", "leader"),
  PERSON("supervisor-1", "supervisor", "9"),
  PERSON("clerk-1", "leader"),
];
const SYSTEM = PERSON("gateway", "system");

/** Who asks: the fitting one most of the time, somebody else now and then. */
function actorOf(op: Op, choice: number): EventActor {
  const of = (people: readonly EventActor[]): EventActor => people[choice % people.length] ?? SYSTEM;
  if (op === "deem") return choice === 7 ? of(CLERKS) : SYSTEM;
  if (op === "approve" || op === "approveAll") return of(APPROVERS);
  if (op === "override") return choice < 5 ? PERSON("supervisor-1", "supervisor", "9") : of(CLERKS);
  return choice === 7 ? of(APPROVERS) : of(CLERKS);
}

function commandsFor(
  step: EngineStep,
  state: ApplicationState | undefined,
  now: number,
  matter: LicenceMatter,
): readonly IntakeCommand[] {
  const { op, pick, choice } = step;
  const items = state?.items ?? [];
  const item = items[pick % Math.max(1, items.length)]?.itemId ?? "nothing";
  const paper = state?.papers[pick % Math.max(1, state.papers.length)]?.documentId ?? documentId("none");
  const handed = (itemId: string) =>
    ({ itemId, form: "copy", copies: choice === 6 ? 0 : 1, medium: "paper" }) as const;
  const date = choice === 6 ? "2026-01-01" : beijingDate(now);
  const signature = { mode: choice % 2 === 0 ? "ink" : "stroke", date } as const;
  const deficient: Verdict = {
    kind: "deficient",
    defect: choice === 6 ? " " : "缺页",
    requirement: "补齐",
    basis: "指南",
    correctableOnSpot: choice === 5,
  };
  const verify: Verdict = { kind: "verify", matter: "场所", reason: "不一致", byDate: "2026-12-31" };
  const late =
    choice === 5 ? { late: { atMs: now - pick * HOUR_MS, reason: "停电" } } : ({} as Record<string, never>);
  const next = state?.proposal?.steps[state.proposal.given.length] ?? "head";
  const approve = {
    type: "approve",
    step: choice === 6 ? "sectionHead" : next,
    decision: choice === 5 ? "return" : "agree",
    opinion: "同意",
    signature: { mode: "account", date: beijingDate(now) },
  } as const;
  switch (op) {
    case "start":
      return [{ type: "start", applicationId: ID, counterId: counterId("c1"), cameraIds: ["cam-1"] }];
    case "reopen":
      return [{ type: "reopen", counterId: counterId("c2"), cameraIds: [] }];
    case "register": {
      const oral =
        choice === 4 ? { oral: { signatoryPersonId: "p", signature } } : ({} as Record<string, never>);
      const matterCode = choice === 6 ? "nothing" : matter.code;
      return [{ type: "register", matterCode, applicantKind: "person", applicantPersonId: "p1", ...oral }];
    }
    case "receive":
      return [{ type: "receive", items: items.slice(choice % 2).map((one) => handed(one.itemId)), ...late }];
    case "judge":
      return [
        {
          type: "judge",
          itemId: item,
          verdict: choice < 3 ? { kind: "ok" } : choice === 3 ? verify : deficient,
        },
      ];
    case "judgeAll":
      return items.map((one, at) => ({
        type: "judge",
        itemId: one.itemId,
        verdict: at < pick % 3 || one.handed === undefined ? deficient : { kind: "ok" },
      }));
    case "supplementOnSpot":
      return [{ type: "supplementOnSpot", item: handed(item) }];
    case "correctOnSpot": {
      const signed = choice > 2 ? { signature } : {};
      const place = choice === 6 ? "" : "第一页";
      return [
        {
          type: "correctOnSpot",
          itemId: item,
          place,
          correctorPersonId: "p1",
          entitled: choice !== 0,
          ...signed,
        },
      ];
    }
    case "accept":
      return [{ type: "accept" }];
    case "notifyCorrection":
      return [{ type: "notifyCorrection" }];
    case "override": {
      const override = {
        supervisorId: userId("supervisor-1"),
        reasonCode: "newFact",
        legalBasis: choice === 4 ? "" : "行政许可法",
      } as const;
      return [{ type: "notifyCorrection", override }];
    }
    case "notAccept":
      return [
        {
          type: "notAccept",
          reason:
            choice < 3
              ? { kind: "incomplete" }
              : choice < 6
                ? { kind: "notOurs", rightAuthority: choice === 5 ? " " : "农业农村局" }
                : { kind: "noPermitNeeded", explanation: "不需要" },
        },
      ];
    case "receiveSupplement": {
      const asked = state?.notices.flatMap((notice) => notice.itemIds) ?? [];
      return [{ type: "receiveSupplement", items: asked.slice(choice % 2).map(handed), ...late }];
    }
    case "remind":
      return [{ type: "remind" }];
    case "withdraw":
      return [{ type: "withdraw", signature }];
    case "handOver":
      return [
        {
          type: "handOver",
          documentId: paper,
          recipientPersonId: "p1",
          relation: "self",
          ...(choice > 2 ? { signature } : {}),
        },
      ];
    case "closeSession":
      return [{ type: "closeSession" }];
    case "approve":
      return [approve];
    case "approveAll":
      return [];
    case "recallProposal":
      return [{ type: "recallProposal" }];
    case "handToColleague":
      return [{ type: "handToColleague", toUserId: userId(`clerk-${(pick % 3) + 1}`), reason: "轮班" }];
    case "voidPaper":
      return [{ type: "voidPaper", documentId: paper, reason: choice === 6 ? "" : "打印串号" }];
    case "closeOnScan":
      return [{ type: "closeOnScan", documentId: paper, scan: choice === 6 ? "x" : "2026/17" }];
    case "deem":
      break;
  }
  return [{ type: "deem" }];
}

export function playEngine(steps: readonly EngineStep[], rules: EngineRules): PlayedEngine {
  const told: Told[] = [];
  const refusals = new Map<string, number>();
  let state: ApplicationState | undefined;
  let now = BEGAN;
  let monotonicMs = 0;

  const carry = (command: IntakeCommand, actor: EventActor, unsynced: boolean): boolean => {
    const context: DecideContext = {
      now: { wallMs: now, monotonicMs, boot: "b", ntp: unsynced ? "unsynced" : "synced" },
      actor,
      profile: rules.profile,
      calendar: rules.calendar,
      matter: rules.matter,
      authorityName: "示范局",
      delegations: rules.delegations,
      sinceMs: BEGAN,
      ...(command.type === "handToColleague" ? { colleague: CLERKS[0] ?? SYSTEM } : {}),
    };
    try {
      for (const fact of decide(state, command, context)) {
        const before = state;
        const version: number = (before?.version ?? 0) + 1;
        const papers = papersOf(fact, before).map((kind, n): IssuedPaper => ({
          documentId: documentId(`d${version}.${n}`),
          kind,
          number: `${kind}-${version}-${n}`,
          series: kind,
          serial: version,
        }));
        const meta = {
          commandId: commandId(`command-${version}`),
          at: context.now,
          actor,
          device: "c1",
          profile: { id: rules.profile.id, version: rules.profile.version },
        };
        const event: IntakeEvent = { ...fact, version, papers, meta };
        state = evolve(before, event);
        told.push({ before, event, context });
      }
      return true;
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      if (!(error.code in errorTable)) throw error;
      refusals.set(error.code, (refusals.get(error.code) ?? 0) + 1);
      return false;
    }
  };

  const waits = (): boolean => state?.proposal !== undefined;
  for (const step of steps) {
    now = Math.max(BEGAN, now + step.hoursLater * HOUR_MS + 1000);
    monotonicMs += Math.abs(step.hoursLater) * HOUR_MS + 1000;
    const actor = actorOf(step.op, step.choice);
    if (step.op === "approveAll") {
      // Each step by the first who may: what a chain that works looks like.
      for (let most = 0; most < 4 && waits(); most += 1)
        for (const approver of APPROVERS) {
          const [command] = commandsFor({ ...step, op: "approve", choice: 0 }, state, now, rules.matter);
          if (command !== undefined && carry(command, approver, step.unsynced)) break;
        }
      continue;
    }
    for (const command of commandsFor(step, state, now, rules.matter)) carry(command, actor, step.unsynced);
  }
  return { told, state, refusals };
}
