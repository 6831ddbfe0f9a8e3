/** The registry of officers on the real store and intake: who may be named on what, and how officers come in. */
import { afterEach, describe, expect, it } from "vitest";
import { type ApplicationId, userId } from "../../../gateway/domain/ids.ts";
import type { CommandResult } from "../../../gateway/intake/results.ts";
import { proves } from "../../law/proves.ts";
import { CLERK, type CounterOptions, SUPERVISOR, refused } from "../intake/counter.ts";
import { type Register, fresh, openRegister } from "./register.ts";

let register: Register;
afterEach(() => register.remove());
const BOSS = userId("supervisor-1");

const CERTIFIED = {
  name: "周洁",
  kind: "officer",
  section: "行政审批科",
  certNo: "03030001",
  validFrom: "2024-01-01",
  validTo: "2027-12-31",
};
const put = (officerId: string, change: Partial<typeof CERTIFIED> = {}) =>
  register.registry.put({ commandId: fresh(), by: BOSS, officer: { officerId, ...CERTIFIED, ...change } });

/** Through the profile's chain of approvals, where it has one. */
async function decided(id: ApplicationId, result: CommandResult): Promise<void> {
  const last = result.phase === "PENDING_APPROVAL" ? await register.approveAll(id) : result;
  expect(last.phase).toBe("ACCEPTED");
}

describe("who is named", () => {
  it.each([
    ["qd-xha-commerce", "S0-4", true],
    ["hrss-unnamed", "S4-6", true],
    ["changli-mr", "", false],
    ["bjt-drc", "", false],
    ["zz-mr", "", false],
  ] as const)(
    proves(
      ["S0-4", "S4-6"],
      "%s: AS-25 an expired certificate or an assistant bars acceptance and notice where the profile says so, the receipt never",
    ),
    async (profile: CounterOptions["profile"], article, refuses) => {
      register = await openRegister({ profile });
      // The intake asks the registry, as the gateway wires it.
      for (const [what, change] of [
        ["expired", { validTo: "2026-09-15" }],
        ["assistant", { kind: "assistant", certNo: "", validFrom: "", validTo: "" }],
      ] as const) {
        const officer = await put("clerk-1", change);
        const seen = await register.registry.named([officer.officerId]);
        expect(seen).toMatchObject([{ standing: what }]);
        expect(seen[0]).not.toHaveProperty("certNo");
        register.useRegistry();
        const id = await register.received();
        const receipt = (await register.intake.get(id)).papers.find((one) => one.kind === "materialReceipt");
        expect(receipt?.finished).toBe(true);
        await register.judgeAll(id);
        const request = await register.on(id);
        if (refuses) {
          const bar = await refused(register.intake.accept(request));
          expect(bar).toMatchObject({ code: "intake.certificateNeeded", details: { article } });
          await put("deputy-1", { name: "吴刚", certNo: "03030002" });
          const named = { ...(await register.on(id)), responsibleOfficerId: userId("deputy-1") };
          await decided(id, await register.intake.accept(named));
          const onPaper = register.drafted.at(-1)?.officers;
          expect(onPaper).toContainEqual({ name: "周洁", role: "handling" });
          expect(onPaper).toContainEqual({ name: "吴刚", certNo: "03030002", role: "responsible" });
        } else {
          const accepted = await register.intake.accept(request);
          await decided(id, accepted);
          const { ledger } = await register.intake.get(id);
          expect(ledger.flatMap(({ warnings }) => warnings)).toContain("officerNotCertified");
        }
      }
    },
  );
});

