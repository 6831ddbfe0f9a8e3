/** The bureau's own system at the counter, on the real store: cases in, outcomes out, limits watched, decisions handed over. */
import { afterEach, describe, expect, it } from "vitest";
import { type ApplicationId, type DocumentId, userId } from "../../../gateway/domain/ids.ts";
import { proves } from "../../law/proves.ts";
import { COMPANY, WANG, refused } from "../intake/counter.ts";
import { type Register, fresh, openRegister } from "./register.ts";

let register: Register;
afterEach(() => register.remove());
const by = userId("clerk-1");
const MATTER = "hr-service-licence";
const CASE = { caseNo: "HR-2026-0001", matterCode: MATTER, applicant: WANG };
const command = () => ({ commandId: fresh(), by });
const open = async () =>
  (register = await openRegister({ profile: "hrss-unnamed", now: "2026-09-16 10:00" }));

async function accepted(): Promise<ApplicationId> {
  const id = await register.received();
  await register.judgeAll(id);
  const { phase } = await register.intake.accept(await register.on(id));
  if (phase === "PENDING_APPROVAL") await register.approveAll(id);
  return id;
}

describe("cases that come in", () => {
  it("by QR, table and API are one case, with the applicant for the form, and belong to one application", async () => {
    await open();
    const qr = JSON.stringify({ v: 1, ...CASE });
    const first = await register.bureau.takeQr({ ...command(), text: qr });
    expect(first).toMatchObject({ caseNo: "HR-2026-0001", source: "qr", applicant: WANG });
    const size = register.store.stats().size;
    // The program sends it again: nothing is written twice.
    await register.bureau.take({ ...command(), by: "bureau", source: "api", case: CASE });
    expect(register.store.stats().size).toBe(size);
    const table = await register.bureau.importTable({
      ...command(),
      text: [
        "案号,事项编码,申请人类型,申请人,证件类型,证件号码,统一社会信用代码,法定代表人,联系人,联系电话",
        `HR-2026-0001,${MATTER},个人,王芳,身份证,11010519491231002X,,,,13800138000`,
        `HR-2026-0002,${MATTER},单位,示范餐饮有限公司,,,91350100M000100Y43,李强,赵敏,0335-2022222`,
      ].join("\n"),
    });
    expect(table).toEqual({ applied: true, rows: 2, problems: [] });
    expect((await register.bureau.inbox()).map(({ caseNo }) => caseNo)).toEqual([
      "HR-2026-0002",
      "HR-2026-0001",
    ]);
    expect((await register.bureau.inbox())[0]?.applicant).toEqual(COMPANY);

    const id = await register.registered();
    const linked = { caseNo: CASE.caseNo, applicationId: id };
    await register.bureau.link({ ...command(), ...linked });
    await register.bureau.link({ ...command(), ...linked });
    expect((await register.bureau.inbox()).map(({ caseNo }) => caseNo)).toEqual(["HR-2026-0002"]);
    const other = await register.registered(COMPANY);
    expect(
      (await refused(register.bureau.link({ ...command(), ...linked, applicationId: other }))).code,
    ).toBe("bureau.caseTaken");
    expect(
      (
        await refused(
          register.bureau.take({ ...command(), source: "api", case: { ...CASE, applicant: COMPANY } }),
        )
      ).code,
    ).toBe("bureau.caseTaken");
  });

  it("are checked like what a clerk types; a table tells every bad row and takes nothing, repeating no cell", async () => {
    await open();
    const size = register.store.stats().size;
    expect((await refused(register.bureau.takeQr({ ...command(), text: "https://example.cn" }))).code).toBe(
      "bureau.badQr",
    );
    const take = async (change: object) =>
      (await refused(register.bureau.take({ ...command(), source: "api", case: { ...CASE, ...change } })))
        .code;
    expect(await take({ caseNo: "<x>" })).toBe("bureau.badCase");
    expect(await take({ matterCode: "nothing" })).toBe("bureau.noSuchMatter");
    expect(await take({ applicant: { ...WANG, idNumber: "110105194912310021" } })).toBe("intake.badIdNumber");
    const report = await register.bureau.importTable({
      ...command(),
      text: [
        "案号,事项编码,申请人类型,申请人,证件号码,联系电话",
        `A-1,${MATTER},个人,王芳,11010519491231002X,13800138000`,
        `A-2,${MATTER},个人,王芳,110105194912310021,13800138000`,
        "A-3,nothing,个人,王芳,11010519491231002X,13800138000",
        `A-4,${MATTER},个人,王芳,11010519491231002X,12`,
        `A-1,${MATTER},个人,王芳,11010519491231002X,13800138000`,
      ].join("\n"),
    });
    expect(report.applied).toBe(false);
    expect(report.problems.map(({ row, column }) => `${row} ${column}`)).toEqual([
      "3 证件号码",
      "4 事项编码",
      "5 联系电话",
      "6 案号",
    ]);
    expect(JSON.stringify(report)).not.toContain("1101051949");
    expect(register.store.stats().size).toBe(size);
  });
});

