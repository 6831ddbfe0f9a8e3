/** The chain of approvals before an outcome, and outcomes delegated to the window in advance. */
import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { commandId } from "../../../gateway/domain/ids.ts";
import { decodeEntry } from "../../../gateway/evidence/entry.ts";
import { proves } from "../../law/proves.ts";
import {
  APPROVERS,
  CLERK,
  COLLEAGUE,
  type Counter,
  type CounterOptions,
  HEAD,
  SUPERVISOR,
  openCounter,
  refused,
} from "./counter.ts";

let counter: Counter;
afterEach(() => counter.remove());
const open = async (options: CounterOptions): Promise<Counter> => (counter = await openCounter(options));

const delegation = (from: string, until: string) =>
  ({
    commandId: commandId(randomUUID()),
    actor: HEAD,
    device: "desk",
    outcome: "accept",
    document: "示商发〔2026〕12号 授权书",
    from,
    until,
  }) as const;

async function entriesOf(store: Counter["store"], type: string): Promise<readonly object[]> {
  const bodies: object[] = [];
  for (const { logId, size } of store.logs())
    for (const { seq, bytes } of await store.entries(logId, 0, size))
      if (decodeEntry(bytes).type === type) bodies.push((await store.readRecord({ logId, seq })).body.json);
  return bodies;
}

