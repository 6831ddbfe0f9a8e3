/** What must not change a legal state: restarts, limits passed while off, two windows, repeats, broken printers, cameras. */
import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { commandId } from "../../../gateway/domain/ids.ts";
import { proves } from "../../law/proves.ts";
import {
  CLERK,
  COLLEAGUE,
  COUNTER,
  type Counter,
  type CounterOptions,
  WANG,
  openCounter,
  refused,
} from "./counter.ts";

const counters: Counter[] = [];
afterEach(async () => {
  for (const counter of counters.splice(0).reverse()) await counter.remove();
});
const open = async (options: CounterOptions): Promise<Counter> => {
  const counter = await openCounter(options);
  counters.push(counter);
  return counter;
};

describe("deemed acceptance", () => {
  it(
    proves(
      ["S1-6(4)", "S4-9(3)"],
      "AS-11: off from before the limit until after it: derived once, effective from receipt, noticed late",
    ),
    async () => {
      const before = await open({ profile: "hrss-unnamed", now: "2026-09-24 11:00" });
      const id = await before.received(["charter"]);
      await before.close();

      const after = await open({ profile: "hrss-unnamed", now: "2026-10-09 23:59", folder: before.folder });
      expect(await after.intake.deriveDeemed()).toEqual({ derived: [], withheld: [], failed: [] });
      after.setNow("2026-10-10 00:00");
      const runs = await Promise.all([after.intake.deriveDeemed(), after.intake.deriveDeemed()]);
      expect(runs.flatMap((run) => run.derived)).toContain(id);
      expect(await after.intake.deriveDeemed()).toEqual({ derived: [], withheld: [], failed: [] });
      const { state, ledger, papers } = await after.intake.get(id);
      expect(state.outcome).toMatchObject({
        kind: "accepted",
        how: "deemed",
        effectiveDay: "2026-09-24",
        documentDay: "2026-10-10",
      });
      expect(ledger.filter((row) => row.what === "accepted")).toHaveLength(1);
      expect(papers.map((paper) => paper.kind)).toEqual(["materialReceipt", "lateAcceptanceNotice"]);
      const facts = after.drafted.findLast((draft) => draft.kind === "lateAcceptanceNotice");
      expect(facts).toMatchObject({
        limitPassedOn: "2026-10-09",
        receivedAtMs: state.received?.t0Ms,
        officers: [{ name: "周洁", certNo: "03030001", role: "responsible" }],
      });
      const late = after.intake.notifyCorrection(await after.on(id));
      expect((await refused(late)).code).toBe("intake.wrongPhase");
    },
  );

  it("turns a clerk's late notice away even before it was derived, and a late acceptance into a deemed one", async () => {
    const { intake, ...c } = await open({ profile: "changli-mr", now: "2026-02-12 10:00" });
    const id = await c.received(["safety-rules"]);
    await c.judgeAll(id, ["safety-rules"]);
    c.setNow("2026-02-27 09:00");
    const no = await refused(intake.notifyCorrection(await c.on(id)));
    expect(no.code).toBe("intake.deemedAccepted");
    expect(no.details["limit"]).toBe("2026-02-26");
    expect((await intake.get(id)).clocks).toMatchObject([
      { kind: "noticeLocal", due: "2026-02-14", status: "breached" },
      { kind: "noticeStatutory", due: "2026-02-26", status: "breached" },
    ]);
    const { derived } = await intake.deriveDeemed();
    expect(derived).toEqual([id]);
  });

  it("one application without its paper doesn't hold up the others, and is derived at the next run", async () => {
    const { intake, ...c } = await open({ profile: "hrss-unnamed", now: "2026-09-16 10:00" });
    const id = await c.received();
    c.setNow("2026-10-20 10:00");
    c.faults.draft = true;
    expect(await intake.deriveDeemed()).toMatchObject({
      derived: [],
      failed: [{ applicationId: id, code: "internal" }],
    });
    c.faults.draft = false;
    expect((await intake.deriveDeemed()).derived).toEqual([id]);
  });

  it("a notice after the local limit but within the law is given, and marked", async () => {
    const { intake, ...c } = await open({ profile: "changli-mr", now: "2026-09-16 10:00" });
    const id = await c.received(["safety-rules"]);
    await c.judgeAll(id, ["safety-rules"]);
    c.setNow("2026-09-21 10:00");
    expect((await intake.notifyCorrection(await c.on(id))).warnings).toContain("noticeAfterLocalLimit");
  });

  it("isn't derived from a clock that lost its time server, nor from a year without a calendar", async () => {
    const { intake, ...c } = await open({ profile: "hrss-unnamed", now: "2026-09-16 10:00" });
    const id = await c.received();
    c.setNow("2026-10-20 10:00");
    c.setNtp("unsynced");
    expect(await intake.deriveDeemed()).toEqual({
      derived: [],
      withheld: [{ applicationId: id, because: "clock" }],
      failed: [],
    });
    expect((await intake.get(id)).clocks[0]).toMatchObject({ provisional: true });
    c.setNtp("synced");
    expect((await intake.deriveDeemed()).derived).toEqual([id]);
    c.setNow("2026-12-30 10:00");
    const other = await c.received();
    c.setNow("2027-02-01 10:00");
    expect(await intake.deriveDeemed()).toEqual({
      derived: [],
      withheld: [{ applicationId: other, because: "calendar" }],
      failed: [],
    });
  });
});

