/** Random steps at a counter: most make sense, some don't; faults, days passing and restarts between them. */
import { array, constantFrom, integer, nat, oneof, record, tuple } from "fast-check";
import type { Arbitrary } from "fast-check";

export const OPS = [
  "start",
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
  "reissueClaimCode",
  "closeSession",
  "reopen",
  "deriveDeemed",
  "approveAll",
  "recallProposal",
  "handToColleague",
  "voidPaper",
] as const;

export interface Step {
  readonly op: (typeof OPS)[number];
  /** Which of the applications so far, counted round. */
  readonly app: number;
  /** Which item of the list, and how many are deficient in `judgeAll`. */
  readonly item: number;
  readonly choice: number;
  readonly hoursLater: number;
  readonly fault:
    | "none"
    | "appendBefore"
    | "appendAfter"
    | "draft"
    | "finish"
    | "staleVersion"
    | "restart"
    | "unsynced";
}

const op: Arbitrary<Step["op"]> = oneof(
  {
    weight: 3,
    arbitrary: constantFrom("judgeAll", "accept", "notifyCorrection", "receiveSupplement", "approveAll"),
  },
  { weight: 3, arbitrary: constantFrom(...OPS) },
);

export const step: Arbitrary<Step> = record({
  op,
  app: nat(1),
  item: nat(8),
  choice: nat(7),
  hoursLater: oneof(
    { weight: 6, arbitrary: constantFrom(0) },
    { weight: 1, arbitrary: integer({ min: 1, max: 240 }) },
  ),
  fault: oneof(
    { weight: 12, arbitrary: constantFrom("none" as const) },
    {
      weight: 1,
      arbitrary: constantFrom(
        "appendBefore" as const,
        "appendAfter" as const,
        "draft" as const,
        "finish" as const,
        "staleVersion" as const,
        "restart" as const,
        "unsynced" as const,
      ),
    },
  ),
});

const calm = (op: Step["op"], choice: number): Step => ({
  op,
  app: 0,
  item: 0,
  choice,
  hoursLater: 0,
  fault: "none",
});

const LONGEST = 16;
const anySteps = array(step, { minLength: 4, maxLength: LONGEST, size: "max" });

/** Most sequences begin with an application whose papers are in, so that the deep states are reached. */
export const sequence: Arbitrary<readonly Step[]> = oneof(
  {
    weight: 4,
    arbitrary: tuple(nat(1), nat(8), anySteps).map(([leftOut, deficient, rest]) => [
      calm("start", 0),
      calm("register", 0),
      calm("receive", leftOut),
      { ...calm("judgeAll", 0), item: deficient },
      ...rest,
    ]),
  },
  { weight: 1, arbitrary: anySteps },
);
