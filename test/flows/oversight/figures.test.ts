/** What the figures make of what intake and case files really write: what can be drawn, repeated notices, overrides. */
import { afterEach, describe, expect, it } from "vitest";
import { type ApplicationId, userId } from "../../../gateway/domain/ids.ts";
import type { Inspections } from "../../../gateway/intake/oversight/inspections.ts";
import { createInspections } from "../../../gateway/intake/oversight/create-inspections.ts";
import { proves } from "../../law/proves.ts";
import { fresh } from "../access/desk.ts";
import { SUPERVISOR, WANG, refused } from "../intake/counter.ts";
import { as, meansPorts, openOffice } from "../records/office.ts";
import { INSPECTOR, type Inspected, openInspected } from "./inspected.ts";

describe("cases of the office", () => {
  it(
    proves(
      ["S0-36", "S3-B-7"],
      "can be drawn in each month they were worked on, from the entries that opening and filing them write",
    ),
    async () => {
      let inspections: Inspections | undefined;
      const office = await openOffice("qd-xha-commerce", undefined, ({ store, clock }) => {
        inspections = createInspections({
          append: store,
          reader: store,
          views: store,
          clock,
          tree: store,
          staff: { exists: async () => true, sectionOf: async () => undefined },
          complaints: { uninformed: async () => [] },
          means: () => meansPorts(office),
        });
      });
      try {
        if (inspections === undefined) throw new Error("no inspections");
        const drawing = inspections;
        const sample = async (period: string) =>
          (
            await drawing.draw({ by: INSPECTOR, commandId: fresh(), period, count: 10 })
          ).drawn?.items.toSorted();
        // 2 March: two cases, opened and no more.
        const [first, second] = [await office.open("penalty"), await office.open("inspection")];
        office.clock.setWallMs(Date.UTC(2026, 3, 10, 2));
        // April: one of them is worked on, ended and filed.
        await office.record(first, "penaltyDecision");
        const endedMs = office.clock.wallMs();
        await office.caseFiles.end({ ...as("clerk"), caseId: first, endedMs });
        const filing = { archivalCode: "2026-XZCF-001", keep: 10, explained: "仅登记" } as const;
        await office.caseFiles.file({ ...as("custodian"), caseId: first, ...filing });
        office.clock.setWallMs(Date.UTC(2026, 4, 6, 2));
        expect(await sample("2026-03")).toEqual([`case/${first}`, `case/${second}`].toSorted());
        expect(await sample("2026-04")).toEqual([`case/${first}`]);
        expect((await refused(sample("2026-02"))).code).toBe("oversight.nothingToDraw");
      } finally {
        await office.close();
      }
    },
  );
});

let hall: Inspected;
describe("notices", () => {
  afterEach(() => hall.remove());
  const figuresOf = async (user: string) =>
    (await hall.inspections.report("2026-09")).officers.find(({ of }) => of === user)?.figures;
  const listed = async (...kinds: readonly string[]) =>
    (await hall.inspections.report("2026-09")).listed.filter(({ kind }) => kinds.includes(kind));
  const MATTER = "food-business-licence";

  /** The same applicant comes again with everything but these items. */
  async function again(previousApplicationId: ApplicationId, leftOut: string): Promise<ApplicationId> {
    const { counter } = hall;
    await counter.intake.closeSession(await counter.on(previousApplicationId));
    const id = await counter.begin();
    const { intake } = counter;
    await intake.showNotice({ ...(await counter.on(id)), noticeVersion: "2026-11", language: "zh" });
    const person = { matterCode: MATTER, applicant: WANG, previousApplicationId };
    await intake.register({ ...(await counter.on(id)), ...person });
    const items = (await intake.get(id)).items
      .filter(({ required, itemId }) => required && itemId !== leftOut)
      .map(({ itemId, requirement: { form, copies } }) => ({
        itemId,
        form,
        copies,
        pages: 2,
        medium: "paper" as const,
      }));
    await intake.receive({ ...(await counter.on(id)), items });
    await counter.judgeAll(id, [leftOut]);
    await intake.notifyCorrection(await counter.on(id));
    return id;
  }

  it(
    proves(
      ["S1-6(4)"],
      "on an application that came again count where they name what the first notice did not (one-time notice)",
    ),
    async () => {
      hall = await openInspected({ profile: "changli-mr", now: "2026-09-16 10:00" });
      const { counter } = hall;
      const id = await counter.received(["safety-rules"]);
      await counter.judgeAll(id, ["safety-rules"]);
      await counter.intake.notifyCorrection(await counter.on(id));
      // The same defect again is the applicant's own matter.
      const same = await again(id, "safety-rules");
      expect(await listed("repeatNotice")).toEqual([]);
      expect(await figuresOf("clerk-1")).not.toHaveProperty("repeatNotices");
      // Another one was there the first time and was not named then.
      const other = (await counter.intake.get(same)).items.find(
        ({ itemId, required }) => required && itemId !== "safety-rules",
      );
      if (other === undefined) throw new Error("one item only");
      const third = await again(same, other.itemId);
      expect(await listed("repeatNotice")).toMatchObject([
        { applicationId: third, by: "clerk-1", detail: `${same}: ${other.itemId}` },
      ]);
      expect(await figuresOf("clerk-1")).toMatchObject({ repeatNotices: 1, correctionNotified: 3 });
    },
  );

  it(
    proves(
      ["S4-9(3)"],
      "that were refused, and the second one by a supervisor's override, are listed with who and by which article",
    ),
    async () => {
      hall = await openInspected({ profile: "hrss-unnamed", now: "2026-09-16 10:00" });
      const { counter } = hall;
      const { intake } = counter;
      const id = await counter.received(["charter"]);
      await counter.judgeAll(id, ["charter"]);
      await intake.notifyCorrection(await counter.on(id));
      const charter = { itemId: "charter", form: "original", copies: 1, medium: "paper" } as const;
      await intake.receiveSupplement({ ...(await counter.on(id)), items: [charter] });
      const verdict = {
        kind: "deficient",
        defect: "复印件系伪造",
        requirement: "提交真实的证明",
        basis: "《行政许可法》第三十一条",
        correctableOnSpot: false,
      } as const;
      await intake.judge({ ...(await counter.on(id)), itemId: "premises-right", verdict });
      await counter.judgeAll(id);
      expect((await refused(intake.notifyCorrection(await counter.on(id)))).code).toBe("intake.secondNotice");
      expect(await listed("override")).toEqual([]);
      const override = {
        supervisorId: SUPERVISOR.userId,
        reasonCode: "materialForged",
        legalBasis: "《行政许可法》第三十一条",
      } as const;
      await intake.notifyCorrection({ ...(await counter.on(id)), actor: SUPERVISOR, override });
      expect(await listed("override", "refused")).toMatchObject([
        { kind: "override", applicationId: id, by: SUPERVISOR.userId },
        { kind: "refused", applicationId: id, by: "clerk-1", detail: "intake.secondNotice S4-9(3)" },
      ]);
      expect(await figuresOf("clerk-1")).toMatchObject({ refused: 1, overrides: 0 });
      expect(await figuresOf(userId(SUPERVISOR.userId))).toMatchObject({ overrides: 1 });
    },
  );
});
