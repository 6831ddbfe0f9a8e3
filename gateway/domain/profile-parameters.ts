/**
 * The parameters a profile has, as REGULATIONS 5 lists them: the form of each value, the default where a regulation
 * is silent, and what would be looser than the law. Invariant: this table is the only list; files, schema and the
 * check command follow it.
 */

import { isCivilDate } from "./calendar.ts";
import { APPROVAL_STEPS, DELEGABLE, type Delegation } from "./intake/approval-steps.ts";
import type { CivilDate } from "./time.ts";

/** One parameter. `looser` says why a value falls below the law, or nothing. */
type Parameter<Value> = {
  readonly read: (json: unknown) => Value;
  readonly fallback: Value;
  readonly basis: "national" | "inferred";
  /** Article of national law behind the default. */
  readonly law?: string;
  readonly looser?: (value: Value) => string | undefined;
};

const fail = (what: string): never => {
  throw new RangeError(what);
};
const flag = (json: unknown): boolean => (typeof json === "boolean" ? json : fail("a yes or no"));
const text = (json: unknown): string =>
  typeof json === "string" && json.trim() !== "" ? json : fail("a text that isn't empty");
const texts = (json: unknown): readonly string[] => (Array.isArray(json) ? json.map(text) : fail("a list"));
const whole = (json: unknown): number =>
  typeof json === "number" && Number.isSafeInteger(json) && json >= 0 ? json : fail("a whole number");
const wholeOrNone = (json: unknown): number | "none" => (json === "none" ? "none" : whole(json));
const oneOf =
  <const Word extends string>(...words: readonly Word[]) =>
  (json: unknown): Word =>
    words.find((word) => word === json) ?? fail(`one of ${words.join(", ")}`);
const clockTime = (json: unknown): string =>
  typeof json === "string" && /^([01]\d|2[0-3]):[0-5]\d$/.test(json) ? json : fail("a time HH:MM");

const listOf =
  <Value>(read: (json: unknown) => Value) =>
  (json: unknown): readonly Value[] =>
    Array.isArray(json) ? json.map(read) : fail("a list");

function delegation(json: unknown): Delegation {
  const given: Readonly<Record<string, unknown>> =
    typeof json === "object" && json !== null ? { ...json } : fail("a delegation");
  const day = (value: unknown): CivilDate =>
    typeof value === "string" && isCivilDate(value) ? value : fail("a civil date");
  const from = day(given["from"]);
  const until = day(given["until"]);
  if (until < from) fail("a term that ends after it begins");
  return { outcome: oneOf(...DELEGABLE)(given["outcome"]), document: text(given["document"]), from, until };
}

const param = <Value>(parameter: Parameter<Value>): Parameter<Value> => parameter;
const mustBe =
  (wanted: boolean, why: string) =>
  (value: boolean): string | undefined =>
    value === wanted ? undefined : why;
const atMost =
  (limit: number, why: string) =>
  (value: number | "none"): string | undefined =>
    value === "none" || value <= limit ? undefined : why;

const NON_ACCEPTANCE: readonly string[] = ["nonAccept", "noPermitNeeded", "notOurs", "notAccept"];
const LAW_32 = "32";
/** Half a working day: long enough to come back from the field. No regulation puts a number to "promptly". */
const PROMPT_HOURS = 4;
export const STATUTORY_NOTICE_DAYS = 5;

