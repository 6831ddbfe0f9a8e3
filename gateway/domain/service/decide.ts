/**
 * The rules of service as one pure function: a state and a command give facts or a refusal with its article.
 * Invariant: it reads no clock and no store.
 */
import { addDays, isCivilDate, startOfBeijingDay } from "../calendar.ts";
import { CodedError, type ErrorCode, type ErrorDetails } from "../errors.ts";
import { type NamedOfficer, checkNamed } from "../officers/officer.ts";
import type { Profile } from "../profile.ts";
import { beijingDate } from "../time.ts";
import { PUBLIC_NOTICE_DAYS, isNamed, lacking, mayBeLeftAt, serviceArticle } from "./demands.ts";
import type {
  AttemptMade,
  AttemptState,
  EvidenceKind,
  EvidencePiece,
  Failure,
  ServiceFact,
  ServiceMethod,
  ServiceState,
} from "./service.ts";

export type ServiceContext = {
  readonly nowMs: number;
  readonly profile: Profile;
};

export type ServiceCommand =
  | {
      readonly type: "attempt";
      readonly attempt: AttemptMade;
      readonly officers: readonly NamedOfficer[];
    }
  | { readonly type: "supply"; readonly attemptId: string; readonly evidence: readonly EvidencePiece[] }
  | {
      readonly type: "fail";
      readonly attemptId: string;
      readonly why: Failure;
      readonly onDate: string;
      readonly accountPersonId: string;
    }
  /** `deliveredOn` is the day on a postal return receipt; for the others the attempt's own moment counts. */
  | { readonly type: "complete"; readonly attemptId: string; readonly deliveredOn?: string };

export type ServiceDecision = {
  readonly facts: readonly ServiceFact[];
  readonly warnings: readonly string[];
};

const MINUTE_MS = 60_000;
const MOST_EVIDENCE = 40;
const MOST_ATTEMPTS = 40;
const MOST_PERIOD_DAYS = 180;
const SIGNATURES: readonly EvidenceKind[] = ["serverSignature", "recipientSignature", "witnessSignature"];

function refuse(
  code: ErrorCode,
  method: ServiceMethod,
  context: ServiceContext,
  details: ErrorDetails = {},
): never {
  throw new CodedError(code, { ...details, article: serviceArticle(method, context.profile) });
}

function attemptOf(state: ServiceState, attemptId: string): AttemptState {
  const attempt = state.attempts.find((one) => one.attemptId === attemptId);
  if (attempt === undefined) throw new CodedError("service.noSuchAttempt");
  if (attempt.status !== "open") throw new CodedError("service.attemptClosed");
  return attempt;
}

/** Outside the counter: two officers, credentials shown. */
function isField(attempt: AttemptMade): boolean {
  return (attempt.method === "direct" && attempt.placeKind !== "counter") || attempt.method === "leaving";
}

function checkWhen(attempt: AttemptMade, state: ServiceState, context: ServiceContext): void {
  // People tell a time by the minute, so a paper can be handed over in the minute of its issue.
  const issuedMinute = Math.floor(state.paper.issuedMs / MINUTE_MS) * MINUTE_MS;
  if (attempt.happenedMs > context.nowMs || attempt.happenedMs < issuedMinute)
    refuse("service.badTime", attempt.method, context, { field: "happenedAt" });
}

function checkAttempt(attempt: AttemptMade, state: ServiceState, context: ServiceContext): void {
  const { profile, nowMs } = context;
  const today = beijingDate(nowMs);
  if (attempt.method === "leaving") {
    if (!mayBeLeftAt(attempt.placeKind, profile))
      refuse("service.placeNotAllowed", attempt.method, context, {
        allowed: profile.rule("service.leavingPlace").value,
      });
    if (!isCivilDate(attempt.refusedOn) || attempt.refusedOn > today)
      refuse("service.badTime", attempt.method, context, { field: "refusedOn" });
    if (profile.rule("service.leavingWitness").value && !attempt.witnessed)
      refuse("service.witnessMissing", attempt.method, context);
  }
  if (attempt.method === "publicNotice") {
    if (!state.attempts.some((one) => one.status === "failed" && one.method !== "publicNotice"))
      refuse("service.triedFirst", attempt.method, context);
    if (!isCivilDate(attempt.publishedOn) || attempt.publishedOn > today)
      refuse("service.badTime", attempt.method, context, { field: "publishedOn" });
    const { periodDays } = attempt;
    if (!Number.isSafeInteger(periodDays) || periodDays < PUBLIC_NOTICE_DAYS || periodDays > MOST_PERIOD_DAYS)
      refuse("service.periodTooShort", attempt.method, context, { days: PUBLIC_NOTICE_DAYS });
  }
}

