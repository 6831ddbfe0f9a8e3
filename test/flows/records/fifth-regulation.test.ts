/** S4: each article of records beyond the counter, recorded through the use case and found in the list. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proves } from "../../law/proves.ts";
import { compulsory, demands, filmedNow, free, inList, scan, wantsSignatures } from "./asserted.ts";
import { MINUTE, type Office, as, openOffice } from "./office.ts";

let office: Office;
beforeAll(async () => {
  office = await openOffice("hrss-unnamed");
  await office.film(office.clock.wallMs() - 20 * MINUTE, 40 * MINUTE);
});
afterAll(() => office.close());

describe("the fifth regulation", () => {
  it(proves(["S4-2"], "an act rests on an item of the power list, and other acts are outside"), async () => {
    const { caseId } = await office.records.openCase({
      ...as("clerk"),
      activity: "inspection",
      title: "示范公司用工检查",
      authorityBasis: "own",
      powerItem: "权责清单-检查-07",
    });
    expect(await office.book.find(caseId)).toMatchObject({ powerItem: "权责清单-检查-07" });
    await inList(office, "S4-24", await office.record(caseId, "inspectionNotice"));
    for (const activity of ["coercion", "fee", "other"] as const)
      await expect(office.open(activity)).rejects.toMatchObject({ details: { article: "S4-2" } });
  });

  it(proves(["S4-3"], "the whole chain from start to archive, in text and footage"), async () => {
    const caseId = await office.open("penalty");
    const chain = [
      "caseOpeningApproval",
      "questioningRecord",
      "majorDecisionReview",
      "penaltyDecision",
      "serviceOfPaper",
      "performanceRecord",
      "closingReport",
    ];
    for (const kind of chain) await office.record(caseId, kind, filmedNow(office));
    const rows = await office.records.list({ caseId });
    expect(rows.map(({ row }) => row.stage).toReversed()).toEqual([
      "start",
      "evidence",
      "review",
      "decision",
      "service",
      "execution",
      "filing",
    ]);
    expect(rows.every(({ facts }) => facts.footage.length === 1 && facts.filled.length > 0)).toBe(true);
  });

  it(
    proves(["S4-8"], "text alone, or text and footage together, of the kinds of paper it names"),
    async () => {
      for (const kind of ["appraisalOpinion", "expertOpinion", "hearingReport", "internalApproval"]) {
        await inList(office, "S4-8", await office.record(await office.open("penalty"), kind));
        const both = await office.record(await office.open("penalty"), kind, filmedNow(office));
        expect((await inList(office, "S4-8", both)).av).not.toBe("deficient");
      }
      const sound = await office.bodyCamera(office.clock.wallMs() - 10 * MINUTE, "audio");
      const moving = await office.record(await office.open("penalty"), "hearingReport", {
        footage: [{ type: "file", fileId: sound }],
        scans: [await scan(office, "photo"), await scan(office, "audio")],
      });
      expect(moving.facts.footage).toHaveLength(1);
      expect(moving.facts.scans.map(({ media }) => media)).toEqual(["photo", "audio"]);
    },
  );

  it(proves(["S4-13"], "a request for a hearing on a licence is answered by its notice"), () =>
    demands(office, "S4-13", ["permit", "permitHearingNotice"], ["rights", "deadline"]),
  );

  it(proves(["S4-14"], "a refusal or weighty licence has its legal review"), async () => {
    await demands(office, "S4-14", ["permit", "majorDecisionReview"], ["opinion", "reason"]);
    await wantsSignatures(office, "S4-14", ["permit", "majorDecisionReview"], ["legalReviewer"]);
  });

  it(
    proves(
      ["S4-15"],
      "opening a case or not opening it, with party, place, source and reason, and the answer",
    ),
    async () => {
      for (const kind of ["caseOpeningApproval", "noCaseApproval"]) {
        const caseId = await office.open("penalty");
        const empty = await inList(office, "S4-15", await office.record(caseId, kind, { fields: {} }));
        expect(empty.lacks.filter(({ lack }) => lack === "field").map(({ what }) => what)).toEqual([
          "partyFacts",
          "placeOfCase",
          "sourceOfCase",
          "reason",
        ]);
        const full = await office.record(caseId, kind);
        const approved = await office.records.approve({ ...as("leader"), recordId: full.facts.recordId });
        expect(approved.lacks).toEqual([]);
      }
      await demands(office, "S4-15", ["penalty", "complaintAnswer"], ["answersWhom", "decision", "toldHow"]);
    },
  );

  it(
    proves(["S4-16"], "questioning, contact with evidence holders and refusals: papers and footage"),
    async () => {
      for (const kind of [
        "questioningRecord",
        "evidenceRetrievalNotice",
        "evidenceRegistrationList",
        "refusalRecord",
      ])
        await compulsory(office, "S4-16", ["penalty", kind], {
          ground: "constraints",
          badGround: "unsuitable",
        });
      for (const kind of ["rightsNotice", "statementRecord", "penaltyHearingNotice"])
        await demands(office, "S4-16", ["penalty", kind], office.kinds.find(kind)?.fields ?? []);
      await wantsSignatures(office, "S4-16", ["penalty", "questioningRecord"], ["officer", "party|present"]);
    },
  );

  it(proves(["S4-17"], "preserving evidence says why, what and how"), () =>
    demands(office, "S4-17", ["penalty", "evidencePreservation"], ["reason", "object", "form"]),
  );

  it(
    proves(["S4-18"], "closing report, prior notice, and the approval form with section and head"),
    async () => {
      await demands(office, "S4-18", ["penalty", "investigationReport"], ["facts", "evidence", "proposal"]);
      await demands(
        office,
        "S4-18",
        ["penalty", "penaltyPriorNotice"],
        ["facts", "reason", "legalBasis", "rights"],
      );
      const form = await office.record(await office.open("penalty"), "penaltyDecisionApproval", {
        fields: { facts: "违法事实", proposal: "拟处罚", sectionOpinion: "同意" },
      });
      await expect(
        office.records.approve({ ...as("leader"), recordId: form.facts.recordId }),
      ).rejects.toMatchObject({ details: { missing: ["headOpinion"] } });
      await inList(office, "S4-18", form);
    },
  );

  it(proves(["S4-19"], "each of the four outcomes has its paper"), async () => {
    for (const kind of ["noViolationNotice", "noPenaltyDecision", "penaltyDecision", "judicialTransfer"])
      await demands(office, "S4-19", ["penalty", kind], office.kinds.find(kind)?.fields ?? []);
  });

  it(proves(["S4-20"], "penalty papers are served with proof, filmed where left or announced"), async () => {
    await demands(office, "S4-20", ["penalty", "serviceOfPaper"], ["served", "recipient", "place"]);
    await wantsSignatures(office, "S4-20", ["penalty", "serviceOfPaper"], ["server", "recipient|signee"]);
    await free(office, "S4-20", ["penalty", "serviceOfPaper"]);
    await compulsory(office, "S4-20", ["penalty", "serviceOfPaper"], { flags: ["leaving"], cites: "S4-12" });
  });

  it(proves(["S4-21"], "performance, and the check of a rectification, filmed as needed"), async () => {
    await demands(office, "S4-21", ["penalty", "performanceRecord"], ["performance"]);
    await demands(office, "S4-21", ["penalty", "rectificationCheck"], ["order", "result"]);
    await free(office, "S4-21", ["penalty", "rectificationCheck"]);
  });

  it(proves(["S4-22"], "the demand notice, and what the party said with its review"), async () => {
    await demands(office, "S4-22", ["penalty", "demandNotice"], ["obligation", "deadline"]);
    await demands(
      office,
      "S4-22",
      ["penalty", "statementReview"],
      ["facts", "grounds", "evidence", "review"],
    );
  });

  it(proves(["S4-23"], "what was asked of the court and what came of it"), async () => {
    await demands(office, "S4-23", ["penalty", "courtApplication"], ["decision", "legalBasis"]);
    await demands(office, "S4-23", ["penalty", "courtResult"], ["result"]);
  });

  it(proves(["S4-24"], "the inspection notice, and the four answers to a complaint"), async () => {
    await demands(office, "S4-24", ["inspection", "inspectionNotice"], ["object", "reason", "legalBasis"]);
    const opening = await office.record(await office.open("inspection"), "caseOpeningApproval");
    await inList(office, "S4-24", opening);
    await demands(office, "S4-24", ["inspection", "complaintRedirection"], ["rightAuthority", "toldHow"]);
    await demands(office, "S4-24", ["inspection", "complaintSupplementNotice"], ["missing", "toldHow"]);
    await demands(office, "S4-24", ["inspection", "complaintAnswer"], ["decision", "reason"]);
  });

  it(
    proves(["S4-25"], "how objects and inspectors were drawn, or which written materials were collected"),
    async () => {
      await demands(office, "S4-25", ["inspection", "randomSelectionRecord"], ["object", "selectedHow"]);
      await demands(office, "S4-25", ["inspection", "writtenMaterialsRecord"], ["items"]);
    },
  );

  it(proves(["S4-26"], "the papers of an inspection, and a refusal in text and footage"), async () => {
    for (const kind of [
      "investigationRecord",
      "evidenceRetrievalNotice",
      "evidenceRegistrationList",
      "rightsNotice",
      "statementRecord",
    ])
      await demands(office, "S4-26", ["inspection", kind], office.kinds.find(kind)?.fields ?? []);
    await wantsSignatures(
      office,
      "S4-26",
      ["inspection", "investigationRecord"],
      ["officer", "party|present"],
    );
    await compulsory(office, "S4-26", ["inspection", "refusalRecord"], { cites: "S4-16" });
  });

  it(
    proves(["S4-27"], "the report goes to the leader, the circular goes out, the complainant hears"),
    async () => {
      const report = await office.record(await office.open("inspection"), "inspectionReport");
      expect((await inList(office, "S4-27", report)).lacks).toMatchObject([{ lack: "notApproved" }]);
      const { recordId } = report.facts;
      expect((await office.records.approve({ ...as("leader"), recordId })).facts.approved?.by).toBe(
        "leader-1",
      );
      await demands(office, "S4-27", ["inspection", "inspectionCircular"], ["result"]);
      await demands(office, "S4-27", ["inspection", "complaintAnswer"], ["answersWhom", "toldHow"]);
    },
  );

  it(
    proves(
      ["S4-29"],
      "penalty work is filmed where possible, else key moments on photos, else it is suggested",
    ),
    async () => {
      const caseId = await office.open("penalty");
      const bare = await office.record(caseId, "siteInspectionRecord");
      expect(bare).toMatchObject({ av: "suggested", deficient: false });
      expect(bare.duties[0]).toMatchObject({ rule: "asNeeded", article: "S4-29", photoFallback: true });
      const photos = await office.record(caseId, "siteInspectionRecord", {
        scans: [await scan(office, "photo")],
        avReason: { code: "constraints", text: "受客观条件限制" },
      });
      expect(photos.av).toBe("photos");
      expect((await office.record(caseId, "siteInspectionRecord", filmedNow(office))).av).toBe("has");
      expect(await office.records.list({ caseId, deficientOnly: true })).toEqual([]);
    },
  );
});
