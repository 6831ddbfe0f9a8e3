/** Between people and papers: late entry, hand-over to a colleague, void numbers, amended receipts, times and footage. */
import { afterEach, describe, expect, it } from "vitest";
import { userId } from "../../../gateway/domain/ids.ts";
import { proves } from "../../law/proves.ts";
import {
  CLERK,
  COLLEAGUE,
  type Counter,
  type CounterOptions,
  beijing,
  openCounter,
  refused,
} from "./counter.ts";

let counter: Counter;
afterEach(() => counter.remove());
const open = async (options: CounterOptions): Promise<Counter> => (counter = await openCounter(options));
/** Tests move the clock by the minute; within it the clock runs on. */
const minute = (ms: number | undefined): number => Math.floor((ms ?? 0) / 60_000) * 60_000;
const FORM = { itemId: "application-form", form: "original", copies: 1, medium: "paper" } as const;

describe("what is entered after it happened", () => {
  it(
    proves(["S1-3"], "keeps both times, is marked late, and the limits run from when the papers came in"),
    async () => {
      const { intake, ...c } = await open({ profile: "changli-mr", now: "2026-09-15 08:30" });
      const id = await c.registered();
      c.setNow("2026-09-16 10:00");
      const late = { atMs: beijing("2026-09-15 16:40"), reason: "停电，手写收据已当场交付" };
      const taken = await intake.receive({ ...(await c.on(id)), items: [FORM], late });
      expect(taken.warnings).toContain("enteredLate");
      const { state, clocks, ledger } = await intake.get(id);
      expect(state.received).toMatchObject({
        t0Ms: late.atMs,
        receiptDay: "2026-09-15",
      });
      expect(minute(state.received?.enteredMs)).toBe(beijing("2026-09-16 10:00"));
      expect(clocks[0]).toMatchObject({ kind: "noticeLocal", due: "2026-09-17" });
      const [receipt] = await c.factsOf(taken);
      expect(receipt).toMatchObject({ receivedAtMs: late.atMs, lateEntry: late.reason });
      expect(minute(receipt?.issuedAtMs)).toBe(beijing("2026-09-16 10:00"));
      expect(ledger.find((row) => row.what === "received")?.warnings).toContain("enteredLate");
    },
  );

  it("can't lie in the future, before this gateway's record began, or come without a reason", async () => {
    const { intake, store, ...c } = await open({ profile: "changli-mr", now: "2026-09-16 10:00" });
    const id = await c.registered();
    c.setNow("2026-09-16 10:10");
    const { size } = store.stats();
    for (const [late, code] of [
      [{ atMs: beijing("2026-09-16 10:12"), reason: "停电" }, "intake.lateTime"],
      [{ atMs: beijing("2026-09-15 10:00"), reason: "停电" }, "intake.lateTime"],
      [{ atMs: 0, reason: "停电" }, "intake.lateTime"],
      [{ atMs: Number.NaN, reason: "停电" }, "intake.lateTime"],
      [{ atMs: beijing("2026-09-16 10:05"), reason: " " }, "intake.badText"],
    ] as const) {
      const no = await refused(intake.receive({ ...(await c.on(id)), items: [FORM], late }));
      expect(no.code).toBe(code);
    }
    expect(store.stats().size).toBe(size);
  });
});

describe("an intake handed to a colleague", () => {
  it("goes on under the same clocks, and the paper names who received and who decides", async () => {
    const { intake, ...c } = await open({ profile: "changli-mr", now: "2026-09-16 10:00" });
    const id = await c.received();
    const before = (await intake.get(id)).clocks;
    const reason = "轮班";
    const nobody = intake.handToColleague({ ...(await c.on(id)), toUserId: userId("nobody"), reason });
    expect((await refused(nobody)).code).toBe("intake.noSuchColleague");
    const self = intake.handToColleague({ ...(await c.on(id)), toUserId: CLERK.userId, reason });
    expect((await refused(self)).code).toBe("intake.noSuchColleague");
    await intake.handToColleague({ ...(await c.on(id)), toUserId: COLLEAGUE.userId, reason });
    const { state, clocks } = await intake.get(id);
    expect(clocks).toEqual(before);
    expect(state.handlers.map((one) => one.userId)).toEqual([CLERK.userId, COLLEAGUE.userId]);
    await c.judgeAll(id, [], COLLEAGUE);
    const accepted = await intake.accept({ ...(await c.on(id)), actor: COLLEAGUE });
    expect((await c.factsOf(accepted))[0]?.officers).toEqual([
      { name: "周洁", certNo: "03030001", role: "receiving" },
      { name: "吴刚", certNo: "03030002", role: "handling" },
    ]);
  });
});

