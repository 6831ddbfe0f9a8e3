/** Papers, scans and footage of one matter in one case file, on the real store, with neither archive nor link. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cameraId } from "../../../gateway/domain/ids.ts";
import { proves } from "../../law/proves.ts";
import { filmedNow } from "./asserted.ts";
import { MINUTE, type Office, as, openOffice } from "./office.ts";

let office: Office;
beforeAll(async () => {
  office = await openOffice("qd-xha-commerce");
  await office.film(office.clock.wallMs() - 20 * MINUTE, 40 * MINUTE);
});
afterAll(() => office.close());

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe("a case file", () => {
  it(
    proves(
      ["S0-3"],
      "lists papers, scans and footage that is really there, each of which can be taken out of this box alone",
    ),
    async () => {
      const caseId = await office.open("penalty");
      const filmed = filmedNow(office);
      const scene = await office.record(caseId, "sceneRecord", filmed);
      const bodyCamera = await office.bodyCamera(office.clock.wallMs() - 10 * MINUTE);
      await office.record(caseId, "penaltyDecision", { footage: [{ type: "file", fileId: bodyCamera }] });
      const { recordId } = scene.facts;
      const ofRecord = await office.scanned("signedPaper", { kind: "record", id: recordId });
      const ofCase = await office.scanned("photo", { kind: "caseFile", id: caseId });
      const elsewhere = await office.open("penalty");
      await office.scanned("photo", { kind: "caseFile", id: elsewhere });

      const file = await office.caseFiles.get(caseId);
      expect(file.records.map(({ facts }) => facts.kind).toSorted()).toEqual([
        "penaltyDecision",
        "sceneRecord",
      ]);
      const scans = file.members.filter(({ scanId }) => scanId !== undefined);
      expect(scans.map(({ scanId, what }) => [scanId, what])).toEqual([
        [ofRecord.scanId, "signedPaper"],
        [ofCase.scanId, "photo"],
      ]);
      for (const { scanId, bytes } of [ofRecord, ofCase])
        expect((await whole(office.scans.bytes(scanId))).equals(bytes)).toBe(true);

      const camera = file.links.find(({ link }) => link.type === "camera")?.link;
      if (camera?.type !== "camera") throw new Error("no camera's footage");
      const { fromMs, toMs, spans } = camera;
      // What is there covers the record from its beginning to its end.
      expect(spans[0]?.fromMs).toBeLessThanOrEqual(fromMs);
      expect(spans.at(-1)?.toMs).toBeGreaterThanOrEqual(toMs);
      const { fragments } = await office.catalogue.coverage(cameraId(camera.cameraId), fromMs, toMs);
      expect(fragments.length).toBeGreaterThanOrEqual(Math.floor((toMs - fromMs) / 2000));
      for (const { ref } of [fragments[0], fragments.at(-1)].filter((one) => one !== undefined))
        expect((await office.store.readFootage(ref)).bytes.length).toBeGreaterThan(0);
      expect(file.links.map(({ link }) => link.type).toSorted()).toEqual(["camera", "file"]);
      expect((await whole(office.docks.bytes(bodyCamera))).length).toBeGreaterThan(0);
      // A minute that nobody filmed is not covered, so the coverage above says something.
      const after = office.clock.wallMs() + 60 * MINUTE;
      const none = await office.catalogue.coverage(cameraId(camera.cameraId), after, after + MINUTE);
      expect(none.fragments).toEqual([]);
    },
  );

  it("takes no scan once it is filed, nor for a record or matter that is not there", async () => {
    const caseId = await office.open("penalty");
    const { facts } = await office.record(caseId, "sceneRecord", filmedNow(office));
    await office.caseFiles.end({ ...as("clerk"), caseId, endedMs: office.clock.wallMs() });
    await office.scanned("photo", { kind: "caseFile", id: caseId });
    await office.caseFiles.file({
      ...as("clerk"),
      caseId,
      archivalCode: "QD-2026-0007",
      keep: 30,
      explained: "其余文书另卷保存",
    });
    const code = { code: "records.caseClosed", details: { code: "QD-2026-0007" } };
    await expect(office.scanned("photo", { kind: "caseFile", id: caseId })).rejects.toMatchObject(code);
    await expect(office.scanned("photo", { kind: "record", id: facts.recordId })).rejects.toMatchObject(code);
    for (const link of [
      { kind: "record", id: "rec-00000000000000000000" },
      { kind: "caseFile", id: "case-nothing" },
    ] as const)
      await expect(office.scanned("photo", link)).rejects.toMatchObject({ code: "scans.noSuchTarget" });
    const { members } = await office.caseFiles.get(caseId);
    expect(members.filter(({ scanId }) => scanId !== undefined)).toHaveLength(1);
  });
});
