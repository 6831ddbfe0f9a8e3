/** Acceptance and non-acceptance on the real store, under the regulation that gives each its shape. */
import { afterEach, describe, expect, it } from "vitest";
import { proves } from "../../law/proves.ts";
import { COMPANY, refused, type Counter, type CounterOptions, openCounter } from "./counter.ts";

let counter: Counter;
afterEach(() => counter.remove());
const open = async (options: CounterOptions): Promise<Counter> => (counter = await openCounter(options));

describe("acceptance", () => {
  it(
    proves(
      ["S1-6(1)", "S3-A-11(1)"],
      "AS-01: a complete application is accepted with a numbered, dated notice that names the decision day; footage is linked by time",
    ),
    async () => {
      const { intake, ...c } = await open({ profile: "changli-mr" });
      const id = await c.received([], COMPANY);
      await c.judgeAll(id);
      c.footage.coverage = [{ cameraId: "cam-1", from: 0, to: 1, spans: [{ from: 0, to: 1 }], gaps: [] }];
      const accepted = await intake.accept(await c.on(id));
      expect(accepted.phase).toBe("ACCEPTED");
      expect(accepted.papers).toMatchObject([
        { kind: "acceptanceNotice", number: "示市监受〔2026〕A1-000001号", finished: true },
      ]);
      const [facts] = await c.factsOf(accepted);
      expect(facts).toMatchObject({
        kind: "acceptanceNotice",
        title: { zh: "受理通知书" },
        acceptedOn: "2026-09-16",
        applicant: { kind: "organisation", name: "示范餐饮有限公司", maskedId: "9****************3" },
        contact: { person: "赵敏" },
        officers: [{ name: "周洁", certNo: "03030001", role: "handling" }],
        decisionDue: [
          { date: "2026-10-20", source: "statutory", provisional: false },
          { date: "2026-09-30", source: "promised", provisional: false },
        ],
        basis: [{ article: "第三十二条第一款第（五）项" }, { ref: "S1-6" }],
      });
      expect((await intake.footageOf(id)).sessions).toMatchObject([
        { open: true, coverage: [{ cameraId: "cam-1" }] },
      ]);
      const { ledger } = await intake.get(id);
      expect(ledger.at(0)).toMatchObject({ what: "started", userId: "clerk-1", certNo: "03030001" });
    },
  );

  it(
    proves(["S4-9(1)"], "the fifth regulation's complete application ends in a 《受理通知书》"),
    async () => {
      const { intake, ...c } = await open({ profile: "hrss-unnamed" });
      const id = await c.received();
      await c.judgeAll(id);
      const [facts] = await c.factsOf(await intake.accept(await c.on(id)));
      expect(facts).toMatchObject({ kind: "acceptanceNotice", title: { zh: "受理通知书" } });
      expect(facts?.basis).toContainEqual(expect.objectContaining({ ref: "S4-9" }));
    },
  );

  it(
    proves(
      ["S1-6(2)"],
      "AS-02: acceptance with verification states item, reason and time, and is refused without any of them",
    ),
    async () => {
      const { intake, ...c } = await open({ profile: "changli-mr" });
      const id = await c.received();
      const verify = {
        kind: "verify",
        matter: "经营场所面积",
        reason: "图纸与租赁合同不一致",
        byDate: "2026-09-23",
      } as const;
      for (const gap of [
        { matter: " " },
        { reason: "" },
        { byDate: "2026-02-30" },
        { byDate: "2026-09-15" },
      ]) {
        const verdict = { ...verify, ...gap };
        const no = await refused(intake.judge({ ...(await c.on(id)), itemId: "premises-right", verdict }));
        expect(no.code).toBe("intake.verificationIncomplete");
        expect(no.details["article"]).toBe("S1-6(2)");
      }
      await intake.judge({ ...(await c.on(id)), itemId: "premises-right", verdict: verify });
      await c.judgeAll(id);
      const [facts] = await c.factsOf(await intake.accept(await c.on(id)));
      expect(facts).toMatchObject({
        verification: [{ item: "经营场所面积", reason: "图纸与租赁合同不一致", when: "2026-09-23" }],
        basis: [{}, { ref: "S1-6(2)", article: "第六条第（二）项" }],
      });
    },
  );

  it("knows no acceptance with verification under the fifth regulation", async () => {
    const { intake, ...c } = await open({ profile: "hrss-unnamed" });
    const id = await c.received();
    const verdict = { kind: "verify", matter: "场所", reason: "不一致", byDate: "2026-09-23" } as const;
    const no = await refused(intake.judge({ ...(await c.on(id)), itemId: "premises-right", verdict }));
    expect(no.code).toBe("intake.verificationNotInProfile");
  });

  it(
    proves(
      ["S1-6(3)", "S4-9(2)"],
      "AS-03: an error is corrected by the entitled person, signed and dated at the correction; only then is it accepted",
    ),
    async () => {
      for (const profile of ["changli-mr", "hrss-unnamed"] as const) {
        const { intake, ...c } = await open({ profile });
        const id = await c.received();
        const correction = {
          itemId: "application-form",
          place: "第2页 经营场所",
          before: "一层",
          after: "二层",
          corrector: { name: "王芳", relation: "self" },
        };
        const stranger = await refused(
          intake.correctOnSpot({ ...(await c.on(id)), ...correction, entitled: false }),
        );
        expect(stranger.code).toBe("intake.correctorNotEntitled");
        const open1 = await intake.correctOnSpot({ ...(await c.on(id)), ...correction, entitled: true });
        expect(open1.phase).toBe("ON_SPOT_CORRECTING");
        const judged = intake.judge({
          ...(await c.on(id)),
          itemId: "application-form",
          verdict: { kind: "ok" },
        });
        expect((await refused(judged)).code).toBe("intake.correctionUnsigned");
        const yesterday = { mode: "ink", date: "2026-09-15" } as const;
        const wrongDate = intake.correctOnSpot({
          ...(await c.on(id)),
          ...correction,
          entitled: true,
          signature: yesterday,
        });
        expect((await refused(wrongDate)).code).toBe("intake.badDate");
        const signature = { mode: "ink", date: "2026-09-16" } as const;
        await intake.correctOnSpot({ ...(await c.on(id)), ...correction, entitled: true, signature });
        await c.judgeAll(id);
        const accepted = await intake.accept(await c.on(id));
        expect(accepted.papers.map((paper) => paper.kind)).toEqual(["correctionRecord", "acceptanceNotice"]);
        const [record, notice] = await c.factsOf(accepted);
        expect(record).toMatchObject({
          corrections: [{ place: "第2页 经营场所", before: "一层", after: "二层", corrector: "王芳" }],
        });
        expect(notice?.basis.at(-1)?.ref).toBe(profile === "changli-mr" ? "S1-6(3)" : "S4-9(2)");
        await c.remove();
      }
    },
  );
});

