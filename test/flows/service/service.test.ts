/** Service by each of the five ways, on the real store: what each has to carry, and that nothing less counts. */
import { afterEach, describe, expect, it } from "vitest";
import type { ApplicationId, DocumentId } from "../../../gateway/domain/ids.ts";
import { proves } from "../../law/proves.ts";
import { CLERK, type CounterOptions, refused } from "../intake/counter.ts";
import { type Register, fresh, openRegister } from "./register.ts";

let register: Register;
afterEach(() => register.remove());

const FIRST: Readonly<Record<string, string>> = {
  "hrss-unnamed": "2026-09-16 10:00",
};

/** An issued correction notice that nobody has taken yet. */
async function notice(
  profile: CounterOptions["profile"],
): Promise<{ readonly id: ApplicationId; readonly paper: DocumentId }> {
  register = await openRegister({ profile, now: FIRST[profile] ?? "2026-09-16 10:00" });
  const id = await register.received();
  const { items } = await register.intake.get(id);
  const first = items.find((item) => item.required)?.itemId ?? "";
  await register.judgeAll(id, [first]);
  const { phase } = await register.intake.notifyCorrection({ ...(await register.on(id)) });
  if (phase === "PENDING_APPROVAL") await register.approveAll(id);
  return { id, paper: await register.paperOf(id, "correctionNotice") };
}

const served = async (id: ApplicationId, paper: DocumentId) =>
  (await register.intake.get(id)).papers.find((one) => one.documentId === paper)?.served;

describe("direct service", () => {
  it.each([
    ["qd-xha-commerce", "S0-20"],
    ["changli-mr", "S1-14"],
    ["bjt-drc", "S2-18"],
    ["hrss-unnamed", "S4-12(1)"],
  ] as const)(
    proves(
      ["S0-20", "S1-14", "S2-18", "S4-12(1)"],
      "%s: AS-13 a hand-over at the counter is direct service; unsigned stays not served",
    ),
    async (profile, article) => {
      const { id, paper } = await notice(profile);
      const request = {
        documentId: paper,
        recipient: { name: "王小明", relation: "成年家属" },
      };
      const unsigned = await register.intake.handOver({ ...(await register.on(id)), ...request });
      expect(unsigned.papers).toMatchObject([{ kind: "serviceReceipt" }]);
      expect(await served(id, paper)).toBe(false);
      const open = await register.services.get(paper);
      expect(open.state.served).toBeUndefined();
      expect(open.attempts).toMatchObject([
        {
          attempt: { method: "direct", status: "open", servers: [{ officerId: CLERK.userId }] },
          words: { made: { signee: "王小明", relation: "成年家属" } },
          lacking: [
            { kind: "serverSignature", article },
            { kind: "recipientSignature", article },
          ],
        },
      ]);
      const [receipt] = await register.factsOf(unsigned);
      expect(receipt).toMatchObject({
        kind: "serviceReceipt",
        service: { method: "direct", signee: "王小明", relation: "成年家属" },
        served: [{ copies: 1 }],
      });
      await register.intake.handOver({
        ...(await register.on(id)),
        ...request,
        signature: { mode: "ink", date: "2026-09-16" },
      });
      expect(await served(id, paper)).toBe(true);
      const done = await register.services.get(paper);
      expect(done.state.served).toMatchObject({ method: "direct" });
      expect(done.state.attempts).toHaveLength(2);
      // Ink closes on the scan of the signed paper alone.
      expect(done.attempts.at(-1)?.lacking.map(({ kind }) => kind)).toEqual(["signedReceipt"]);
      expect(done.notified).toMatchObject({ inTime: true });
      const scanId = await register.scan(paper, "signedPaper");
      const ref = (await register.scans.find(scanId))?.ref;
      await register.intake.closeOnScan({
        ...(await register.on(id)),
        documentId: paper,
        scan: `${ref?.logId}/${ref?.seq}`,
      });
      expect((await register.services.get(paper)).attempts.at(-1)?.lacking).toEqual([]);
    },
  );

  it(
    proves(
      ["S4-7", "S0-11"],
      "outside the counter two officers are named and the showing of certificates is recorded",
    ),
    async () => {
      const { paper } = await notice("hrss-unnamed");
      const direct = { method: "direct", signee: "王芳" } as const;
      const alone = await refused(register.attempt(paper, { ...direct, servers: [CLERK.userId] }));
      expect(alone).toMatchObject({ code: "officers.tooFew", details: { needed: 2, article: "S4-7" } });
      const hidden = await refused(register.attempt(paper, { ...direct, credentialsShown: false }));
      expect(hidden).toMatchObject({ code: "officers.credentialsNotShown", details: { article: "S4-7" } });
      expect((await register.services.get(paper)).state.attempts).toEqual([]);
      const { state } = await register.attempt(paper, direct);
      expect(state.attempts).toMatchObject([
        {
          credentialsShown: true,
          servers: [{ certNo: "03030001" }, { certNo: "03030002" }],
        },
      ]);
    },
  );
});

