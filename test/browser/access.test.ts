/** The screens of viewing, copying and oversight: a clerk registers, people approve, inspectors draw and find. */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AccessRequestView } from "../../gateway/http/contract/access.ts";
import type { FindingView, MeansView, SampleView } from "../../gateway/http/contract/oversight.ts";
import { logId, seq, userId } from "../../gateway/domain/ids.ts";
import { hasChromium } from "./chromium.ts";
import { Refusal } from "./fake-gateway.ts";
import * as hall from "./hall.ts";
import { axeFindings } from "./in-page.ts";
import { type ScreenWorld, screenWorld } from "./screen-world.ts";

/** Set to look at the screens. */
const SHOTS = process.env["SCREENSHOTS"];
const DESKTOP = { width: 1440, height: 900 };
let world: ScreenWorld;

async function check(page: Page, screen: string): Promise<void> {
  if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `${screen}.png`), fullPage: true });
  expect(await axeFindings(page), `axe: ${screen}`).toEqual([]);
  const over = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
  expect(over, screen).toBeLessThanOrEqual(0);
}

const request: AccessRequestView = {
  requestId: "ar-0123456789abcdef",
  status: "approval",
  at: hall.NOW_MS,
  registeredBy: userId("custodian-1"),
  requester: "party",
  person: { name: "王芳", number: "11010519491231002X" },
  act: "copy",
  material: "file",
  inProceeding: false,
  matterId: "g1-2026-000017",
  footage: null,
  purpose: "申请行政复议",
  article: "S0-32",
  outsideThisRule: false,
  credentials: [["identityDocument"]],
  shown: [{ kind: "identityDocument", scan: { logId: logId("2026"), seq: seq(7) } }],
  steps: [
    { office: "legalSection", article: "S0-32" },
    { office: "head", article: "S0-32" },
  ],
  approvals: [
    {
      office: "legalSection",
      by: userId("chen"),
      at: hall.NOW_MS,
      approved: true,
      opinion: "材料齐全，拟同意",
    },
  ],
  looks: 0,
  supplies: [],
  receiptAt: null,
};
const sample: SampleView = {
  period: "2026-02",
  askedBy: userId("chen"),
  candidates: 41,
  count: 3,
  drawn: {
    at: hall.NOW_MS,
    origin: "changli/g1/2026",
    size: 90_112,
    rootHex: "ab".repeat(32),
    seed: "3f".repeat(32),
    note: "note",
    items: ["matter/g1-2026-000017", "matter/g1-2026-000031", "file/f0012"],
  },
};
const finding: FindingView = {
  findingId: "of-0123456789abcdef",
  at: hall.NOW_MS,
  by: userId("chen"),
  subject: "matter/g1-2026-000017",
  text: "未当场出示执法证件",
  order: "三日内提交说明并重新培训",
  responsible: userId("wang"),
  dueOn: "2026-02-27",
  article: null,
  rectified: null,
  closed: null,
  isOverdue: true,
};

const counted: MeansView["officers"][number]["counts"] = {
  acts: 7,
  video: 5,
  sound: 0,
  photos: 1,
  met: 5,
  grounded: 1,
  short: 1,
  chosen: 0,
  left: 0,
  beyond: 1,
  broken: 1,
  mismatch: 0,
  formLacking: 2,
};
const inspected = { zh: "现场检查（勘验）笔录", en: "Record of an on-site inspection" };
const means: MeansView = {
  period: "2026-08",
  kinds: [
    {
      activity: { zh: "行政检查", en: "Inspection" },
      stage: { zh: "调查取证", en: "Evidence" },
      kind: inspected,
      rule: "required",
      article: "S1-18",
      counts: counted,
    },
    {
      activity: { zh: "行政许可", en: "Licence" },
      stage: { zh: "申请受理", en: "Intake" },
      kind: { zh: "申请受理（窗口）", en: "Acceptance at the counter" },
      rule: "asNeeded",
      article: "S1-6",
      counts: { ...counted, acts: 40, met: 0, grounded: 0, short: 0, chosen: 31, left: 9, beyond: 0 },
    },
  ],
  sections: [{ of: "监察科", counts: counted }],
  officers: [{ of: "zhou", counts: counted }],
  choices: [
    { kind: { zh: "申请受理（窗口）", en: "Acceptance at the counter" }, of: "zhou", acts: 40, recorded: 31 },
  ],
  noted: [
    {
      id: "record-1",
      matterId: "case-6e5ee0783371a3568e19",
      kind: inspected,
      by: "zhou",
      at: hall.NOW_MS,
      remarks: [
        { remark: "short", article: "S1-18" },
        { remark: "formLacking", article: "S1-11a" },
      ],
    },
  ],
  notedCount: 1,
  withoutPurpose: [{ of: "BC00001", files: 2 }],
};

