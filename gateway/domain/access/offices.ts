/** Which of the box's people may sign for an office. Invariant: nobody approves what they asked for or registered. */
import type { UserId } from "../ids.ts";
import type { Role } from "../roles.ts";
import type { MatterFacts } from "./matter-facts.ts";
import type { Office } from "./parties.ts";

const ROLE_OF: Readonly<Record<Exclude<Office, "caseLead">, Role>> = {
  legalSection: "supervisor",
  head: "leader",
  headOfAuthority: "leader",
  leaderInCharge: "leader",
};

export interface Approver {
  readonly userId: UserId;
  readonly roles: readonly Role[];
}

/** True where this person may sign for the office in this matter; a leader stands in for a case lead nobody knows. */
export function signsFor(office: Office, approver: Approver, matter: MatterFacts): boolean {
  if (office !== "caseLead") return approver.roles.includes(ROLE_OF[office]);
  return matter.lead === undefined ? approver.roles.includes("leader") : matter.lead === approver.userId;
}

/** Whether this person may give out what was approved; where no office is named, whoever keeps the desk may. */
export function supplies(supplier: "legalSection" | undefined, { roles }: Approver): boolean {
  return supplier === undefined || roles.includes(ROLE_OF[supplier]);
}
