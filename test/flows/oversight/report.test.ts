/** The monthly report and the books: figures of officers, sections and devices from entries alone, as PDF and CSV. */
import { createHash, randomBytes } from "node:crypto";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { cameraId, dockId, sha256Hex, streamId } from "../../../gateway/domain/ids.ts";
import { createRenderer } from "../../../gateway/documents/renderer/renderer.ts";
import {
  custodyRegister,
  checkLedger,
  deviceList,
  trainingList,
} from "../../../gateway/intake/oversight/registers.ts";
import { reportCsv, reportPage } from "../../../gateway/intake/oversight/report-page.ts";
import { lookLedger, requestRegister } from "../../../gateway/intake/access/registers.ts";
import { proves } from "../../law/proves.ts";
import { PEOPLE, fresh } from "../access/desk.ts";
import { refused } from "../intake/counter.ts";
import { INSPECTOR, type Inspected, RESPONSIBLE, openInspected } from "./inspected.ts";

const renderer = createRenderer();
afterAll(() => renderer.close());
let hall: Inspected;
afterEach(() => hall.remove());

const AUTHORITY = "示范县市场监督管理局";
const HEAD = { authority: AUTHORITY, fromMs: Date.UTC(2026, 7, 31, 16), toMs: Date.UTC(2026, 8, 30, 16) };
const HOUR_MS = 3_600_000;

async function isA4(page: Parameters<typeof renderer.pdf>[0]["content"]): Promise<void> {
  const { bytes } = await renderer.pdf({ content: page, issuedAtMs: HEAD.toMs });
  const text = Buffer.from(bytes).toString("latin1");
  expect(text.startsWith("%PDF-")).toBe(true);
  // A4 lying across, points.
  expect(text).toMatch(/MediaBox \[0 0 841\.\d+ 595\.\d+\]/);
}

async function useDevices(): Promise<void> {
  const { docks } = hall;
  const { store } = hall.counter;
  const handOver = { camera: "BC-0001", officer: "周洁", keeper: RESPONSIBLE };
  const checks = { works: true, battery: true, space: true, clock: true };
  const failed = { ...checks, clock: false };
  const out = { ...handOver, kind: "checkOut" } as const;
  const notReady = await refused(docks.handOver({ ...out, checks: failed, commandId: fresh() }));
  expect([notReady.code, notReady.details["article"]]).toEqual(["docks.notReady", "S3-B-3"]);
  await docks.handOver({ ...out, checks, commandId: fresh() });
  await docks.handOver({ ...handOver, kind: "checkIn", checks: {}, commandId: fresh() });
  const stream = streamId(`camera/${cameraId("cam-1")}/main`);
  const t = HEAD.fromMs + HOUR_MS;
  const appended = await store.append([
    { type: "fragment", stream, bytes: new Uint8Array(8), t, durMs: HOUR_MS / 2, codec: "avc1" },
    { type: "gap", stream, record: { json: { from: t + HOUR_MS, causes: ["disconnected"] } } },
    {
      type: "gap",
      stream,
      record: { json: { from: t + HOUR_MS, to: t + 2 * HOUR_MS, causes: ["disconnected"] } },
    },
  ]);
  const last = appended.at(-1);
  if (last !== undefined) await store.applied(last);
}

/** A body camera's file at the dock; the real upload, whatever its content. */
async function bodyCameraFile(camera: string): Promise<string> {
  const bytes = randomBytes(64);
  const startMs = HEAD.fromMs + HOUR_MS;
  const { uploadId } = await hall.docks.announce({
    dock: dockId("dock-1"),
    sizeBytes: bytes.length,
    sha256: sha256Hex(createHash("sha256").update(bytes).digest("hex")),
    vendorName: `${camera}.mkv`,
    camera,
    deviceStartMs: startMs,
    deviceEndMs: startMs + HOUR_MS,
    clockOffsetMs: 0,
    keyMarked: false,
  });
  await hall.docks.addChunk(dockId("dock-1"), uploadId, 0, bytes);
  return uploadId;
}