describe("service by post", () => {
  it(
    proves(
      ["S0-21", "S4-12(2)"],
      "registered or express mail keeps registration, payment voucher and return receipt; mail that came back is told in detail",
    ),
    async () => {
      const { id, paper } = await notice("hrss-unnamed");
      const bad = await refused(
        register.attempt(paper, { method: "postal", mail: "express", postalNo: "12" }),
      );
      expect(bad).toMatchObject({ code: "service.badText", details: { field: "postalNo" } });
      await register.attempt(paper, { method: "postal", mail: "express", postalNo: "ea 123456789 cn" });
      await register.supply(paper, await register.evidence(paper, "postalVoucher", "returnedMail"));
      register.setNow("2026-09-21 10:00");
      const back = await register.fail(paper, "returned", "邮件于9月20日退回，批注“收件人已迁离”。");
      expect(back.attempts[0]).toMatchObject({
        attempt: { status: "failed", failed: { why: "returned", onDate: "2026-09-21" } },
        account: "邮件于9月20日退回，批注“收件人已迁离”。",
        words: { made: { method: "postal", mail: "express", postalNo: "EA123456789CN" } },
      });
      expect(await served(id, paper)).toBe(false);

      await register.attempt(paper, { method: "postal", mail: "registered", postalNo: "XA98765432113" });
      await register.supply(paper, await register.evidence(paper, "postalRegistration", "postalVoucher"));
      const early = await refused(register.complete(paper, "2026-09-22"));
      expect(early).toMatchObject({
        code: "service.incomplete",
        details: { missing: ["postalReturnReceipt"], article: "S4-12(2)" },
      });
      await register.supply(paper, await register.evidence(paper, "postalReturnReceipt"));
      register.setNow("2026-09-24 10:00");
      expect((await refused(register.complete(paper))).code).toBe("service.badTime");
      expect((await refused(register.complete(paper, "2026-09-25"))).code).toBe("service.badTime");
      const done = await register.complete(paper, "2026-09-22");
      expect(done.state.served).toMatchObject({
        method: "postal",
        servedMs: Date.parse("2026-09-22T00:00:00+08:00"),
      });
      expect(done.state.served?.recordedMs).toBeGreaterThan(Date.parse("2026-09-24T00:00:00+08:00"));
      expect(await served(id, paper)).toBe(true);
      // The proof states what only the end shows, so it was made then, once.
      const proofs = (await register.intake.get(id)).papers.filter((one) => one.kind === "serviceReceipt");
      expect(proofs).toHaveLength(1);
      expect(register.drafted.at(-1)).toMatchObject({
        kind: "serviceReceipt",
        service: { method: "postal", postalNo: "XA98765432113", mail: "registered" },
        basis: [{ ref: "S4-12(2)" }],
      });
      expect(done.state.attempts.map(({ status }) => status)).toEqual(["failed", "complete"]);
    },
  );

  it(
    proves(["S1-14", "S2-19"], "under the second and third regulation post is proven the same way"),
    async () => {
      for (const [profile, article] of [
        ["changli-mr", "S1-14"],
        ["bjt-drc", "S2-19"],
      ] as const) {
        const { paper } = await notice(profile);
        await register.attempt(paper, { method: "postal", mail: "registered", postalNo: "XA98765432113" });
        const early = await refused(register.complete(paper, "2026-09-16"));
        expect(early.details).toMatchObject({
          missing: ["postalRegistration", "postalVoucher", "postalReturnReceipt"],
          article,
        });
        if (profile === "changli-mr") await register.remove();
      }
    },
  );
});