describe("non-acceptance", () => {
  it(
    proves(["S1-6(5)", "S4-9(4)"], "AS-07: what isn't ours is refused at once and names the right authority"),
    async () => {
      for (const profile of ["changli-mr", "hrss-unnamed"] as const) {
        const { intake, ...c } = await open({ profile });
        const id = await c.registered();
        for (const rightAuthority of ["", "  ", "示范县市场监督管理局"]) {
          const no = intake.notAccept({ ...(await c.on(id)), reason: { kind: "notOurs", rightAuthority } });
          expect((await refused(no)).code).toBe("intake.rightAuthorityMissing");
        }
        const done = await intake.notAccept({
          ...(await c.on(id)),
          reason: { kind: "notOurs", rightAuthority: "示范县农业农村局" },
        });
        expect(done).toMatchObject({
          phase: "NOT_ACCEPTED",
          warnings: [],
          papers: [{ kind: "nonAcceptanceNotice" }],
        });
        expect((await c.factsOf(done))[0]).toMatchObject({
          because: { ground: "notOurs", competentAuthority: { zh: "示范县农业农村局" } },
          title: { zh: profile === "changli-mr" ? "不予受理决定书" : "不予受理通知书" },
        });
        await c.remove();
      }
    },
  );

  it(
    proves(["S4-9(4)"], "AS-08: what needs no permit is told so, which isn't the same as not ours"),
    async () => {
      const { intake, ...c } = await open({ profile: "hrss-unnamed" });
      const id = await c.registered();
      const empty = intake.notAccept({
        ...(await c.on(id)),
        reason: { kind: "noPermitNeeded", explanation: " " },
      });
      expect((await refused(empty)).code).toBe("intake.reasonMissing");
      const done = await intake.notAccept({
        ...(await c.on(id)),
        reason: { kind: "noPermitNeeded", explanation: "内部培训不属于职业中介活动" },
      });
      expect((await c.factsOf(done))[0]).toMatchObject({
        because: { ground: "noPermitNeeded" },
        reasons: "内部培训不属于职业中介活动",
        basis: [{ article: "第三十二条第一款第（一）项" }, { ref: "S4-9(4)" }],
      });
    },
  );
});
