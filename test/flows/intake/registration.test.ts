/** Registration, receipts, service and what is refused on the way in. */
import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { applicationId, commandId } from "../../../gateway/domain/ids.ts";
import { proves } from "../../law/proves.ts";
import {
  AGENT,
  CLERK,
  COLLEAGUE,
  COMPANY,
  WANG,
  refused,
  type Counter,
  type CounterOptions,
  openCounter,
} from "./counter.ts";

let counter: Counter;
afterEach(() => counter.remove());
const open = async (options: CounterOptions): Promise<Counter> => (counter = await openCounter(options));

describe("registration and service", () => {
  it(
    proves(
      ["S0-8", "S2-5"],
      "AS-12: an oral application is written down, signed, registered and given a receipt",
    ),
    async () => {
      for (const profile of ["qd-xha-commerce", "bjt-drc"] as const) {
        const { intake, ...c } = await open({ profile });
        const id = await c.begin();
        const oral = (date: string) =>
          ({
            signatory: { name: "王芳", relation: "self" },
            statement: "申请开办一家小餐馆，地址在中山路一号。",
            signature: { mode: "ink", date },
          }) as const;
        const form = { matterCode: "food-business-licence", applicant: WANG, agent: AGENT };
        const unsigned = intake.register({ ...(await c.on(id)), ...form, oral: oral("2026-09-01") });
        expect((await refused(unsigned)).code).toBe("intake.badDate");
        const written = await intake.register({ ...(await c.on(id)), ...form, oral: oral("2026-09-16") });
        expect(written.papers).toMatchObject([{ kind: "oralApplicationRecord" }]);
        expect((await c.factsOf(written))[0]).toMatchObject({
          title: { zh: "口头申请记录" },
          statement: "申请开办一家小餐馆，地址在中山路一号。",
          speaker: "王芳",
        });
        // Signed in ink, so it is closed by the scan of it and not before.
        const [record] = (await intake.get(id)).papers;
        expect(record?.ink?.closedMs).toBeUndefined();
        const documentId = record?.documentId ?? ("" as never);
        const noScan = intake.closeOnScan({ ...(await c.on(id)), documentId, scan: "yesterday" });
        expect((await refused(noScan)).code).toBe("intake.badText");
        await intake.closeOnScan({ ...(await c.on(id)), documentId, scan: "2026/7" });
        expect((await intake.get(id)).papers[0]?.ink).toMatchObject({ scan: "2026/7" });
        const items = [{ itemId: "application-form", form: "original", copies: 1, medium: "paper" }] as const;
        const taken = await intake.receive({ ...(await c.on(id)), items });
        expect(taken.papers).toMatchObject([{ kind: "materialReceipt" }]);
        expect((await intake.get(id)).state.registered?.oral).toBe(true);
        expect((await c.factsOf(taken))[0]).toMatchObject({
          agent: { name: "陈明" },
          contact: { person: "陈明" },
        });
        await c.remove();
      }
    },
  );

  it(
    proves(
      ["S0-20", "S1-14", "S2-18", "S4-12(1)"],
      "a hand-over is served once it is signed, and not before",
    ),
    async () => {
      for (const profile of ["qd-xha-commerce", "changli-mr", "bjt-drc", "hrss-unnamed"] as const) {
        const { intake, ...c } = await open({ profile });
        const id = await c.received();
        const [receipt] = (await intake.get(id)).papers;
        if (receipt === undefined) throw new Error("no receipt");
        const handOver = {
          documentId: receipt.documentId,
          recipient: { name: "王强", relation: "成年家属" },
        };
        const printed = await intake.handOver({ ...(await c.on(id)), ...handOver });
        expect(printed.papers).toMatchObject([{ kind: "serviceReceipt" }]);
        expect((await c.factsOf(printed))[0]).toMatchObject({
          recipient: "王芳",
          service: { method: "direct", signee: "王强", relation: "成年家属" },
          served: [{ title: "申请材料接收凭证", number: receipt.number }],
        });
        expect((await intake.get(id)).papers[0]?.served).toBe(false);
        const signature = { mode: "stroke", date: "2026-09-16" } as const;
        await intake.handOver({ ...(await c.on(id)), ...handOver, signature });
        expect((await intake.get(id)).papers[0]).toMatchObject({
          served: true,
          attempts: [{ signed: false }, { signed: true }],
        });
        const twice = intake.handOver({ ...(await c.on(id)), ...handOver, signature });
        expect((await refused(twice)).code).toBe("intake.alreadyServed");
        await c.remove();
      }
    },
  );

  it(
    proves(
      ["S0-4", "S4-6"],
      "AS-25: a notice needs a certified officer's name; the material receipt never does",
    ),
    async () => {
      for (const profile of ["qd-xha-commerce", "hrss-unnamed", "changli-mr"] as const) {
        const { intake, ...c } = await open({ profile });
        c.officers.set(CLERK.userId, { name: "周洁", certNo: "03030001", certValidUntil: "2026-09-15" });
        const id = await c.received();
        expect((await intake.get(id)).papers).toHaveLength(1);
        await c.judgeAll(id);
        if (profile === "changli-mr") {
          expect((await intake.accept(await c.on(id))).warnings).toContain("officerNotCertified");
          await c.remove();
          continue;
        }
        const no = await refused(intake.accept(await c.on(id)));
        expect(no.code).toBe("intake.certificateNeeded");
        expect(no.details["article"]).toBe(profile === "hrss-unnamed" ? "S4-6" : "S0-4");
        const responsibleOfficerId = COLLEAGUE.userId;
        const asked = await intake.accept({ ...(await c.on(id)), responsibleOfficerId });
        const accepted = asked.phase === "PENDING_APPROVAL" ? await c.approveAll(id) : asked;
        expect(accepted.warnings).toEqual([]);
        expect((await c.factsOf(accepted))[0]?.officers.slice(0, 2)).toEqual([
          { name: "周洁", role: "handling" },
          { name: "吴刚", certNo: "03030002", role: "responsible" },
        ]);
        await c.remove();
      }
    },
  );

  it("gives materials back on withdrawal, against a signature", async () => {
    const { intake, ...c } = await open({ profile: "hrss-unnamed" });
    const id = await c.received();
    const signature = { mode: "ink", date: "2026-09-16" } as const;
    const gone = await intake.withdraw({ ...(await c.on(id)), signature });
    expect(gone).toMatchObject({ phase: "WITHDRAWN", papers: [{ kind: "materialReturnList" }] });
    expect((await refused(intake.accept(await c.on(id)))).code).toBe("intake.wrongPhase");
  });

  it("refuses names, numbers and items that can't be, and keeps nothing of it", async () => {
    const { intake, store, ...c } = await open({ profile: "changli-mr" });
    const id = await c.begin();
    const form = { matterCode: "food-business-licence", applicant: WANG };
    const cases = [
      [{ ...WANG, name: "12345" }, "intake.badName"],
      [{ ...WANG, idNumber: "110105194912310021" }, "intake.badIdNumber"],
      [{ ...WANG, phone: "?" }, "intake.badPhone"],
      [{ ...COMPANY, creditCode: "91350100M000100Y44" }, "intake.badCreditCode"],
    ] as const;
    const size = store.stats().size;
    for (const [applicant, code] of cases)
      expect((await refused(intake.register({ ...(await c.on(id)), ...form, applicant }))).code).toBe(code);
    const noMatter = intake.register({ ...(await c.on(id)), ...form, matterCode: "moon-landing" });
    expect((await refused(noMatter)).code).toBe("intake.noSuchMatter");
    expect(store.stats().size).toBe(size);
    await intake.register({ ...(await c.on(id)), ...form });
    const paper = { form: "copy", copies: 1, medium: "paper" } as const;
    for (const items of [
      [],
      [{ itemId: "moon-rock", ...paper }],
      [{ itemId: "business-licence", ...paper, copies: 0 }],
      [
        { itemId: "business-licence", ...paper },
        { itemId: "business-licence", ...paper },
      ],
    ]) {
      const no = await refused(intake.receive({ ...(await c.on(id)), items }));
      expect(["intake.badItems", "intake.noSuchItem"]).toContain(no.code);
    }
    const unknown = { commandId: commandId(randomUUID()), actor: CLERK, device: "counter-1" };
    const nobody = intake.accept({
      ...unknown,
      applicationId: applicationId("a1-nobody"),
      expectedVersion: 1,
    });
    expect((await refused(nobody)).code).toBe("intake.noSuchApplication");
  });
});
