import { describe, expect, it } from "vitest";
import { type ContentBlock, contentTexts } from "../../../gateway/domain/document-content.ts";
import { DOCUMENT_KINDS, type DocumentFacts } from "../../../gateway/domain/document.ts";
import { assertComplete, missingFields } from "../../../gateway/documents/content/complete.ts";
import { documentContent } from "../../../gateway/documents/content/content.ts";
import { slipLines } from "../../../gateway/documents/slip/build.ts";
import { proves } from "../../law/proves.ts";
import { RARE_NAME, facts } from "./facts.ts";

const all: readonly DocumentFacts[] = DOCUMENT_KINDS.map((kind) => facts[kind]);
const textOf = (one: DocumentFacts, lang: "zh" | "en" = "zh"): string =>
  contentTexts(documentContent(one, lang), "a4").join("\n");

describe("what a document says", () => {
  it("words every kind in both languages, with authority, title, number, officers and seal slot", () => {
    for (const one of all)
      for (const lang of ["zh", "en"] as const) {
        const text = textOf(one, lang);
        const title = lang === "zh" ? one.title.zh : (one.title.en ?? one.title.zh);
        const authority = lang === "zh" ? one.authority.name.zh : (one.authority.name.en ?? "");
        for (const said of [
          title,
          authority,
          one.number,
          one.authority.code,
          "王小明",
          "03130322001",
          one.phone,
        ])
          expect(text, `${one.kind} ${lang}`).toContain(said);
        expect(text).toContain(lang === "zh" ? "2026年9月18日" : "18 September 2026");
        expect(text).not.toMatch(/undefined|null|NaN|\[object/);
      }
  });

  it(proves(["S4-9"], "takes each title from the profile: 受理通知书, 补正通知书, 不予受理通知书"), () => {
    for (const [kind, title] of [
      ["acceptanceNotice", "受理通知书"],
      ["correctionNotice", "补正通知书"],
      ["nonAcceptanceNotice", "不予受理通知书"],
    ] as const)
      expect(documentContent(facts[kind], "zh").blocks).toContainEqual({ type: "title", text: title });
    const henan = { ...facts.correctionNotice, title: { zh: "补正告知书" } };
    expect(documentContent(henan, "zh").blocks).toContainEqual({ type: "title", text: "补正告知书" });
  });

  it(proves(["S1-6(2)"], "states item, reason and time of what is to be verified"), () => {
    const text = textOf(facts.acceptanceNotice);
    for (const said of ["经营场所现场核查", "新办热食类制售，依法需要核查", "2026年9月24日上午"])
      expect(text).toContain(said);
  });

  it(
    proves(["S1-6(4)", "S4-9(3)"], "names every defect of a one-time notice with requirement, basis and way"),
    () => {
      const text = textOf(facts.correctionNotice);
      for (const item of facts.correctionNotice.items)
        for (const said of [item.material.zh, item.defect, item.required, item.basis, item.how, item.entry])
          expect(text).toContain(said);
    },
  );

  it(proves(["S1-6(5)", "S4-9(4)"], "points to the competent authority where the matter is not ours"), () => {
    expect(textOf(facts.nonAcceptanceNotice)).toContain("请向昌黎县行政审批局提出申请");
  });

  it(
    proves(["S1-6(3)", "S4-9(2)"], "records each correction with place, corrector, entitlement and date"),
    () => {
      const text = textOf(facts.correctionRecord);
      for (const said of [
        "第2页“法定代表人”栏",
        "欧阳慧敏（委托代理人）",
        "2026年9月18日10时15分",
        RARE_NAME,
      ])
        expect(text).toContain(said);
    },
  );

  it("says where the clock starts on a receipt and the decision date on an acceptance", () => {
    expect(textOf(facts.materialReceipt)).toContain(
      "不迟于2026年9月22日（本机关规定期限）、2026年9月24日（法定期限）一次性告知",
    );
    expect(textOf(facts.acceptanceNotice)).toContain("不迟于2026年10月22日（法定期限）");
    const doubtful = {
      ...facts.materialReceipt,
      timeProvisional: true,
      noticeDue: [{ date: "2026-09-24", source: "statutory", provisional: true }],
    } as const;
    expect(textOf(doubtful)).toContain("2026年9月24日（法定期限，暂定）");
    expect(textOf(doubtful)).toContain("2026年9月18日（时间暂定）");
  });

  it("has an empty slot for the seal and nothing that could be a picture of one", () => {
    for (const one of all) {
      const blocks: readonly ContentBlock[] = documentContent(one, "zh").blocks;
      expect(blocks.filter((block) => block.type === "seal")).toHaveLength(1);
      expect(JSON.stringify(blocks)).not.toMatch(/image|png|svg/);
    }
  });
});

describe("forms without gaps", () => {
  it(proves(["S3-A-9"], "takes complete facts and refuses blank or missing fields by name"), () => {
    for (const one of all) expect(missingFields(one), one.kind).toEqual([]);
    const gappy = {
      ...facts.correctionNotice,
      phone: " ",
      items: facts.correctionNotice.items.map((item, index) => (index === 1 ? { ...item, basis: "" } : item)),
      officers: [],
    };
    expect(missingFields(gappy)).toEqual(["phone", "items.1.basis", "officers"]);
    expect(() => assertComplete(gappy)).toThrow("documents.incomplete");
  });

  it("asks of each kind the lists it can't do without", () => {
    expect(missingFields({ ...facts.acceptanceNotice, decisionDue: [] })).toEqual(["decisionDue"]);
    expect(missingFields({ ...facts.nonAcceptanceNotice, remedies: [] })).toEqual(["remedies"]);
    expect(missingFields({ ...facts.materialReceipt, noticeDue: [], materials: [] })).toEqual([
      "materials",
      "noticeDue",
    ]);
    const notice = { method: "publicNotice", medium: "公告栏", failedAttempts: [] } as const;
    expect(missingFields({ ...facts.serviceReceipt, service: notice })).toEqual(["service.failedAttempts"]);
  });
});

describe("a slip", () => {
  const qrPng = new Uint8Array();
  const texts = (one: DocumentFacts, extras = {}): string =>
    slipLines(documentContent(one, "zh"), { qrPng, printedBefore: 0, ...extras })
      .flatMap((line) =>
        line.type === "text" ? [line.text] : line.type === "pair" ? [line.label, line.value] : [],
      )
      .join("\n");

  it("carries the claim code only when given one, and the content never does", () => {
    expect(texts(facts.correctionNotice, { claimCode: "48201937" })).toContain("取件码\n4820 1937");
    expect(texts(facts.correctionNotice)).not.toContain("4820 1937");
    expect(JSON.stringify(documentContent(facts.correctionNotice, "zh"))).not.toContain("4820");
  });

  it("marks a duplicate with its count, outside the content", () => {
    expect(texts(facts.correctionNotice)).not.toContain("副本");
    expect(texts(facts.correctionNotice, { printedBefore: 2 })).toContain("副本（第3次打印）");
  });

  it("hides the middle of a telephone number and leaves the signature lines to the sheet", () => {
    const slip = texts(facts.correctionNotice);
    expect(slip).toContain("139****5678");
    expect(slip).not.toContain("13912345678");
    expect(slip).not.toContain("签收");
  });
});