describe("leaving a paper", () => {
  const leaving = {
    method: "leaving",
    refusal: "当事人阅后拒绝签字",
    refusedOn: "2026-09-16",
    witness: "居委会刘敏",
  } as const;

  it(
    proves(
      ["S0-22", "S1-14", "S2-20", "S4-12(3)"],
      "refusal with its date, server and witness sign, footage is compulsory, and the place is the profile's",
    ),
    async () => {
      for (const [profile, article, unitAllowed] of [
        ["qd-xha-commerce", "S0-22", true],
        ["changli-mr", "S1-14", false],
        ["bjt-drc", "S2-20", false],
        ["hrss-unnamed", "S4-12(3)", false],
      ] as const) {
        const { id, paper } = await notice(profile);
        const noWitness = await refused(register.attempt(paper, { ...leaving, witness: "" }));
        expect(noWitness).toMatchObject({ code: "service.witnessMissing", details: { article } });
        const noReason = await refused(register.attempt(paper, { ...leaving, refusal: " " }));
        expect(noReason).toMatchObject({ code: "service.badText", details: { field: "refusal" } });
        const street = await refused(register.attempt(paper, { ...leaving, placeKind: "other" }));
        expect(street).toMatchObject({ code: "service.placeNotAllowed", details: { article } });
        if (!unitAllowed)
          expect((await refused(register.attempt(paper, { ...leaving, placeKind: "unit" }))).code).toBe(
            "service.placeNotAllowed",
          );
        const left = await register.attempt(paper, {
          ...leaving,
          placeKind: unitAllowed ? "unit" : "domicile",
        });
        expect(left.attempts[0]?.lacking.map(({ kind }) => kind)).toEqual([
          "serverSignature",
          "witnessSignature",
          "footage",
        ]);
        expect(register.drafted.at(-1)).toMatchObject({
          kind: "serviceReceipt",
          service: { refusal: "当事人阅后拒绝签字", refusedOn: "2026-09-16", witness: "居委会刘敏" },
        });
        // A reason can't stand in for the footage here.
        await register.supply(paper, [{ kind: "footage", exemption: "设备故障" }]);
        await register.supply(paper, await register.evidence(paper, "serverSignature", "witnessSignature"));
        const bare = await refused(register.complete(paper));
        expect(bare.details).toMatchObject({ missing: ["footage", "signedReceipt"], article });
        expect(await served(id, paper)).toBe(false);
        await register.supply(paper, await register.evidence(paper, "footage", "signedReceipt"));
        expect((await register.complete(paper)).state.served).toMatchObject({ method: "leaving" });
        expect(await served(id, paper)).toBe(true);
        if (profile !== "hrss-unnamed") await register.remove();
      }
    },
  );
});

describe("entrusted and forwarded service", () => {
  it(
    proves(["S0-23", "S2-21", "S4-12(4)"], "the reason is recorded, and server and recipient sign the proof"),
    async () => {
      for (const [profile, article] of [
        ["qd-xha-commerce", "S0-23"],
        ["bjt-drc", "S2-21"],
        ["hrss-unnamed", "S4-12(4)"],
      ] as const) {
        const { paper } = await notice(profile);
        const way = { method: "entrusted", through: "邻县人社局", reason: "当事人长期居住邻县" } as const;
        expect((await refused(register.attempt(paper, { ...way, reason: "" }))).details).toMatchObject({
          field: "reason",
        });
        await register.attempt(paper, way);
        const bare = await refused(register.complete(paper));
        expect(bare.details).toMatchObject({ missing: ["serverSignature", "recipientSignature"], article });
        await register.supply(
          paper,
          await register.evidence(paper, "serverSignature", "recipientSignature", "signedReceipt"),
        );
        const done = await register.complete(paper);
        expect(done.state.served?.method).toBe("entrusted");
        // Both forms are lawful under all three; none is marked.
        expect(done.state.attempts[0]?.warnings).toEqual([]);
        if (profile !== "hrss-unnamed") await register.remove();
      }
    },
  );

  it("marks a way that the authority's own regulation does not name, and never bars it", async () => {
    const { paper } = await notice("changli-mr");
    const { state } = await register.attempt(paper, {
      method: "forwarded",
      through: "某部队政治机关",
      reason: "当事人为现役军人",
    });
    expect(state.attempts[0]?.warnings).toEqual(["serviceMethodNotNamed"]);
  });
});

