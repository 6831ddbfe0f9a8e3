/** S0: each article of records beyond the counter, recorded through the use case and found in the list. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proves } from "../../law/proves.ts";
import {
  compulsory,
  demands,
  filmedNow,
  free,
  inList,
  twoOfficers,
  wantsSignatures,
  whole,
} from "./asserted.ts";
import { MINUTE, type Office, as, openOffice } from "./office.ts";

let office: Office;
beforeAll(async () => {
  office = await openOffice("qd-xha-commerce");
  await office.film(office.clock.wallMs() - 20 * MINUTE, 40 * MINUTE);
});
afterAll(() => office.close());

describe("the first regulation", () => {
  it(
    proves(["S0-2"], "records all five activities with footage, lists each, and refuses another"),
    async () => {
      for (const activity of ["permit", "penalty", "coercion", "inspection", "other"] as const) {
        await whole(office, "S0-11", [activity, "investigationRecord"], filmedNow(office));
        const rows = await office.records.list({ activity });
        expect(rows.some(({ facts }) => facts.footage.length > 0)).toBe(true);
      }
      await expect(office.open("fee")).rejects.toMatchObject({
        code: "records.outsideScope",
        details: { article: "S0-2" },
      });
    },
  );

  it(proves(["S0-9"], "the approval form wants its six statements before it can be approved"), async () => {
    const six = ["reason", "partyFacts", "officerOpinion", "sectionOpinion", "legalOpinion", "headOpinion"];
    const caseId = await office.open("penalty");
    const fields = Object.fromEntries(six.slice(0, 4).map((name) => [name, "已填写"]));
    const form = await inList(office, "S0-9", await office.record(caseId, "startApproval", { fields }));
    const { recordId } = form.facts;
    await expect(office.records.approve({ ...as("leader"), recordId })).rejects.toMatchObject({
      code: "records.formIncomplete",
      details: { missing: ["legalOpinion", "headOpinion"], article: "S0-9" },
    });
    await office.records.supplement({
      ...as("supervisor"),
      recordId,
      fields: { legalOpinion: "合法", headOpinion: "同意" },
    });
    await expect(office.records.approve({ ...as("leader", "clerk-1"), recordId })).rejects.toMatchObject({
      code: "records.approverSame",
    });
    const approved = await office.records.approve({ ...as("leader"), recordId });
    expect(approved.lacks).toEqual([]);
    const { fields: written } = await office.records.content(recordId);
    expect(Object.keys(written).toSorted()).toEqual(six.toSorted());
  });

  it(
    proves(["S0-10"], "a real-name complaint not pursued stays on the list until its complainant is told"),
    async () => {
      const caseId = await office.open("penalty");
      const pursued = await office.record(caseId, "complaintRecord", { flags: ["realName"] });
      const kept = await office.record(caseId, "complaintRecord", { flags: ["realName", "notPursued"] });
      await inList(office, "S0-10", pursued);
      const uninformed = async () =>
        (await office.records.list({ uninformedOnly: true })).map(({ facts }) => facts.recordId);
      expect(await uninformed()).toEqual([kept.facts.recordId]);
      await inList(
        office,
        "S0-10",
        await office.record(caseId, "complaintAnswer", { answers: kept.facts.recordId }),
      );
      expect(await uninformed()).toEqual([]);
    },
  );

  it(
    proves(["S0-11"], "two officers with shown certificates, and paper and footage made together"),
    async () => {
      await twoOfficers(office, "S0-11", ["penalty", "investigationRecord"], {
        count: "S0-11",
        shown: "S0-11",
      });
      await wantsSignatures(
        office,
        "S0-11",
        ["penalty", "investigationRecord"],
        ["officer", "party|present"],
      );
      const caseId = await office.open("penalty");
      const before = office.clock.wallMs() - 19 * MINUTE;
      const apart = await office.record(caseId, "investigationRecord", {
        footage: [{ type: "camera", cameraId: "cam-1", fromMs: before, toMs: before + MINUTE }],
      });
      expect(apart.lacks).toEqual([{ lack: "timeMismatch", article: "S0-11" }]);
    },
  );

  it(proves(["S0-12"], "how rights were told is a field of its own, with the footage of it"), async () => {
    await demands(office, "S0-12", ["penalty", "rightsNotice"], ["rights", "toldHow"]);
    const told = await whole(office, "S0-12", ["penalty", "rightsNotice"], filmedNow(office));
    expect(told.facts.footage).toHaveLength(1);
    expect((await office.records.content(told.facts.recordId)).fields["toldHow"]).toBe("toldHow：已记录");
  });

  it(proves(["S0-13"], "the papers of evidence, each unsigned one flagged"), async () => {
    const papers = [
      "questioningRecord",
      "evidenceRetrievalNotice",
      "evidenceRegistrationList",
      "siteInspectionRecord",
      "samplingNotice",
      "itemList",
      "rightsNotice",
      "statementRecord",
      "hearingRecord",
      "appraisalOpinion",
    ];
    for (const paper of papers) {
      const lines = office.kinds.find(paper)?.signers.map(({ roles }) => roles.join("|")) ?? [];
      expect(lines.length).toBeGreaterThan(0);
      await wantsSignatures(office, "S0-13", ["penalty", paper], lines);
      await whole(office, "S0-13", ["penalty", paper], filmedNow(office));
    }
  });

  it(
    proves(["S0-14"], "inspection, hearing and refusal want footage, unless not allowed or unsuitable"),
    async () => {
      for (const [kind, ground] of [
        ["siteInspectionRecord", "unsuitable"],
        ["hearingRecord", "notAllowed"],
        ["refusalRecord", "unsuitable"],
      ] as const)
        await compulsory(office, "S0-14", ["penalty", kind], { ground, badGround: "constraints" });
      await free(office, "S0-13", ["penalty", "questioningRecord"]);
    },
  );

  it(proves(["S0-15"], "preserving evidence says why, what and how"), () =>
    demands(office, "S0-15", ["penalty", "evidencePreservation"], ["reason", "object", "form"]),
  );

  it(proves(["S0-16"], "a draft says by whom it was drafted and reviewed, and on what"), async () => {
    await demands(office, "S0-16", ["penalty", "draftingRecord"], ["legalBasis", "evidence", "factors"]);
    await wantsSignatures(office, "S0-16", ["penalty", "draftingRecord"], ["drafter", "reviewer"]);
  });

  it(proves(["S0-17"], "legal review, expert minutes or opinion, and collective discussion"), async () => {
    await demands(office, "S0-17", ["penalty", "legalReview"], ["opinion", "suggestion"]);
    await wantsSignatures(office, "S0-17", ["penalty", "legalReview"], ["legalReviewer"]);
    for (const kind of ["expertMinutes", "expertOpinion", "collectiveDiscussion"])
      await free(office, "S0-17", ["penalty", kind]);
  });

  it(
    proves(["S0-19"], "seven items of the simplified procedure, filmed where a dispute is likely"),
    async () => {
      const seven = [
        "conditions",
        "steps",
        "statement",
        "statementReview",
        "filedWith",
        "fineCollection",
        "otherMatters",
      ];
      await demands(office, "S0-19", ["penalty", "simplifiedProcedure"], seven);
      await free(office, "S0-19", ["penalty", "simplifiedProcedure"]);
      await compulsory(office, "S0-19", ["penalty", "simplifiedProcedure"], { flags: ["disputeProne"] });
    },
  );

  it(
    proves(["S0-25"], "performance and the check of a rectification in text, footage as needed"),
    async () => {
      await demands(office, "S0-25", ["penalty", "performanceRecord"], ["performance"]);
      await free(office, "S0-25", ["penalty", "performanceRecord"]);
      await demands(office, "S0-25", ["penalty", "rectificationCheck"], ["order", "result"]);
      await free(office, "S0-25", ["penalty", "rectificationCheck"]);
    },
  );

  it(proves(["S0-26"], "the demand notice, and what the party said with its review"), async () => {
    await demands(office, "S0-26", ["penalty", "demandNotice"], ["obligation", "deadline"]);
    const review = ["facts", "grounds", "evidence", "review", "result"];
    await demands(office, "S0-26", ["penalty", "statementReview"], review);
  });

  it(proves(["S0-27"], "a paper for each way of enforcement"), async () => {
    for (const kind of ["additionalFineDecision", "substitutePerformance", "otherEnforcement"])
      await demands(office, "S0-27", ["coercion", kind], ["legalBasis", "decision"]);
  });

  it(proves(["S0-28"], "what was asked of the court and what came of it, filmed as needed"), async () => {
    await demands(office, "S0-28", ["coercion", "courtApplication"], ["decision", "legalBasis"]);
    await demands(office, "S0-28", ["coercion", "courtResult"], ["result"]);
    const bare = await whole(office, "S0-28", ["coercion", "courtResult"]);
    expect(bare.av).toBe("suggested");
    expect((await whole(office, "S0-28", ["coercion", "courtResult"], filmedNow(office))).av).toBe("has");
  });
});