function attempted(
  command: Extract<ServiceCommand, { type: "attempt" }>,
  state: ServiceState,
  context: ServiceContext,
): ServiceDecision {
  const { attempt, officers } = command;
  if (state.attempts.length >= MOST_ATTEMPTS) refuse("service.tooMany", attempt.method, context);
  if (state.attempts.some((one) => one.status === "open"))
    refuse("service.attemptOpen", attempt.method, context);
  checkWhen(attempt, state, context);
  checkAttempt(attempt, state, context);
  const warnings: string[] = [];
  if (isField(attempt))
    warnings.push(
      ...checkNamed(
        { place: "field", officers, credentialsShown: attempt.credentialsShown },
        context.profile,
      ),
    );
  else {
    if (officers.length === 0) throw new CodedError("officers.tooFew", { needed: 1, named: 0 });
    // Handing over is not issuing: at the counter and by post a missing certificate is marked, never a bar.
    if (officers.some(({ standing }) => standing !== "certified")) warnings.push("officerNotCertified");
  }
  if (!isNamed(attempt.method, context.profile)) warnings.push("serviceMethodNotNamed");
  return { facts: [{ type: "attempted", attempt }], warnings };
}

function checkPiece(piece: EvidencePiece, attempt: AttemptState, context: ServiceContext): void {
  const wrong = (): never => refuse("service.badEvidence", attempt.method, context, { kind: piece.kind });
  if (SIGNATURES.includes(piece.kind)) {
    if (piece.mode === undefined || piece.date === undefined || !isCivilDate(piece.date)) wrong();
    // A signature is dated on the day of the attempt or later.
    const { date = "" } = piece;
    if (date > beijingDate(context.nowMs) || date < beijingDate(attempt.happenedMs)) wrong();
    return;
  }
  if (piece.kind === "footage") {
    if (piece.link === undefined && (piece.exemption ?? "").trim() === "") wrong();
    if (piece.link?.in === "camera" && piece.link.toMs <= piece.link.fromMs) wrong();
    return;
  }
  if (piece.link?.in !== "scan") wrong();
}

function completed(
  command: Extract<ServiceCommand, { type: "complete" }>,
  attempt: AttemptState,
  context: ServiceContext,
): ServiceDecision {
  const missing = lacking(attempt, context.profile);
  if (missing.length > 0)
    refuse("service.incomplete", attempt.method, context, { missing: missing.map(({ kind }) => kind) });
  const today = beijingDate(context.nowMs);
  let servedMs = attempt.happenedMs;
  if (attempt.method === "postal") {
    const { deliveredOn } = command;
    if (
      deliveredOn === undefined ||
      !isCivilDate(deliveredOn) ||
      deliveredOn > today ||
      deliveredOn < beijingDate(attempt.happenedMs)
    )
      return refuse("service.badTime", attempt.method, context, { field: "deliveredOn" });
    servedMs = Math.max(startOfBeijingDay(deliveredOn), attempt.happenedMs);
  } else if (attempt.method === "publicNotice") {
    const ends = addDays(attempt.publishedOn, attempt.periodDays);
    if (today < ends) return refuse("service.periodRuns", attempt.method, context, { until: ends });
    servedMs = startOfBeijingDay(ends);
  } else if (attempt.method !== "leaving") {
    // Direct, entrusted, forwarded: served on the date that the recipient or signee wrote.
    const signed = attempt.evidence.find(({ kind }) => kind === "recipientSignature")?.date;
    if (signed !== undefined && signed > beijingDate(attempt.happenedMs))
      servedMs = startOfBeijingDay(signed);
  }
  return {
    facts: [{ type: "completed", attemptId: attempt.attemptId, servedMs }],
    warnings: [],
  };
}

/** Facts that follow, in order. Throws a `CodedError` when the command is refused. */
export function decideService(
  state: ServiceState,
  command: ServiceCommand,
  context: ServiceContext,
): ServiceDecision {
  if (state.served !== undefined) throw new CodedError("service.alreadyServed");
  switch (command.type) {
    case "attempt":
      return attempted(command, state, context);
    case "supply": {
      const attempt = attemptOf(state, command.attemptId);
      const { evidence } = command;
      if (evidence.length === 0 || attempt.evidence.length + evidence.length > MOST_EVIDENCE)
        refuse("service.badEvidence", attempt.method, context);
      for (const piece of evidence) checkPiece(piece, attempt, context);
      return { facts: [{ type: "supplied", attemptId: attempt.attemptId, evidence }], warnings: [] };
    }
    case "fail": {
      const attempt = attemptOf(state, command.attemptId);
      const { why, onDate, accountPersonId } = command;
      if (
        !isCivilDate(onDate) ||
        onDate > beijingDate(context.nowMs) ||
        onDate < beijingDate(attempt.happenedMs)
      )
        return refuse("service.badTime", attempt.method, context, { field: "onDate" });
      if (why === "returned" && attempt.method !== "postal")
        refuse("service.badEvidence", attempt.method, context, { kind: "returnedMail" });
      return {
        facts: [{ type: "failed", attemptId: attempt.attemptId, why, onDate, accountPersonId }],
        warnings: [],
      };
    }
    case "complete":
      return completed(command, attemptOf(state, command.attemptId), context);
    default:
      throw new RangeError("a service command of no known kind");
  }
}
