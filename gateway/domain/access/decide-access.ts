/**
 * Whether somebody may view, copy or borrow, by profile: what they show, who approves, or why not; pure.
 * Invariant: nobody gets more than the regulation gives, and where it is silent somebody has to approve.
 */
import type { ErrorCode } from "../errors.ts";
import type { UserId } from "../ids.ts";
import { type Profile, type Rule, articleOf } from "../profile.ts";
import { credentialsFor } from "./credentials.ts";
import type { MatterFacts } from "./matter-facts.ts";
import {
  type CredentialKind,
  type Material,
  type Office,
  type RequestedAct,
  type RequesterKind,
  isOfficial,
  isReviewing,
} from "./parties.ts";

export type ApprovalStep = { readonly office: Office; readonly article?: string };

export type AccessDecision =
  | { readonly verdict: "refused"; readonly code: ErrorCode; readonly article?: string }
  | {
      readonly verdict: "allowed";
      /** One of each group has to be shown; empty for own staff whose account is enough. */
      readonly credentials: readonly (readonly CredentialKind[])[];
      /** In this order, each by another person; empty where credentials are enough. */
      readonly steps: readonly ApprovalStep[];
      readonly article?: string;
      /** The regulation does not govern this request (S3-C-11): the head decides outside it. */
      readonly outsideThisRule: boolean;
      /** The one office that gives out what was approved (S0-34). */
      readonly supplier?: "legalSection";
    };

export interface AccessQuestion {
  readonly profile: Profile;
  readonly requester: RequesterKind;
  /** Of own staff. */
  readonly userId?: UserId;
  readonly act: RequestedAct;
  readonly material: Material;
  /** The matter is before a court or a reconsideration organ (S3-C-6). */
  readonly inProceeding: boolean;
  readonly matter: MatterFacts;
}

type Way = {
  readonly steps: readonly ApprovalStep[];
  readonly article?: string;
  readonly outsideThisRule?: true;
  readonly supplier?: "legalSection";
};

function step(office: Office, article: string | undefined): ApprovalStep {
  return article === undefined ? { office } : { office, article };
}
function way(offices: readonly Office[], article: string | undefined): Way {
  const steps = offices.map((office) => step(office, article));
  return article === undefined ? { steps } : { steps, article };
}

const APPROVERS: Readonly<Record<string, readonly Office[]>> = {
  headViaLegal: ["legalSection", "head"],
  headOfAuthority: ["headOfAuthority"],
  leaderInCharge: ["leaderInCharge"],
};

/** Who approves what a party asks for. A regulation that wants approval and names nobody leaves it to the head. */
function approvers(rule: Rule<string>): Way {
  return way(APPROVERS[rule.value] ?? ["head"], articleOf(rule));
}

/** S3-C-11: before a penalty decision the instrument does not apply; it does not say refuse, so the head decides. */
function beforePenalty({ profile, matter }: AccessQuestion): Way | undefined {
  const rule = profile.rule("access.partyBeforeDecision");
  if (rule.value !== "outsideThisRule" || matter.stage !== "open" || matter.activity !== "penalty")
    return undefined;
  return { ...way(["head"], articleOf(rule)), outsideThisRule: true };
}

/** S3-C-10: decided but not filed, the officer in charge of the case handles what would need credentials alone. */
function handled(question: AccessQuestion, direct: Way): Way {
  const rule = question.profile.rule("access.beforeFiling");
  if (question.matter.stage !== "decided" || rule.value !== "caseLead" || direct.steps.length > 0)
    return direct;
  return way(["caseLead"], articleOf(rule));
}

function forStaff({ profile, act, matter, userId }: AccessQuestion): Way {
  const view = profile.rule("access.staffView");
  const isOnCase = userId !== undefined && matter.staff.includes(userId);
  if (matter.stage === "archived") return way(["head"], articleOf(profile.rule("access.afterArchive")));
  if (act === "view" && view.value === "caseStaffDirect" && isOnCase) return way([], articleOf(view));
  return way(["head"], act === "loan" ? articleOf(profile.rule("access.noLending")) : articleOf(view));
}