describe("the report of a month", () => {
  it(
    proves(
      ["S0-35", "S1-5"],
      "says how devices were used, what failed and whether a purpose is shown, and what each officer and section did",
    ),
    async () => {
      hall = await openInspected({ profile: "changli-mr", now: "2026-09-16 10:00" });
      const id = await hall.counter.received();
      // Two working days of the local limit pass: late, and listed with who.
      hall.counter.setNow("2026-09-21 09:00");
      const [item] = (await hall.counter.intake.get(id)).items;
      await hall.counter.judgeAll(id, [item?.itemId ?? ""]);
      await hall.counter.intake.notifyCorrection({
        ...(await hall.counter.on(id)),
        supplyHow: "窗口提交",
      });
      await useDevices();
      const unlabelled = await bodyCameraFile("BC-0001");
      await hall.docks.label({
        commandId: fresh(),
        by: RESPONSIBLE,
        fileId: await bodyCameraFile("BC-0001"),
        matter: id,
        party: "王芳",
        officer: "周洁",
        certNo: "03030001",
      });
      hall.complaints.push({ id: "complaint-1", receivedMs: HEAD.fromMs });
      await hall.inspections.comment({
        by: INSPECTOR,
        commandId: fresh(),
        subject: `matter/${id}`,
        text: "逾期告知",
      });
      const report = await hall.inspections.report("2026-09");
      expect(report.officers).toContainEqual(
        expect.objectContaining({
          of: "clerk-1",
          section: "行政审批科",
          figures: expect.objectContaining({ received: 1, correctionNotified: 1, lateNotices: 1 }),
        }),
      );
      expect(report.sections).toContainEqual(
        expect.objectContaining({ of: "行政审批科", figures: expect.objectContaining({ lateNotices: 1 }) }),
      );
      expect(report.listed).toMatchObject([{ kind: "lateNotice", applicationId: id, by: "clerk-1" }]);
      expect(report.cameras).toEqual([
        { of: "cam-1", figures: { recordedMs: HOUR_MS / 2, fragments: 1, gaps: 1, gapMs: HOUR_MS } },
      ]);
      expect(unlabelled).not.toBe("");
      expect(report.bodyCameras).toEqual([
        {
          of: "BC-0001",
          figures: expect.objectContaining({
            checkOut: 1,
            checkIn: 1,
            files: 2,
            withoutPurpose: 1,
          }) as object,
        },
      ]);
      expect(report.uninformedComplaints).toHaveLength(1);
      expect(report.inspections.comments).toBe(1);
      const csv = new TextDecoder("utf-8", { ignoreBOM: true }).decode(reportCsv(AUTHORITY, report));
      expect(csv.startsWith("\uFEFF")).toBe(true);
      expect(csv).toContain('"按执法人员","clerk-1","逾期告知","1"\r\n');
      expect(csv).toContain('"视频监控使用","cam-1","录像小时","0.50"\r\n');
      await isA4(reportPage(AUTHORITY, report));
      // Another month says nothing of it.
      expect((await hall.inspections.report("2026-10")).officers).toEqual([]);
      expect((await refused(hall.inspections.report("2026-00"))).code).toBe("oversight.badPeriod");
    },
  );

  it(proves(["S2-30", "S4-35"], "is summed over the year for the assessment"), async () => {
    hall = await openInspected({ profile: "bjt-drc", now: "2026-08-10 10:00" });
    await hall.counter.received();
    hall.counter.setNow("2026-09-16 10:00");
    await hall.counter.received();
    const { officers, period } = await hall.inspections.report("2026");
    expect(period).toBe("2026");
    expect(officers).toContainEqual(
      expect.objectContaining({
        of: "clerk-1",
        figures: expect.objectContaining({ started: 2, received: 2 }),
      }),
    );
    await isA4(reportPage(AUTHORITY, await hall.inspections.report("2026")));
  });
});

describe("the books", () => {
  it(
    proves(
      ["S3-C-2", "S4-33", "S0-34"],
      "of requests and of looks print what was asked, shown, approved and given",
    ),
    async () => {
      hall = await openInspected({ profile: "hrss-unnamed" });
      const id = await hall.decided();
      let view = await hall.ask({ requester: "party", matterId: id });
      view = await hall.show(view, ["identityDocument"]);
      view = await hall.approve(view, PEOPLE.head);
      const { requestId } = view.request;
      await hall.access.open({
        caller: PEOPLE.custodian,
        act: "copy",
        subject: "x",
        matterId: id,
        requestId,
      });
      const page = requestRegister(HEAD, await hall.access.list({ fromMs: 0, toMs: HEAD.toMs * 2 }));
      const said = JSON.stringify(page.blocks);
      for (const word of ["王芳", "身份证件", "复制 全部材料", "S4-33", "负责人 head-1 同意", "已批准"])
        expect(said).toContain(word);
      await isA4(page);
      const { rows } = await hall.ledger.page({});
      const looks = lookLedger(HEAD, rows);
      expect(JSON.stringify(looks.blocks)).toContain(`经批准的申请 ${requestId}`);
      await isA4(looks);
    },
  );

  it(
    proves(
      ["S3-B-3", "S3-B-8"],
      "of custody, devices and training list who had what, checked how, and who was trained",
    ),
    async () => {
      hall = await openInspected({ profile: "zz-mr", now: "2026-09-16 10:00" });
      await useDevices();
      const custody = await hall.inspections.custody({ fromMs: 0, toMs: HEAD.toMs * 2 });
      const page = custodyRegister(HEAD, custody);
      const said = JSON.stringify(page.blocks);
      for (const word of ["BC-0001", "领用", "归还", "周洁", "时间准确✓", "电量充足✓"])
        expect(said).toContain(word);
      await isA4(page);
      const device = {
        kind: "camera",
        id: "cam-1",
        name: "1号窗口",
        model: "ONVIF",
        place: "1号窗口",
        purpose: "受理过程记录",
        state: "recording",
      } as const;
      await isA4(deviceList(HEAD, [device]));
      const trained = {
        name: "周洁",
        section: "行政审批科",
        certificate: "03030001",
        training: ["执法记录 2026-09-01 8 学时"],
      };
      const list = trainingList(HEAD, [trained]);
      expect(JSON.stringify(list.blocks)).toContain("执法记录 2026-09-01 8 学时");
      await isA4(list);
      await isA4(checkLedger(HEAD, []));
    },
  );
});