describe("numbers and papers", () => {
  it("a void number is kept with its reason, and the same paper stands under the next one", async () => {
    const { intake, ...c } = await open({ profile: "hrss-unnamed" });
    const id = await c.received(["charter"]);
    await c.judgeAll(id, ["charter"]);
    const told = await intake.notifyCorrection(await c.on(id));
    const [notice] = told.papers;
    const documentId = notice?.documentId ?? ("" as never);
    const unsaid = intake.voidPaper({ ...(await c.on(id)), documentId, reason: "" });
    expect((await refused(unsaid)).code).toBe("intake.badText");
    const anew = await intake.voidPaper({ ...(await c.on(id)), documentId, reason: "打印串号" });
    expect(anew.warnings).toContain("numberVoided");
    const [old] = await c.factsOf(told);
    const [fresh] = await c.factsOf(anew);
    expect(fresh?.number.replace("000002", "000001")).toBe(old?.number);
    expect(fresh).toMatchObject({
      ...old,
      number: fresh?.number,
      issuedAtMs: fresh?.issuedAtMs,
      replaces: { number: old?.number, reason: "打印串号" },
    });
    const { state } = await intake.get(id);
    // Not a second notice: the same one under another number.
    expect(state.notices).toHaveLength(1);
    expect(state.papers.find((paper) => paper.documentId === documentId)?.voided).toMatchObject({
      reason: "打印串号",
      by: CLERK.userId,
    });
    const recipient = { name: "王芳", relation: "self" };
    const handOver = { recipient, signature: { mode: "ink", date: "2026-09-16" } } as const;
    const gone = intake.handOver({ ...(await c.on(id)), documentId, ...handOver });
    expect((await refused(gone)).code).toBe("intake.paperVoided");
    const twice = intake.voidPaper({ ...(await c.on(id)), documentId, reason: "再次" });
    expect((await refused(twice)).code).toBe("intake.paperVoided");
    const given = anew.papers[0]?.documentId ?? ("" as never);
    await intake.handOver({ ...(await c.on(id)), documentId: given, ...handOver });
    const served = intake.voidPaper({ ...(await c.on(id)), documentId: given, reason: "再次" });
    expect((await refused(served)).code).toBe("intake.alreadyServed");
    const code = c.codesGiven.at(-1) ?? "";
    const claimed = await intake.claim({ code, last4: "002X", kioskId: "kiosk-1" });
    expect(claimed.papers.map((paper) => paper.number)).not.toContain(old?.number);
  });

  it("a receipt completed at once names the one whose list it takes the place of; the time of receipt stays", async () => {
    const { intake, ...c } = await open({ profile: "hrss-unnamed" });
    const id = await c.received(["charter"]);
    const [first] = (await intake.get(id)).papers;
    const t0 = (await intake.get(id)).state.received?.t0Ms;
    c.setNow("2026-09-16 10:20");
    const given = await intake.supplementOnSpot({
      ...(await c.on(id)),
      item: { ...FORM, itemId: "charter" },
    });
    expect((await c.factsOf(given))[0]).toMatchObject({ amends: first?.number, receivedAtMs: t0 });
    expect((await intake.get(id)).state.received?.t0Ms).toBe(t0);
  });

  it("a paper signed in ink is served at once and closed by its scan; one signed by stroke waits for none", async () => {
    const { intake, ...c } = await open({ profile: "hrss-unnamed" });
    const id = await c.received();
    const [receipt] = (await intake.get(id)).papers;
    const documentId = receipt?.documentId ?? ("" as never);
    const early = intake.closeOnScan({ ...(await c.on(id)), documentId, scan: "2026/12" });
    expect((await refused(early)).code).toBe("intake.noScanAwaited");
    const recipient = { name: "王芳", relation: "self" };
    const signature = { mode: "ink", date: "2026-09-16" } as const;
    await intake.handOver({ ...(await c.on(id)), documentId, recipient, signature });
    expect((await intake.get(id)).papers[0]).toMatchObject({
      served: true,
      ink: { sinceMs: expect.any(Number) },
    });
    await intake.closeOnScan({ ...(await c.on(id)), documentId, scan: "2026/12" });
    expect((await intake.get(id)).papers[0]?.ink).toMatchObject({
      scan: "2026/12",
      closedMs: expect.any(Number),
    });
    const again = intake.closeOnScan({ ...(await c.on(id)), documentId, scan: "2026/13" });
    expect((await refused(again)).code).toBe("intake.noScanAwaited");
  });
});