describe.skipIf(!hasChromium)("the screens of viewing and oversight", () => {
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
      "GET /api/catalogue": hall.catalogue,
      "GET /api/cameras": [hall.camera],
      "GET /api/cameras/:id/snapshot": new Refusal(404, "recording.noFootage", "没有画面。"),
      "GET /api/intakes": [...hall.rows],
      "GET /api/access-requests": [request],
      "GET /api/seals": [],
      "GET /api/oversight/samples": [sample],
      "GET /api/oversight/findings": [finding],
      "GET /api/oversight/means": means,
      "GET /api/oversight/ledger": [
        {
          ref: { logId: logId("2026"), seq: seq(9) },
          at: hall.NOW_MS,
          by: "chen",
          kind: "comment",
          subject: "matter/g1-2026-000017",
          text: "未当场出示执法证件",
          momentMs: hall.NOW_MS,
        },
      ],
    });
  });

  it("lets a clerk register a citizen's request in one form, accessible throughout", async () => {
    const { gateway } = world;
    gateway.answer({
      "GET /api/session": hall.session("clerk"),
      "POST /api/access-requests": { ...request, status: "credentials", approvals: [], shown: [] },
      "POST /api/matters/:matterId/seal": { done: true },
    });
    const page = await world.open("/clerk", DESKTOP);
    await page.getByRole("button", { name: "查阅复制申请" }).click();
    await page.getByText("申请行政复议").waitFor();
    await page.getByRole("button", { name: "登记新申请" }).click();
    await page.getByLabel("内容").selectOption("file");
    await page.locator("#matter").fill("g1-2026-000017");
    await page.getByLabel("姓名").fill("王芳");
    await page.getByLabel("证件号码").fill("11010519491231002X");
    await page.getByLabel("用途").fill("申请行政复议");
    await check(page, "request form");
    await page.getByRole("button", { name: "登记申请" }).click();
    await expect.poll(() => gateway.askedFor("POST /api/access-requests").length).toBe(1);
    expect(gateway.askedFor("POST /api/access-requests")[0]?.body).toMatchObject({
      requester: "party",
      act: "copy",
      material: "file",
      matterId: "g1-2026-000017",
      person: { name: "王芳", number: "11010519491231002X" },
    });
    await page.locator("#seal-matter").fill("g1-2026-000031");
    await page.getByLabel("封存理由").fill("附件标有机密");
    await page.getByRole("button", { name: "立即封存" }).click();
    await expect.poll(() => gateway.askedFor("POST /api/matters/:matterId/seal").length).toBe(1);
  });

  it("lets the head approve with an opinion, and shows sample, findings and books to inspectors", async () => {
    const { gateway } = world;
    gateway.answer({
      "GET /api/session": hall.session("leader"),
      "POST /api/access-requests/:requestId/decision": { ...request, status: "granted" },
      "POST /api/oversight/findings/:findingId/rectified": finding,
    });
    const page = await world.open("/supervisor", DESKTOP);
    await page.getByRole("button", { name: "查阅复制审批" }).click();
    await page.getByText("材料齐全，拟同意").waitFor();
    expect(await page.getByRole("button", { name: "同意", exact: true }).isDisabled()).toBe(true);
    await page.getByLabel("负责人意见").fill("同意复制");
    await check(page, "requests");
    await page.getByRole("button", { name: "同意", exact: true }).click();
    await expect.poll(() => gateway.askedFor("POST /api/access-requests/:requestId/decision").length).toBe(1);
    expect(gateway.askedFor("POST /api/access-requests/:requestId/decision")[0]?.body).toMatchObject({
      approved: true,
      opinion: "同意复制",
    });
    await page.getByRole("button", { name: "抽查与整改" }).click();
    await page.getByText("matter/g1-2026-000031").waitFor();
    await page.getByText("已逾期").waitFor();
    await check(page, "oversight");
    await page.getByRole("button", { name: /^查看 \d{4}-\d{2}$/ }).click();
    await page.getByText("需要核查的记录：1 条").waitFor();
    await page.getByRole("img", { name: "应录已录 5，有理由未录 1，应录未录 1" }).first().waitFor();
    await check(page, "means");
    await page.getByRole("button", { name: "填写整改情况" }).click();
    await page.getByLabel("整改情况").fill("已重新培训");
    await page.getByRole("button", { name: "提交" }).click();
    await expect
      .poll(() => gateway.askedFor("POST /api/oversight/findings/:findingId/rectified").length)
      .toBe(1);
  });

  it("runs under the gateway's content policy and asks no foreign host for anything", () => {
    expect(world.problems).toEqual([]);
  });
});
