/** S1 and S2: each article of records beyond the counter, recorded through the use case and found in the list. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proves } from "../../law/proves.ts";
import {
  compulsory,
  demands,
  filmedNow,
  free,
  inList,
  scan,
  twoOfficers,
  wantsSignatures,
  whole,
} from "./asserted.ts";
import { MINUTE, type Office, as, openOffice } from "./office.ts";

let office: Office;
const filmed = async (): Promise<void> => office.film(office.clock.wallMs() - 20 * MINUTE, 40 * MINUTE);

/** Key moments on photos where the scene allows no more; without them, or without saying why, it is deficient. */
async function photosStandIn(article: string, kind: string): Promise<void> {
  const caseId = await office.open(kind === "siteVerificationRecord" ? "permit" : "penalty");
  const photo = await scan(office, "photo");
  const unsaid = await office.record(caseId, kind, { scans: [photo] });
  expect(unsaid).toMatchObject({ av: "deficient", deficient: true });
  const said = await office.record(caseId, kind, {
    scans: [photo],
    avReason: { code: "constraints", text: "现场信号屏蔽，无法全程录像" },
  });
  expect(await inList(office, article, said)).toMatchObject({ av: "photos", deficient: false, lacks: [] });
}

/** A refusal stands in for a signature only with its reason, and is itself a record. */
async function refusalsRecorded(article: string): Promise<void> {
  const caseId = await office.open("penalty");
  const signatures = [
    { role: "officer", name: "周洁", how: "signed" as const },
    { role: "officer", name: "吴刚", how: "signed" as const },
    { role: "party", name: "王芳", how: "refused" as const },
  ];
  await expect(office.record(caseId, "questioningRecord", { signatures })).rejects.toMatchObject({
    code: "records.badInput",
  });
  const refused = await office.record(caseId, "questioningRecord", {
    ...filmedNow(office),
    signatures: signatures.map((one) => (one.how === "refused" ? { ...one, reason: "认为笔录不实" } : one)),
  });
  expect((await inList(office, article, refused)).lacks).toEqual([]);
  await demands(office, article, ["penalty", "refusalRecord"], ["scene", "refused"]);
  await free(office, article, ["penalty", "refusalRecord"]);
}

const WAYS = (article: string, kinds: readonly string[]) => async () => {
  for (const kind of kinds) {
    await demands(office, article, ["penalty", kind], office.kinds.find(kind)?.fields ?? []);
    const lines = office.kinds.find(kind)?.signers.map(({ roles }) => roles.join("|")) ?? [];
    await wantsSignatures(office, article, ["penalty", kind], lines);
  }
  await refusalsRecorded(article);
};

