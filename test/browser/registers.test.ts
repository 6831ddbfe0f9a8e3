/** Service, officers, guides, limits and the bureau's inbox on the screens: accessible, and what they send. */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { userId } from "../../gateway/domain/ids.ts";
import type { DueView } from "../../gateway/http/contract/bureau.ts";
import type { GuideView } from "../../gateway/http/contract/guides.ts";
import type { OfficerView } from "../../gateway/http/contract/officers.ts";
import type { ServiceView } from "../../gateway/http/contract/service.ts";
import { hasChromium } from "./chromium.ts";
import * as hall from "./hall.ts";
import { axeFindings, smallTargets, smallestText } from "./in-page.ts";
import { type ScreenWorld, screenWorld } from "./screen-world.ts";

const DESKTOP = { width: 1440, height: 1000 };
/** Set to look at the screens. */
const SHOTS = process.env["SCREENSHOTS"];
let world: ScreenWorld;

async function check(page: Page, screen: string): Promise<void> {
  if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `${screen}.png`), fullPage: true });
  expect(await axeFindings(page), `axe: ${screen}`).toEqual([]);
  expect(
    await page.evaluate("document.documentElement.scrollWidth - innerWidth"),
    screen,
  ).toBeLessThanOrEqual(0);
}

const OFFICERS: OfficerView[] = [
  {
    officerId: userId("zhou"),
    name: "周洁",
    kind: "officer",
    section: "行政审批科",
    certificate: { certNo: "03030001", validFrom: "2024-01-01", validTo: "2027-12-31" },
    active: true,
    standing: "certified",
    training: [{ topic: "全过程记录", on: "2026-03-05", hours: 8 }],
  },
  {
    officerId: userId("wu"),
    name: "吴刚",
    kind: "officer",
    section: "行政审批科",
    certificate: { certNo: "03030002", validFrom: "2022-01-01", validTo: "2025-12-31" },
    active: true,
    standing: "expired",
    training: [],
  },
];
const paper = hall.notified.papers[0];

const SERVICE: ServiceView = {
  documentId: paper?.documentId ?? ("d1" as ServiceView["documentId"]),
  applicationId: hall.notified.applicationId,
  title: "补正通知书",
  number: "示市监补〔2026〕A1-000001号",
  issuedAt: Date.parse("2026-09-16T10:00:00+08:00"),
  foreign: false,
  version: 3,
  served: null,
  notified: { due: "2026-09-23", firstAttemptAt: null, inTime: false },
  attempts: [
    {
      attemptId: "d1.a1",
      method: "direct",
      status: "failed",
      happenedAt: Date.parse("2026-09-17T10:00:00+08:00"),
      recordedAt: Date.parse("2026-09-17T12:00:00+08:00"),
      by: "zhou",
      servers: [
        { officerId: "zhou", certNo: "03030001" },
        { officerId: "li", certNo: "03030003" },
      ],
      credentialsShown: true,
      placeKind: "domicile",
      words: {
        recipient: "王芳",
        place: "示范县人民路1号",
        stated: [{ name: "signee", value: "王芳" }],
      },
      evidence: [],
      lacking: [],
      failed: { why: "absent", onDate: "2026-09-17", account: "两次上门均无人应答。" },
      warnings: [],
    },
    {
      attemptId: "d1.a2",
      method: "postal",
      status: "open",
      happenedAt: Date.parse("2026-09-18T09:00:00+08:00"),
      recordedAt: Date.parse("2026-09-18T09:10:00+08:00"),
      by: "zhou",
      servers: [{ officerId: "zhou", certNo: "03030001" }],
      credentialsShown: false,
      placeKind: "other",
      words: {
        recipient: "王芳",
        place: "示范县邮政局",
        stated: [{ name: "postalNo", value: "EA123456789CN" }],
      },
      evidence: [{ kind: "postalRegistration", link: { in: "scan", scanId: `s${"0".repeat(40)}` } }],
      lacking: [
        { kind: "postalVoucher", article: "S4-12(2)" },
        { kind: "postalReturnReceipt", article: "S4-12(2)" },
      ],
      failed: null,
      warnings: [],
    },
  ],
};

