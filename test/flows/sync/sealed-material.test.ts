/**
 * What of a sealed matter stays here: everything that is reached from it, on the real store with scans, body-camera files
 * and footage. What belongs to another matter leaves as ever.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cameraId, commandId, seq, userId } from "../../../gateway/domain/ids.ts";
import type { Entry } from "../../../gateway/evidence/entry.ts";
import { createHandover } from "../../../gateway/handover/create-handover.ts";
import type { Handover, SealedPack } from "../../../gateway/handover/contract.ts";
import type { AccessDesk } from "../../../gateway/intake/access/access-desk.ts";
import { createAccess } from "../../../gateway/intake/access/create-access.ts";
import { createAccessLedger } from "../../../gateway/people/access-ledger.ts";
import { nodeSha256, nodeVerify } from "../../../gateway/signer/ed25519.ts";
import { proves } from "../../law/proves.ts";
import { refused } from "../intake/counter.ts";
import { MINUTE, type Office, as, openOffice } from "../records/office.ts";

const CLERK = { userId: userId("clerk-1"), roles: ["clerk"] } as const;
const HEAD = { userId: userId("head-1"), roles: ["leader"] } as const;
const fresh = () => commandId(randomUUID());

interface Matter {
  readonly caseId: string;
  readonly fileId: string;
  readonly scanIds: readonly string[];
  readonly packs: readonly SealedPack[];
  /** Sequence numbers from its first entry to before the next matter's. */
  readonly from: number;
  readonly to: number;
}

let office: Office;
let access: AccessDesk;
let handover: Handover;
let own: Matter;
let other: Matter;

/** A matter with all that a seal has to find: records, scans of each kind of link, labels, footage, a request, a hold. */
async function wholeMatter(filmedMs: number): Promise<Matter> {
  const elsewhere = await office.open("penalty");
  const from = office.store.stats().size;
  await office.film(filmedMs, 10_000);
  const fileId = await office.bodyCamera(filmedMs);
  const labelled = { commandId: fresh(), by: CLERK.userId, matter: "案由", party: "王芳" } as const;
  await office.docks.label({ ...labelled, fileId, officer: "周洁", certNo: "03030001" });
  const sensitivity = { caller: CLERK, labels: ["tradeSecret"], reason: "含配方" } as const;
  await access.label({ ...sensitivity, commandId: fresh(), target: `file/${fileId}` });
  const caseId = await office.open("penalty");
  const loose = await office.scanned("photo", { kind: "caseFile", id: elsewhere });
  const ref = (await office.scans.find(loose.scanId))?.ref;
  if (ref === undefined) throw new Error("no scan");
  const { facts } = await office.record(caseId, "sceneRecord", {
    footage: [{ type: "camera", cameraId: cameraId("cam-1"), fromMs: filmedMs, toMs: filmedMs + 10_000 }],
  });
  await office.records.supplement({
    ...as("clerk"),
    recordId: facts.recordId,
    footage: [{ type: "file", fileId }],
    scans: [{ type: "scan", ref, media: "photo" }],
  });
  const ofRecord = await office.scanned("signedPaper", { kind: "record", id: facts.recordId });
  const ofCase = await office.scanned("photo", { kind: "caseFile", id: caseId });
  const target = `matter/${caseId}`;
  await access.label({ ...sensitivity, commandId: fresh(), target });
  const person = { name: "李强", number: "03030007", unit: "示范区人民法院" };
  const purpose = "审理本案需要";
  const requested = { matterId: caseId, purpose, act: "copy", material: "file", inProceeding: true } as const;
  const asked = { ...requested, commandId: fresh(), caller: CLERK, requester: "court", person } as const;
  const { request } = await access.request(asked);
  const { requestId } = request;
  await access.close({ commandId: fresh(), caller: CLERK, requestId, how: "withdrawn" });
  const subject = { kind: "case", caseId } as const;
  const hold = await office.work.retention.hold({ ...as("supervisor"), subject, reason: "complaint" });
  const { holdId } = hold;
  await office.work.retention.lift({ ...as("leader"), holdId, why: "判决已生效" });
  await office.caseFiles.end({ ...as("clerk"), caseId, endedMs: office.clock.wallMs() });
  const packs = await handover.sealNow("demand");
  const to = office.store.stats().size;
  return { caseId, fileId, scanIds: [loose, ofRecord, ofCase].map(({ scanId }) => scanId), packs, from, to };
}

