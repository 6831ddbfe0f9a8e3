/**
 * What each regulation says of each parameter, typed in from its text and not from the shipped files: a slip in a file
 * is found here. A parameter that is left out is one on which the regulation is silent.
 */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PARAMETER_KEYS, type ParameterKey } from "../../../gateway/domain/profile-parameters.ts";
import { loadProfiles } from "../../../gateway/intake/load-rules.ts";

/** Value and article, by parameter. */
type Said = Readonly<Partial<Record<ParameterKey, readonly [value: unknown, article: string]>>>;

const ALL_METHODS = ["direct", "postal", "leaving", "entrusted", "forwarded", "publicNotice"];
const FOUR_TRIGGERS = ["complaint", "obstruction", "massIncident", "otherImportant"];

const SAID: Readonly<Record<string, Said>> = {
  "qd-xha-commerce": {
    region: ["CN-SD", "39"],
    activityKinds: [["permit", "penalty", "coercion", "inspection", "other"], "2"],
    "intake.outcomes": [["accept", "nonAccept", "onSpot", "oneTimeNotice"], "8"],
    "intake.oralApplication": [true, "8"],
    "intake.receiptRequired": [true, "8"],
    "notice.oneTimeOnly": [true, "8"],
    "documents.timeMustMatchAv": ["sync", "11"],
    "approvals.chain": [["handlingOfficer", "sectionHead", "legalSection", "head"], "38"],
    "officers.minCount.field": [2, "11"],
    "officers.certRequired": ["refuse", "4"],
    "officers.recordCertShown": [true, "11"],
    "counter.recording": ["optional", "8"],
    "av.required": [
      [
        "inspection",
        "hearing",
        "refusalByParty",
        "serviceByLeaving",
        "serviceByPublicNotice",
        "simplifiedDisputeProne",
      ],
      "14",
    ],
    "av.exemptionReasons": [["notAllowed", "unsuitable"], "14"],
    "av.noEditing": [true, "37(3)"],
    "record.coverWholeMatter": [true, "3"],
    "ingest.limit": ["periodic", "29"],
    "ingest.officerMayKeep": ["untilFileMade", "29"],
    "device.purposeOnly": [true, "37(5)"],
    "upload.centre": ["platform", "6"],
    "caseFile.dueDays": [15, "29"],
    "caseFile.trigger": ["endOfAct", "29"],
    "caseFile.lawPrevails": [true, "29"],
    "retention.inspectionAvYears": [2, "30"],
    "retention.evidenceAv": ["asCaseFile", "30"],
    "hold.triggers": [FOUR_TRIGGERS, "31"],
    "hold.media": [["disc", "removable"], "31"],
    "access.viewLedger": [true, "36"],
    "access.partyCopyApprover": ["headViaLegal", "32"],
    "access.officialRequester": [["headApproves", "copyKept"], "34"],
    "access.secretExcluded": ["yes", "32"],
    "oversight.replayLedger": [true, "36"],
    "oversight.deviceUseReport": [true, "35"],
    "service.methods": [ALL_METHODS, "20"],
    "service.leavingPlace": ["unitOrDomicile", "22"],
    "service.leavingWitness": [true, "22"],
  },
  "changli-mr": {
    region: ["CN-HE", "1"],
    activityKinds: [["permit", "penalty", "coercion", "inspection", "fee", "other"], "2"],
    "intake.outcomes": [["accept", "acceptWithVerification", "onSpot", "oneTimeNotice", "notOurs"], "6"],
    "notice.onTheSpotAllowed": [true, "6(4)"],
    "notice.localLimit": [2, "6(4)"],
    "notice.oneTimeOnly": [true, "6(4)"],
    "notice.incompleteEffect": ["returnAndNonAccept", "6(4)"],
    "notice.returnMaterials": [true, "6(4)"],
    "nonAccept.notOursImmediate": [true, "6(5)"],
    "nonAccept.pointToAuthority": [true, "6(5)"],
    "accept.withVerification": ["itemReasonTime", "6(2)"],
    "correction.signAndDate": [true, "6(3)"],
    "officers.minCount.field": [2, "7"],
    "officers.recordCertShown": [true, "9"],
    "counter.recording": ["asNeeded", "6"],
    "av.required": [
      [
        "siteVerification",
        "inspection",
        "hearing",
        "questioning",
        "collectiveDiscussionAudio",
        "serviceByLeaving",
        "ordersToRectify",
      ],
      "11b",
    ],
    "av.exemptionReasons": [["unsuitable", "constraints"], "11b"],
    "av.photoFallback": [true, "7"],
    "av.noEditing": [true, "22(3)"],
    "record.coverWholeMatter": [true, "3"],
    "ingest.limit": ["24h", "19"],
    "ingest.officerMayKeep": ["no", "19"],
    "caseFile.dueDays": [30, "19"],
    "caseFile.trigger": ["endOfAct", "19"],
    "caseFile.lawPrevails": [true, "19"],
    "access.partyCopyApprover": ["headOfAuthority", "21"],
    "access.secretExcluded": ["yes", "21"],
    "service.methods": [["direct", "postal", "leaving"], "14"],
    "service.leavingPlace": ["domicile", "14"],
    "service.leavingWitness": [true, "14"],
  },
  "bjt-drc": {
    region: ["CN-XJ", "1"],
    activityKinds: [["permit", "penalty", "other"], "2"],
    "intake.outcomes": [["accept", "nonAccept", "onSpot", "oneTimeNotice"], "5"],
    "intake.oralApplication": [true, "5"],
    "intake.receiptRequired": [true, "5"],
    "notice.oneTimeOnly": [true, "5"],
    "approvals.chain": [["handlingOfficer", "reviewer", "approver"], "32"],
    "officers.recordCertShown": [true, "7"],
    "counter.recording": ["optional", "5"],
    "av.required": [
      [
        "inspection",
        "sampling",
        "hearing",
        "serviceByLeaving",
        "serviceByPublicNotice",
        "simplifiedDisputeProne",
      ],
      "10",
    ],
    "av.exemptionReasons": [["unsuitable"], "10"],
    "av.noEditing": [true, "31(3)"],
    "record.coverWholeMatter": [true, "3"],
    "ingest.limit": ["24h", "26"],
    "ingest.officerMayKeep": ["no", "26"],
    "caseFile.dueDays": [30, "26"],
    "caseFile.trigger": ["endOfAct", "26"],
    "caseFile.lawPrevails": [true, "26"],
    "access.partyCopyApprover": ["leaderInCharge", "28"],
    "access.secretExcluded": ["yes", "28"],
    "service.methods": [ALL_METHODS, "18"],
    "service.leavingPlace": ["domicile", "20"],
    "service.leavingWitness": [true, "20"],
  },
  "zz-mr": {
    region: ["CN-HA", "A-1"],
    activityKinds: [["permit", "penalty", "coercion", "inspection"], "A-2"],
    "documents.allFieldsRequired": [true, "A-9"],
    "documents.timeMustMatchAv": ["error", "A-9"],
    "approvals.chain": [["handlingOfficer", "reviewer", "approver"], "A-11"],
    "officers.recordCertShown": [true, "A-12"],
    "counter.recording": ["optional", "A-11(1)"],
    "av.required": [
      [
        "licenceTests",
        "inspection",
        "hearing",
        "expertReview",
        "questioning",
        "coercion",
        "serviceOfPenaltyPapers",
        "ordersToRectify",
        "penaltyFieldWork",
      ],
      "A-8",
    ],
    "av.exemptionReasons": [["unsuitable", "constraints"], "A-11(3)"],
    "av.photoFallback": [true, "A-5"],
    "av.advanceNotice": ["beforehand", "A-6"],
    "av.noEditing": [true, "A-4"],
    "av.noInterruption": ["inspection", "A-12"],
    "record.coverWholeMatter": [true, "A-10"],
    "ingest.limit": ["sameDay", "B-6"],
    "ingest.prompt": ["prompt", "A-15"],
    "device.preUseCheck": [["works", "battery", "space", "clock"], "B-3"],
    "device.custodyLedger": [true, "B-8"],
    "device.purposeOnly": [true, "B-9"],
    "upload.centre": ["setTime", "A-4"],
    "hold.triggers": [FOUR_TRIGGERS, "A-16"],
    "hold.media": [["disc", "removable"], "A-16"],
    "access.viewLedger": [true, "C-2"],
    "access.staffView": ["caseStaffDirect", "C-3"],
    "access.afterArchive": ["approval", "A-17"],
    "access.partyBeforeDecision": ["outsideThisRule", "C-11"],
    "access.partyConclusive": ["idOnly", "C-5"],
    "access.beforeFiling": ["caseLead", "C-10"],
    "access.inProceeding": ["byProcedureLaw", "C-6"],
    "access.officialRequester": [["letter", "id"], "C-4"],
    "access.credentials": [["id", "lawyer", "letterAndWorkId"], "C-4"],
    "access.noLending": [true, "C-7"],
    "access.secretExcluded": ["bySecrecyRules", "A-18"],
    "oversight.replayLedger": [true, "B-7"],
  },
  "hrss-unnamed": {
    activityKinds: [["permit", "penalty", "inspection"], "2"],
    "intake.outcomes": [["accept", "onSpot", "correction", "nonAccept"], "9"],
    "notice.oneTimeOnly": [true, "9(3)"],
    "notice.onlyIfNotCorrectableOnSpot": [true, "9(3)"],
    "notice.incompleteEffect": ["awaitSupplement", "9(3)"],
    "nonAccept.pointToAuthority": [true, "9(4)"],
    "nonAccept.noPermitNeeded": ["document", "9(4)"],
    "correction.signAndDate": [true, "9(2)"],
    "documents.acceptanceTitle": ["受理通知书", "9"],
    "documents.correctionTitle": ["补正通知书", "9(3)"],
    "documents.nonAcceptTitle": ["不予受理通知书", "9(4)"],
    "approvals.chain": [["leaderInChargeForDecisions"], "10"],
    "officers.minCount.field": [2, "7"],
    "officers.certRequired": ["refuse", "6"],
    "officers.recordCertShown": [true, "7"],
    "counter.recording": ["optional", "8"],
    "av.required": [
      [
        "questioningStart",
        "evidenceHolderContact",
        "refusalByParty",
        "serviceByLeaving",
        "serviceByPublicNotice",
      ],
      "16",
    ],
    "av.exemptionReasons": [["constraints"], "29"],
    "av.photoFallback": [true, "29"],
    "av.noEditing": [true, "34(3)"],
    "record.coverWholeMatter": [true, "3"],
    "ingest.limit": ["24h", "30"],
    "ingest.officerMayKeep": ["no", "30"],
    "ingest.mandatoryLabels": [["matter", "party", "officer", "certNo"], "30"],
    "device.purposeOnly": [true, "28"],
    "caseFile.dueDays": [30, "31"],
    "caseFile.trigger": ["endOfAct", "31"],
    "caseFile.lawPrevails": [true, "31"],
    "retention.counterLinked": ["asCaseFile", "31"],
    "access.viewLedger": [true, "33"],
    "access.staffView": ["procedure", "33"],
    "access.afterArchive": ["approval", "33"],
    "access.partyCopyApprover": ["unnamed", "33"],
    "access.credentials": [["id", "workCard", "letter"], "33"],
    "access.secretExcluded": ["bySecrecyRules", "32"],
    "service.methods": [ALL_METHODS, "12"],
    "service.leavingPlace": ["domicile", "12(3)"],
    "service.leavingWitness": [true, "12(3)"],
  },
};
/** What a site's own switch says instead of the regulation. */
const BY_SWITCH: Readonly<Record<string, readonly ParameterKey[]>> = {
  "hrss-unnamed": ["officers.minCount.counter"],
};

const { all } = await loadProfiles(
  join(import.meta.dirname, "../../../firmware-configs/profiles"),
  "changli-mr",
);

describe("every value of every shipped profile", () => {
  it("covers the five regulations", () => {
    expect(all.map(({ id }) => id).toSorted()).toEqual(Object.keys(SAID).toSorted());
  });

  for (const profile of all)
    it(`is what ${profile.regulation} says, by its article, and silent where it is`, () => {
      const found = Object.fromEntries(
        PARAMETER_KEYS.map((key) => [key, profile.rule(key)] as const)
          .filter(([, { basis }]) => basis === "regulation")
          .map(([key, { value, source }]) => [key, [value, source?.article]]),
      );
      expect(found).toEqual(SAID[profile.id]);
      const switched = PARAMETER_KEYS.filter((key) => profile.rule(key).basis === "switch");
      expect(switched).toEqual(BY_SWITCH[profile.id] ?? []);
    });
});
