/**
 * The pure rules of all five regulations under at least 20,000 random sequences of commands, days passing and clock
 * faults; the seed is printed. Numbers, crashes and two windows are proven over the log in `invariants.test.ts`.
 */
import {
  type Arbitrary,
  array,
  assert,
  boolean,
  constantFrom,
  integer,
  nat,
  oneof,
  property,
  record,
  tuple,
} from "fast-check";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clocksOf } from "../../../gateway/domain/intake/clocks.ts";
import { CodedError } from "../../../gateway/domain/errors.ts";
import { evolve } from "../../../gateway/domain/intake/evolve.ts";
import { guard } from "../../../gateway/domain/intake/guards.ts";
import { nextActions } from "../../../gateway/domain/intake/next-actions.ts";
import { stepsBefore } from "../../../gateway/domain/intake/approvals.ts";
import type { ApplicationState } from "../../../gateway/domain/intake/state.ts";
import { loadCalendars, loadCatalogue, loadProfiles } from "../../../gateway/intake/load-rules.ts";
import {
  type EngineRules,
  type EngineStep,
  OPS,
  type PlayedEngine,
  type Told,
  playEngine,
} from "./engine.ts";

const CONFIGS = join(import.meta.dirname, "../../../firmware-configs");
const PROFILES = ["qd-xha-commerce", "changli-mr", "bjt-drc", "zz-mr", "hrss-unnamed"] as const;
const SEQUENCES = Number(process.env["ENGINE_SEQUENCES"] ?? 20_000);
const seed = Number(process.env["INTAKE_SEED"] ?? Date.now() % 2_147_483_647);

const rules = new Map<string, EngineRules>();
const { stackTraceLimit } = Error;
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});
beforeAll(async () => {
  const calendars = await loadCalendars(join(CONFIGS, "calendars"));
  for (const id of PROFILES) {
    const profile = (await loadProfiles(join(CONFIGS, "profiles"), id)).current();
    const [matter] = (await loadCatalogue(join(CONFIGS, "demonstration/matters.json"))).matters();
    if (matter === undefined) throw new Error("no matter");
    // One outcome of one chain is delegated for some days, so that both ways are walked.
    const delegations =
      id === "bjt-drc"
        ? [{ outcome: "accept", document: "授权书", from: "2026-09-14", until: "2026-09-18" } as const]
        : [];
    const calendar = calendars.forRegion(profile.rule("region").value);
    rules.set(id, { profile, calendar, matter, delegations });
  }
});

const step: Arbitrary<EngineStep> = record({
  op: oneof(
    {
      weight: 2,
      arbitrary: constantFrom(
        "judgeAll" as const,
        "accept" as const,
        "notifyCorrection" as const,
        "receiveSupplement" as const,
        "approveAll" as const,
        "handOver" as const,
      ),
    },
    { weight: 3, arbitrary: constantFrom(...OPS) },
  ),
  pick: nat(8),
  choice: nat(7),
  hoursLater: oneof(
    { weight: 8, arbitrary: constantFrom(0) },
    { weight: 2, arbitrary: integer({ min: 1, max: 240 }) },
    { weight: 1, arbitrary: integer({ min: -48, max: -1 }) },
  ),
  unsynced: oneof({ weight: 9, arbitrary: constantFrom(false) }, { weight: 1, arbitrary: boolean() }),
});
const calm = (op: EngineStep["op"], pick = 0, choice = 0): EngineStep => ({
  op,
  pick,
  choice,
  hoursLater: 0,
  unsynced: false,
});
/** Far into it: told, supplied, judged again with the same defects, so that reminders and second notices are near. */
const supplied = (leftOut: number, deficient: number): readonly EngineStep[] => [
  calm("start"),
  calm("register"),
  calm("receive", 0, leftOut),
  calm("judgeAll", deficient),
  calm("notifyCorrection"),
  calm("approveAll"),
  calm("receiveSupplement"),
  calm("judgeAll", deficient),
];
const anySteps = array(step, { minLength: 4, maxLength: 16, size: "max" });
const sequence: Arbitrary<readonly EngineStep[]> = oneof(
  {
    weight: 5,
    arbitrary: tuple(nat(1), nat(8), anySteps).map(([leftOut, deficient, rest]) => [
      calm("start"),
      calm("register"),
      calm("receive", 0, leftOut),
      calm("judgeAll", deficient),
      ...rest,
    ]),
  },
  {
    weight: 2,
    arbitrary: tuple(nat(1), nat(8), anySteps).map(([leftOut, deficient, rest]) => [
      ...supplied(leftOut, deficient),
      ...rest,
    ]),
  },
  { weight: 1, arbitrary: anySteps },
);