describe("the chain of approvals", () => {
  it(
    proves(
      ["S0-38", "S3-A-11(1)", "S3-A-11(2)", "S2-32"],
      "takes every named step with opinion, signature and time, each by somebody else, before a paper exists",
    ),
    async () => {
      const chains = {
        "qd-xha-commerce": ["sectionHead", "legalSection", "head"],
        "bjt-drc": ["reviewer", "approver"],
        "zz-mr": ["reviewer", "approver"],
      } as const;
      for (const profile of ["qd-xha-commerce", "bjt-drc", "zz-mr"] as const) {
        const { intake, store, ...c } = await open({ profile });
        const id = await c.received();
        await c.judgeAll(id);
        const asked = await intake.accept(await c.on(id));
        expect(asked).toMatchObject({ phase: "PENDING_APPROVAL", papers: [] });
        expect((await intake.get(id)).state.proposal?.steps).toEqual(chains[profile]);
        expect(await intake.pendingApprovals()).toMatchObject([
          { applicationId: id, nextStep: chains[profile][0], nextDue: { kind: "noticeStatutory" } },
        ]);
        // Out of turn, by the wrong role, by the handling officer: refused and in the ledger.
        const wrongRole = await refused(c.approve(id, { actor: { ...CLERK, role: "clerk" } }));
        expect(wrongRole.code).toBe("intake.notYourStep");
        const own = await refused(c.approve(id, { actor: { userId: CLERK.userId, role: "leader" } }));
        expect(own.code).toBe("intake.approverTwice");
        const minutes = ["10:10", "10:20", "10:30"];
        for (const [index] of chains[profile].entries()) {
          c.setNow(`2026-09-16 ${minutes[index]}`);
          if (index === 1) {
            const before = APPROVERS[chains[profile][0]] ?? HEAD;
            const twice = await refused(c.approve(id, { actor: { ...before, role: "leader" } }));
            expect(["intake.approverTwice", "intake.notYourStep"]).toContain(twice.code);
          }
          const last = index === chains[profile].length - 1;
          expect((await c.approve(id)).phase).toBe(last ? "ACCEPTED" : "PENDING_APPROVAL");
        }
        const notice = c.drafted.findLast(({ kind }) => kind === "acceptanceNotice");
        expect(notice?.officers.map(({ role }) => role)).toEqual([
          "handling",
          ...chains[profile].slice(1).map(() => "reviewing"),
          "approving",
        ]);
        expect(notice?.officers[0]).toMatchObject({ name: "周洁", certNo: "03030001" });
        const { ledger } = await intake.get(id);
        expect(ledger.filter((row) => row.refused !== undefined).length).toBeGreaterThanOrEqual(3);
        expect(await entriesOf(store, "approval")).toHaveLength(chains[profile].length + 1);
        await c.remove();
      }
    },
  );

  it("sends back with a reason, lets the clerk take back, and never gives the approver a claim code", async () => {
    const { intake, ...c } = await open({ profile: "qd-xha-commerce" });
    const id = await c.received();
    await c.judgeAll(id);
    await intake.accept(await c.on(id));
    await c.approve(id);
    expect((await c.approve(id, { decision: "return" })).phase).toBe("REVIEWING");
    expect((await intake.get(id)).state).toMatchObject({
      sentBack: { step: "legalSection", by: SUPERVISOR.userId, opinion: "请再核对第二项材料" },
    });
    expect((await intake.get(id)).state.proposal).toBeUndefined();
    await intake.accept(await c.on(id));
    const judged = intake.judge({ ...(await c.on(id)), itemId: "charter", verdict: { kind: "ok" } });
    expect((await refused(judged)).code).toBe("intake.wrongPhase");
    expect((await intake.recallProposal(await c.on(id))).phase).toBe("REVIEWING");
    await intake.accept(await c.on(id));
    const done = await c.approveAll(id);
    expect(done.papers).toMatchObject([{ kind: "acceptanceNotice", finished: true }]);
    expect(done.claimCode).toBeUndefined();
    expect(c.codesGiven.length).toBe(2);
  });

  it("keeps the clocks running: what the limit overtakes is deemed accepted, and no refusal can follow", async () => {
    const { intake, ...c } = await open({ profile: "zz-mr", now: "2026-09-16 10:00" });
    const id = await c.received(["safety-rules"]);
    await c.judgeAll(id, ["safety-rules"]);
    await intake.notifyCorrection(await c.on(id));
    c.setNow("2026-09-25 09:00");
    expect((await refused(c.approve(id))).code).toBe("intake.deemedAccepted");
    expect((await intake.deriveDeemed()).derived).toEqual([id]);
    expect((await intake.get(id)).state).toMatchObject({
      phase: "ACCEPTED",
      outcome: { how: "deemed", effectiveDay: "2026-09-16" },
    });
    expect(await intake.pendingApprovals()).toEqual([]);
    await expect(c.approve(id)).rejects.toThrow("nothing waits");
  });

  it("lets a non-acceptance be made at once by the chain, and marks one that was not", async () => {
    const { intake, ...c } = await open({ profile: "bjt-drc" });
    const reason = { kind: "notOurs", rightAuthority: "农业农村局" } as const;
    const quick = await c.registered();
    await intake.notAccept({ ...(await c.on(quick)), reason });
    expect((await c.approveAll(quick)).warnings).toEqual([]);
    await intake.closeSession(await c.on(quick));
    const slow = await c.registered();
    await intake.notAccept({ ...(await c.on(slow)), reason });
    await intake.closeSession(await c.on(slow));
    expect((await c.approveAll(slow)).warnings).toContain("notAcceptedNotAtOnce");
  });

  it("is not asked for what nobody could carry out: an empty authority, an unjudged item, a second notice", async () => {
    const { intake, ...c } = await open({ profile: "zz-mr" });
    const id = await c.received();
    expect((await refused(intake.accept(await c.on(id)))).code).toBe("intake.itemsUnjudged");
    const reason = { kind: "notOurs", rightAuthority: " " } as const;
    const nowhere = intake.notAccept({ ...(await c.on(id)), reason });
    expect((await refused(nowhere)).code).toBe("intake.rightAuthorityMissing");
    expect((await intake.get(id)).state.proposal).toBeUndefined();
  });

  it(
    proves(["S0-18", "S2-16"], "a refusal states form, basis and reasons, and is not made without them"),
    async () => {
      for (const profile of ["qd-xha-commerce", "bjt-drc"] as const) {
        const { intake, ...c } = await open({ profile });
        const id = await c.registered();
        const none = { kind: "noPermitNeeded", explanation: "  " } as const;
        const bare = await refused(intake.notAccept({ ...(await c.on(id)), reason: none }));
        expect(bare.code).toBe("intake.reasonMissing");
        const explanation = "自用展示不对外销售，依法不需要取得许可";
        await intake.notAccept({ ...(await c.on(id)), reason: { kind: "noPermitNeeded", explanation } });
        const [facts] = await c.factsOf(await c.approveAll(id));
        expect(facts).toMatchObject({
          title: { zh: "不予受理决定书" },
          reasons: explanation,
          basis: [{ article: "第三十二条第一款第（一）项" }],
          remedies: [expect.stringContaining("行政复议"), expect.stringContaining("行政诉讼")],
        });
        const records = await Promise.all(
          (await intake.get(id)).papers.map(({ ref }) => c.store.readRecord(ref)),
        );
        for (const { body } of records)
          expect(body.json).toMatchObject({ draft: { templateVersion: expect.stringMatching(/./) } });
        await c.remove();
      }
    },
  );
});

