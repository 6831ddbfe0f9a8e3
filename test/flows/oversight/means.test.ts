/** The report of means: what each kind of act called for by the articles, what was recorded, where it fell short. */
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { cameraId, streamId, userId } from "../../../gateway/domain/ids.ts";
import type { MeansAct } from "../../../gateway/domain/oversight/means.ts";
import { createRenderer } from "../../../gateway/documents/renderer/renderer.ts";
import type { Inspections } from "../../../gateway/intake/oversight/inspections.ts";
import { createInspections } from "../../../gateway/intake/oversight/create-inspections.ts";
import { meansCsv, meansPage } from "../../../gateway/intake/oversight/means-page.ts";
import type { MeansReport } from "../../../gateway/intake/oversight/means.ts";
import type { MakeRecord } from "../../../gateway/intake/records/records.ts";
import { proves } from "../../law/proves.ts";
import { refused } from "../intake/counter.ts";
import { MINUTE, type Office, type ProfileId, as, meansPorts, openOffice } from "../records/office.ts";
import { type Inspected, openInspected } from "./inspected.ts";

const AUTHORITY = "示范局";
const MONTH = "2026-03";
const SECTIONS: Readonly<Record<string, string>> = { "zhou-1": "监察科", "wu-1": "许可科" };
const renderer = createRenderer();
afterAll(() => renderer.close());

let office: Office;
let inspections: Inspections;
let hall: Inspected | undefined;
afterEach(async () => {
  await hall?.remove();
  hall = undefined;
});

async function opened(profile: ProfileId): Promise<void> {
  office = await openOffice(profile, undefined, ({ store, clock }) => {
    inspections = createInspections({
      append: store,
      reader: store,
      views: store,
      clock,
      tree: store,
      staff: { exists: async () => true, sectionOf: async (user) => SECTIONS[user] },
      complaints: { uninformed: async () => [] },
      means: () => meansPorts(office),
    });
  });
}

/** Under one regulation; the office is closed whatever happens. */
const under = (profile: ProfileId, work: () => Promise<void>) => async (): Promise<void> => {
  await opened(profile);
  try {
    await work();
  } finally {
    await office.close();
  }
};

type Change = Partial<MakeRecord>;
const by = (name: string): Change => ({ actor: as("clerk", name).actor });
/** A counter camera's footage over the whole of what is recorded. */
async function filmed(): Promise<Change> {
  const fromMs = office.clock.wallMs() - 10 * MINUTE;
  const toMs = fromMs + 5 * MINUTE;
  await office.film(fromMs, 5 * MINUTE);
  return { footage: [{ type: "camera", cameraId: "cam-1", fromMs, toMs }] };
}
const rowOf = ({ sums }: MeansReport, kind: string) => sums.kinds.find((row) => row.kind === kind);
const remarks = (acts: readonly MeansAct[]) =>
  acts.map(({ kind, by: who, remarks: of }) => [kind, who, ...of.map(({ remark }) => remark)]);