/** Tens of thousands of sequences with several checks an event: an assertion library's own cost would be most of it. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`does not hold: ${what}`);
}
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** I1, I2, I3: one notice, a second one only as a supervisor's override, all told at once. */
function noticesRight({ before, event }: Told): void {
  if (event.type !== "correctionNotified") return;
  must(before?.items.every((item) => item.verdict !== undefined) ?? false, "I3 all judged");
  if ((before?.notices.length ?? 0) > 0) {
    const by = event.override?.supervisorId;
    must(by !== undefined && before?.judges.includes(by) === false, "I2 a supervisor who judged nothing");
  }
  const toldBefore = new Set(before?.notices.flatMap((notice) => notice.itemIds));
  const deficient = (before?.items ?? [])
    .filter((item) => item.verdict?.kind === "deficient" && !toldBefore.has(item.itemId))
    .map((item) => item.itemId);
  must(same(event.itemIds, deficient), "I1 everything at once, nothing told twice");
}

/** I4: a demand points at an item of the list pinned at registration. */
function demandsPublished({ before, event }: Told): void {
  const known = new Set(before?.items.map((item) => item.itemId));
  const named =
    event.type === "judged"
      ? [event.itemId]
      : event.type === "correctionNotified" || event.type === "notAccepted"
        ? event.itemIds
        : [];
  must(
    named.every((itemId) => known.has(itemId)),
    "I4 published items only",
  );
}

/** I6: deemed only without notice and outcome, effective from receipt; else accepted with everything in order. */
function acceptedRightly({ before, event, context }: Told): void {
  if (event.type !== "accepted") return;
  must(before?.outcome === undefined, "one outcome");
  if (event.kind === "deemed") {
    must(before?.notices.length === 0 && !before.materialsReturned, "I6 nothing told, materials held");
    must(event.effectiveDay === before?.received?.receiptDay, "I6 effective on the day of receipt");
    must(context.now.ntp !== "unsynced", "I6 by a clock that can be trusted");
    return;
  }
  for (const { verdict, corrections } of before?.items ?? []) {
    must(verdict !== undefined && verdict.kind !== "deficient", "accepted in order");
    must(
      corrections.every((made) => made.signature !== undefined),
      "each correction signed",
    );
  }
}

/** Before an outcome every step of the chain agreed, each another person and none the proposer; or it was delegated. */
function chainKept({ before, event, context }: Told): void {
  const isOutcome =
    event.type === "accepted" || event.type === "correctionNotified" || event.type === "notAccepted";
  if (!isOutcome || (event.type === "accepted" && event.kind === "deemed")) return;
  const steps = stepsBefore(context.profile);
  if (steps.length === 0 || event.delegation !== undefined) return;
  const { proposal } = before ?? {};
  must(
    same(
      proposal?.given.map((one) => one.step),
      steps,
    ),
    "every step agreed, in order",
  );
  const people = [proposal?.by, ...(proposal?.given.map((one) => one.by) ?? [])];
  must(new Set(people).size === people.length, "each step another person");
}

/** I9, and what is void stays void: papers are only added, and a void or served one takes no further turn. */
function papersKept({ before, event }: Told): void {
  if (before === undefined) return;
  const after = evolve(before, event);
  for (const [index, paper] of before.papers.entries()) {
    const now = after.papers[index];
    must(now?.number === paper.number, "I9 papers are only added");
    if (paper.voided !== undefined) must(same(now, paper), "I7 a void number is kept as it is");
    if (paper.servedMs !== undefined) must(now?.servedMs === paper.servedMs, "served once");
  }
}