describe("the second regulation", () => {
  beforeAll(async () => {
    office = await openOffice("changli-mr");
    await filmed();
  });
  afterAll(() => office.close());

  it(proves(["S1-2"], "fees are an activity beside the other four, and the list is open (等)"), async () => {
    for (const activity of ["permit", "penalty", "coercion", "inspection", "fee", "other"] as const) {
      await whole(office, "S1-9", [activity, "investigationRecord"], filmedNow(office));
      expect(await office.records.list({ activity })).not.toEqual([]);
    }
  });

  it(proves(["S1-7"], "site verification by two, filmed, else key moments on photos"), async () => {
    await twoOfficers(office, "S1-7", ["permit", "siteVerificationRecord"], { count: "S1-7" });
    await compulsory(office, "S1-7", ["permit", "siteVerificationRecord"], { badGround: "unsuitable" });
    await photosStandIn("S1-7", "siteVerificationRecord");
  });

  it(proves(["S1-9"], "officers' number, names, certificates and showing, signed by the party"), async () => {
    await twoOfficers(office, "S1-9", ["penalty", "investigationRecord"], { shown: "S1-9" });
    await wantsSignatures(office, "S1-9", ["penalty", "investigationRecord"], ["party|present"]);
  });

  it(proves(["S1-10"], "how rights were told"), () =>
    demands(office, "S1-10", ["penalty", "rightsNotice"], ["rights", "toldHow"]),
  );

  it(
    proves(["S1-11a"], "five papers of evidence, signed, and refusals recorded"),
    WAYS("S1-11a", [
      "questioningRecord",
      "siteInspectionRecord",
      "rightsNotice",
      "statementRecord",
      "hearingRecord",
      "appraisalOpinion",
    ]),
  );

  it(
    proves(["S1-11b"], "survey, questioning and hearing of a penalty are filmed unless unsuitable"),
    async () => {
      for (const kind of ["questioningRecord", "hearingRecord"])
        await compulsory(office, "S1-11b", ["penalty", kind], {
          ground: "unsuitable",
          badGround: "notAllowed",
        });
      await compulsory(office, "S1-11b", ["penalty", "siteInspectionRecord"], {
        ground: "unsuitable",
        cites: "S1-18",
      });
    },
  );

  it(
    proves(["S1-12"], "a collective discussion has minutes and sound; a film has sound, photos have none"),
    async () => {
      await demands(
        office,
        "S1-12",
        ["penalty", "collectiveDiscussion"],
        ["participants", "content", "result"],
      );
      await compulsory(office, "S1-12", ["penalty", "collectiveDiscussion"]);
      const caseId = await office.open("penalty");
      const silent = await office.record(caseId, "collectiveDiscussion", {
        scans: [await scan(office, "photo")],
      });
      expect(silent.av).toBe("deficient");
      const sound = await office.bodyCamera(office.clock.wallMs() - 10 * MINUTE, "audio");
      const heard = await office.record(caseId, "collectiveDiscussion", {
        footage: [{ type: "file", fileId: sound }],
      });
      expect(heard).toMatchObject({ av: "has", lacks: [] });
      expect(heard.facts.footage).toMatchObject([{ type: "file", media: "audio" }]);
    },
  );

  it(
    proves(["S1-13"], "an order to rectify is filmed, else on photos, and its outcome checked"),
    async () => {
      await compulsory(office, "S1-13", ["penalty", "orderToRectify"]);
      await photosStandIn("S1-13", "orderToRectify");
      await demands(office, "S1-13", ["penalty", "rectificationCheck"], ["order", "result"]);
      await free(office, "S1-13", ["penalty", "rectificationCheck"]);
    },
  );

  it(proves(["S1-15"], "the demand notice before enforcement"), () =>
    demands(office, "S1-15", ["coercion", "demandNotice"], ["obligation", "deadline"]),
  );

  it(proves(["S1-16"], "what the party said, and its review"), () =>
    demands(
      office,
      "S1-16",
      ["coercion", "statementReview"],
      ["facts", "grounds", "evidence", "review", "result"],
    ),
  );

  it(proves(["S1-17"], "a paper for each of five ways of enforcement, filmed as needed"), async () => {
    for (const kind of [
      "additionalFineDecision",
      "auctionDecision",
      "restorationDecision",
      "substitutePerformance",
      "otherEnforcement",
    ]) {
      await demands(office, "S1-17", ["coercion", kind], ["legalBasis", "decision"]);
      expect((await whole(office, "S1-17", ["coercion", kind])).av).toBe("suggested");
    }
  });

  it(
    proves(["S1-18"], "an inspection says object, scene and result, is signed, and filmed unless unsuitable"),
    async () => {
      await demands(office, "S1-18", ["inspection", "siteInspectionRecord"], ["object", "scene", "result"]);
      await wantsSignatures(office, "S1-18", ["inspection", "siteInspectionRecord"], ["party|present"]);
      await compulsory(office, "S1-18", ["inspection", "siteInspectionRecord"], { ground: "unsuitable" });
      await twoOfficers(office, "S1-18", ["inspection", "siteInspectionRecord"], {});
    },
  );

  it("keeps what was written down afterwards apart from when it happened", async () => {
    const caseId = await office.open("penalty");
    const startMs = office.clock.wallMs() - 600 * MINUTE;
    const late = await office.record(caseId, "rightsNotice", { startMs, endMs: startMs + MINUTE });
    expect(late.lateMs).toBe(late.facts.recordedMs - late.facts.endMs);
    expect(late.lateMs).toBeGreaterThan(590 * MINUTE);
    await expect(
      office.record(caseId, "rightsNotice", {
        startMs: startMs + 2000 * MINUTE,
        endMs: startMs + 2001 * MINUTE,
      }),
    ).rejects.toMatchObject({ code: "records.badInput", details: { what: "startMs" } });
  });
});

