import { readFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CodedError } from "../../../gateway/domain/errors.ts";
import { documentId, seq } from "../../../gateway/domain/ids.ts";
import { isFootage } from "../../../gateway/evidence/entry.ts";
import type { ReadRecord } from "../../../gateway/evidence/append.ts";
import { sha256Of } from "../../../gateway/documents/finish.ts";
import { facts } from "../../unit/documents/facts.ts";
import { type Hall, type PrinterAtHand, actor, openHall, openPrinter } from "./hall.ts";

const CLAIM_CODE = "48201937";

function hasSocat(): boolean {
  try {
    execFileSync("socat", ["-V"], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("SKIPPED: the virtual printer needs socat (apt-get install socat)");
    return false;
  }
}

describe.skipIf(!hasSocat())("an issued document", () => {
  let hall: Hall;
  let desk: PrinterAtHand;
  beforeAll(async () => {
    hall = await openHall();
    desk = await openPrinter(hall, "virtual-80", { charset: "gb18030" });
  });
  afterAll(async () => {
    await desk.close();
    await hall.close();
  });

  async function records(): Promise<readonly ReadRecord[]> {
    const { logId, size } = hall.store.logs().find((log) => log.current) ?? { logId: undefined, size: 0 };
    if (logId === undefined) return [];
    const out: ReadRecord[] = [];
    for (let index = 0; index < size; index++) {
      const ref = { logId, seq: seq(index) };
      if (!isFootage((await hall.store.readEntry(ref)).type)) out.push(await hall.store.readRecord(ref));
    }
    return out;
  }
  async function codeOf(work: Promise<unknown>): Promise<unknown> {
    try {
      await work;
    } catch (error) {
      return error instanceof CodedError ? error.code : error;
    }
    return "resolved";
  }
  const printedText = async (): Promise<string> => readFile((await desk.slip()).text, "utf8");

  it("is finished once, however often and however concurrently it is asked for", async () => {
    const { id, ref } = await hall.issue(facts.materialReceipt);
    expect(await codeOf(hall.documents.pdf(id))).toBe("documents.notFinished");
    expect(await codeOf(hall.documents.print(id, { printer: desk.printer, actor }))).toBe(
      "documents.notFinished",
    );
    const results = await Promise.all([hall.documents.finish(ref), hall.documents.finish(ref)]);
    results.push(await hall.documents.finish(ref));
    expect(new Set(results.map(({ sha256 }) => sha256)).size).toBe(1);
    const renditions = (await records()).filter(
      ({ entry, body }) => entry.type === "rendition" && body.json["documentId"] === id,
    );
    expect(renditions).toHaveLength(1);
    expect(renditions[0]?.body.json).toMatchObject({
      draftReproduced: true,
      document: { logId: ref.logId, seq: ref.seq },
    });
    expect(await hall.documents.findByNumber(facts.materialReceipt.number)).toMatchObject({
      documentId: id,
      kind: "materialReceipt",
      prints: 0,
      printState: "unprinted",
    });
    const { bytes, sha256 } = await hall.documents.pdf(id);
    expect(sha256Of(bytes)).toBe(sha256);
    expect((await hall.documents.preview(id, "en")).blocks).toContainEqual({
      type: "title",
      text: "Material receipt",
    });
  });

  it("counts its prints, marks the second as a duplicate and leaves the bytes as they are (I8)", async () => {
    const { id, ref } = await hall.issue(facts.acceptanceNotice);
    const { sha256 } = await hall.documents.finish(ref);
    expect(await hall.documents.print(id, { printer: desk.printer, actor })).toEqual({ count: 1 });
    expect(await printedText()).not.toContain("副本");
    expect(await hall.documents.print(id, { printer: desk.printer, actor })).toEqual({ count: 2 });
    expect(await printedText()).toContain("副本（第2次打印）");
    expect(sha256Of((await hall.documents.pdf(id)).bytes)).toBe(sha256);
    const phases = (await records())
      .filter(({ entry, body }) => entry.type === "print" && body.json["documentId"] === id)
      .map(({ body: { json } }) => [json["phase"], json["count"], json["user"], json["printer"]]);
    expect(phases).toEqual([
      ["begun", 1, "clerk-1", "virtual-80"],
      ["done", 1, "clerk-1", "virtual-80"],
      ["begun", 2, "clerk-1", "virtual-80"],
      ["done", 2, "clerk-1", "virtual-80"],
    ]);
  });

  it("stays issued and says it is unprinted when the plug is pulled; the next slip is a duplicate (I13)", async () => {
    const { id, ref } = await hall.issue(facts.correctionNotice);
    const { sha256 } = await hall.documents.finish(ref);
    await desk.tell("unplug-after 3000");
    const failing = hall.documents.print(id, { printer: desk.printer, actor });
    expect(await codeOf(hall.documents.print(id, { printer: desk.printer, actor }))).toBe(
      "documents.printBusy",
    );
    await expect(failing).rejects.toMatchObject({
      code: "documents.printFailed",
      details: { reason: "printer.unplugged" },
    });
    const row = await hall.documents.find(id);
    expect(row).toMatchObject({ printState: "failed", printReason: "printer.unplugged", prints: 1 });
    expect(row?.rendition?.sha256).toBe(sha256);
    expect((await hall.documents.waiting("unprinted")).map((one) => one.documentId)).toEqual([id]);
    await desk.tell("plug");
    await hall.documents.print(id, { printer: desk.printer, actor });
    expect(await printedText()).toContain("副本（第2次打印）");
    expect(await hall.documents.waiting("unprinted")).toEqual([]);
  });

  it("prints a claim code on one slip and keeps it nowhere", async () => {
    const { id, ref } = await hall.issue({
      ...facts.nonAcceptanceNotice,
      number: "昌市监不受〔2026〕G1-000009号",
    });
    await hall.documents.finish(ref, { claimCode: CLAIM_CODE });
    await desk.tell("paper-out");
    const out = hall.documents.print(id, { printer: desk.printer, actor });
    await expect(out).rejects.toMatchObject({ details: { reason: "printer.paperOut" } });
    await desk.tell("paper-in");
    await hall.documents.print(id, { printer: desk.printer, actor });
    const first = await printedText();
    expect(first).toContain("4820 1937");
    expect(first, "no byte had gone out before").not.toContain("副本");
    await hall.documents.print(id, { printer: desk.printer, actor });
    expect(await printedText()).not.toContain("4820 1937");
    for (const { body } of await records()) {
      expect(JSON.stringify(body.json)).not.toContain(CLAIM_CODE);
      if (body.attachment !== undefined)
        expect(Buffer.from(body.attachment).includes(CLAIM_CODE)).toBe(false);
    }
  });

  it("does not know documents that were never issued", async () => {
    expect(await codeOf(hall.documents.pdf(documentId("none")))).toBe("documents.noSuchDocument");
    expect(await hall.documents.findByNumber("没有〔2026〕1号")).toBeUndefined();
  });
});