const GUIDE: GuideView = {
  code: "food-business-licence",
  name: { zh: "食品经营许可", en: "Food business licence" },
  basis: "《食品安全法》第三十五条",
  legalDays: 20,
  promisedDays: 10,
  version: 2,
  publishedOn: "2026-09-01",
  items: [
    {
      itemId: "form",
      name: { zh: "申请书", en: "Application form" },
      form: "original",
      copies: 1,
      required: true,
      legalForm: { zh: "申请人签字或盖章", en: "Signed or sealed" },
      basis: "《食品经营许可和备案管理办法》第十二条",
    },
  ],
};

describe.skipIf(!hasChromium)("registers on the screens", () => {
  beforeAll(async () => {
    world = await screenWorld();
  });
  afterAll(async () => {
    await world?.close();
  });
  afterEach(async () => {
    await world.closePages();
  });
  beforeEach(() => {
    world.gateway.answer({
      "GET /api/session": hall.session("clerk"),
      "GET /api/catalogue": hall.catalogue,
      "GET /api/cameras": [hall.camera],
      "GET /api/intakes": [...hall.rows],
      "GET /api/intakes/:id": hall.notified,
      "GET /api/officers": OFFICERS,
      "GET /api/services/:documentId": SERVICE,
    });
  });

  it("shows a paper's attempts with what is missing, scans a voucher in and sends what the way has to state", async () => {
    const { gateway } = world;
    const uploadId = `s${"1".repeat(40)}`;
    gateway.answer({
      "POST /api/scan-uploads": { uploadId, offset: 0, sizeBytes: 4, state: "open" },
      "PUT /api/scan-uploads/:uploadId": { uploadId, offset: 4, sizeBytes: 4, state: "stored" },
      "POST /api/scans/:scanId/links": SCAN(uploadId),
      "POST /api/services/:documentId/evidence": SERVICE,
      "POST /api/services/:documentId/attempts": SERVICE,
    });
    const page = await world.open("/clerk", DESKTOP);
    await page.getByRole("button", { name: /㛃\*\*/ }).click();
    await page.getByRole("button", { name: "其他送达方式" }).first().click();
    await page.getByText("手续未齐，尚未送达").waitFor();
    await page.getByText("S4-12(2)").first().waitFor();
    expect(await page.getByRole("button", { name: "手续齐全，记为已送达" }).isDisabled()).toBe(true);
    await check(page, "service-open");
    await page
      .getByLabel("付邮凭证")
      .setInputFiles({ name: "v.png", mimeType: "image/png", buffer: Buffer.from("abcd") });
    await expect
      .poll(() => gateway.askedFor("POST /api/services/:documentId/evidence").at(-1)?.body)
      .toMatchObject({
        attemptId: "d1.a2",
        expectedVersion: 3,
        evidence: [{ kind: "postalVoucher", link: { in: "scan", scanId: uploadId } }],
      });
    expect(gateway.askedFor("POST /api/scans/:scanId/links").at(-1)?.body).toMatchObject({
      purpose: "postalVoucher",
    });

    gateway.answer({
      "GET /api/services/:documentId": { ...SERVICE, attempts: SERVICE.attempts.slice(0, 1) },
    });
    await page.getByRole("button", { name: "其他送达方式" }).first().click();
    await page.getByRole("button", { name: "其他送达方式" }).first().click();
    await page.getByLabel("送达方式", { exact: true }).selectOption("leaving");
    await page.getByLabel("拒收事由").fill("当事人阅后拒绝签字");
    await page.getByLabel("见证人").fill("居委会刘敏");
    await page.getByLabel("送达地点").fill("示范县人民路1号");
    await page.getByLabel("周洁").check();
    await page.getByLabel("吴刚").check();
    await page.getByLabel("已出示执法证件").check();
    await check(page, "service-attempt");
    const before = gateway.askedFor("POST /api/services/:documentId/attempts").length;
    await page.getByLabel("送达时间").fill("");
    await page.getByRole("button", { name: "记录这次送达" }).click();
    expect(await page.getByLabel("送达时间").evaluate((input) => input.matches(":invalid"))).toBe(true);
    expect(gateway.askedFor("POST /api/services/:documentId/attempts")).toHaveLength(before);
    await page.getByLabel("送达时间").fill("2026-09-17T15:30");
    await page.getByRole("button", { name: "记录这次送达" }).click();
    await expect
      .poll(() => gateway.askedFor("POST /api/services/:documentId/attempts").at(-1)?.body)
      .toMatchObject({
        attempt: {
          method: "leaving",
          // What was typed is Beijing time, wherever the desk's computer thinks it is.
          happenedAt: Date.parse("2026-09-17T15:30:00+08:00"),
          refusal: "当事人阅后拒绝签字",
          witness: "居委会刘敏",
          servers: ["zhou", "wu"],
          credentialsShown: true,
          placeKind: "domicile",
        },
      });
  });

  it("shows the clerk the decision's limit, and sends pause, resume and decision as they were entered", async () => {
    const { gateway } = world;
    const { applicationId } = hall.notified;
    const running: DueView = {
      applicationId,
      caseNo: "HR-2026-0001",
      status: "running",
      date: "2026-10-20",
      decisionDue: "2026-10-20",
      provisional: false,
      effectiveDay: "2026-09-16",
      pauses: [],
      extensionDays: null,
      decided: null,
      documentId: null,
    };
    const stopped = { reason: "hearing", from: "2026-09-20", documentNo: "示市监听〔2026〕3号" } as const;
    const paused: DueView = { ...running, status: "paused", pauses: [{ ...stopped, to: null }] };
    const decided = {
      decision: "refused",
      number: "示市监不许〔2026〕2号",
      decidedOn: "2026-09-30",
    } as const;
    const documentId = `${applicationId}.x1` as ServiceView["documentId"];
    const foreign = {
      ...SERVICE,
      documentId,
      foreign: true,
      title: "不予行政许可决定书",
      number: decided.number,
    };
    gateway.answer({
      "GET /api/intakes/:id": { ...hall.notified, phase: "ACCEPTED" },
      "GET /api/intakes/:id/services": [],
      "GET /api/bureau/due": [running],
      "POST /api/bureau/due/:id/pause": paused,
      "POST /api/bureau/due/:id/resume": running,
      "POST /api/bureau/due/:id/decision": { ...running, status: "toDeliver", decided, documentId },
    });
    const page = await world.open("/clerk", DESKTOP);
    await page.getByRole("button", { name: /㛃\*\*/ }).click();
    await page.getByText("法定决定期限：2026-10-20").waitFor();
    await check(page, "decision-running");
    await page.getByLabel("书面告知文号").fill(stopped.documentNo);
    gateway.answer({ "GET /api/bureau/due": [paused] });
    await page.getByRole("button", { name: "中止期限" }).click();
    await page.getByRole("button", { name: "恢复计算期限" }).waitFor();
    expect(gateway.askedFor("POST /api/bureau/due/:id/pause").at(-1)?.body).toMatchObject({
      reason: "hearing",
      documentNo: stopped.documentNo,
    });
    await check(page, "decision-paused");
    gateway.answer({ "GET /api/bureau/due": [running] });
    await page.getByRole("button", { name: "恢复计算期限" }).click();
    const submit = page.getByRole("button", { name: "登记决定" });
    expect(await submit.isDisabled()).toBe(true);
    await page.getByLabel("决定", { exact: true }).selectOption("refused");
    await page.getByLabel("决定书文号").fill(decided.number);
    await page.getByLabel("决定日期").fill(decided.decidedOn);
    gateway.answer({
      "GET /api/bureau/due": [{ ...running, status: "toDeliver", decided, documentId }],
      "GET /api/intakes/:id/services": [foreign],
    });
    await submit.click();
    await page.getByRole("heading", { name: /不予行政许可决定书/ }).waitFor();
    expect(gateway.askedFor("POST /api/bureau/due/:id/decision").at(-1)?.body).toMatchObject(decided);
    expect(await submit.count()).toBe(0);
    await check(page, "decision-made");
  });

  it("shows an applicant at the kiosk the published guide, one matter at a time", async () => {
    const { gateway } = world;
    gateway.show({ screen: { kind: "idle" }, claim: null });
    gateway.answer({
      "GET /api/kiosk/binding": { counterId: "w1" as never, csrfToken: "csrf-of-the-kiosk" },
      "GET /log": { origins: [], verifierKeys: [] },
      "GET /api/kiosk/guides": [
        GUIDE,
        { ...GUIDE, code: "other-licence", name: { zh: "劳务派遣许可", en: "Labour dispatch licence" } },
      ],
    });
    const page = await world.open("/", { width: 1080, height: 1920 });
    await page.getByRole("button", { name: /办事指南/ }).click();
    const matter = page.getByRole("button", { name: /食品经营许可/ });
    await matter.waitFor();
    expect(await page.getByText("申请书").count()).toBe(0);
    await matter.click();
    await page.getByText("申请人签字或盖章").waitFor();
    expect(await matter.getAttribute("aria-expanded")).toBe("true");
    await check(page, "kiosk-guide");
    expect(await smallTargets(page, 60)).toEqual([]);
    expect(await smallestText(page)).toBeGreaterThanOrEqual(18);
    await page.getByRole("button", { name: /劳务派遣许可/ }).click();
    expect(await matter.getAttribute("aria-expanded")).toBe("false");
    await page.getByRole("button", { name: "返回" }).click();
    await page.getByRole("button", { name: /办事指南/ }).waitFor();
  });

  it("fills the register form from a case, and links the case once registered", async () => {
    const { gateway } = world;
    const applicant = {
      kind: "person",
      name: "王芳",
      idKind: "residentId",
      idNumber: "11010519491231002X",
      phone: "13800138000",
    } as const;
    const found = {
      caseNo: "HR-2026-0001",
      matterCode: hall.catalogue.matters[0]?.code ?? "",
      source: "qr",
      cameAt: 0,
      applicationId: null,
      applicant,
    } as const;
    gateway.answer({
      "GET /api/intakes/:id": hall.started,
      "GET /api/bureau/cases": [found],
      "POST /api/intakes/:id/register": hall.answered(hall.registered),
      "POST /api/bureau/cases/link": found,
    });
    const page = await world.open("/clerk", DESKTOP);
    await page.getByRole("button", { name: /㛃\*\*/ }).click();
    await page.getByText("从业务系统带入").click();
    await page.getByRole("button", { name: "带入" }).click();
    await check(page, "inbox");
    expect(await page.getByLabel("姓名").inputValue()).toBe("王芳");
    await page.getByRole("button", { name: "登记并进入收件" }).click();
    await expect
      .poll(() => gateway.askedFor("POST /api/bureau/cases/link").at(-1)?.body)
      .toMatchObject({ caseNo: "HR-2026-0001" });
    expect(gateway.askedFor("POST /api/intakes/:id/register").at(-1)?.body).toMatchObject({
      applicant,
      matterCode: found.matterCode,
    });
  });

  it("shows the supervisor officers, guides and limits, and every bad row of a table", async () => {
    const { gateway } = world;
    gateway.answer({
      "GET /api/session": hall.session("supervisor"),
      "GET /api/guides": [
        {
          code: GUIDE.code,
          inForce: GUIDE,
          coming: [],
          draft: { ...withoutVersion(GUIDE), by: "boss", at: 0 },
        },
      ],
      "GET /api/bureau/due": [
        {
          applicationId: hall.notified.applicationId,
          caseNo: "HR-2026-0001",
          status: "soon",
          date: "2026-10-14",
          decisionDue: "2026-10-14",
          provisional: false,
          effectiveDay: "2026-09-16",
          pauses: [],
          extensionDays: null,
          decided: null,
          documentId: null,
        },
      ],
      "POST /api/officers/import": {
        applied: false,
        rows: 0,
        problems: [{ row: 3, column: "工号", zh: "不能为空。", en: "This cell must not be empty." }],
      },
    });
    const page = await world.open("/supervisor", DESKTOP);
    await page.getByRole("button", { name: "执法人员", exact: true }).click();
    await page.getByText("持证有效").waitFor();
    await page
      .getByLabel("从表格导入（CSV）")
      .setInputFiles({ name: "o.csv", mimeType: "text/csv", buffer: Buffer.from([0xb9, 0xa4, 0xba, 0xc5]) });
    await page.getByText("没有导入任何一行").waitFor();
    // Read as GBK, which is what a spreadsheet here writes.
    expect(gateway.askedFor("POST /api/officers/import").at(-1)?.body).toMatchObject({ text: "工号" });
    await check(page, "officers");
    await page.getByRole("button", { name: "服务指南", exact: true }).click();
    await page.getByText("现行第 2 版").waitFor();
    await check(page, "guides");
    await page.getByRole("button", { name: "审批期限" }).click();
    await page.getByText("即将到期").waitFor();
    await check(page, "decisions");
  });
});

function withoutVersion({ version: _v, publishedOn: _p, ...content }: GuideView) {
  return content;
}

function SCAN(scanId: string) {
  return {
    scanId,
    ref: { logId: "2026", seq: 1 },
    mediaType: "image/png",
    group: "picture",
    sizeBytes: 4,
    sha256: "0".repeat(64),
    storedAt: 0,
    by: "zhou",
    width: 1,
    height: 1,
    pages: 1,
    durationMs: null,
    links: [],
  } as never;
}