describe("outcomes that go out", () => {
  it("each exactly once by its id, in order, with the case's number, also after a restart", async () => {
    await open();
    await register.bureau.take({ ...command(), source: "api", case: CASE });
    const id = await register.registered();
    await register.bureau.link({ ...command(), caseNo: CASE.caseNo, applicationId: id });
    const { items } = await register.intake.get(id);
    await register.intake.receive({
      ...(await register.on(id)),
      items: items
        .filter(({ required }) => required)
        .map(({ itemId }) => ({ itemId, form: "original", copies: 1, pages: 1, medium: "paper" })),
    });
    const seen: string[] = [];
    let cursor: string | undefined;
    const pull = async () => {
      for (;;) {
        const { rows, next } = await register.bureau.outcomes(cursor, 1);
        if (next === undefined) return;
        for (const row of rows) seen.push(`${row.id} ${row.caseNo} ${row.kind}`);
        cursor = next;
      }
    };
    await pull();
    await register.judgeAll(id);
    const { phase } = await register.intake.accept(await register.on(id));
    if (phase === "PENDING_APPROVAL") await register.approveAll(id);
    await pull();
    const notice = await register.paperOf(id, "acceptanceNotice");
    await register.intake.handOver({
      ...(await register.on(id)),
      documentId: notice,
      recipient: { name: "王芳", relation: "self" },
      signature: { mode: "ink", date: "2026-09-16" },
    });
    await pull();
    expect(seen.map((line) => line.split(" ").slice(1).join(" "))).toEqual([
      "HR-2026-0001 registered",
      "HR-2026-0001 received",
      "HR-2026-0001 accepted",
      "HR-2026-0001 served",
    ]);
    expect(new Set(seen).size).toBe(4);
    const { folder } = register;
    await register.close();
    const earlier = register;
    register = await openRegister({ profile: "hrss-unnamed", now: "2026-09-16 12:00", folder });
    await pull();
    expect(seen).toHaveLength(4);
    cursor = undefined;
    const again = seen.splice(0);
    await pull();
    expect(seen).toEqual(again);
    await register.close();
    await earlier.remove();
  });
});