describe("the third regulation", () => {
  beforeAll(async () => {
    office = await openOffice("bjt-drc");
    await filmed();
  });
  afterAll(() => office.close());

  it(proves(["S2-2"], "own, authorised and entrusted authority, for licences and penalties"), async () => {
    for (const activity of ["permit", "penalty"] as const)
      for (const authorityBasis of ["own", "authorised", "entrusted"] as const) {
        const { caseId } = await office.records.openCase({
          ...as("clerk"),
          activity,
          title: "示范项目",
          authorityBasis,
        });
        expect(await office.book.find(caseId)).toMatchObject({ activity, authorityBasis });
        await inList(office, "S2-7", await office.record(caseId, "investigationRecord", filmedNow(office)));
      }
    await expect(office.open("coercion")).rejects.toMatchObject({ details: { article: "S2-2" } });
  });

  it(proves(["S2-6"], "a real-name complaint not pursued is answered and that is recorded"), async () => {
    const caseId = await office.open("penalty");
    const complaint = await office.record(caseId, "complaintRecord", { flags: ["realName", "notPursued"] });
    expect((await inList(office, "S2-6", complaint)).uninformed).toBe(true);
    await demands(office, "S2-6", ["penalty", "complaintAnswer"], ["answersWhom", "decision", "toldHow"]);
    await office.record(caseId, "complaintAnswer", { answers: complaint.facts.recordId });
    expect((await inList(office, "S2-6", complaint)).uninformed).toBe(false);
  });

  it(proves(["S2-7"], "officers' number, names, certificates and showing, signed"), async () => {
    await twoOfficers(office, "S2-7", ["penalty", "investigationRecord"], { shown: "S2-7" });
    await wantsSignatures(office, "S2-7", ["penalty", "investigationRecord"], ["party|present"]);
  });

  it(proves(["S2-8"], "how rights were told, with its footage"), async () => {
    await demands(office, "S2-8", ["penalty", "rightsNotice"], ["rights", "toldHow"]);
    const told = await whole(office, "S2-8", ["penalty", "rightsNotice"], filmedNow(office));
    expect(told.facts.footage).toHaveLength(1);
  });

  it(
    proves(["S2-9"], "the papers of evidence, signed, and refusals recorded"),
    WAYS("S2-9", [
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
    ]),
  );

  it(proves(["S2-10"], "inspection, sampling and hearing are filmed unless unsuitable"), async () => {
    for (const kind of ["siteInspectionRecord", "samplingNotice", "hearingRecord"])
      await compulsory(office, "S2-10", ["penalty", kind], {
        ground: "unsuitable",
        badGround: "constraints",
      });
    await free(office, "S2-9", ["penalty", "questioningRecord"]);
  });

  it(proves(["S2-11"], "preserving evidence says why, what and how"), () =>
    demands(office, "S2-11", ["penalty", "evidencePreservation"], ["reason", "object", "form"]),
  );

  it(proves(["S2-12"], "a draft says by whom and on what"), async () => {
    await demands(office, "S2-12", ["penalty", "draftingRecord"], ["legalBasis", "evidence", "factors"]);
    await wantsSignatures(office, "S2-12", ["penalty", "draftingRecord"], ["drafter", "reviewer"]);
  });

  it(proves(["S2-13"], "expert minutes or an expert's opinion"), async () => {
    await demands(office, "S2-13", ["permit", "expertMinutes"], ["participants", "content", "opinion"]);
    await demands(office, "S2-13", ["permit", "expertOpinion"], ["opinion"]);
  });

  it(proves(["S2-14"], "minutes of a collective discussion; sound is not asked for here"), async () => {
    await demands(
      office,
      "S2-14",
      ["penalty", "collectiveDiscussion"],
      ["participants", "content", "result"],
    );
    await free(office, "S2-14", ["penalty", "collectiveDiscussion"]);
  });

  it(proves(["S2-15"], "the head's opinion and signature, both before it counts as approved"), async () => {
    const caseId = await office.open("penalty");
    const form = await office.record(caseId, "headApproval", { signatures: [] });
    const { recordId } = form.facts;
    await expect(office.records.approve({ ...as("leader"), recordId })).rejects.toMatchObject({
      code: "records.formIncomplete",
      details: { missing: ["head"] },
    });
    await office.records.supplement({
      ...as("clerk"),
      recordId,
      signatures: [{ role: "head", name: "郑局", how: "signed" }],
    });
    await office.records.approve({ ...as("leader"), recordId });
    expect((await inList(office, "S2-15", form)).lacks).toEqual([]);
  });

  it(proves(["S2-16"], "a decision states its reasons and what it rests on"), () =>
    demands(
      office,
      "S2-16",
      ["penalty", "enforcementDecision"],
      ["facts", "reason", "legalBasis", "decision"],
    ),
  );

  it(
    proves(["S2-17"], "seven items of the simplified procedure, filmed where a dispute is likely"),
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
      await demands(office, "S2-17", ["penalty", "simplifiedProcedure"], seven);
      await free(office, "S2-17", ["penalty", "simplifiedProcedure"]);
      await compulsory(office, "S2-17", ["penalty", "simplifiedProcedure"], { flags: ["disputeProne"] });
    },
  );

  it(proves(["S2-23"], "performance, and the check of a rectification"), async () => {
    await demands(office, "S2-23", ["penalty", "performanceRecord"], ["performance"]);
    await demands(office, "S2-23", ["penalty", "rectificationCheck"], ["order", "result"]);
    await free(office, "S2-23", ["penalty", "rectificationCheck"]);
  });

  it(proves(["S2-24"], "the demand notice, and what the party said with its review"), async () => {
    await demands(office, "S2-24", ["penalty", "demandNotice"], ["obligation", "deadline"]);
    await demands(
      office,
      "S2-24",
      ["penalty", "statementReview"],
      ["facts", "grounds", "evidence", "review"],
    );
  });

  it(proves(["S2-25"], "what was asked of the court and what came of it"), async () => {
    await demands(office, "S2-25", ["penalty", "courtApplication"], ["decision", "legalBasis"]);
    await demands(office, "S2-25", ["penalty", "courtResult"], ["result"]);
  });
});