describe("an outcome delegated to the window", () => {
  it("is carried out by the clerk within the term of a recorded document, and through the chain before and after", async () => {
    const { intake, ...c } = await open({ profile: "qd-xha-commerce", now: "2026-09-16 10:00" });
    const accept = async (): Promise<string> => {
      const id = await c.received();
      await c.judgeAll(id);
      return (await intake.accept(await c.on(id))).phase;
    };
    expect(await accept()).toBe("PENDING_APPROVAL");
    const given = await intake.delegate(delegation("2026-09-17", "2026-09-18"));
    expect(await accept()).toBe("PENDING_APPROVAL");
    c.setNow("2026-09-18 10:00");
    const id = await c.received();
    await c.judgeAll(id);
    expect((await intake.accept(await c.on(id))).phase).toBe("ACCEPTED");
    const bodies = (await entriesOf(c.store, "intake")).map((body) => JSON.stringify(body));
    expect(bodies.filter((body) => body.includes("示商发〔2026〕12号"))).toHaveLength(1);
    c.setNow("2026-09-21 10:00");
    expect(await accept()).toBe("PENDING_APPROVAL");
    const again = await intake.delegate(delegation("2026-09-16", "2026-12-31"));
    expect(await accept()).toBe("ACCEPTED");
    const revoke = {
      commandId: commandId(randomUUID()),
      actor: HEAD,
      device: "desk",
      delegationId: again.delegationId,
      reason: "授权终止",
    } as const;
    await intake.revokeDelegation(revoke);
    expect((await refused(intake.revokeDelegation(revoke))).code).toBe("intake.noSuchDelegation");
    expect(await accept()).toBe("PENDING_APPROVAL");
    expect(await intake.delegations()).toHaveLength(2);
    expect(given.document).toContain("12号");
  });

  it("is refused without a leader, a document, a term that holds, or from before this gateway's record began", async () => {
    const { intake, store } = await open({ profile: "qd-xha-commerce", now: "2026-09-16 10:00" });
    const good = delegation("2026-09-16", "2026-12-31");
    const { size } = store.stats();
    const wrong = [
      [{ ...good, actor: COLLEAGUE }, "intake.wrongRole"],
      [{ ...good, document: " " }, "intake.badText"],
      [{ ...good, until: "2026-09-15" }, "intake.badDelegation"],
      [{ ...good, from: "2026-02-30" }, "intake.badDelegation"],
      [{ ...good, from: "1999-01-01" }, "intake.badDelegation"],
      [{ ...good, until: "2126-09-16" }, "intake.badDelegation"],
    ] as const;
    for (const [request, code] of wrong)
      expect((await refused(intake.delegate(request))).code, code).toBe(code);
    expect(store.stats().size).toBe(size);
    // A repeat of the same command records it once.
    expect(await intake.delegate(good)).toEqual(await intake.delegate(good));
    expect(await intake.delegations()).toHaveLength(1);
  });
});