function forOfficial(question: AccessQuestion): Way {
  const rule = question.profile.rule("access.officialRequester");
  const { requester } = question;
  // What S0-34 says is of reconsideration and court alone; of other organs it is silent.
  const speaksOfReviewOnly = rule.value.includes("copyKept");
  if (speaksOfReviewOnly)
    return isReviewing(requester)
      ? { ...way(["head"], articleOf(rule)), supplier: "legalSection" }
      : way(["head"], undefined);
  const needsApproval = rule.value.includes("approval");
  return handled(question, way(needsApproval ? ["head"] : [], articleOf(rule)));
}

function forParty(question: AccessQuestion): Way {
  const { profile, requester, material, matter, inProceeding } = question;
  if (inProceeding) {
    const rule = profile.rule("access.inProceeding");
    if (rule.basis === "regulation" && material !== "conclusive") return way(["head"], articleOf(rule));
  }
  const conclusive = profile.rule("access.partyConclusive");
  if (
    conclusive.value === "idOnly" &&
    material === "conclusive" &&
    requester !== "interestedPerson" &&
    matter.stage !== "open"
  )
    return handled(question, way([], articleOf(conclusive)));
  const base = approvers(profile.rule("access.partyCopyApprover"));
  if (matter.stage !== "archived" || base.article !== undefined) return base;
  return way(["head"], articleOf(profile.rule("access.afterArchive")));
}

/** Secrets by the secrecy rules: what stays out, and what the head has to weigh (S0-32, S1-21, S2-28; S3-A-18, S4-32). */
function withSecrets(question: AccessQuestion, open: Way): Way | { readonly refusedBy: string | undefined } {
  const { profile, requester, matter, userId } = question;
  const { labels } = matter;
  if (labels.length === 0) return open;
  const rule = profile.rule("access.secretExcluded");
  const article = articleOf(rule);
  const headWeighs: Way = open.steps.some(({ office }) => office !== "caseLead" && office !== "legalSection")
    ? open
    : { ...open, steps: [...open.steps, step("head", article)] };
  if (isOfficial(requester)) return headWeighs;
  if (requester === "staff") {
    if (!labels.includes("stateSecret")) return open;
    return userId !== undefined && matter.staff.includes(userId) ? headWeighs : { refusedBy: article };
  }
  if (rule.value === "yes" || labels.includes("stateSecret")) return { refusedBy: article };
  return headWeighs;
}

function lent({ profile, requester, act }: AccessQuestion): { readonly article?: string } | undefined {
  const rule = profile.rule("access.noLending");
  // Own staff may borrow by approval; organs that review the case take it by their own rules (S3-C-7).
  if (act !== "loan" || !rule.value || requester === "staff" || isReviewing(requester)) return undefined;
  const article = articleOf(rule);
  return article === undefined ? {} : { article };
}

/** Decides over one request. A sealed matter is nobody's to see until an officer has decided. */
export function decideAccess(question: AccessQuestion): AccessDecision {
  const { requester, matter } = question;
  if (matter.seal !== "none") return { verdict: "refused", code: "access.sealed" };
  const lending = lent(question);
  if (lending !== undefined) return { verdict: "refused", code: "access.noLending", ...lending };
  const open =
    requester === "staff"
      ? forStaff(question)
      : (beforePenalty(question) ?? (isOfficial(requester) ? forOfficial(question) : forParty(question)));
  const decided = withSecrets(question, open);
  if ("refusedBy" in decided)
    return {
      verdict: "refused",
      code: "access.secretExcluded",
      ...(decided.refusedBy === undefined ? {} : { article: decided.refusedBy }),
    };
  return {
    verdict: "allowed",
    credentials: credentialsFor(question.profile, requester),
    steps: decided.steps,
    outsideThisRule: decided.outsideThisRule === true,
    ...(decided.article === undefined ? {} : { article: decided.article }),
    ...(decided.supplier === undefined ? {} : { supplier: decided.supplier }),
  };
}
