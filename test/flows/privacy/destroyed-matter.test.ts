/**
 * A matter is destroyed by its list: its words, its scans, its body-camera files, what was said of them, and what a
 * crash or a refused upload left of them are in no file of the box any more.
 */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandId, sha256Hex, streamId } from "../../../gateway/domain/ids.ts";
import { decodeEntry } from "../../../gateway/evidence/entry.ts";
import { testVerifierKey } from "../../contract/real-store.ts";
import { filesWith } from "../../contract/store/on-disk.ts";
import { verdictOn } from "../../contract/store/verdict.ts";
import { MINUTE, type Office, as, openOffice } from "../records/office.ts";

const FOR_EVER = Date.UTC(2199, 0, 1);
const LABELLED_PARTY = "label-party-who-must-be-forgotten";
const SAID = "said-in-the-record-and-to-be-forgotten";
let office: Office;
beforeEach(async () => {
  office = await openOffice("qd-xha-commerce");
});
afterEach(() => office.close());

const fieldsOf = (kind: string): readonly string[] => office.kinds.find(kind)?.fields ?? [];

/** Pieces that chance puts nowhere else. */
const piecesOf = (bytes: Uint8Array): readonly Uint8Array[] =>
  [0, bytes.length >> 1, bytes.length - 24].map((at) => bytes.subarray(at, at + 24));

async function destroy(items: Parameters<Office["work"]["retention"]["drawUp"]>[0]["items"]): Promise<void> {
  const { retention } = office.work;
  const { listId } = await retention.drawUp({ ...as("clerk"), items });
  await retention.appraise({ ...as("custodian"), listId, opinion: "期满" });
  await retention.approve({ ...as("leader"), listId });
  await retention.approve({ ...as("supervisor", "leader-2"), listId });
  await retention.carryOut({ ...as("custodian"), listId });
}

async function fileAway(caseId: string, code: string): Promise<void> {
  await office.caseFiles.end({ ...as("clerk"), caseId, endedMs: office.clock.wallMs() });
  await office.caseFiles.file({
    ...as("custodian"),
    caseId,
    archivalCode: code,
    keep: 10,
    explained: "测试",
  });
}

/** Brings a page whose first try was refused at its end; resolves with the bytes of that try, which are on the disk. */
async function refusedOnce(page: Uint8Array): Promise<Uint8Array> {
  const wrong = new Uint8Array(randomBytes(page.length));
  const { uploadId } = await announced(page);
  await expect(office.scans.addChunk(uploadId, 0, wrong)).rejects.toMatchObject({
    code: "scans.hashMismatch",
  });
  return wrong;
}

const announced = (page: Uint8Array) =>
  office.scans.announce({
    by: as("clerk").actor.userId,
    mediaType: "image/png",
    sizeBytes: page.length,
    sha256: sha256Hex(createHash("sha256").update(page).digest("hex")),
  });

async function labelled(fileId: string): Promise<void> {
  await office.docks.label({
    fileId,
    matter: "检查",
    party: LABELLED_PARTY,
    officer: "周洁",
    certNo: "03030001",
    by: as("clerk").actor.userId,
    commandId: commandId(randomUUID()),
  });
}