describe("public notice", () => {
  it(
    proves(
      ["S0-24", "S2-22", "S4-12(5)"],
      "only after another way failed; medium, the notice itself, its reason and footage are kept; it counts when its period is over",
    ),
    async () => {
      for (const [profile, article] of [
        ["qd-xha-commerce", "S0-24"],
        ["bjt-drc", "S2-22"],
        ["hrss-unnamed", "S4-12(5)"],
      ] as const) {
        const { id, paper } = await notice(profile);
        const way = {
          method: "publicNotice",
          medium: "示范县人民政府网站",
          publishedOn: "2026-09-18",
          periodDays: 30,
          reason: "直接、邮寄均无法送达",
        } as const;
        register.setNow("2026-09-18 09:00");
        const first = await refused(register.attempt(paper, way));
        expect(first).toMatchObject({ code: "service.triedFirst", details: { article } });
        await register.attempt(paper, { method: "direct", signee: "王芳" });
        await register.fail(paper, "absent");
        const short = await refused(register.attempt(paper, { ...way, periodDays: 7 }));
        expect(short).toMatchObject({ code: "service.periodTooShort", details: { article } });
        const open = await register.attempt(paper, way);
        expect(open.attempts.at(-1)?.lacking.map(({ kind }) => kind)).toEqual(["publishedNotice", "footage"]);
        await register.supply(paper, await register.evidence(paper, "publishedNotice", "footage"));
        expect(await refused(register.complete(paper))).toMatchObject({
          code: "service.periodRuns",
          details: { until: "2026-10-18" },
        });
        register.setNow("2026-10-18 09:00");
        const done = await register.complete(paper);
        expect(done.state.served).toMatchObject({ servedMs: Date.parse("2026-10-18T00:00:00+08:00") });
        expect(await served(id, paper)).toBe(true);
        expect(register.drafted.at(-1)).toMatchObject({
          kind: "serviceReceipt",
          service: {
            method: "publicNotice",
            medium: "示范县人民政府网站",
            reason: "直接、邮寄均无法送达",
            failedAttempts: [expect.stringContaining("直接送达")],
          },
        });
        // Failed attempts stay in the record.
        expect(done.state.attempts.map(({ status }) => status)).toEqual(["failed", "complete"]);
        if (profile !== "hrss-unnamed") await register.remove();
      }
    },
  );
});

describe("the register of service", () => {
  it("refuses what can't be and leaves nothing behind: two windows, closed attempts, second service, lost evidence", async () => {
    const { paper } = await notice("hrss-unnamed");
    const before = register.store.stats().size;
    const ghost = `${paper}9` as DocumentId;
    expect((await refused(register.services.get(ghost))).code).toBe("service.noSuchPaper");
    const { state } = await register.services.get(paper);
    const asked = { documentId: paper, by: CLERK.userId, attemptId: "x" };
    const stale = { ...asked, commandId: fresh(), expectedVersion: state.version + 3 };
    expect((await refused(register.services.complete(stale))).code).toBe("service.conflict");
    const none = { ...asked, commandId: fresh(), expectedVersion: state.version };
    expect((await refused(register.services.complete(none))).code).toBe("service.noSuchAttempt");
    const direct = { method: "direct", signee: "王芳", placeKind: "counter" } as const;
    expect(
      (await refused(register.attempt(paper, { ...direct, happenedMs: register.nowMs() + 60_000 }))).code,
    ).toBe("service.badTime");
    expect((await refused(register.attempt(paper, { ...direct, happenedMs: 0 }))).code).toBe(
      "service.badTime",
    );
    expect(register.store.stats().size).toBe(before);

    const again = fresh();
    const request = {
      commandId: again,
      by: CLERK.userId,
      documentId: paper,
      expectedVersion: state.version,
      attempt: {
        ...direct,
        servers: [CLERK.userId],
        happenedMs: register.nowMs(),
        place: "1号窗口",
        credentialsShown: false,
      },
    };
    await register.services.attempt(request);
    const size = register.store.stats().size;
    expect((await register.services.attempt(request)).state.attempts).toHaveLength(1);
    expect(register.store.stats().size).toBe(size);
    expect((await refused(register.attempt(paper, direct))).code).toBe("service.attemptOpen");
    const lost = { kind: "signedReceipt", link: { in: "scan", scanId: "s00" } } as const;
    expect((await refused(register.supply(paper, [lost]))).code).toBe("service.badEvidence");
    const early = { kind: "recipientSignature", mode: "ink", date: "2026-09-01" } as const;
    expect((await refused(register.supply(paper, [early]))).code).toBe("service.badEvidence");
  });

  it("tells the application after a restart of a step that a crash kept from it, once", async () => {
    const { id, paper } = await notice("hrss-unnamed");
    register.faults.draft = true;
    await register.attempt(paper, { method: "entrusted", through: "邻县人社局", reason: "居住邻县" });
    expect(register.owed).toHaveLength(1);
    const receipts = async () =>
      (await register.intake.get(id)).papers.filter(({ kind }) => kind === "serviceReceipt").length;
    expect(await receipts()).toBe(0);
    const { folder } = register;
    await register.close();
    const earlier = register;
    register = await openRegister({ profile: "hrss-unnamed", now: "2026-09-16 11:00", folder });
    expect(await register.services.tellOwed()).toBe(0);
    expect(await receipts()).toBe(1);
    expect(await register.services.tellOwed()).toBe(0);
    expect(await receipts()).toBe(1);
    await register.close();
    await earlier.remove();
  });
});
