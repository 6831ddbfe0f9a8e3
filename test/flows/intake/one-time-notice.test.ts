/** The one-time notice: complete, single, and what follows from it under two regulations. */
import { afterEach, describe, expect, it } from "vitest";
import type { ApplicationId } from "../../../gateway/domain/ids.ts";
import { proves } from "../../law/proves.ts";
import { SUPERVISOR, WANG, refused, type Counter, type CounterOptions, openCounter } from "./counter.ts";

let counter: Counter;
afterEach(() => counter.remove());
const open = async (options: CounterOptions): Promise<Counter> => (counter = await openCounter(options));
const phaseOf = async (id: ApplicationId): Promise<string> => (await counter.intake.get(id)).state.phase;

describe("the one-time notice", () => {
  it(
    proves(
      ["S1-6(4)", "S4-9(3)", "S0-8", "S2-5"],
      "AS-04: is refused until every item is judged, then names all defects at once",
    ),
    async () => {
      for (const profile of ["changli-mr", "hrss-unnamed", "qd-xha-commerce", "bjt-drc"] as const) {
        const { intake, ...c } = await open({ profile });
        const id = await c.received();
        const all = (await intake.get(id)).items.map((item) => item.itemId);
        const missing = all.slice(1, 4);
        const unjudged = all[5] ?? "";
        for (const itemId of all.filter((each) => each !== unjudged))
          await intake.judge({
            ...(await c.on(id)),
            itemId,
            verdict: missing.includes(itemId)
              ? {
                  kind: "deficient",
                  defect: "缺页",
                  requirement: "补齐",
                  basis: "服务指南",
                  correctableOnSpot: false,
                }
              : { kind: "ok" },
          });
        const no = await refused(intake.notifyCorrection(await c.on(id)));
        expect(no.code).toBe("intake.itemsUnjudged");
        expect(no.details["items"]).toEqual([unjudged]);
        expect(await phaseOf(id)).toBe("REVIEWING");
        expect((await intake.get(id)).ledger.at(-1)).toMatchObject({
          what: "notifyCorrection",
          refused: "intake.itemsUnjudged",
        });
        await c.judgeAll(id);
        const asked = await intake.notifyCorrection(await c.on(id));
        const told = asked.phase === "PENDING_APPROVAL" ? await c.approveAll(id) : asked;
        const [notice] = await c.factsOf(told);
        expect(notice?.kind === "correctionNotice" && notice.items.map((item) => item.defect)).toEqual([
          "缺页",
          "缺页",
          "缺页",
        ]);
        await c.remove();
      }
    },
  );

  it(
    proves(
      ["S1-6(4)"],
      "Changli's notice returns the materials and decides non-acceptance in the same act, with a signed list",
    ),
    async () => {
      const { intake, ...c } = await open({ profile: "changli-mr" });
      const id = await c.received(["safety-rules"]);
      await c.judgeAll(id, ["safety-rules"]);
      const { clocks } = await intake.get(id);
      expect(clocks).toMatchObject([
        { kind: "noticeLocal", due: "2026-09-18", article: "S1-6(4)" },
        { kind: "noticeStatutory", due: "2026-09-22", article: "行政许可法 32(4)" },
      ]);
      const told = await intake.notifyCorrection(await c.on(id));
      expect(told.phase).toBe("NOT_ACCEPTED");
      expect(told.papers.map((paper) => paper.kind)).toEqual([
        "correctionNotice",
        "nonAcceptanceNotice",
        "materialReturnList",
      ]);
      const [notice, decision, list] = await c.factsOf(told);
      expect(notice).toMatchObject({
        kind: "correctionNotice",
        items: [{ entry: "food-business-licence/safety-rules@1" }],
      });
      expect(decision).toMatchObject({ title: { zh: "不予受理决定书" }, because: { ground: "incomplete" } });
      expect(decision?.kind === "nonAcceptanceNotice" && decision.returned.length).toBe(7);
      expect(list).toMatchObject({ underNumber: decision?.number });
      // The same applicant comes again: a new application that names the old one (I5).
      await intake.closeSession(await c.on(id));
      const again = await c.begin();
      const stranger = intake.register({
        ...(await c.on(again)),
        matterCode: "food-business-licence",
        applicant: WANG,
        previousApplicationId: again,
      });
      expect((await refused(stranger)).code).toBe("intake.badPrevious");
      const linked = await intake.register({
        ...(await c.on(again)),
        matterCode: "food-business-licence",
        applicant: WANG,
        previousApplicationId: id,
      });
      expect(linked.phase).toBe("REGISTERED");
    },
  );

  it(
    proves(
      ["S4-9(3)"],
      "the fifth regulation's 补正通知书 keeps the application open; a second notice is refused and noted",
    ),
    async () => {
      const { intake, ...c } = await open({ profile: "hrss-unnamed" });
      const id = await c.received(["charter"]);
      await c.judgeAll(id, ["charter"]);
      const never = intake.notAccept({ ...(await c.on(id)), reason: { kind: "incomplete" } });
      expect((await refused(never)).code).toBe("intake.incompleteStaysOpen");
      const told = await intake.notifyCorrection(await c.on(id));
      expect(told).toMatchObject({ phase: "CORRECTION_NOTIFIED", papers: [{ kind: "correctionNotice" }] });
      expect((await c.factsOf(told))[0]?.title.zh).toBe("补正通知书");
      const paper = { form: "original", copies: 1, medium: "paper" } as const;
      const stray = intake.receiveSupplement({
        ...(await c.on(id)),
        items: [{ itemId: "facilities", ...paper }],
      });
      expect((await refused(stray)).code).toBe("intake.notInNotice");
      c.setNow("2026-09-29 09:00");
      const supplied = await intake.receiveSupplement({
        ...(await c.on(id)),
        items: [{ itemId: "charter", ...paper }],
      });
      expect((await c.factsOf(supplied))[0]).toMatchObject({
        kind: "supplementReceipt",
        answersNumber: told.papers[0]?.number,
        outstanding: [],
      });
      await intake.judge({
        ...(await c.on(id)),
        itemId: "facilities",
        verdict: {
          kind: "deficient",
          defect: "新的要求",
          requirement: "再补",
          basis: "无",
          correctableOnSpot: false,
        },
      });
      await c.judgeAll(id);
      const second = await refused(intake.notifyCorrection(await c.on(id)));
      expect(second.code).toBe("intake.secondNotice");
      expect(second.details["article"]).toBe("S4-9(3)");
      expect((await refused(intake.remind(await c.on(id)))).code).toBe("intake.newDemand");
      expect((await intake.get(id)).ledger.filter((row) => row.refused !== undefined).length).toBe(3);
      await intake.judge({ ...(await c.on(id)), itemId: "facilities", verdict: { kind: "ok" } });
      const accepted = await intake.accept(await c.on(id));
      expect((await c.factsOf(accepted))[0]).toMatchObject({ acceptedOn: "2026-09-29" });
    },
  );

  it(
    proves(
      ["S4-9(3)"],
      "AS-05: a second notice needs a supervisor who judged nothing, says why, and is marked",
    ),
    async () => {
      const { intake, ...c } = await open({ profile: "hrss-unnamed" });
      const id = await c.received(["charter"]);
      await c.judgeAll(id, ["charter"]);
      await intake.notifyCorrection(await c.on(id));
      const charter = { itemId: "charter", form: "original", copies: 1, medium: "paper" } as const;
      await intake.receiveSupplement({ ...(await c.on(id)), items: [charter] });
      const verdict = {
        kind: "deficient",
        defect: "复印件系伪造",
        requirement: "提交真实的证明",
        basis: "《行政许可法》第三十一条",
        correctableOnSpot: false,
      } as const;
      await intake.judge({ ...(await c.on(id)), itemId: "premises-right", verdict });
      await c.judgeAll(id);
      const override = {
        supervisorId: SUPERVISOR.userId,
        reasonCode: "materialForged",
        legalBasis: "《行政许可法》第三十一条",
      } as const;
      const byClerk = await refused(intake.notifyCorrection({ ...(await c.on(id)), override }));
      expect(byClerk.code).toBe("intake.secondNotice");
      const empty = { ...override, legalBasis: " " };
      const unfounded = intake.notifyCorrection({ ...(await c.on(id)), actor: SUPERVISOR, override: empty });
      expect((await refused(unfounded)).code).toBe("intake.overrideRefused");
      const told = await intake.notifyCorrection({ ...(await c.on(id)), actor: SUPERVISOR, override });
      expect(told.warnings).toContain("secondNoticeByOverride");
      expect((await c.factsOf(told))[0]).toMatchObject({
        items: [{ entry: "hr-service-licence/premises-right@1", defect: "复印件系伪造" }],
        override: { approver: "郑法", reason: "发现材料虚假" },
      });
      expect((await intake.get(id)).ledger.at(-2)).toMatchObject({
        what: "correctionNotified",
        userId: "supervisor-1",
        warnings: ["secondNoticeByOverride"],
      });
    },
  );

  it(
    proves(["S4-9(3)"], "a paper that is missing can be handed in at once, without any notice"),
    async () => {
      const { intake, ...c } = await open({ profile: "hrss-unnamed" });
      const id = await c.received(["charter"]);
      const given = await intake.supplementOnSpot({
        ...(await c.on(id)),
        item: { itemId: "charter", form: "original", copies: 1, pages: 12, medium: "paper" },
      });
      expect(given).toMatchObject({ phase: "ON_SPOT_SUPPLEMENT", papers: [{ kind: "materialReceipt" }] });
      expect(given.papers[0]?.number).toContain("000002");
      await c.judgeAll(id);
      expect((await intake.accept(await c.on(id))).phase).toBe("ACCEPTED");
      expect((await intake.get(id)).state.notices).toEqual([]);
    },
  );

  it("has nothing to say about what can be put right on the spot", async () => {
    const { intake, ...c } = await open({ profile: "changli-mr" });
    const id = await c.received();
    const verdict = {
      kind: "deficient",
      defect: "未签名",
      requirement: "签名",
      basis: "服务指南",
      correctableOnSpot: true,
    } as const;
    await intake.judge({ ...(await c.on(id)), itemId: "application-form", verdict });
    await c.judgeAll(id);
    expect((await refused(intake.notifyCorrection(await c.on(id)))).code).toBe(
      "intake.correctOnTheSpotFirst",
    );
  });
});
