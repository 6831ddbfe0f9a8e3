/** One matter from the start of the procedure to its hand-over to the archive, in words, sound and picture. */
import { afterEach, describe, expect, it } from "vitest";
import { outcomeOf } from "../../../gateway/domain/case-files/four-properties.ts";
import type { MakeRecord } from "../../../gateway/intake/records/records.ts";
import { proves } from "../../law/proves.ts";
import { MINUTE, type Office, as, openOffice } from "./office.ts";

const DAY = 86_400_000;
let office: Office;
afterEach(() => office.close());

describe("a penalty under the rules of Baijiantan", () => {
  it(
    proves(
      ["S2-3"],
      "is followed link by link, in text and in all four ways of sound and picture, until the custodian has signed for it",
    ),
    async () => {
      office = await openOffice("bjt-drc");
      const { clock, records, caseFiles } = office;
      const caseId = await office.open("penalty");
      const made: { readonly kind: string; readonly stage: string; readonly recordId: string }[] = [];
      /** A day for each link; text first, and what belongs to it. */
      const record = async (kind: string, change: Partial<MakeRecord> = {}): Promise<void> => {
        let view = await office.record(caseId, kind, change);
        if (view.row.approval)
          view = await records.approve({ ...as("leader"), recordId: view.facts.recordId });
        expect(view.lacks, kind).toEqual([]);
        made.push({ kind, stage: view.row.stage, recordId: view.facts.recordId });
        clock.setWallMs(clock.wallMs() + DAY);
      };
      const span = () => {
        const fromMs = clock.wallMs() - 10 * MINUTE;
        return { fromMs, toMs: fromMs + 5 * MINUTE };
      };

      // 程序启动.
      await record("complaintRecord");
      // 调查取证: surveillance, a body camera, a photo; 录像、视频监控、照相.
      const { fromMs, toMs } = span();
      await office.film(fromMs, toMs - fromMs);
      await record("siteInspectionRecord", {
        footage: [
          { type: "camera", cameraId: "cam-1", fromMs, toMs },
          { type: "file", fileId: await office.bodyCamera(fromMs) },
        ],
      });
      const { scanId } = await office.scanned("photo", { kind: "caseFile", id: caseId });
      const photo = await office.scans.find(scanId);
      if (photo?.ref === undefined) throw new Error("no photo");
      await record("investigationRecord", { scans: [{ type: "scan", ref: photo.ref, media: "photo" }] });
      // 审查: the discussion with its sound, 录音, and the head's opinion.
      const sound = await office.bodyCamera(span().fromMs, "audio");
      await record("collectiveDiscussion", { footage: [{ type: "file", fileId: sound }] });
      await record("headApproval");
      // 决定, 送达, 执行.
      await record("penaltyDecision");
      await record("serviceOfPaper");
      await record("performanceRecord");
      const endedMs = clock.wallMs();
      await caseFiles.end({ ...as("clerk"), caseId, endedMs });

      // Each link is in the book of its stage, in the order in which it happened.
      const stages = ["start", "evidence", "review", "decision", "service", "execution"] as const;
      for (const stage of stages) {
        const listed = await records.list({ caseId, stage });
        expect(listed.map(({ facts }) => facts.recordId).toReversed(), stage).toEqual(
          made.filter((one) => one.stage === stage).map(({ recordId }) => recordId),
        );
        expect(listed.length, stage).toBeGreaterThan(0);
      }
      const times = made.map(({ stage }) => stages.findIndex((one) => one === stage));
      expect(times).toEqual(times.toSorted((a, b) => a - b));

      // 归档管理: whole, so it needs no explanation; then the list that both sides sign.
      const filed = await caseFiles.file({
        ...as("clerk"),
        caseId,
        archivalCode: "2026-XZCF-007",
        keep: 30,
      });
      expect(filed.missing).toEqual([]);
      if (filed.report === undefined) throw new Error("no report");
      for (const property of ["authenticity", "completeness", "usability"] as const)
        expect(outcomeOf(filed.report, property), property).toBe("pass");
      const { listId } = await caseFiles.handOver({ ...as("clerk"), caseIds: [caseId] });
      const signed = await caseFiles.takeOver({ ...as("custodian"), listId });
      expect(signed).toMatchObject({ from: "clerk-1", to: "custodian-1", caseIds: [caseId] });

      // What the custodian holds is all of it: every entry, the camera's span, both files of the body camera.
      const view = await caseFiles.get(caseId);
      expect(view.state).toBe("handedOver");
      expect(view.records.map(({ facts }) => facts.recordId).toSorted(byText)).toEqual(
        made.map(({ recordId }) => recordId).toSorted(byText),
      );
      const contents = await caseFiles.contents(caseId);
      expect(contents.cameras).toEqual([{ cameraId: "cam-1", fromMs, toMs }]);
      expect(contents.fileIds).toHaveLength(2);
      const held = new Set(contents.entries.map(({ seq }) => seq));
      for (const { ref } of view.records) expect(held.has(ref.seq)).toBe(true);
      expect(view.members.map((member) => member.scanId)).toContain(scanId);
      // And it is closed.
      await expect(office.record(caseId, "performanceRecord")).rejects.toMatchObject({
        code: "records.caseClosed",
      });
    },
    60_000,
  );
});

const byText = (a: string, b: string): number => (a < b ? -1 : 1);