describe("the time on a paper and the footage", () => {
  it(
    proves(
      ["S3-A-9", "S0-11"],
      "agree when the paper was issued within start and end of the footage; else it is named with the article, by profile",
    ),
    async () => {
      for (const [profile, severity, article] of [
        ["zz-mr", "error", "S3-A-9"],
        ["qd-xha-commerce", "error", "S0-11"],
        ["changli-mr", "warning", undefined],
      ] as const) {
        const { intake, ...c } = await open({ profile, now: "2026-09-16 10:05" });
        const id = await c.received();
        const [from, to] = [beijing("2026-09-16 10:00"), beijing("2026-09-16 10:40")];
        const covered = (begins: number) => [
          { cameraId: "cam-1", from: begins, to, spans: [{ from: begins, to }], gaps: [] },
        ];
        c.footage.coverage = covered(from);
        expect((await intake.footageOf(id)).agreement).toMatchObject([
          { standing: "within", severity: "none", footage: { fromMs: from, toMs: to } },
        ]);
        c.footage.coverage = covered(beijing("2026-09-16 10:10"));
        const [outside] = (await intake.footageOf(id)).agreement;
        expect(outside).toMatchObject({ standing: "outside", severity });
        expect(minute(outside?.statedMs)).toBe(beijing("2026-09-16 10:05"));
        expect(outside?.article).toBe(article);
        // Without any footage there is nothing to contradict: text alone is no fault.
        c.footage.coverage = [];
        expect((await intake.footageOf(id)).agreement).toMatchObject([
          { standing: "noFootage", severity: "none" },
        ]);
        await c.remove();
      }
    },
  );

  it(
    proves(["S3-A-10"], "footage is asked for from the start of the matter to its end, session by session"),
    async () => {
      const { intake, ...c } = await open({ profile: "zz-mr", now: "2026-09-16 10:00" });
      const id = await c.received();
      c.setNow("2026-09-16 10:30");
      await c.judgeAll(id);
      await intake.accept(await c.on(id));
      c.setNow("2026-09-16 10:45");
      await c.approveAll(id);
      await intake.closeSession(await c.on(id));
      const { sessions } = await intake.footageOf(id);
      expect(sessions).toHaveLength(1);
      expect(minute(sessions[0]?.fromMs)).toBe(beijing("2026-09-16 10:00"));
      expect(minute(sessions[0]?.toMs)).toBe(beijing("2026-09-16 10:45"));
      // The text record runs on whether or not a camera did.
      const times = (await intake.get(id)).ledger.map((row) => row.atMs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    },
  );
});

describe("two officers at the counter", () => {
  it(
    proves(
      ["S4-7"],
      "are wanted where the switch of article 7 is on; off, one suffices and the switch says so",
    ),
    async () => {
      const { intake, ...c } = await open({
        profile: "hrss-unnamed",
        switches: { twoOfficersAtCounter: true },
      });
      const id = await c.received();
      await c.judgeAll(id);
      const one = await refused(intake.accept(await c.on(id)));
      expect(one.code).toBe("intake.secondOfficerNeeded");
      expect(one.details["article"]).toBe("S4-7");
      const both = await intake.accept({ ...(await c.on(id)), responsibleOfficerId: COLLEAGUE.userId });
      expect((await c.factsOf(both))[0]?.officers).toEqual([
        { name: "周洁", certNo: "03030001", role: "handling" },
        { name: "吴刚", certNo: "03030002", role: "responsible" },
      ]);
      await c.remove();
      const { intake: other, ...d } = await open({ profile: "hrss-unnamed" });
      const alone = await d.received();
      await d.judgeAll(alone);
      expect((await other.accept(await d.on(alone))).phase).toBe("ACCEPTED");
    },
  );
});
