/** Service guides on the real store: drafts, versions, the day they come into force, and what a notice may demand. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { userId } from "../../../gateway/domain/ids.ts";
import { WANG, refused } from "../intake/counter.ts";
import { type Register, fresh, openRegister } from "./register.ts";

let register: Register;
afterEach(() => register.remove());
const BOSS = userId("supervisor-1");
const CODE = "food-business-licence";
const SHIPPED = join(import.meta.dirname, "../../../firmware-configs/demonstration/matters.json");

const HEAD =
  "事项编码,事项名称,设定依据,法定办结工作日,承诺办结工作日,材料编码,材料名称,材料形式,份数,是否必要,法定形式,材料依据";
const ROW = "tea-house,茶馆备案,《示范条例》第三条,20,5,form,备案表,原件,1,是,签字盖章,《示范条例》第四条";

const importText = (text: string, format: "csv" | "json" = "csv") =>
  register.guides.importText({ commandId: fresh(), by: BOSS, format, text });
const publish = (code: string, effectiveFrom: string) =>
  register.guides.publish({ commandId: fresh(), by: BOSS, code, effectiveFrom });

describe("publishing a guide", () => {
  it("counts on from what shipped; an application keeps the version it was registered under, a notice points at its items", async () => {
    register = await openRegister({ profile: "changli-mr" });
    register.useRegistry();
    const shipped = register.guides.find(CODE);
    expect(shipped?.version).toBeGreaterThan(0);
    const before = await register.received();

    const [row] = (await register.guides.rows()).filter(({ code }) => code === CODE);
    if (row?.inForce === undefined || shipped === undefined) throw new Error("nothing shipped");
    const { version: _v, publishedOn: _p, ...content } = shipped;
    const guide = {
      ...content,
      items: [
        ...content.items.map((item, index) => (index === 0 ? { ...item, copies: item.copies + 1 } : item)),
        { ...content.items[0], itemId: "fire-report", name: { zh: "消防检查意见" } },
      ],
    };
    await register.guides.saveDraft({ commandId: fresh(), by: BOSS, guide });
    // A draft binds nobody.
    expect(register.guides.find(CODE)?.version).toBe(shipped.version);
    const published = await publish(CODE, "2026-09-21");
    expect(published.coming).toMatchObject([
      { effectiveFrom: "2026-09-21", matter: { version: shipped.version + 1 } },
    ]);
    expect(register.guides.find(CODE)?.version).toBe(shipped.version);
    register.setNow("2026-09-21 09:00");
    const now = register.guides.find(CODE);
    expect(now?.version).toBe(shipped.version + 1);
    expect(now?.items.map(({ itemId, version }) => [itemId, version])).toEqual([
      ...shipped.items.map(({ itemId, version }, index) => [itemId, index === 0 ? version + 1 : version]),
      ["fire-report", 1],
    ]);

    const fresher = await register.registered(WANG);
    expect((await register.intake.get(fresher)).items.map(({ itemId }) => itemId)).toContain("fire-report");
    const old = await register.intake.get(before);
    expect(old.matter?.version).toBe(shipped.version);
    const demand = {
      kind: "deficient",
      defect: "无",
      requirement: "补交",
      basis: "指南",
      correctableOnSpot: false,
    } as const;
    const stray = await refused(
      register.intake.judge({ ...(await register.on(before)), itemId: "fire-report", verdict: demand }),
    );
    expect(stray.code).toBe("intake.noSuchItem");

    const { folder } = register;
    await register.close();
    const earlier = register;
    register = await openRegister({ profile: "changli-mr", now: "2026-09-21 10:00", folder });
    expect(register.guides.find(CODE)).toEqual(now);
    expect(register.guides.find(CODE, shipped.version)).toEqual(shipped);
    await register.close();
    await earlier.remove();
  });

  it("refuses a day that is over, a version before another, nothing new, and no draft", async () => {
    register = await openRegister({ profile: "changli-mr" });
    expect((await refused(publish("tea-house", "2026-10-01"))).code).toBe("guides.noDraft");
    await importText([HEAD, ROW].join("\n"));
    expect((await refused(publish("tea-house", "2026-09-15"))).code).toBe("guides.badDate");
    expect((await refused(publish("tea-house", "2026-02-30"))).code).toBe("guides.badDate");
    await publish("tea-house", "2026-10-01");
    await importText([HEAD, ROW].join("\n"));
    expect((await refused(publish("tea-house", "2026-10-02"))).code).toBe("guides.unchanged");
    await importText([HEAD, ROW.replace("签字盖章", "签字")].join("\n"));
    expect((await refused(publish("tea-house", "2026-09-20"))).code).toBe("guides.badDate");
    const once = fresh();
    const asked = { commandId: once, by: BOSS, code: "tea-house", effectiveFrom: "2026-10-02" };
    await register.guides.publish(asked);
    expect((await register.guides.publish(asked)).coming.map(({ matter }) => matter.version)).toEqual([1, 2]);
  });
});

describe("importing guides", () => {
  it("takes the shipped file as JSON, and tells every bad place of another", async () => {
    register = await openRegister({ profile: "changli-mr" });
    const text = await readFile(SHIPPED, "utf8");
    const { matters } = JSON.parse(text) as { readonly matters: readonly { readonly code: string }[] };
    const shipped = await importText(text, "json");
    expect(shipped).toMatchObject({ applied: true, matters: matters.map(({ code }) => code) });
    const twice = await importText(JSON.stringify({ matters: [matters[0], matters[0]] }), "json");
    expect(twice).toMatchObject({ applied: false, problems: [{ row: 2 }] });
    const bad = await importText(
      JSON.stringify({ matters: [{ ...matters[0], decision: { legalDays: 0 } }, { code: "x y" }] }),
      "json",
    );
    expect(bad.problems).toMatchObject([
      { row: 1, column: expect.stringContaining("legalDays"), zh: "应为不小于 1 的整数。" },
      { row: 2, column: "code" },
    ]);
    expect((await importText("{", "json")).problems).toMatchObject([{ row: 1, en: "The file is not JSON." }]);
  });

  it("tells row and column of a table in both languages and takes nothing of it", async () => {
    register = await openRegister({ profile: "changli-mr" });
    const rows = [
      HEAD,
      ROW,
      ROW,
      ROW.replace("form", "Form 2").replace("原件", "扫描").replace(",1,是", ",0,也许"),
      ROW.replace("form", "lease").replace("茶馆备案", "茶楼备案"),
    ];
    const { applied, problems } = await importText(rows.join("\n"));
    expect(applied).toBe(false);
    expect(problems.map(({ row, column }) => `${row} ${column}`)).toEqual([
      "3 材料编码",
      "4 材料编码",
      "4 份数",
      "4 材料形式",
      "4 是否必要",
      "5 事项名称",
    ]);
    expect((await register.guides.rows()).map(({ code }) => code)).not.toContain("tea-house");
    expect(await importText([HEAD, ROW].join("\n"))).toMatchObject({ applied: true, matters: ["tea-house"] });
    expect((await register.guides.rows()).find(({ code }) => code === "tea-house")).toMatchObject({
      draft: {
        guide: { decision: { legalDays: 20, promisedDays: 5 }, items: [{ itemId: "form" }] },
        by: BOSS,
      },
    });
  });
});