describe("means beside what was called for", () => {
  it(
    proves(
      ["S0-5"],
      "by kind, stage and scene: compulsory footage there, missing or left out on a ground, and what was filmed in spite of one",
    ),
    under("qd-xha-commerce", async () => {
      const caseId = await office.open("inspection");
      const footage = await filmed();
      await office.record(caseId, "siteInspectionRecord", { ...by("zhou-1"), ...footage });
      await office.record(caseId, "siteInspectionRecord", by("zhou-1"));
      const unsuitable = { avReason: { code: "unsuitable", text: "涉及未成年人" } };
      await office.record(caseId, "siteInspectionRecord", { ...by("wu-1"), ...unsuitable });
      await office.record(caseId, "siteInspectionRecord", { ...by("wu-1"), ...unsuitable, ...footage });
      await office.record(caseId, "investigationRecord", { ...by("wu-1"), fields: {} });
      const report = await inspections.means(MONTH);
      expect(rowOf(report, "siteInspectionRecord")).toMatchObject({
        activity: "inspection",
        stage: "evidence",
        rule: "required",
        article: "S0-14",
        counts: { acts: 4, video: 2, met: 2, grounded: 1, short: 1, beyond: 1, left: 0 },
      });
      expect(rowOf(report, "investigationRecord")).toMatchObject({
        rule: "asNeeded",
        article: "S0-14",
        counts: { acts: 1, left: 1, formLacking: 1, short: 0 },
      });
      expect(new Set(remarks(report.sums.noted))).toEqual(
        new Set([
          ["siteInspectionRecord", "zhou-1", "short"],
          ["siteInspectionRecord", "wu-1", "beyond"],
          ["investigationRecord", "wu-1", "formLacking"],
        ]),
      );
      // The same measure for everybody: each section and officer with its own figures.
      expect(report.sections).toMatchObject([
        { of: "监察科", counts: { acts: 2, met: 1, short: 1, beyond: 0 } },
        { of: "许可科", counts: { acts: 3, met: 1, grounded: 1, short: 0, beyond: 1 } },
      ]);
      expect(report.sums.officers.map(({ of, counts }) => [of, counts.acts])).toEqual([
        ["wu-1", 3],
        ["zhou-1", 2],
      ]);
      // What comes later mends the figures; another month says nothing of it.
      const [short] = report.sums.noted.filter(({ outcome }) => outcome === "short");
      await office.records.supplement({ ...as("clerk", "zhou-1"), recordId: short?.id ?? "", ...footage });
      const mended = await inspections.means(MONTH);
      expect(rowOf(mended, "siteInspectionRecord")?.counts).toMatchObject({ met: 3, short: 0 });
      expect((await inspections.means("2026-04")).sums.kinds).toEqual([]);
      for (const bad of ["2026", "2026-00", "x"])
        expect((await refused(inspections.means(bad))).code).toBe("oversight.badPeriod");

      // The page and the spreadsheet say what the report says.
      const said = JSON.stringify(meansPage(AUTHORITY, report).blocks);
      for (const word of [
        "现场检查（勘验）笔录",
        "应当录音录像",
        "第十四条",
        "应录未录",
        "不宜录而录",
        "文书缺项",
      ])
        expect(said, word).toContain(word);
      const { bytes } = await renderer.pdf({
        content: meansPage(AUTHORITY, report),
        issuedAtMs: office.clock.wallMs(),
      });
      expect(Buffer.from(bytes).toString("latin1")).toMatch(/^%PDF-/);
      const csv = new TextDecoder().decode(meansCsv(AUTHORITY, report));
      expect(csv).toContain('"按科室","监察科","应录未录","1"\r\n');
      expect(csv).toContain('"按人员","wu-1","不宜录而录","1"\r\n');
      expect(csv).toMatch(/"按事项","行政检查 现场检查[^"]*应当录音录像 第十四条）","应录已录","2"/);
    }),
    60_000,
  );

  it(
    proves(
      ["S1-4"],
      "sound where sound is called for, photos where the article lets them stand in, and what was recorded beyond the rules as needed",
    ),
    under("changli-mr", async () => {
      const penalty = await office.open("penalty");
      const sound = await office.bodyCamera(office.clock.wallMs() - 10 * MINUTE, "audio");
      const withSound: Change = { footage: [{ type: "file", fileId: sound }] };
      await office.record(penalty, "collectiveDiscussion", withSound);
      await office.record(penalty, "collectiveDiscussion");
      const permit = await office.open("permit");
      const { scanId } = await office.scanned("photo", { kind: "caseFile", id: permit });
      const photo = await office.scans.find(scanId);
      if (photo?.ref === undefined) throw new Error("no photo");
      await office.record(permit, "siteVerificationRecord", {
        scans: [{ type: "scan", ref: photo.ref, media: "photo" }],
        avReason: { code: "constraints", text: "现场断电" },
      });
      await office.record(penalty, "demandNotice", await filmed());
      await office.record(penalty, "demandNotice");
      const report = await inspections.means(MONTH);
      expect(rowOf(report, "collectiveDiscussion")).toMatchObject({
        rule: "audio",
        article: "S1-12",
        counts: { acts: 2, sound: 1, video: 0, met: 1, short: 1 },
      });
      expect(rowOf(report, "siteVerificationRecord")).toMatchObject({
        rule: "required",
        article: "S1-7",
        counts: { acts: 1, photos: 1, video: 0, met: 1, short: 0 },
      });
      // No article asks for a picture there: recorded as the case needed it, and no fault where it was not.
      expect(rowOf(report, "demandNotice")?.counts).toMatchObject({ acts: 2, chosen: 1, left: 1, short: 0 });
    }),
    60_000,
  );

  it(
    proves(
      ["S2-4"],
      "what is compulsory here alone, and what the rules leave to the officer, by who chose it how often",
    ),
    under("bjt-drc", async () => {
      const caseId = await office.open("penalty");
      await office.record(caseId, "samplingNotice", by("zhou-1"));
      const footage = await filmed();
      await office.record(caseId, "rectificationCheck", { ...by("zhou-1"), ...footage });
      await office.record(caseId, "rectificationCheck", by("zhou-1"));
      await office.record(caseId, "rectificationCheck", by("wu-1"));
      const late = office.clock.wallMs();
      office.clock.setWallMs(late + 60 * MINUTE);
      // Footage that lies beside the act proves nothing of it.
      await office.record(caseId, "rectificationCheck", { ...by("wu-1"), ...footage });
      const report = await inspections.means(MONTH);
      expect(rowOf(report, "samplingNotice")).toMatchObject({
        rule: "required",
        article: "S2-10",
        counts: { short: 1 },
      });
      expect(rowOf(report, "rectificationCheck")).toMatchObject({
        rule: "asNeeded",
        article: "S2-23",
        counts: { acts: 4, chosen: 2, left: 2, short: 0, mismatch: 1 },
      });
      expect(report.sums.choices).toMatchObject([
        { kind: "rectificationCheck", of: "wu-1", acts: 2, recorded: 1 },
        { kind: "rectificationCheck", of: "zhou-1", acts: 2, recorded: 1 },
      ]);
    }),
    60_000,
  );

  it(
    proves(
      ["S4-5"],
      "by kind of case and stage: where questioning begins, and files of a body camera without a matter",
    ),
    under("hrss-unnamed", async () => {
      const penalty = await office.open("penalty");
      const footage = await filmed();
      await office.record(penalty, "questioningRecord", { ...by("zhou-1"), ...footage });
      await office.record(penalty, "questioningRecord", by("wu-1"));
      const permit = await office.open("permit");
      await office.record(permit, "questioningRecord", by("wu-1"));
      await office.bodyCamera(office.clock.wallMs() - 20 * MINUTE);
      const report = await inspections.means(MONTH);
      const rows = report.sums.kinds.filter(({ kind }) => kind === "questioningRecord");
      expect(rows).toMatchObject([
        { activity: "penalty", rule: "required", article: "S4-16(1)", counts: { met: 1, short: 1 } },
        { activity: "permit", rule: "textOnly", counts: { left: 1, short: 0 } },
      ]);
      expect(report.withoutPurpose).toEqual([{ of: "BC00001", files: 1, article: "S4-28" }]);
    }),
    60_000,
  );
});