describe("the registry", () => {
  it("keeps each change with who made it, and survives a restart", async () => {
    register = await openRegister({ profile: "qd-xha-commerce" });
    await put("zhou", {});
    await register.registry.train({
      commandId: fresh(),
      by: BOSS,
      officerId: userId("zhou"),
      training: { topic: "行政执法全过程记录", on: "2026-03-05", hours: 8 },
    });
    await register.registry.setActive({
      commandId: fresh(),
      by: BOSS,
      officerId: userId("zhou"),
      active: false,
    });
    await put("zhou", { section: "法制科" });
    const { folder } = register;
    await register.close();
    const earlier = register;
    register = await openRegister({ profile: "qd-xha-commerce", folder });
    expect(await register.registry.list()).toMatchObject([
      {
        officerId: "zhou",
        section: "法制科",
        active: false,
        training: [{ topic: "行政执法全过程记录", hours: 8 }],
      },
    ]);
    expect(await register.registry.named([userId("zhou")])).toMatchObject([{ standing: "left" }]);
    await register.close();
    await earlier.remove();
  });

  it("refuses what can't be, by the field's name, and writes nothing", async () => {
    register = await openRegister({ profile: "qd-xha-commerce" });
    const size = register.store.stats().size;
    const fieldOf = async (change: Partial<typeof CERTIFIED>, id = "zhou") =>
      (await refused(put(id, change))).details["field"];
    expect(await fieldOf({}, "Zhou Jie")).toBe("officerId");
    expect(await fieldOf({ name: "12345" })).toBe("name");
    expect(await fieldOf({ kind: "boss" })).toBe("kind");
    expect(await fieldOf({ section: " " })).toBe("section");
    expect(await fieldOf({ certNo: "!" })).toBe("certNo");
    expect(await fieldOf({ validFrom: "2026-02-30" })).toBe("validFrom");
    expect(await fieldOf({ validTo: "2023-01-01" })).toBe("validTo");
    expect(await refused(put("zhou", { kind: "assistant" }))).toMatchObject({
      code: "officers.assistantCertificate",
    });
    expect((await refused(register.registry.named([userId("nobody")]))).code).toBe("officers.noSuchOfficer");
    expect(register.store.stats().size).toBe(size);
    expect(SUPERVISOR.userId).not.toBe(CLERK.userId);
  });

  it("takes a spreadsheet whole, or tells every bad row and takes nothing", async () => {
    register = await openRegister({ profile: "qd-xha-commerce" });
    const head = "工号,姓名,类别,科室,执法证号,有效期起,有效期止";
    const importText = (text: string) =>
      register.registry.importTable({ commandId: fresh(), by: BOSS, text });
    const bad = await importText(
      [
        head,
        "zhou,周洁,执法人员,审批科,03030001,2024/1/1,2027-12-31",
        "WU,吴刚,执法人员,审批科,03030002,2024-01-01,2027-12-31",
        "li,李雷,临时工,审批科,,,",
        "han,韩梅,辅助人员,审批科,03030009,2024-01-01,2027-12-31",
        "zhou,周洁,执法人员,,03030001,2024-01-01,2023-12-31",
      ].join("\r\n"),
    );
    expect(bad.applied).toBe(false);
    expect(bad.problems.map(({ row, column }) => [row, column])).toEqual([[6, "科室"]]);
    const worse = await importText(
      [
        head,
        "zhou,周洁,执法人员,审批科,03030001,2024/1/1,2027-12-31",
        "WU,吴刚,执法人员,审批科,03030002,2024-01-01,2027-12-31",
        "li,李雷,临时工,审批科,,,",
        "han,韩梅,辅助人员,审批科,03030009,2024-01-01,2027-12-31",
        "zhou,周洁,执法人员,审批科,03030001,2024-01-01,2027-12-31",
      ].join("\n"),
    );
    expect(worse.problems.map(({ row, column }) => [row, column])).toEqual([
      [3, "工号"],
      [4, "类别"],
      [5, "执法证号"],
      [6, "工号"],
    ]);
    for (const { zh, en } of worse.problems) {
      expect(zh).toMatch(/[\u4e00-\u9fff]/);
      expect(en.length).toBeGreaterThan(8);
    }
    expect(await register.registry.list()).toEqual([]);
    expect((await importText("姓名\n周洁")).problems.map(({ column }) => column)).toEqual([
      "工号",
      "类别",
      "科室",
    ]);
    expect(
      await importText(
        `\uFEFF${head}\n"zhou","周 洁",执法人员,"审批科,一组",03030001,2024/1/1,2027年12月31日`,
      ),
    ).toMatchObject({
      applied: true,
      rows: 1,
    });
    expect(await register.registry.list()).toMatchObject([
      {
        name: "周 洁",
        section: "审批科,一组",
        certificate: { validFrom: "2024-01-01", validTo: "2027-12-31" },
      },
    ]);
  });
});
