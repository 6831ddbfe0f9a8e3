/** What a decision over viewing and copying has to know of a matter; gathered from entries, never from a screen. */
import type { UserId } from "../ids.ts";
import type { Sensitivity } from "./parties.ts";

/** Before a decision, decided and not filed yet, in the archive. */
export type MatterStage = "open" | "decided" | "archived";

export interface MatterFacts {
  readonly matterId: string;
  /** `permit`, `penalty`, …, as the profile's `activityKinds` has them. */
  readonly activity: string;
  readonly stage: MatterStage;
  /** Who acted in it 承办人员. */
  readonly staff: readonly UserId[];
  /** Who answers for it 主办人. */
  readonly lead?: UserId;
  readonly labels: readonly Sensitivity[];
  /** Sealed for secret material until an officer decides; `kept` when one decided to keep it sealed. */
  readonly seal: "none" | "pending" | "kept";
}