describe("the decision's limit", () => {
  it(
    proves(
      ["S4-10"],
      "is watched in working days; a pause or extension needs its paper (law 42, 45); near and over limits come first",
    ),
    async () => {
      await open();
      const id = await accepted();
      const one = async () => (await register.bureau.due()).find(({ applicationId }) => applicationId === id);
      // 20 working days from 16 September 2026, the holidays of October between.
      expect(await one()).toMatchObject({
        status: "running",
        due: { date: "2026-10-20", provisional: false },
      });
      const none = await register.registered();
      const pause = {
        reason: "expertReview",
        from: "2026-09-21",
        documentNo: "示人社听〔2026〕3号",
      } as const;
      const stop = (change: object = {}) =>
        register.bureau.pause({ ...command(), applicationId: id, pause: { ...pause, ...change } });
      expect((await refused(register.bureau.pause({ ...command(), applicationId: none, pause }))).code).toBe(
        "bureau.notAccepted",
      );
      expect((await refused(stop())).code).toBe("bureau.badDate");
      register.setNow("2026-09-21 09:00");
      expect(await refused(stop({ documentNo: " " }))).toMatchObject({
        code: "bureau.notTold",
        details: { article: "行政许可法 45" },
      });
      expect(
        (await refused(register.bureau.resume({ ...command(), applicationId: id, to: "2026-09-21" }))).code,
      ).toBe("bureau.notPaused");
      expect(await stop()).toMatchObject({ status: "paused" });
      expect((await refused(stop())).code).toBe("bureau.paused");
      register.setNow("2026-09-30 09:00");
      await register.bureau.resume({ ...command(), applicationId: id, to: "2026-09-29" });
      // 21 to 24, 28 and 29 September are not counted: six working days more.
      expect(await one()).toMatchObject({ status: "running", due: { date: "2026-10-28" } });
      const extension = { days: 5, documentNo: "示人社延〔2026〕1号", approvedBy: "钱局" };
      const longer = (change: object = {}) =>
        register.bureau.extend({ ...command(), applicationId: id, extension: { ...extension, ...change } });
      expect((await refused(longer({ days: 11 }))).code).toBe("bureau.extensionTooLong");
      expect((await refused(longer({ approvedBy: "" }))).code).toBe("bureau.notTold");
      expect(await longer()).toMatchObject({ due: { date: "2026-11-04" } });
      expect((await refused(longer())).code).toBe("bureau.extendedBefore");
      register.setNow("2026-11-02 09:00");
      expect(await one()).toMatchObject({ status: "soon" });
      register.setNow("2026-11-05 09:00");
      const late = await accepted();
      const rows = await register.bureau.due();
      expect(rows.map(({ applicationId, status }) => [applicationId, status])).toEqual([
        [id, "overdue"],
        [late, "running"],
      ]);
    },
  );

  it(
    proves(
      ["S4-11"],
      "grant and refusal come from the bureau's system and are handed over here through service, once",
    ),
    async () => {
      await open();
      const id = await accepted();
      register.setNow("2026-09-18 10:00");
      const made = { decision: "granted", number: "示人社许〔2026〕12号", decidedOn: "2026-09-18" } as const;
      const decide = (change: object = {}) =>
        register.bureau.decide({
          ...command(),
          by: "bureau",
          applicationId: id,
          made: { ...made, ...change },
        });
      expect((await refused(decide({ decidedOn: "2026-09-10" }))).code).toBe("bureau.badDate");
      expect((await refused(decide({ number: " " }))).code).toBe("bureau.badCase");
      const row = await decide();
      expect(row).toMatchObject({ status: "toDeliver", date: "2026-10-09", documentId: `${id}.x1` });
      expect((await refused(decide())).code).toBe("bureau.decided");
      const paper = row.documentId as DocumentId;
      const [foreign] = (await register.services.ofApplication(id)).filter(
        ({ state }) => state.paper.foreign,
      );
      expect(foreign?.state.paper).toMatchObject({ title: "准予行政许可决定书", number: made.number });
      await register.attempt(paper, {
        method: "direct",
        signee: "王芳",
        placeKind: "counter",
        place: "1号窗口",
      });
      expect(register.drafted.at(-1)).toMatchObject({
        kind: "serviceReceipt",
        served: [{ title: "准予行政许可决定书", number: made.number }],
        service: { method: "direct", signee: "王芳" },
      });
      await register.supply(
        paper,
        await register.evidence(paper, "serverSignature", "recipientSignature", "signedReceipt"),
      );
      await register.complete(paper);
      expect(register.owed).toEqual([]);
      expect(await register.bureau.due()).toEqual([]);
      const { rows } = await register.bureau.outcomes();
      expect(rows.at(-1)).toMatchObject({ kind: "served", servedDocumentId: paper });
    },
  );
});
