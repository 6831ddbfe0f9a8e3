/** S3: each article of records beyond the counter, recorded through the use case and found in the list. */
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
beforeAll(async () => {
  office = await openOffice("zz-mr");
  await office.film(office.clock.wallMs() - 20 * MINUTE, 40 * MINUTE);
});
afterAll(() => office.close());

describe("the fourth regulation", () => {
  it(proves(["S3-A-2"], "licence, penalty, coercion and inspection, and nothing beside them"), async () => {
    for (const activity of ["permit", "penalty", "coercion", "inspection"] as const) {
      await whole(office, "S3-A-11", [activity, "hearingRecord"], filmedNow(office));
      expect(await office.records.list({ activity })).not.toEqual([]);
    }
    for (const activity of ["fee", "other"] as const)
      await expect(office.open(activity)).rejects.toMatchObject({ details: { article: "S3-A-2" } });
  });

  it(
    proves(["S3-A-3"], "text, synchronous footage and electronic data of one chain from start to archive"),
    async () => {
      const caseId = await office.open("penalty");
      const kinds = [
        "caseOpeningApproval",
        "sceneRecord",
        "legalReview",
        "penaltyDecision",
        "serviceOfPaper",
        "performanceRecord",
        "closingReport",
      ];
      for (const kind of kinds)
        await office.record(caseId, kind, {
          ...filmedNow(office),
          scans: [await scan(office, "text"), await scan(office, "edata")],
        });
      const chain = await office.records.list({ caseId });
      expect(new Set(chain.map(({ row }) => row.stage))).toEqual(
        new Set(["start", "evidence", "review", "decision", "service", "execution", "filing"]),
      );
      for (const { facts } of chain) {
        expect(facts.footage).toHaveLength(1);
        expect(facts.scans.map(({ media }) => media)).toEqual(["text", "edata"]);
      }
    },
  );

  it(
    proves(["S3-A-5"], "penalty work is filmed, else key moments are photographed with the reason"),
    async () => {
      const caseId = await office.open("penalty");
      const bare = await office.record(caseId, "evidenceRetrievalNotice");
      expect(bare).toMatchObject({ av: "deficient", deficient: true });
      expect(bare.lacks).toEqual([{ lack: "avMissing", what: "penaltyFieldWork", article: "S3-A-5" }]);
      const photos = await office.record(caseId, "evidenceRetrievalNotice", {
        scans: [await scan(office, "photo")],
        avReason: { code: "constraints", text: "现场无法全程录像" },
      });
      expect(photos).toMatchObject({ av: "photos", lacks: [] });
      const worn = await office.bodyCamera(office.clock.wallMs() - 10 * MINUTE);
      const filmed = await office.records.supplement({
        ...as("clerk"),
        recordId: bare.facts.recordId,
        footage: [{ type: "file", fileId: worn }],
      });
      expect(filmed).toMatchObject({ av: "has", lacks: [] });
    },
  );

  it(
    proves(
      ["S3-A-8"],
      "inspection, evidence, questioning, service, hearing, coercion: text and footage of each",
    ),
    async () => {
      for (const [activity, kind] of [
        ["inspection", "siteInspectionRecord"],
        ["penalty", "sceneRecord"],
        ["penalty", "questioningRecord"],
        ["penalty", "serviceOfPaper"],
        ["penalty", "hearingRecord"],
        ["coercion", "measureDecision"],
      ] as const) {
        const caseId = await office.open(activity);
        const bare = await office.record(caseId, kind);
        expect(bare.av, kind).toBe("deficient");
        const both = await office.record(caseId, kind, {
          ...filmedNow(office),
          scans: [await scan(office, "text")],
        });
        expect(both, kind).toMatchObject({ av: "has", lacks: [] });
      }
    },
  );

  it(
    proves(["S3-A-12"], "an inspection is filmed from arrival to end; a break needs its reason"),
    async () => {
      await twoOfficers(office, "S3-A-12", ["inspection", "siteInspectionRecord"], { shown: "S3-A-12" });
      await compulsory(office, "S3-A-12", ["inspection", "siteInspectionRecord"]);
      const caseId = await office.open("inspection");
      const startMs = office.clock.wallMs() - 15 * MINUTE;
      const first = await office.bodyCamera(startMs);
      const second = await office.bodyCamera(startMs + 7 * MINUTE);
      const broken = await office.record(caseId, "siteInspectionRecord", {
        startMs,
        endMs: startMs + 12 * MINUTE,
        footage: [first, second].map((fileId) => ({ type: "file" as const, fileId })),
      });
      expect(broken.interruptions).toEqual([{ fromMs: startMs + 5 * MINUTE, toMs: startMs + 7 * MINUTE }]);
      expect(await inList(office, "S3-A-12", broken)).toMatchObject({
        deficient: true,
        lacks: [{ lack: "interrupted", article: "S3-A-12" }],
      });
      const explained = await office.records.supplement({
        ...as("clerk"),
        recordId: broken.facts.recordId,
        interruptionReason: "更换电池，重新开机后已说明",
      });
      expect(explained).toMatchObject({ deficient: false, lacks: [] });
      expect(explained.interruptions).toHaveLength(1);
      const third = await office.bodyCamera(startMs + 5 * MINUTE);
      const joined = await office.record(caseId, "siteInspectionRecord", {
        startMs,
        endMs: startMs + 12 * MINUTE,
        footage: [first, third, second].map((fileId) => ({ type: "file" as const, fileId })),
      });
      expect(joined).toMatchObject({ interruptions: [], lacks: [] });
    },
  );

  it(
    proves(["S3-A-13"], "the papers of a penalty, its questioning, hearing and every service filmed"),
    async () => {
      for (const kind of [
        "sceneRecord",
        "orderToRectify",
        "questioningRecord",
        "hearingRecord",
        "serviceOfPaper",
      ]) {
        const cites = kind === "sceneRecord" ? "S3-A-12" : "S3-A-13";
        await compulsory(office, "S3-A-13", ["penalty", kind], { cites });
      }
      await demands(
        office,
        "S3-A-13",
        ["penalty", "questioningRecord"],
        ["questioned", "content", "rightsTold"],
      );
      await wantsSignatures(
        office,
        "S3-A-13",
        ["penalty", "questioningRecord"],
        ["officer", "party|present"],
      );
      for (const kind of ["penaltyPriorNotice", "penaltyHearingNotice"])
        await demands(office, "S3-A-13", ["penalty", kind], ["facts", "rights"]);
      await demands(
        office,
        "S3-A-13",
        ["penalty", "penaltyDecision"],
        ["facts", "reason", "legalBasis", "decision"],
      );
      // Serving a licence is not serving a penalty.
      const caseId = await office.open("permit");
      expect(await office.record(caseId, "serviceOfPaper")).toMatchObject({ av: "free", deficient: false });
    },
  );

  it(proves(["S3-A-14"], "coercion has its papers, its approval, and is filmed whole"), async () => {
    await demands(
      office,
      "S3-A-14",
      ["coercion", "measureDecision"],
      ["reason", "legalBasis", "rights", "remedies"],
    );
    await wantsSignatures(office, "S3-A-14", ["coercion", "measureDecision"], ["party|present"]);
    for (const kind of ["measureDecision", "measureExtension", "advanceRegistrationNotice"])
      await compulsory(office, "S3-A-14", ["coercion", kind]);
    const caseId = await office.open("coercion");
    const form = await inList(office, "S3-A-14", await office.record(caseId, "measureApproval"));
    expect(form.lacks).toMatchObject([{ lack: "notApproved" }]);
    const approved = await office.records.approve({ ...as("leader"), recordId: form.facts.recordId });
    expect(approved.lacks).toEqual([]);
  });

  it(proves(["S3-B-4"], "the body camera is used in each scene that the instrument names"), async () => {
    for (const [activity, kind] of [
      ["inspection", "siteInspectionRecord"],
      ["penalty", "evidenceRetrievalNotice"],
      ["penalty", "questioningRecord"],
      ["inspection", "patrolRecord"],
      ["inspection", "massIncidentRecord"],
    ] as const) {
      const caseId = await office.open(activity);
      const bare = await office.record(caseId, kind);
      expect(bare.av, kind).toBe("deficient");
      const worn = await office.bodyCamera(bare.facts.startMs);
      const filmed = await office.records.supplement({
        ...as("clerk"),
        recordId: bare.facts.recordId,
        footage: [{ type: "file", fileId: worn }],
      });
      expect(filmed, kind).toMatchObject({ av: "has", deficient: false });
    }
    for (const kind of ["patrolRecord", "massIncidentRecord"])
      expect((await office.records.list({ article: "S3-B-4", kind })).length).toBeGreaterThan(0);
  });

  it(
    proves(["S3-B-5"], "footage that begins after arrival or ends before the act is listed as not whole"),
    async () => {
      const caseId = await office.open("inspection");
      const startMs = office.clock.wallMs() - 15 * MINUTE;
      const late = await office.bodyCamera(startMs + 3 * MINUTE);
      const partly = await office.record(caseId, "siteInspectionRecord", {
        startMs,
        endMs: startMs + 12 * MINUTE,
        footage: [{ type: "file", fileId: late }],
      });
      expect(await inList(office, "S3-B-5", partly)).toMatchObject({
        deficient: true,
        interruptions: [
          { fromMs: startMs, toMs: startMs + 3 * MINUTE },
          { fromMs: startMs + 8 * MINUTE, toMs: startMs + 12 * MINUTE },
        ],
      });
      const first = await office.bodyCamera(startMs);
      const wholeOne = await office.record(caseId, "siteInspectionRecord", {
        startMs,
        endMs: startMs + 8 * MINUTE,
        footage: [first, late].map((fileId) => ({ type: "file" as const, fileId })),
      });
      expect(await inList(office, "S3-B-5", wholeOne)).toMatchObject({ interruptions: [], deficient: false });
    },
  );

  it("does not ask for footage of a site visit for a licence, and asks for it of a survey or test", async () => {
    await free(office, "S3-A-11", ["permit", "siteVerificationRecord"]);
    await compulsory(office, "S3-A-11", ["permit", "surveyRecord"], { ground: "unsuitable" });
    await compulsory(office, "S3-A-11", ["permit", "testReport"], { ground: "unsuitable" });
    await compulsory(office, "S3-A-11", ["permit", "expertMinutes"]);
  });
});
