/** The desks of clerk, technician and supervisor: accessible screens, and the acts that must not go wrong. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hasChromium } from "./chromium.ts";
import { Refusal } from "./fake-gateway.ts";
import * as hall from "./hall.ts";
import { axeFindings } from "./in-page.ts";
import { type ScreenWorld, screenWorld } from "./screen-world.ts";
import * as watch from "./watched-hall.ts";

const DESKTOP = { width: 1440, height: 900 };
let world: ScreenWorld;

async function check(page: Page, screen: string): Promise<void> {
  expect(await axeFindings(page), `axe: ${screen}`).toEqual([]);
  expect(
    await page.evaluate("document.documentElement.scrollWidth - innerWidth"),
    screen,
  ).toBeLessThanOrEqual(0);
}

async function openIntake(page: Page): Promise<void> {
  await page.getByRole("button", { name: /㛃\*\*/ }).click();
  await page.getByRole("heading", { name: "办理期限" }).waitFor();
}

describe.skipIf(!hasChromium)("the desks", () => {
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
      "GET /api/cameras": [hall.camera, watch.cameraAway],
      "GET /api/cameras/:id/snapshot": new Refusal(404, "recording.noFootage", "没有画面。"),
      "GET /api/intakes": [...hall.rows],
      "GET /api/intakes/:id": hall.reviewing,
      "GET /api/documents/:id/content": () => structuredClone(hall.notice) as never,
    });
  });

  it("signs a clerk in and starts an intake through every screen, accessible throughout", async () => {
    const { gateway } = world;
    gateway.answer({
      "GET /api/session": new Refusal(401, "http.noSession", "请登录。"),
      "POST /api/session": hall.session("clerk"),
      "POST /api/intakes": hall.answered(hall.started),
      "POST /api/intakes/:id/register": hall.answered(hall.registered),
      "POST /api/intakes/:id/receive": hall.answered(hall.reviewing, "12345678"),
    });
    const page = await world.open("/clerk", DESKTOP);
    await page.getByLabel("账号").fill("wang");
    await check(page, "sign in");
    await page.getByLabel("密码").fill("right horse");
    await page.keyboard.press("Enter");
    await page.getByText("㛃**").waitFor();
    await check(page, "list");
    await page.getByLabel("我的窗口").selectOption("w1");
    await page.getByRole("button", { name: "开始受理" }).click();
    await page.getByRole("heading", { name: "申请登记" }).waitFor();
    await page.getByRole("button", { name: "登记并进入收件" }).click();
    await page.getByText("请选择申请事项").waitFor();
    await check(page, "register with problems");
    await page.getByLabel("食品经营许可").check();
    await page.getByLabel("姓名").fill("㛃𬭎䶮");
    await page.getByLabel("证件号码").fill("110105194912310021");
    await page.getByLabel("联系电话").fill("13800000000");
    await page.getByText("证件号码不正确").waitFor();
    expect(gateway.askedFor("POST /api/intakes/:id/register")).toEqual([]);
    await page.getByLabel("证件号码").fill("11010519491231002x");
    await page.getByRole("button", { name: "登记并进入收件" }).click();
    await page.getByText("勾选已交的材料").waitFor();
    expect(gateway.askedFor("POST /api/intakes/:id/register").at(-1)).toMatchObject({
      csrf: "csrf-of-the-test",
      body: { expectedVersion: 2, matterCode: "food-new", applicant: { idNumber: "11010519491231002X" } },
    });
    await page.getByRole("button", { name: "全部勾选" }).click();
    await check(page, "receive");
    await page.getByRole("button", { name: "收件并出具收件凭证" }).click();
    await page.getByText("1234 5678").waitFor();
    await check(page, "review");
    await page.getByRole("button", { name: "预览" }).click();
    await page.getByText("需要补正的材料").waitFor();
    await page.getByRole("button", { name: "送达签收" }).click();
    await check(page, "papers");
    await page.getByRole("button", { name: "高对比" }).click();
    await page.getByRole("button", { name: "English" }).click();
    await page.getByText("Review of materials").waitFor();
    await check(page, "English, high contrast");
  });

  it("keeps a decision off while an item is unjudged and says why with the article", async () => {
    const page = await world.open("/clerk", DESKTOP);
    await openIntake(page);
    const notice = page.getByRole("button", { name: "一次性告知补正" });
    expect(await notice.isDisabled()).toBe(true);
    const described = await notice.getAttribute("aria-describedby");
    expect(await page.locator(`#${described}`).textContent()).toContain("第 6 条第（4）项");
  });

  it("judges by keyboard, one command for each item, and asks for defect, requirement and basis", async () => {
    const { gateway } = world;
    gateway.answer({ "POST /api/intakes/:id/judge": hall.answered({ ...hall.reviewing, version: 7 }) });
    const page = await world.open("/clerk", DESKTOP);
    await openIntake(page);
    await page.locator("li[data-item=food-2]").focus();
    await page.keyboard.press("1");
    await expect.poll(() => gateway.askedFor("POST /api/intakes/:id/judge").length).toBe(1);
    await page.locator("li[data-item=food-3]").focus();
    await page.keyboard.press("2");
    await page.getByLabel("存在问题").waitFor();
    await check(page, "deficient");
    await page.keyboard.press("Enter");
    await expect.poll(() => gateway.askedFor("POST /api/intakes/:id/judge").length).toBe(2);
    const [first, second] = gateway.askedFor("POST /api/intakes/:id/judge");
    expect(first?.body).toMatchObject({ itemId: "food-2", verdict: { kind: "ok" }, expectedVersion: 6 });
    expect(second?.body).toMatchObject({
      itemId: "food-3",
      expectedVersion: 7,
      verdict: {
        kind: "deficient",
        defect: "未提交该材料",
        requirement: "房屋产权证明或者租赁合同复印件1份",
        basis: "《食品经营许可和备案管理办法》第十三条第（三）项",
      },
    });
  });

  it("shows the newest state when another window was first, and does nothing by itself", async () => {
    const { gateway } = world;
    gateway.answer({
      "POST /api/intakes/:id/judge": new Refusal(409, "intake.conflict", "该申请已被另一窗口更改。"),
    });
    const page = await world.open("/clerk", DESKTOP);
    await openIntake(page);
    const before = gateway.askedFor("POST /api/intakes/:id/judge").length;
    gateway.answer({ "GET /api/intakes/:id": hall.notified });
    await page.locator("li[data-item=food-2]").getByRole("button", { name: "符合", exact: true }).click();
    await page.getByText("另一个窗口刚刚更改了这个申请").waitFor();
    await page.getByRole("heading", { name: /待补正/ }).waitFor();
    expect(gateway.askedFor("POST /api/intakes/:id/judge").length).toBe(before + 1);
    await check(page, "changed elsewhere");
  });

  it("follows what happens elsewhere: a newer version in the list is fetched and said", async () => {
    const { gateway } = world;
    const page = await world.open("/clerk", DESKTOP);
    await openIntake(page);
    gateway.answer({
      "GET /api/intakes": hall.rows.map((row) => ({ ...row, version: 9 })),
      "GET /api/intakes/:id": hall.notified,
    });
    await page.getByText("另一个窗口刚刚更改了这个申请").waitFor();
    await page.getByRole("heading", { name: /待补正/ }).waitFor();
  });

  it("acts at once when only the kiosk's report was between", async () => {
    const { gateway } = world;
    const seen = { ...hall.reviewing, version: 7, history: [] };
    gateway.answer({
      "POST /api/intakes/:id/judge": (asked) =>
        (asked.body as { readonly expectedVersion: number }).expectedVersion === 7
          ? hall.answered({ ...seen, version: 8 })
          : new Refusal(409, "intake.conflict", "该申请已被另一窗口更改。"),
    });
    const page = await world.open("/clerk", DESKTOP);
    await openIntake(page);
    const before = gateway.askedFor("POST /api/intakes/:id/judge").length;
    gateway.answer({ "GET /api/intakes/:id": seen });
    await page.locator("li[data-item=food-2]").getByRole("button", { name: "符合", exact: true }).click();
    await expect.poll(() => gateway.askedFor("POST /api/intakes/:id/judge").length).toBe(before + 2);
    expect(await page.getByText("另一个窗口刚刚更改了这个申请").count()).toBe(0);
  });

  it("sends a command whose answer was lost again under the same id", async () => {
    const { gateway } = world;
    gateway.answer({ "POST /api/intakes/:id/judge": hall.answered({ ...hall.reviewing, version: 7 }) });
    const page = await world.open("/clerk", DESKTOP);
    await openIntake(page);
    const before = gateway.askedFor("POST /api/intakes/:id/judge").length;
    let answers = 0;
    await page.route("**/judge", async (route) => {
      answers += 1;
      if (answers > 1) return route.continue();
      await route.fetch();
      return route.abort("connectionreset");
    });
    const ok = page.locator("li[data-item=food-2]").getByRole("button", { name: "符合", exact: true });
    await ok.click();
    await page.getByText("暂时连接不上系统").waitFor();
    await ok.click();
    await expect.poll(() => gateway.askedFor("POST /api/intakes/:id/judge").length).toBe(before + 2);
    const sent = gateway.askedFor("POST /api/intakes/:id/judge").slice(before);
    expect(new Set(sent.map(({ body }) => (body as { readonly commandId: string }).commandId)).size).toBe(1);
  });

  it("hands a paper over on a signature from the kiosk only when there is one, and names its entry", async () => {
    const { gateway } = world;
    const paper = (signatures: readonly object[]) =>
      ({ documentId: "doc-17-1", signatures: [...signatures], prints: 0 }) as never;
    gateway.answer({
      "GET /api/documents/:id": paper([]),
      "POST /api/intakes/:id/hand-over": hall.answered({ ...hall.reviewing, version: 7 }),
    });
    const page = await world.open("/clerk", DESKTOP);
    await openIntake(page);
    await page.getByRole("button", { name: "送达签收" }).click();
    await page.getByLabel("签名").selectOption("stroke");
    await page.getByRole("button", { name: "记录送达" }).click();
    await page.getByText("终端上还没有这份文书的签名").waitFor();
    expect(gateway.askedFor("POST /api/intakes/:id/hand-over")).toEqual([]);
    gateway.answer({
      "GET /api/documents/:id": paper([
        { ref: { logId: "2026", seq: 77 }, at: hall.NOW_MS, device: "kiosk/w1" },
      ]),
    });
    await page.getByRole("button", { name: "记录送达" }).click();
    await expect.poll(() => gateway.askedFor("POST /api/intakes/:id/hand-over").length).toBe(1);
    expect(gateway.askedFor("POST /api/intakes/:id/hand-over")[0]?.body).toMatchObject({
      recipient: { name: "㛃𬭎䶮", relation: "self" },
      signature: { mode: "stroke", evidence: "2026/77" },
    });
  });

  it("lets a technician find, describe and bind a camera, and shows docks and health", async () => {
    const { gateway } = world;
    gateway.answer({ ...watch.technicianAnswers });
    const page = await world.open("/technician", DESKTOP);
    await page.getByRole("heading", { name: "1 号窗口正面" }).waitFor();
    await check(page, "cameras");
    await page.getByRole("button", { name: "添加摄像机" }).click();
    expect(gateway.askedFor("POST /api/camera-discoveries")).toEqual([]);
    await page.getByRole("button", { name: "在局域网中查找" }).click();
    await page.getByRole("button", { name: "选用" }).click();
    await page.getByLabel("摄像机用户名").fill("admin");
    await page.getByLabel("摄像机密码").fill("secret");
    await page.getByRole("button", { name: "识别" }).click();
    await page.getByText("三、绑定到窗口").waitFor();
    await page.getByLabel("编号").fill("cam-3");
    await page.getByLabel("名称").fill("正面");
    await page.getByLabel("窗口", { exact: true }).selectOption("w2");
    await check(page, "bind");
    await page.getByRole("button", { name: "绑定并开始录像" }).click();
    await expect.poll(() => gateway.askedFor("PUT /api/cameras/:id").length).toBe(1);
    expect(gateway.askedFor("PUT /api/cameras/:id")[0]?.body).toMatchObject({
      counterId: "w2",
      rtspUrl: "rtsp://192.168.8.21/main",
      sub: { rtspUrl: "rtsp://192.168.8.21/sub", profileToken: "sub", codec: "h264" },
      credentials: { username: "admin", password: "secret" },
    });
    await page.getByRole("button", { name: "窗口设备" }).click();
    await page.getByRole("button", { name: "生成终端绑定码" }).first().click();
    await page.getByText("7K4M-92QX").waitFor();
    await check(page, "counters");
    await page.getByRole("button", { name: "采集站" }).click();
    await page.getByText("A000001_013322").waitFor();
    await check(page, "docks");
    await page.getByRole("button", { name: "运行状况" }).click();
    await page.getByText("1,234,567").waitFor();
    await check(page, "health");
  });

  it("lets a supervisor open footage with a reason and label body-camera files", async () => {
    const { gateway } = world;
    gateway.answer({ ...watch.supervisorAnswers });
    const page = await world.open("/supervisor", DESKTOP);
    await page.getByRole("combobox", { name: "摄像机" }).selectOption("cam-1");
    await page.getByRole("button", { name: "查看录像情况" }).click();
    await page.getByText("有 1 处缺口").waitFor();
    expect(await page.getByRole("button", { name: "登记并回放" }).isDisabled()).toBe(true);
    await page.getByLabel("调阅事由").fill("投诉核查");
    await page.getByRole("button", { name: "登记并回放" }).click();
    await page.getByText("节选，仅供查阅").waitFor();
    expect(gateway.askedFor("POST /api/viewings")[0]?.body).toMatchObject({
      cameraId: "cam-1",
      reason: "投诉核查",
    });
    await check(page, "playback");
    await page.getByRole("button", { name: "执法记录仪" }).click();
    await page.getByRole("button", { name: "标注" }).click();
    const values = { 事由: "食品检查", 当事人: "碧海餐饮", 执法人员: "王秀英", 执法证号: "13032200151" };
    for (const [label, value] of Object.entries(values)) await page.getByLabel(label).fill(value);
    await check(page, "labels");
    await page.getByRole("button", { name: "保存标注" }).click();
    await expect.poll(() => gateway.askedFor("PUT /api/dock-files/:fileId/labels").length).toBe(1);
    expect(gateway.askedFor("PUT /api/dock-files/:fileId/labels")[0]?.body).toMatchObject({
      matter: "食品检查",
      party: "碧海餐饮",
      officer: "王秀英",
      certNo: "13032200151",
    });
    for (const [tab, text] of [
      ["文书台账", "G1-000008"],
      ["调阅台账", "camera/cam-1"],
    ] as const) {
      await page.getByRole("button", { name: tab }).click();
      await page.getByText(text).waitFor();
      await check(page, tab);
    }
  });

  it("runs under the gateway's content policy and asks no foreign host for anything", () => {
    expect(world.problems).toEqual([]);
  });
});
