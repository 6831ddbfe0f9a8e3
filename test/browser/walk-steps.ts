/** What a clerk and an applicant do at a counter, in their own words on their own screens. */
import { execFileSync } from "node:child_process";
import type { Locator, Page } from "playwright-core";

export const APPLICANT = {
  name: "王芳",
  idNumber: "11010519491231002X",
  last4: "002X",
  phone: "13800138000",
};

/** One item of the list on the clerk's screen. */
export const itemRow = (clerk: Page, itemId: string): Locator => clerk.locator(`li[data-item="${itemId}"]`);

export async function registerApplicant(clerk: Page, matter: string): Promise<void> {
  await clerk.getByRole("heading", { name: "申请登记" }).waitFor();
  await clerk.getByLabel(matter).check();
  await clerk.getByLabel("姓名").fill(APPLICANT.name);
  await clerk.getByLabel("证件号码").fill(APPLICANT.idNumber);
  await clerk.getByLabel("联系电话").fill(APPLICANT.phone);
  await clerk.getByRole("button", { name: "登记并进入收件" }).click();
  await clerk.getByRole("heading", { name: "接收材料" }).waitFor();
}

/** Ticks everything but these names, and takes it in. Returns the claim code as the screen shows it. */
export async function receiveAllBut(clerk: Page, missing: readonly string[]): Promise<string> {
  await clerk.getByRole("button", { name: "全部勾选" }).click();
  for (const name of missing) await clerk.getByRole("checkbox", { name }).uncheck();
  await clerk.getByRole("button", { name: "收件并出具收件凭证" }).click();
  await clerk.getByText("取件码（只显示这一次）").waitFor();
  return (await clerk.locator(".claim-code output").innerText()).replace(/\s/g, "");
}

export async function judgeOk(clerk: Page, itemId: string): Promise<void> {
  const button = itemRow(clerk, itemId).getByRole("button", { name: "符合", exact: true });
  await button.click();
  await itemRow(clerk, itemId).and(clerk.locator("li.ok")).waitFor();
}

/** With the defect as typed, or as the screen proposes it. */
export async function judgeDeficient(clerk: Page, itemId: string, defect?: string): Promise<void> {
  const row = itemRow(clerk, itemId);
  await row.getByRole("button", { name: "不符合" }).click();
  if (defect !== undefined) await row.getByLabel("存在问题").fill(defect);
  await row.getByRole("button", { name: "确定" }).click();
  await row.and(clerk.locator("li.deficient")).waitFor();
}

/** The row of an issued paper, by its title. */
export const paperRow = (clerk: Page, title: string): Locator =>
  clerk.locator("cg-papers-panel li").filter({ has: clerk.getByText(title, { exact: true }) });

/** What the paper's PDF says, without white space: lines break anywhere in Chinese. */
export async function pdfText(clerk: Page, title: string): Promise<string> {
  const href = await paperRow(clerk, title).getByRole("link", { name: "打开 PDF" }).getAttribute("href");
  const answer = await clerk.context().request.get(new URL(href ?? "", clerk.url()).href);
  if (!answer.ok()) throw new Error(`${title}: ${answer.status()}`);
  const text = execFileSync("pdftotext", ["-raw", "-", "-"], {
    input: await answer.body(),
    encoding: "utf8",
  });
  return text.replace(/\s/g, "");
}

/** Code and last four, touched on the keypad. */
export async function typeClaim(kiosk: Page, code: string): Promise<void> {
  const keys = kiosk.locator("cg-keypad");
  for (const character of code + APPLICANT.last4)
    await keys.getByRole("button", { name: character, exact: true }).click();
  await kiosk.getByRole("button", { name: "查看文书" }).click();
}

/** Some strokes of a pen. */
async function drawSignature(kiosk: Page): Promise<void> {
  const box = await kiosk.locator("canvas").boundingBox();
  if (box === null) throw new Error("no field to sign on");
  for (const [fromX, fromY, toX, toY] of [
    [0.25, 0.3, 0.45, 0.3],
    [0.25, 0.5, 0.44, 0.48],
    [0.22, 0.72, 0.48, 0.7],
    [0.35, 0.3, 0.35, 0.7],
    [0.58, 0.28, 0.78, 0.32],
    [0.68, 0.2, 0.62, 0.75],
    [0.6, 0.5, 0.8, 0.78],
  ] as const) {
    await kiosk.mouse.move(box.x + fromX * box.width, box.y + fromY * box.height);
    await kiosk.mouse.down();
    await kiosk.mouse.move(box.x + toX * box.width, box.y + toY * box.height, { steps: 8 });
    await kiosk.mouse.up();
  }
}

/** From the paper on the kiosk to the signature that is stored; `drawn` is called before it is sent. */
export async function sign(kiosk: Page, drawn?: () => Promise<void>): Promise<void> {
  await kiosk.getByRole("button", { name: "确认并签名" }).click();
  await drawSignature(kiosk);
  await drawn?.();
  await kiosk.getByRole("button", { name: "确认签名" }).click();
  await kiosk.getByRole("heading", { name: "签名已保存" }).waitFor();
}

/** The clerk records that the paper was handed over and signed for on the kiosk. */
export async function serveSigned(clerk: Page, title: string): Promise<void> {
  const row = paperRow(clerk, title);
  await row.getByRole("button", { name: "送达签收" }).click();
  await row.getByLabel("签名").selectOption({ label: "已在终端屏幕上签名" });
  await row.getByRole("button", { name: "记录送达" }).click();
  await row.getByText("已送达").waitFor();
}

/** Seconds that the page's video has played. */
export const VIDEO_SECONDS = `(() => {
  let seconds = 0;
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.localName === "video") seconds = element.currentTime;
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(document);
  return seconds;
})()`;
