/** Case files: the timer after the end of the act, the check on the real bodies at filing, the hand-over, the metadata. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { parseMetadataElements } from "../../../gateway/domain/case-files/archival-metadata.ts";
import { CHECKS, outcomeOf } from "../../../gateway/domain/case-files/four-properties.ts";
import { streamId } from "../../../gateway/domain/ids.ts";
import { fourPropertyPage } from "../../../gateway/intake/case-files/case-pages.ts";
import { problemText } from "../../../gateway/intake/case-files/problem-words.ts";
import { proves } from "../../law/proves.ts";
import { refused } from "../intake/counter.ts";
import { filmedNow, scan } from "./asserted.ts";
import { CONFIGS, MINUTE, type Office, type ProfileId, as, openOffice } from "./office.ts";

const DAY = 86_400_000;
let office: Office;
afterEach(() => office.close());

async function opened(profile: ProfileId): Promise<Office> {
  office = await openOffice(profile);
  await office.film(office.clock.wallMs() - 13 * MINUTE, 15 * MINUTE);
  return office;
}
/** A penalty from start to service, whole. */
async function wholeCase(): Promise<string> {
  const caseId = await office.open("penalty");
  const chain = ["investigationRecord", "penaltyDecision", "serviceOfPaper", "closingReport"];
  for (const kind of ["complaintRecord", ...chain]) await office.record(caseId, kind, filmedNow(office));
  return caseId;
}
const end = (caseId: string, lawLimit?: { readonly days: number; readonly basis: string }) =>
  office.caseFiles.end({
    ...as("clerk"),
    caseId,
    endedMs: office.clock.wallMs(),
    ...(lawLimit === undefined ? {} : { lawLimit }),
  });
const state = async (caseId: string) => {
  const rows = await office.caseFiles.list();
  return rows.find(({ row }) => row.caseId === caseId);
};

describe("the timer of a case file", () => {
  for (const [profile, days, article, inferred] of [
    ["qd-xha-commerce", 15, "S0-29", false],
    ["changli-mr", 30, "S1-19", false],
    ["bjt-drc", 30, "S2-26", false],
    ["hrss-unnamed", 30, "S4-31", false],
    ["zz-mr", 30, undefined, true],
  ] as const) {
    const title = `AS-24: ${profile}: due ${days} days after the act ended, overdue on the day after${inferred ? ", by default" : ""}`;
    it(article === undefined ? title : proves([article], title), async () => {
      await opened(profile);
      const caseId = await office.open("penalty");
      const began = office.clock.wallMs();
      expect(await state(caseId)).toMatchObject({ state: "open" });
      await end(caseId);
      for (const [day, expected] of [
        [days, "ended"],
        [days + 1, "overdue"],
      ] as const) {
        office.clock.setWallMs(began + day * DAY);
        const row = await state(caseId);
        expect(row, `day ${day}`).toMatchObject({ state: expected, due: { days, inferred } });
        expect(row?.due?.article).toBe(article);
        expect((await office.caseFiles.overdue()).length).toBe(expected === "overdue" ? 1 : 0);
      }
      await office.caseFiles.file({
        ...as("custodian"),
        caseId,
        archivalCode: "2026-XZCF-001",
        keep: 10,
        explained: "仅登记，未形成其他材料",
      });
      expect(await office.caseFiles.overdue()).toEqual([]);
    });
  }

  it(
    proves(["S0-29", "S1-19", "S2-26", "S4-31"], "a law with a limit of its own goes before the profile's"),
    async () => {
      await opened("changli-mr");
      const caseId = await office.open("penalty");
      await end(caseId, { days: 60, basis: "某法第十条" });
      expect((await state(caseId))?.due).toMatchObject({ days: 60, article: "某法第十条", inferred: false });
      await expect(end(caseId, { days: 0, basis: "某法" })).rejects.toMatchObject({
        code: "records.badInput",
      });
    },
  );
});