export const PARAMETERS = {
  region: param({ read: text, fallback: "CN", basis: "inferred" }),
  activityKinds: param({
    read: texts,
    fallback: ["permit", "penalty", "coercion", "inspection", "fee", "other"],
    basis: "inferred",
  }),
  "intake.outcomes": param({
    read: texts,
    fallback: ["accept", "onSpot", "oneTimeNotice", "nonAccept", "noPermitNeeded"],
    basis: "national",
    law: LAW_32,
    looser: (value) =>
      value.includes("accept") && value.some((one) => NON_ACCEPTANCE.includes(one))
        ? undefined
        : "acceptance and non-acceptance are owed in writing",
  }),
  "intake.oralApplication": param({ read: flag, fallback: true, basis: "inferred" }),
  "intake.receiptRequired": param({
    read: flag,
    fallback: true,
    basis: "national",
    law: LAW_32,
    looser: mustBe(true, "a receipt for the materials can't be dropped"),
  }),
  "notice.onTheSpotAllowed": param({
    read: flag,
    fallback: true,
    basis: "national",
    law: "32(4)",
    looser: mustBe(true, "the law lets defects be told on the spot"),
  }),
  "notice.localLimit": param({
    read: wholeOrNone,
    fallback: "none",
    basis: "inferred",
    looser: atMost(STATUTORY_NOTICE_DAYS, "a local limit above five working days"),
  }),
  "notice.localUnit": param({
    read: oneOf("workingDay"),
    fallback: "workingDay",
    basis: "inferred",
  }),
  "notice.statutoryLimit": param({
    read: whole,
    fallback: STATUTORY_NOTICE_DAYS,
    basis: "national",
    law: "32(4)",
    looser: (value) =>
      value < 1 || value > STATUTORY_NOTICE_DAYS
        ? "the law gives five working days for the notice"
        : undefined,
  }),
  "notice.deemedAcceptance": param({
    read: flag,
    fallback: true,
    basis: "national",
    law: "32(4)",
    looser: mustBe(true, "deemed acceptance can't be switched off"),
  }),
  "notice.oneTimeOnly": param({
    read: flag,
    fallback: true,
    basis: "national",
    law: "32(4)",
    looser: mustBe(true, "a second notice would be free"),
  }),
  "notice.onlyIfNotCorrectableOnSpot": param({
    read: flag,
    fallback: true,
    basis: "national",
    law: "32(3)",
    looser: mustBe(true, "an error that can be corrected on the spot would be refused"),
  }),
  "notice.incompleteEffect": param({
    read: oneOf("returnAndNonAccept", "awaitSupplement"),
    fallback: "awaitSupplement",
    basis: "national",
    law: "32(5)",
  }),
  "notice.returnMaterials": param({ read: flag, fallback: false, basis: "national", law: "32(5)" }),
  "nonAccept.notOursImmediate": param({
    read: flag,
    fallback: true,
    basis: "national",
    law: "32(2)",
    looser: mustBe(true, "the law wants it at once"),
  }),
  "nonAccept.pointToAuthority": param({
    read: flag,
    fallback: true,
    basis: "national",
    law: "32(2)",
    looser: mustBe(true, "the law wants the right authority named"),
  }),
  "nonAccept.noPermitNeeded": param({
    read: oneOf("document"),
    fallback: "document",
    basis: "national",
    law: "32(1)",
  }),
  "accept.withVerification": param({
    read: oneOf("off", "itemReasonTime"),
    fallback: "off",
    basis: "inferred",
  }),
  "correction.signAndDate": param({
    read: flag,
    fallback: true,
    basis: "inferred",
    looser: mustBe(true, "a correction without signature and date can't be told from a forgery"),
  }),
  "documents.acceptanceTitle": param({ read: text, fallback: "受理通知书", basis: "inferred" }),
  "documents.correctionTitle": param({ read: text, fallback: "补正告知书", basis: "inferred" }),
  "documents.nonAcceptTitle": param({ read: text, fallback: "不予受理决定书", basis: "inferred" }),
  "documents.allFieldsRequired": param({ read: flag, fallback: true, basis: "inferred" }),
  "documents.timeMustMatchAv": param({
    read: oneOf("warn", "error", "sync"),
    fallback: "warn",
    basis: "inferred",
  }),
  "approvals.chain": param({
    read: listOf(oneOf(...APPROVAL_STEPS)),
    fallback: ["clerk"],
    basis: "inferred",
  }),
  "approvals.delegated": param({ read: listOf(delegation), fallback: [], basis: "inferred" }),
  "officers.minCount.field": param({
    read: whole,
    fallback: 2,
    basis: "national",
    law: "34",
    looser: (value) => (value < 2 ? "field acts need two officers" : undefined),
  }),
  "officers.minCount.counter": param({
    read: whole,
    fallback: 1,
    basis: "inferred",
    looser: (value) => (value < 1 ? "somebody has to act" : undefined),
  }),
  "officers.certRequired": param({
    read: oneOf("refuse", "warn"),
    fallback: "warn",
    basis: "inferred",
  }),
  "officers.recordCertShown": param({ read: flag, fallback: true, basis: "inferred" }),
  "counter.recording": param({
    read: oneOf("optional", "asNeeded"),
    fallback: "optional",
    basis: "inferred",
  }),
  "counter.blockOnCameraFault": param({
    read: flag,
    fallback: false,
    basis: "national",
    law: LAW_32,
    looser: mustBe(false, "a camera fault would keep citizens from applying"),
  }),
  "av.required": param({ read: texts, fallback: [], basis: "inferred" }),
  "av.exemptionReasons": param({ read: texts, fallback: ["reasonNeeded"], basis: "inferred" }),
  "av.photoFallback": param({ read: flag, fallback: true, basis: "inferred" }),
  "av.advanceNotice": param({
    read: oneOf("counterNotice", "beforehand"),
    fallback: "counterNotice",
    basis: "national",
  }),
  "av.noEditing": param({
    read: flag,
    fallback: true,
    basis: "inferred",
    looser: mustBe(true, "footage is never edited"),
  }),
  "av.noInterruption": param({
    read: oneOf("reportGaps", "inspection"),
    fallback: "reportGaps",
    basis: "inferred",
  }),
  "record.coverWholeMatter": param({ read: flag, fallback: true, basis: "inferred" }),
  "ingest.limit": param({
    read: oneOf("24h", "sameDay", "periodic"),
    fallback: "24h",
    basis: "inferred",
  }),
  /** Whether the regulation wants it stored promptly beside any limit, and the span that stands for the word. */
  "ingest.prompt": param({ read: oneOf("unstated", "prompt"), fallback: "unstated", basis: "inferred" }),
  "ingest.promptHours": param({ read: whole, fallback: PROMPT_HOURS, basis: "inferred" }),
  "ingest.officerMayKeep": param({
    read: oneOf("no", "untilFileMade"),
    fallback: "no",
    basis: "inferred",
  }),
  "ingest.mandatoryLabels": param({
    read: texts,
    fallback: ["matter", "officer", "certNo"],
    basis: "inferred",
  }),
  "device.preUseCheck": param({
    read: texts,
    fallback: ["works", "battery", "space", "clock"],
    basis: "inferred",
  }),
  "device.custodyLedger": param({ read: flag, fallback: true, basis: "inferred" }),
  "device.purposeOnly": param({ read: flag, fallback: true, basis: "inferred" }),
  "upload.centre": param({
    read: oneOf("platform", "setTime", "nightlyAndEvent"),
    fallback: "nightlyAndEvent",
    basis: "inferred",
  }),
  "caseFile.dueDays": param({ read: whole, fallback: 30, basis: "inferred" }),
  "caseFile.dueUnit": param({
    read: oneOf("calendarDay", "workingDay"),
    fallback: "calendarDay",
    basis: "inferred",
  }),
  "caseFile.trigger": param({ read: oneOf("endOfAct"), fallback: "endOfAct", basis: "inferred" }),
  "caseFile.lawPrevails": param({ read: flag, fallback: true, basis: "inferred" }),
  "retention.inspectionAvYears": param({
    read: whole,
    fallback: 2,
    basis: "inferred",
    looser: (value) => (value < 2 ? "inspection footage is kept two years at least" : undefined),
  }),
  "retention.evidenceAv": param({ read: oneOf("asCaseFile"), fallback: "asCaseFile", basis: "inferred" }),
  "retention.counterLinked": param({ read: oneOf("asCaseFile"), fallback: "asCaseFile", basis: "inferred" }),
  "retention.counterUnlinkedDays": param({
    read: whole,
    fallback: 180,
    basis: "inferred",
    looser: (value) => (value < 30 ? "public-place video is kept 30 days at least" : undefined),
  }),
  "hold.triggers": param({
    read: texts,
    fallback: ["complaint", "obstruction", "massIncident", "otherImportant"],
    basis: "inferred",
  }),
  "hold.media": param({ read: texts, fallback: ["any"], basis: "inferred" }),
  "access.viewLedger": param({ read: flag, fallback: true, basis: "inferred" }),
  "access.staffView": param({
    read: oneOf("caseStaffDirect", "procedure"),
    fallback: "caseStaffDirect",
    basis: "inferred",
  }),
  "access.afterArchive": param({ read: oneOf("approval"), fallback: "approval", basis: "inferred" }),
  "access.partyCopyApprover": param({
    read: oneOf("head", "headViaLegal", "headOfAuthority", "leaderInCharge", "unnamed"),
    fallback: "head",
    basis: "inferred",
  }),
  "access.partyBeforeDecision": param({
    read: oneOf("headDecides", "outsideThisRule"),
    fallback: "headDecides",
    basis: "inferred",
  }),
  /** What a party or its lawyer needs to see its own conclusive papers (the decision). */
  "access.partyConclusive": param({
    read: oneOf("approval", "idOnly"),
    fallback: "approval",
    basis: "inferred",
  }),
  /** Who handles a request once there is a decision but the case file is not archived yet. */
  "access.beforeFiling": param({
    read: oneOf("asAfterFiling", "caseLead"),
    fallback: "asAfterFiling",
    basis: "inferred",
  }),
  /** Evidence of a matter that is before a court or a reconsideration organ. */
  "access.inProceeding": param({
    read: oneOf("byProcedureLaw"),
    fallback: "byProcedureLaw",
    basis: "inferred",
  }),
  "access.officialRequester": param({
    read: texts,
    fallback: ["letter", "id", "approval"],
    basis: "inferred",
  }),
  "access.credentials": param({ read: texts, fallback: ["id"], basis: "inferred" }),
  "access.noLending": param({ read: flag, fallback: true, basis: "inferred" }),
  "access.secretExcluded": param({
    read: oneOf("yes", "bySecrecyRules"),
    fallback: "yes",
    basis: "inferred",
  }),
  "oversight.replayLedger": param({ read: flag, fallback: true, basis: "inferred" }),
  "oversight.deviceUseReport": param({ read: flag, fallback: true, basis: "inferred" }),
  "supplement.limit": param({
    read: wholeOrNone,
    fallback: "none",
    basis: "inferred",
    looser: (value) =>
      value !== "none" && value < 1 ? "a limit of no days would refuse every supplement" : undefined,
  }),
  "supplement.receiptRequired": param({
    read: flag,
    fallback: true,
    basis: "inferred",
    looser: mustBe(true, "supplements need a receipt of their own"),
  }),
  receiptCutoff: param({ read: clockTime, fallback: "17:30", basis: "inferred" }),
  "display.masking": param({
    read: flag,
    fallback: true,
    basis: "inferred",
    looser: mustBe(true, "personal data on public screens is masked"),
  }),
  "service.methods": param({
    read: texts,
    fallback: ["direct", "postal", "leaving", "entrusted", "forwarded", "publicNotice"],
    basis: "inferred",
  }),
  "service.leavingPlace": param({
    read: oneOf("domicile", "unitOrDomicile"),
    fallback: "domicile",
    basis: "inferred",
  }),
  "service.leavingWitness": param({ read: flag, fallback: true, basis: "inferred" }),
  "calendar.timezone": param({
    read: oneOf("Asia/Shanghai"),
    fallback: "Asia/Shanghai",
    basis: "national",
  }),
} as const;

export type ParameterKey = keyof typeof PARAMETERS;
export type ParameterValue<Key extends ParameterKey> = ReturnType<(typeof PARAMETERS)[Key]["read"]>;
export const PARAMETER_KEYS = Object.keys(PARAMETERS) as readonly ParameterKey[];
/** Short title of the law behind `law`. */
export const LICENSING_LAW = "行政许可法";