describe("a session at the counter", () => {
  it("counts with its footage, its holes and who held it, and no camera fault falls short of the law", async () => {
    hall = await openInspected({ profile: "qd-xha-commerce", now: "2026-09-16 10:00" });
    const { counter } = hall;
    const whole = await counter.received();
    const fromMs = (await counter.intake.footageOf(whole)).sessions[0]?.fromMs ?? 0;
    counter.setNow("2026-09-16 10:20");
    await counter.intake.closeSession(await counter.on(whole));
    const stream = streamId(`camera/${cameraId("cam-1")}/main`);
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const fragment = { type: "fragment", stream, bytes, durMs: 15 * MINUTE, codec: "avc1" } as const;
    const appended = await counter.store.append([
      { type: "run", stream, record: { json: { v: 1 } } },
      { type: "init", stream, bytes, t: fromMs },
      { ...fragment, t: fromMs },
    ]);
    const last = appended.at(-1);
    if (last !== undefined) await counter.store.applied(last);
    await counter.received();
    const report = await hall.inspections.means("2026-09");
    expect(rowOf(report, "counterSession")).toMatchObject({
      rule: "optional",
      article: "S0-8",
      counts: { acts: 2, video: 1, chosen: 1, left: 1, short: 0, broken: 1 },
    });
    expect(report.sections).toMatchObject([{ of: "行政审批科", counts: { acts: 2, short: 0 } }]);
    expect(report.sums.noted).toMatchObject([{ matterId: whole, by: userId("clerk-1") }]);
  });
});