describe("filing", () => {
  it("reads every body again, proves each in the signed tree, and closes the file", async () => {
    await opened("changli-mr");
    const caseId = await wholeCase();
    await expect(
      office.caseFiles.file({ ...as("custodian"), caseId, archivalCode: "A-1", keep: 10 }),
    ).rejects.toMatchObject({ code: "filing.notEnded" });
    await end(caseId);
    const filed = await office.caseFiles.file({ ...as("custodian"), caseId, archivalCode: "A-1", keep: 30 });
    expect(filed.missing).toEqual([]);
    const { report } = filed;
    if (report === undefined) throw new Error("no report");
    expect(report.results.map(({ check }) => check)).toEqual([...CHECKS]);
    expect(outcomeOf(report, "authenticity")).toBe("pass");
    expect(outcomeOf(report, "completeness")).toBe("pass");
    expect(outcomeOf(report, "usability")).toBe("pass");
    // Nobody has acknowledged anything yet, which is worth a look and no fault.
    expect(outcomeOf(report, "safety")).toBe("warn");
    const counted = Object.fromEntries(report.results.map((one) => [one.check, one.counted]));
    expect(counted["signedTree"]).toBeGreaterThan(350);
    expect(counted["footageReadable"]).toBeGreaterThan(350);
    await expect(office.record(caseId, "performanceRecord")).rejects.toMatchObject({
      code: "records.caseClosed",
    });
    const other = await office.open("penalty");
    await end(other);
    await expect(
      office.caseFiles.file({
        ...as("custodian"),
        caseId: other,
        archivalCode: "A-1",
        keep: 30,
        explained: "同号",
      }),
    ).rejects.toMatchObject({ code: "filing.codeTaken" });
  });

  it("names what is missing, unsigned, unreadable or a program, and takes an explanation alone", async () => {
    await opened("changli-mr");
    const caseId = await office.open("penalty");
    await office.record(caseId, "siteInspectionRecord", { signatures: [] });
    await office.store.append([
      {
        type: "scan",
        stream: streamId("scanned-elsewhere"),
        record: { json: { v: 1, caseId }, attachment: Buffer.from("MZ this is a program") },
      },
    ]);
    await end(caseId);
    const asked = { ...as("custodian"), caseId, archivalCode: "A-2", keep: "permanent" as const };
    const refusal = await refused(office.caseFiles.file(asked));
    expect(refusal.code).toBe("filing.incomplete");
    const wrong = refusal.details["wrong"] as readonly string[];
    expect(wrong.some((one) => one === "stagesCovered: decision: record")).toBe(true);
    expect(wrong.some((one) => one.startsWith("harmlessFormats: "))).toBe(true);
    const filed = await office.caseFiles.file({ ...asked, explained: "当事人失联，其余材料无法取得" });
    expect(filed.row.filed).toMatchObject({ explained: "当事人失联，其余材料无法取得", keep: "permanent" });
    expect(filed.report?.results.find(({ check }) => check === "harmlessFormats")?.outcome).toBe("fail");
    if (filed.report === undefined) throw new Error("no report");
    const tables = fourPropertyPage("示范局", filed, filed.report, office.kinds).blocks.filter(
      (block) => block.type === "table",
    );
    const said = tables.flatMap(({ rows }) => rows).flat();
    const inspection = filed.records[0]?.facts.recordId ?? "";
    const unsigned = said.find((cell) => cell.startsWith(inspection));
    for (const word of ["缺少签字 执法人员", "当事人或者", "缺少音像记录或者原因 现场检查（勘验）"])
      expect(unsigned, word).toContain(word);
    expect(said.some((cell) => cell.includes("决定：没有记录"))).toBe(true);
    // Ids of records, entries and cameras alone are not in Chinese.
    const ids = /rec-[0-9a-f]+|[0-9]{4}\/[0-9]+|cam-[0-9]+/g;
    expect(said.map((cell) => cell.replaceAll(ids, "")).filter((cell) => /[A-Za-z]/.test(cell))).toEqual([]);
  });

  it("says in Chinese what a check found, with moments as a clock shows them", async () => {
    await opened("changli-mr");
    const at = Date.UTC(2026, 2, 2, 2, 0);
    const gap = `cam-1 ${at}-${at + MINUTE} disconnected: footage`;
    expect(problemText(gap, office.kinds)).toBe(
      "cam-1 2026-03-02 10:00至2026-03-02 10:01 连接中断：没有音像",
    );
    expect(problemText("2026/17 evidence.bodyMissing", office.kinds)).toBe("2026/17 正文缺失");
    expect(problemText("what-nobody-knows", office.kinds)).toBe("what-nobody-knows");
  });

  it("fails the check of authenticity where a body can't be read as it was logged", async () => {
    await opened("changli-mr");
    const caseId = await wholeCase();
    const { entries } = await office.caseFiles.contents(caseId);
    const person = (await office.book.members(caseId)).find(({ type }) => type === "person");
    if (person === undefined) throw new Error("no person body");
    expect(entries.length).toBeGreaterThan(10);
    await office.store.erase({
      logId: person.ref.logId,
      ranges: [[person.ref.seq, person.ref.seq + 1]],
      of: "all",
      basis: "test",
    });
    const report = await office.caseFiles.check(caseId);
    expect(report.results.find(({ check }) => check === "bodyHashes")).toMatchObject({
      outcome: "fail",
      wrong: [`${person.ref.logId}/${person.ref.seq} evidence.bodyMissing`],
    });
  });
});