beforeAll(async () => {
  office = await openOffice("qd-xha-commerce", undefined, ({ store, clock }) => {
    const parts = { append: store, reader: store, views: store, clock };
    access = createAccess({
      ...parts,
      random: { bytes: (count) => randomBytes(count) },
      profiles: { current: () => office.profiles.current(), find: (...of) => office.profiles.find(...of) },
      ledger: createAccessLedger(parts),
      caseFiles: { isArchived: async () => false },
      otherMatters: { find: (id) => office.work.findMatter(id) },
      footage: {
        of: async (camera, from, to) => {
          const { fragments } = await office.catalogue.coverage(camera, from, to);
          return fragments.map(({ ref }) => ref);
        },
      },
      uploads: {
        of: async (id) => [...(await office.docks.entriesOf(id)), ...(await office.scans.entriesOf(id))],
      },
    });
    const withheld = (log: string, ranges: SealedPack["ranges"]) => access.isWithheld(log, ranges);
    const checks = { sha256: nodeSha256, verify: nodeVerify, witnesses: () => [] };
    handover = createHandover({ ...parts, store, ...checks, withheld });
  });
  const now = office.clock.wallMs();
  own = await wholeMatter(now - 60 * MINUTE);
  other = await wholeMatter(now - 20 * MINUTE);
});
afterAll(async () => {
  await handover.close();
  await office.close();
});

async function bytesOf({ sha256, sizeBytes }: SealedPack): Promise<number> {
  let got = 0;
  const range = { offset: 0, length: sizeBytes };
  for await (const part of handover.readPack(sha256, range)) got += part.length;
  return got;
}

const logOf = () => office.store.stats().logId;

/** Entries of the interval that would leave if a pack held nothing else. */
async function leaving({ from, to }: Matter): Promise<readonly (readonly [Entry, string])[]> {
  const found: (readonly [Entry, string])[] = [];
  for (let index = from; index < to; index += 1) {
    if (await access.isWithheld(logOf(), [[index, index + 1]])) continue;
    const ref = { logId: logOf(), seq: seq(index) };
    const entry = await office.store.readEntry(ref);
    const isBytes = ["init", "fragment", "chunk"].includes(entry.type);
    const json = isBytes ? {} : (await office.store.readRecord(ref)).body.json;
    found.push([entry, JSON.stringify(json)]);
  }
  return found;
}

describe("a sealed matter", () => {
  it("kept nothing here before", async () => {
    for (const pack of [...own.packs, ...other.packs]) expect(await bytesOf(pack)).toBe(pack.sizeBytes);
  });

  describe("once it is sealed", () => {
    let left: readonly (readonly [Entry, string])[];
    beforeAll(async () => {
      const { caseId: matterId } = own;
      await access.seal({ commandId: fresh(), caller: CLERK, matterId, reason: "附件标有机密" });
      left = await leaving(own);
    });
    const still = (of: (entry: Entry, words: string) => boolean) =>
      left.filter(([entry, words]) => of(entry, words)).map(([{ type, stream }]) => `${type} ${stream}`);

    it("keeps the bytes of its body-camera file here, with record, labels and the words on them", () => {
      expect(still(({ type, stream }) => type === "chunk" && stream.includes(own.fileId))).toEqual([]);
      expect(still(({ type }, words) => type !== "dock" && words.includes(own.fileId))).toEqual([]);
    });
    it("keeps its scans here, however they are linked: bytes, records and links", () => {
      for (const id of own.scanIds) {
        expect(still(({ type, stream }) => type === "chunk" && stream.includes(id))).toEqual([]);
        expect(still((_, words) => words.includes(id))).toEqual([]);
      }
    });
    it("keeps labels here that name it as their target", () =>
      expect(still(({ type }) => type === "label")).toEqual([]));
    it("keeps entries here that name it as a case alone: records, persons, its end, holds, what was asked of it", () => {
      expect(still((_, words) => words.includes(own.caseId))).toEqual([]);
      for (const kind of ["person", "hold", "access"] as const)
        expect(still(({ type }) => type === kind)).toEqual([]);
    });
    it("keeps the camera footage here that its records link", () =>
      expect(still(({ type }) => type === "fragment")).toEqual([]));

    it(
      proves(
        ["S3-C-9", "S0-33"],
        "a sealed matter's papers, scans, labels, footage and body-camera files stay here until the release; another's leave",
      ),
      async () => {
        // What is left names neither the matter nor anything of it: dock messages, the run of a camera, the seals.
        const types = new Set(left.map(([{ type }]) => type));
        for (const type of types) expect(["dock", "run", "init", "pack"]).toContain(type);
        expect(own.packs.length).toBeGreaterThanOrEqual(2);
        for (const pack of own.packs) expect((await refused(bytesOf(pack))).code).toBe("sync.packWithheld");
        for (const pack of other.packs) expect(await bytesOf(pack)).toBe(pack.sizeBytes);
        for (let index = other.from; index < other.to; index += 1)
          expect(await access.isWithheld(logOf(), [[index, index + 1]])).toBe(false);
        const decided = { matterId: own.caseId, decision: "release", opinion: "核实后不涉密" } as const;
        await access.decideSeal({ ...decided, commandId: fresh(), caller: HEAD });
        for (const pack of own.packs) expect(await bytesOf(pack)).toBe(pack.sizeBytes);
      },
    );
  });
});