/** I10: the events alone, read back from JSON, give the same state. */
function replays({ told, state }: PlayedEngine): void {
  let again: ApplicationState | undefined;
  for (const { event } of told) again = evolve(again, JSON.parse(JSON.stringify(event)) as typeof event);
  must(same(again, state), "I10 replay");
}

/** I11: last days follow from t0 alone: neither the hour of asking nor a clock at fault moves them. */
function datesFromReceipt({ told, state }: PlayedEngine): void {
  const last = told.at(-1);
  if (state?.received === undefined || last === undefined) return;
  const dues = (wallMs: number, ntp: "synced" | "unsynced") =>
    clocksOf(state, { ...last.context, now: { ...last.context.now, wallMs, ntp } }).map(({ kind, due }) => [
      kind,
      due,
    ]);
  const here = dues(last.context.now.wallMs, "synced");
  must(same(dues(last.context.now.wallMs + 90 * 86_400_000, "unsynced"), here), "I11 later, same days");
  must(same(dues(0, "synced"), here), "I11 by a clock gone back, same days");
  must(state.received.t0Ms <= (state.received.enteredMs ?? Number.MAX_SAFE_INTEGER), "entered after it");
}

/** A button and the refusal behind it can't differ: what isn't offered is refused with the very code. */
function buttonsTellTheTruth({ told, state }: PlayedEngine): void {
  const last = told.at(-1);
  if (state === undefined || last === undefined) return;
  for (const action of nextActions(state, last.context)) {
    let code: string | undefined;
    try {
      guard(action.action as Parameters<typeof guard>[0], state, last.context);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      ({ code } = error);
    }
    must(code === (action.allowed ? undefined : action.code), `${action.action} as offered`);
  }
}

describe("the rules of five regulations", () => {
  it(`hold I1 I2 I3 I4 I6 I9 I10 I11 and the chains in ${SEQUENCES} sequences`, () => {
    console.log(
      `intake engine: INTAKE_SEED=${seed}, sequences ${SEQUENCES} over ${PROFILES.length} profiles`,
    );
    // Refusals are thrown by the hundred thousand; nobody reads where from.
    Error.stackTraceLimit = 0;
    const seen = new Map<string, number>();
    const refused = new Map<string, number>();
    for (const id of PROFILES) {
      const its = rules.get(id);
      if (its === undefined) throw new Error("no rules");
      assert(
        property(sequence, (steps) => {
          const played = playEngine(steps, its);
          for (const told of played.told) {
            const { event } = told;
            const type = event.type === "accepted" && event.kind === "deemed" ? "deemed" : event.type;
            seen.set(type, (seen.get(type) ?? 0) + 1);
            noticesRight(told);
            demandsPublished(told);
            acceptedRightly(told);
            chainKept(told);
            papersKept(told);
          }
          for (const [code, count] of played.refusals) refused.set(code, (refused.get(code) ?? 0) + count);
          replays(played);
          datesFromReceipt(played);
          buttonsTellTheTruth(played);
        }),
        { numRuns: Math.ceil(SEQUENCES / PROFILES.length), seed },
      );
    }
    console.log(Object.fromEntries(seen), Object.fromEntries(refused));
    // Sequences that never reach a state would prove nothing about it.
    for (const type of [
      "accepted",
      "deemed",
      "correctionNotified",
      "notAccepted",
      "supplementReceived",
      "reminded",
      "withdrawn",
      "handedOver",
      "proposed",
      "approvalGiven",
      "proposalRecalled",
      "handedToColleague",
      "paperVoided",
      "signedPaperScanned",
      "correctedOnSpot",
      "supplementedOnSpot",
    ])
      expect(seen.get(type) ?? 0, type).toBeGreaterThan(SEQUENCES / 1000);
    for (const code of ["intake.secondNotice", "intake.deemedAccepted", "intake.approverTwice"])
      expect(refused.get(code) ?? 0, code).toBeGreaterThan(0);
  }, 120_000);
});