describe("a matter on a destruction list", () => {
  it("leaves no byte of its words, scans, files and labels, nor of tries and orphans, and the log stays provable", async () => {
    const { docks, scans, store } = office;
    const fileId = await office.bodyCamera(office.clock.wallMs() - 10 * MINUTE);
    await labelled(fileId);
    expect(await docks.file(fileId)).toMatchObject({ labels: { party: LABELLED_PARTY } });
    const caseId = await office.open("penalty");
    const record = await office.record(caseId, "investigationRecord", {
      footage: [{ type: "file", fileId }],
      fields: Object.fromEntries(fieldsOf("investigationRecord").map((field) => [field, SAID])),
    });
    const own = await office.scanned("material", { kind: "caseFile", id: caseId });
    const ofRecord = await office.scanned("credential", { kind: "record", id: record.facts.recordId });
    // Refused once, then brought again.
    const page = (await office.scanned("photo", { kind: "caseFile", id: caseId })).bytes;
    const again = new Uint8Array(Buffer.concat([page, Buffer.of(0)]));
    const wrong = await refusedOnce(again);
    expect(await linkedTo(caseId, again)).toHaveLength(1);
    // What the store keeps of a body that a power cut left without its entry.
    const orphaned = new Uint8Array(randomBytes(200));
    await store.append([
      {
        type: "orphan",
        stream: streamId("log"),
        record: { json: { readable: true, caseId }, attachment: orphaned },
      },
    ]);
    await fileAway(caseId, "A-1");
    office.acknowledge(FOR_EVER);

    const fileBytes = await allOf(docks.bytes(fileId));
    const needles = [
      "王芳",
      SAID,
      LABELLED_PARTY,
      ...[own.bytes, ofRecord.bytes, page, again, wrong, orphaned, fileBytes].flatMap(piecesOf),
    ];
    for (const needle of needles) expect(await filesWith(office.dataFolder, [needle])).not.toEqual([]);

    office.clock.setWallMs(Date.UTC(2046, 0, 5));
    await destroy([{ kind: "case", caseId }]);
    expect(await filesWith(office.dataFolder, needles), "while the gateway runs").toEqual([]);
    expect(await docks.file(fileId)).toMatchObject({ labels: { party: "" }, missingLabels: [] });

    const logs = store.logs();
    const { logId, size } = logs[0] ?? never();
    const kinds = new Set<string>();
    for (const { seq, bytes } of await store.entries(logId, 0, size)) {
      const entry = decodeEntry(bytes);
      const read = store.bodyValue({ logId, seq });
      await read.catch((error: unknown) => {
        expect(error).toMatchObject({ code: "evidence.bodyMissing", details: { why: "erased" } });
        kinds.add(entry.type);
      });
    }
    expect([...kinds].sort()).toEqual(["chunk", "file", "orphan", "person", "scan"]);
    await scans.close();
    await store.close();
    expect(await filesWith(office.dataFolder, needles), "after it ended").toEqual([]);
    const verdict = await verdictOn(
      office.dataFolder,
      logs.map(({ origin }) => testVerifierKey(origin)),
    );
    expect(verdict.result).toBe("erased");
  });

  it("keeps a scan that another matter needs, and takes it with the last one", async () => {
    const [first, second] = [await office.open("penalty"), await office.open("penalty")];
    const { scanId, bytes } = await office.scanned("material", { kind: "caseFile", id: first });
    await office.scans.link({
      commandId: commandId(randomUUID()),
      by: as("clerk").actor.userId,
      scanId,
      purpose: "material",
      link: { kind: "caseFile", id: second },
    });
    await fileAway(first, "A-1");
    await fileAway(second, "A-2");
    office.acknowledge(FOR_EVER);
    office.clock.setWallMs(Date.UTC(2046, 0, 5));
    await destroy([{ kind: "case", caseId: first }]);
    expect((await allOf(office.scans.bytes(scanId))).equals(bytes)).toBe(true);
    office.acknowledge(FOR_EVER);
    await destroy([{ kind: "case", caseId: second }]);
    expect(await filesWith(office.dataFolder, piecesOf(bytes))).toEqual([]);
  });

  it("lets the same page be brought again later, as a scan of its own", async () => {
    const first = await office.open("penalty");
    const { scanId, bytes } = await office.scanned("material", { kind: "caseFile", id: first });
    await fileAway(first, "A-1");
    office.acknowledge(FOR_EVER);
    office.clock.setWallMs(Date.UTC(2046, 0, 5));
    await destroy([{ kind: "case", caseId: first }]);
    const second = await office.open("penalty");
    const [again] = await linkedTo(second, bytes);
    expect(again?.scanId).toBe(scanId);
    expect((await allOf(office.scans.bytes(scanId))).equals(bytes)).toBe(true);
    expect(await office.scans.of({ kind: "caseFile", id: first })).toEqual([]);
    expect(await office.book.casesOfScan(scanId)).toEqual([second]);
  });
});

/** Brings a page and links it to the matter. */
async function linkedTo(caseId: string, bytes: Uint8Array): ReturnType<Office["scans"]["of"]> {
  const { scans } = office;
  const by = as("clerk").actor.userId;
  const { uploadId, state } = await announced(bytes);
  if (state === "open") await scans.addChunk(uploadId, 0, bytes);
  const link = { kind: "caseFile", id: caseId } as const;
  await scans.link({ commandId: commandId(randomUUID()), by, scanId: uploadId, purpose: "photo", link });
  const all = await scans.of(link);
  return all.filter((scan) => scan.scanId === uploadId);
}

async function allOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

function never(): never {
  throw new Error("there is a log");
}
