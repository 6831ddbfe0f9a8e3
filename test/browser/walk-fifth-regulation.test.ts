/**
 * Clerk, applicant, technician and supervisor under the fifth regulation: a missing paper is handed in at once or
 * after a correction notice, the application stays open and is accepted. On the real gateway and its devices.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proves } from "../law/proves.ts";
import { type WalkHall, canWalk, openWalkHall } from "./walk-hall.ts";
import * as at from "./walk-steps.ts";

const HR_ITEMS = [
  "application-form",
  "business-licence",
  "charter",
  "premises-right",
  "facilities",
  "staff-list",
  "representative-id",
  "commitment",
];
const DISPATCH_ITEMS = [
  "application-form",
  "business-licence",
  "charter-capital",
  "premises-right",
  "facilities",
  "representative-id",
];

let hall: WalkHall;
let clerk: Page;
let kiosk: Page;

/** `2026-12-18` as papers write it. */
const inWords = (day: string): string => {
  const [year = "", month = "", date = ""] = day.split("-");
  return `${year}年${Number(month)}月${Number(date)}日`;
};

describe.skipIf(!canWalk)("a walk under the fifth regulation", { timeout: 90_000 }, () => {
  beforeAll(async () => {
    hall = await openWalkHall("site.json");
    kiosk = await hall.kiosk();
    clerk = await hall.signIn("clerk");
  }, 90_000);
  afterAll(async () => {
    await hall?.close();
  });

  it(proves(["S4-9(3)", "S0-8"], "lets a missing paper be handed in at once, without a notice"), async () => {
    await clerk.getByRole("button", { name: "开始受理" }).click();
    await at.registerApplicant(clerk, "人力资源服务许可（职业中介活动）");
    await at.receiveAllBut(clerk, ["承诺书", "授权委托书"]);
    for (const itemId of [...HR_ITEMS, "authorisation"])
      if (itemId !== "commitment") await at.judgeOk(clerk, itemId);
    const row = at.itemRow(clerk, "commitment");
    await row.getByRole("button", { name: "当场补交这份材料" }).click();
    await hall.picture(clerk, "fifth-01-clerk-on-the-spot");
    await row.getByRole("button", { name: "确定" }).click();
    await row.getByText("原件 1 份 1 页").waitFor();
    await at.judgeOk(clerk, "commitment");
  });

  it(proves(["S4-9(1)"], "accepts with a notice that says number and last days"), async () => {
    await clerk.getByRole("button", { name: "受理", exact: true }).click();
    await clerk.getByRole("heading", { name: /王芳.*已受理/ }).waitFor();
    const dueDays = (await clerk.locator("cg-clocks-panel li").allInnerTexts()).flatMap((clock) =>
      clock.startsWith("作出决定") ? (/\d{4}-\d\d-\d\d/.exec(clock) ?? []) : [],
    );
    expect(dueDays).toHaveLength(2);
    await hall.picture(clerk, "fifth-02-clerk-accepted");
    const notice = await at.pdfText(clerk, "受理通知书");
    for (const text of ["受理通知书", "示人社受〔2026〕A1-000001号", ...dueDays.map(inWords)])
      expect(notice).toContain(text);
    await clerk.getByRole("button", { name: "结束接待" }).click();
    await clerk.getByRole("button", { name: "再次接待" }).waitFor();
  });

  it(proves(["S4-9(3)"], "gives a correction notice and keeps the application open"), async () => {
    await clerk.getByRole("button", { name: "开始受理" }).click();
    await at.registerApplicant(clerk, "劳务派遣经营许可");
    await at.receiveAllBut(clerk, ["劳务派遣管理制度"]);
    await at.itemRow(clerk, "business-licence").getByText("复印件 1 份 1 页").waitFor();
    for (const itemId of DISPATCH_ITEMS) await at.judgeOk(clerk, itemId);
    await at.judgeDeficient(clerk, "dispatch-rules");
    await clerk.getByRole("button", { name: "一次性告知补正" }).click();
    await clerk.getByRole("heading", { name: /王芳.*待补正/ }).waitFor();
    await hall.picture(clerk, "fifth-03-clerk-notified");
    const notice = await at.pdfText(clerk, "补正通知书");
    for (const text of ["补正通知书", "示人社补〔2026〕A1-000001号", "未提交该材料", "申请继续有效"])
      expect(notice).toContain(text);
    expect(await clerk.locator("cg-papers-panel .title").allInnerTexts()).not.toContain("不予受理通知书");
  });

  it("shows the applicant the notice the clerk presents, and serves it on the signature given there", async () => {
    await kiosk.getByRole("button", { name: "我已知悉" }).click();
    await at.paperRow(clerk, "补正通知书").getByRole("button", { name: "请申请人阅读签名" }).click();
    await clerk.getByText("文书已显示在窗口终端上").waitFor();
    await kiosk.getByRole("heading", { name: "补正通知书" }).waitFor();
    await hall.picture(kiosk, "fifth-03-kiosk-presented");
    await at.sign(kiosk);
    await at.serveSigned(clerk, "补正通知书");
  });

  it(proves(["S4-9(1)", "S4-9(3)"], "takes the supplement in for a receipt, and accepts"), async () => {
    await clerk.getByRole("checkbox", { name: "劳务派遣管理制度" }).check();
    await clerk.getByRole("button", { name: "收件并出具补正材料接收凭证" }).click();
    await at.paperRow(clerk, "补正材料接收凭证").waitFor();
    await at.judgeOk(clerk, "dispatch-rules");
    await clerk.getByRole("button", { name: "受理", exact: true }).click();
    await clerk.getByRole("heading", { name: /王芳.*已受理/ }).waitFor();
    await hall.picture(clerk, "fifth-04-clerk-accepted-after-supplement");
    expect(await at.pdfText(clerk, "受理通知书")).toContain("示人社受〔2026〕A1-000002号");
  });

  it("shows the technician the camera that records, the dock with its bays and the file it brought", async () => {
    const technician = await hall.signIn("technician");
    await technician.getByText("正在录像").waitFor();
    await technician.locator("cg-snapshot img").waitFor();
    await hall.picture(technician, "fifth-05-technician-cameras");
    await technician.getByRole("button", { name: "采集站" }).click();
    await technician.getByText("在线").waitFor();
    await technician.locator("cg-docks-section tbody tr").waitFor();
    expect(await technician.getByText(/缺 \d+ 条消息/).count()).toBe(0);
    await hall.picture(technician, "fifth-06-technician-docks");
    await technician.getByRole("button", { name: "窗口设备" }).click();
    await technician.getByRole("button", { name: "生成终端绑定码" }).click();
    await technician.locator("output").waitFor();
    await hall.picture(technician, "fifth-07-technician-counters");
    await technician.getByRole("button", { name: "运行状况" }).click();
    await technician.getByText("证据日志条目").waitFor();
    await hall.picture(technician, "fifth-08-technician-health");
  });

  it("finds the camera on the technician's click", async () => {
    const technician = await hall.signIn("technician");
    await technician.getByRole("button", { name: "添加摄像机" }).click();
    await technician.getByRole("button", { name: "在局域网中查找" }).click();
    await technician
      .getByRole("button", { name: "在局域网中查找" })
      .and(technician.locator(":enabled"))
      .waitFor();
    await hall.picture(technician, "fifth-09-technician-discovery");
    const found = technician.getByText(/已绑定为 cam-1/);
    expect(await found.count()).toBe(1);
  });

  it(
    proves(["S3-C-2"], "plays footage to the supervisor only for a reason that goes into the ledger"),
    async () => {
      const supervisor = await hall.signIn("supervisor");
      await supervisor.getByLabel("摄像机").selectOption("cam-1");
      await supervisor.getByRole("button", { name: "查看录像情况" }).click();
      await supervisor.getByLabel("调阅事由（记入台账）").fill("抽查受理过程");
      await supervisor.getByRole("button", { name: "登记并回放" }).click();
      await supervisor.locator("video").waitFor();
      await expect
        .poll(() => supervisor.evaluate<number>(at.VIDEO_SECONDS), { timeout: 20_000 })
        .toBeGreaterThan(0.5);
      await hall.picture(supervisor, "fifth-10-supervisor-playback");
      await supervisor.getByRole("button", { name: "调阅台账" }).click();
      await supervisor.getByText("抽查受理过程").waitFor();
      await hall.picture(supervisor, "fifth-11-supervisor-access");
    },
  );

  it(
    proves(["S4-30"], "labels the body camera's file with matter, party, officer and certificate"),
    async () => {
      const supervisor = await hall.signIn("supervisor");
      await supervisor.getByRole("button", { name: "执法记录仪" }).click();
      await supervisor.getByText("待标注").waitFor();
      await supervisor.getByRole("button", { name: "标注" }).click();
      await supervisor.getByLabel("事由").fill("劳务派遣经营许可现场核查");
      await supervisor.getByLabel("当事人").fill(at.APPLICANT.name);
      await supervisor.getByLabel("执法人员").fill("陈法制");
      await supervisor.getByLabel("执法证号").fill("DEMO-0002");
      await hall.picture(supervisor, "fifth-12-supervisor-labels");
      await supervisor.getByRole("button", { name: "保存标注" }).click();
      await supervisor.getByText("标注齐全").waitFor();
      await hall.picture(supervisor, "fifth-13-supervisor-labelled");
      await supervisor.getByRole("button", { name: "文书台账" }).click();
      await supervisor.getByText("示人社受〔2026〕A1-000002号").waitFor();
      await hall.picture(supervisor, "fifth-14-supervisor-documents");
    },
  );

  it("ran without an error in any page and without a request to a foreign host", () => {
    expect(hall.problems).toEqual([]);
  });
});