describe("two windows and repeats", () => {
  it("the second window gets a conflict and nothing is issued twice", async () => {
    const { intake, ...c } = await open({ profile: "hrss-unnamed" });
    const id = await c.received(["charter"]);
    await c.judgeAll(id, ["charter"]);
    const seen = await c.on(id);
    const both = await Promise.allSettled([
      intake.notifyCorrection(seen),
      intake.notifyCorrection({ ...seen, commandId: commandId(randomUUID()), actor: COLLEAGUE }),
    ]);
    expect(both.map((one) => one.status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const { papers, state } = await intake.get(id);
    expect(papers.filter((paper) => paper.kind === "correctionNotice")).toHaveLength(1);
    const late = await refused(intake.accept({ ...(await c.on(id)), expectedVersion: state.version - 1 }));
    expect(late.code).toBe("intake.conflict");
  });

  it("a repeated command gets the first result, also after a restart", async () => {
    const first = await open({ profile: "hrss-unnamed" });
    const id = await first.registered();
    const items = [{ itemId: "application-form", form: "original", copies: 1, medium: "paper" }] as const;
    const receive = { ...(await first.on(id)), items };
    const results = await Promise.all([first.intake.receive(receive), first.intake.receive(receive)]);
    expect(results[1]).toEqual(results[0]);
    await first.close();
    const second = await open({ profile: "hrss-unnamed", folder: first.folder });
    const again = await second.intake.receive(receive);
    const { claimCode, ...rest } = results[0];
    expect(claimCode).toMatch(/^\d{8}$/);
    expect(again).toEqual(rest);
    const reused = second.intake.receive({ ...receive, applicationId: await second.begin() });
    expect((await refused(reused)).code).toBe("intake.commandReused");
  });

  it("numbers are gapless per kind and never used twice, from many windows at once and across a restart", async () => {
    const first = await open({ profile: "hrss-unnamed" });
    const ids = await Promise.all(Array.from({ length: 12 }, () => first.registered()));
    const items = [{ itemId: "application-form", form: "original", copies: 1, medium: "paper" }] as const;
    const receive = async (counter: Counter, id: (typeof ids)[number]) =>
      counter.intake.receive({ ...(await counter.on(id)), items });
    first.faults.draft = true;
    await Promise.allSettled(ids.slice(0, 3).map((id) => receive(first, id)));
    first.faults.draft = false;
    await Promise.all(ids.slice(0, 8).map((id) => receive(first, id)));
    await first.close();
    const second = await open({ profile: "hrss-unnamed", folder: first.folder });
    await Promise.all(ids.slice(8).map((id) => receive(second, id)));
    const views = await Promise.all(ids.map((id) => second.intake.get(id)));
    const numbers = views.flatMap((view) => view.papers.map((paper) => paper.number));
    expect(numbers.toSorted()).toEqual(
      Array.from({ length: 12 }, (_, n) => `示市监收〔2026〕A1-${String(n + 1).padStart(6, "0")}号`),
    );
  });
});

describe("devices at fault", () => {
  it(
    proves(
      ["S0-8", "S3-A-10"],
      "AS-19: a camera that is cut leaves a gap with its cause; acceptance and papers are untouched",
    ),
    async () => {
      const { intake, ...c } = await open({ profile: "qd-xha-commerce" });
      const id = await c.received();
      c.footage.coverage = [
        { cameraId: "cam-1", from: 0, to: 9, spans: [], gaps: [{ from: 0, to: 9, cause: "cameraLost" }] },
      ];
      await c.judgeAll(id);
      expect((await intake.accept(await c.on(id))).phase).toBe("PENDING_APPROVAL");
      expect((await c.approveAll(id)).phase).toBe("ACCEPTED");
      const { sessions } = await intake.footageOf(id);
      expect(sessions[0]?.coverage[0]?.gaps).toEqual([{ from: 0, to: 9, cause: "cameraLost" }]);
      c.footage.fails = true;
      expect((await intake.closeSession(await c.on(id))).phase).toBe("ACCEPTED");
    },
  );

  it("a printer or renderer that fails after the issue leaves the act standing, to be finished later", async () => {
    const { intake, ...c } = await open({ profile: "hrss-unnamed" });
    c.faults.finish = true;
    const id = await c.received();
    await c.judgeAll(id);
    const accepted = await intake.accept(await c.on(id));
    expect(accepted).toMatchObject({ phase: "ACCEPTED", papers: [{ finished: false }] });
    expect(await intake.finishPapers()).toBe(2);
    c.faults.finish = false;
    expect(await intake.finishPapers()).toBe(0);
    expect((await intake.get(id)).papers.every((paper) => paper.finished)).toBe(true);
    expect(c.codesGiven).toContain(accepted.claimCode);
  });

  it("without a draft nothing is issued: state, numbers and log stay as they were", async () => {
    const { intake, store, ...c } = await open({ profile: "hrss-unnamed" });
    const id = await c.received();
    await c.judgeAll(id);
    const { size } = store.stats();
    c.faults.draft = true;
    await expect(intake.accept(await c.on(id))).rejects.toThrow("the renderer is gone");
    expect(store.stats().size).toBe(size);
    expect((await intake.get(id)).state.phase).toBe("REVIEWING");
  });
});

describe("sessions and lists", () => {
  it("shows what is allowed next and why the rest isn't, with the article", async () => {
    const { intake, ...c } = await open({ profile: "changli-mr" });
    const id = await c.received(["safety-rules"]);
    const { actions } = await intake.get(id, CLERK);
    expect(actions.find((one) => one.action === "judge")).toEqual({ action: "judge", allowed: true });
    expect(actions.find((one) => one.action === "notifyCorrection")).toMatchObject({
      allowed: false,
      code: "intake.itemsUnjudged",
      article: "S1-6(4)",
    });
  });

  it("closes and reopens sessions, and lists newest first with masked names", async () => {
    const { intake, ...c } = await open({ profile: "changli-mr" });
    const old = await c.registered(WANG);
    await intake.closeSession(await c.on(old));
    const closed = intake.receive({ ...(await c.on(old)), items: [] });
    expect((await refused(closed)).code).toBe("intake.sessionClosed");
    await intake.reopen({ ...(await c.on(old)), counterId: COUNTER });
    const twice = intake.reopen({ ...(await c.on(old)), counterId: COUNTER });
    expect((await refused(twice)).code).toBe("intake.sessionOpen");
    c.setNow("2026-09-17 10:00");
    const young = await c.received();
    const rows = await intake.list();
    expect(rows.map((row) => row.applicationId)).toEqual([young, old]);
    expect(rows[0]).toMatchObject({
      applicantMasked: "王*",
      phase: "RECEIVED",
      nextDue: { kind: "noticeLocal", due: "2026-09-20" },
    });
    expect(await intake.list({ limit: 1 })).toHaveLength(1);
  });
});