describe("the custodian", () => {
  it(
    proves(
      ["S0-29", "S1-20", "S2-27"],
      "one named role takes filed cases over on a list that both sides sign",
    ),
    async () => {
      await opened("qd-xha-commerce");
      const caseId = await wholeCase();
      await end(caseId);
      const { caseFiles } = office;
      await expect(caseFiles.handOver({ ...as("clerk"), caseIds: [caseId] })).rejects.toMatchObject({
        code: "filing.notEnded",
      });
      await caseFiles.file({ ...as("clerk"), caseId, archivalCode: "A-3", keep: 10, explained: "补充说明" });
      // Whoever made it may not keep it: it stays on this list until the custodian has signed.
      expect((await caseFiles.notHandedOver()).map((row) => row.caseId)).toEqual([caseId]);
      const list = await caseFiles.handOver({ ...as("clerk"), caseIds: [caseId] });
      expect((await caseFiles.notHandedOver()).length).toBe(1);
      await expect(caseFiles.takeOver({ ...as("supervisor"), listId: list.listId })).rejects.toMatchObject({
        code: "filing.custodianOnly",
      });
      await expect(
        caseFiles.takeOver({ ...as("custodian", "clerk-1"), listId: list.listId }),
      ).rejects.toMatchObject({ code: "filing.custodianOnly" });
      const signed = await caseFiles.takeOver({ ...as("custodian"), listId: list.listId });
      expect(signed).toMatchObject({ from: "clerk-1", to: "custodian-1", caseIds: [caseId] });
      expect(await caseFiles.notHandedOver()).toEqual([]);
      expect(await state(caseId)).toMatchObject({
        state: "handedOver",
        row: { handedOver: { to: "custodian-1" } },
      });
      await expect(caseFiles.takeOver({ ...as("custodian"), listId: list.listId })).rejects.toMatchObject({
        code: "filing.noSuchList",
      });
    },
  );
});

it("fills the metadata of an archived record with what the log says, and leaves the rest open", async () => {
  await opened("qd-xha-commerce");
  const caseId = await wholeCase();
  const elements = parseMetadataElements(
    JSON.parse(await readFile(join(CONFIGS, "document-kinds/archival-metadata.json"), "utf8")),
  );
  const [first] = await office.caseFiles.metadata(caseId, {
    elements,
    authority: "示范局",
    software: "0.0.0",
  });
  const value = (name: string) => first?.find((one) => one.name === name)?.value;
  expect(first).toHaveLength(elements.length);
  expect(value("title")).toBe("示范食品店涉嫌无证经营");
  expect(value("signatureAlgorithm")).toBe("Ed25519, SHA-256");
  expect(String(value("signature")).length).toBeGreaterThan(80);
  expect(value("relatedRecordsIdentifier")).toBe(caseId);
  expect(value("contentStatement")).toContain("行政处罚决定书");
  expect(value("archivesIdentifier")).toBeNull();
  expect(value("deviceManufacturer")).toBeNull();
});

it("counts scans and approvals of a matter among its members, and repeats a command without doing it twice", async () => {
  await opened("qd-xha-commerce");
  const caseId = await office.open("penalty");
  const command = as("clerk");
  const paper = await scan(office, "text");
  const once = await office.record(caseId, "startApproval", { ...command, scans: [paper] });
  const again = await office.record(caseId, "startApproval", { ...command, scans: [paper] });
  expect(again.facts.recordId).toBe(once.facts.recordId);
  expect(await office.records.list({ caseId })).toHaveLength(1);
  await office.records.approve({ ...as("leader"), recordId: once.facts.recordId });
  const types = (await office.book.members(caseId)).map(({ type }) => type);
  expect(types).toEqual(["case", "person", "case", "person", "approval"]);
});
