/**
 * Between people, on the real gateway and screens under a regulation with a chain of approvals: refused a late entry it cannot vouch for,
 * handed to a colleague, proposed, sent back, approved step by step, issued, its number made void and issued anew,
 * and an outcome delegated to the window.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beijingDate } from "../../gateway/domain/time.ts";
import { proves } from "../law/proves.ts";
import { axeFindings } from "./in-page.ts";
import { type WalkHall, canWalk, openWalkHall } from "./walk-hall.ts";
import * as at from "./walk-steps.ts";

const SITES = join(import.meta.dirname, "../../firmware-configs/demonstration");
const DAY_MS = 86_400_000;
const MATTER = "劳务派遣经营许可";
const ITEMS = [
  "application-form",
  "business-licence",
  "charter-capital",
  "premises-right",
  "facilities",
  "representative-id",
  "dispatch-rules",
];

let folder: string;
let hall: WalkHall;
let clerk: Page;
let colleague: Page;
let supervisor: Page;
let leader: Page;

/** The demonstration under the third regulation: its own matters are offered by all. */
async function chainSite(): Promise<string> {
  folder = await mkdtemp(join(tmpdir(), "site-"));
  const read = async (name: string) => JSON.parse(await readFile(join(SITES, name), "utf8")) as object;
  const { matters } = (await read("matters.json")) as { matters: { profiles?: string[] }[] };
  for (const matter of matters) delete matter.profiles;
  await writeFile(join(folder, "matters.json"), JSON.stringify({ matters }));
  const site = { ...(await read("site.json")), profile: "zz-mr" };
  const file = join(folder, "site-chain.json");
  await writeFile(file, JSON.stringify(site));
  return file;
}

/** Keeps a picture of the whole page and finds nothing that keeps people out. */
async function look(page: Page, name: string): Promise<void> {
  await hall.picture(page, `approvals-${name}`);
  expect(await axeFindings(page), `axe: ${name}`).toEqual([]);
  const over = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
  expect(over, name).toBeLessThanOrEqual(0);
}

async function toApprovals(page: Page): Promise<void> {
  // A tab that is chosen again shows what waits now.
  await page.getByRole("button", { name: "案卷" }).click();
  await page.getByRole("button", { name: "受理结论审批" }).click();
}

async function giveOpinion(page: Page, user: "supervisor" | "leader", word: string, submit: string) {
  await page.getByLabel(/意见$/).fill(word);
  await page.getByLabel("本人密码（签署）").fill(await hall.gateway.password(user));
  await page.getByRole("button", { name: submit }).click();
  await page.getByText("没有待您签署的事项。").waitFor();
}

describe.skipIf(!canWalk)("a walk through the chain of approvals", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    hall = await openWalkHall(await chainSite());
    colleague = await hall.newcomer({ id: "sun", name: "孙同事", role: "clerk", certNo: "DEMO-0009" });
    clerk = await hall.signIn("clerk");
    supervisor = await hall.signIn("supervisor");
    leader = await hall.signIn("leader");
  }, 120_000);
  afterAll(async () => {
    await hall?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it("takes no late entry without a reason or from before this gateway kept a record, and says so", async () => {
    await clerk.getByRole("button", { name: "开始受理" }).click();
    await at.registerApplicant(clerk, MATTER);
    await clerk.getByText("补录（材料此前已收，例如停电时）").click();
    const hourAgo = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 16);
    await clerk.getByLabel("实际收到时间").fill(hourAgo);
    await clerk.getByRole("button", { name: "全部勾选" }).click();
    const submit = clerk.getByRole("button", { name: "收件并出具收件凭证" });
    expect(await submit.isDisabled()).toBe(true);
    await clerk.getByLabel("补录原因").fill("停电，手写收据已当场交付");
    await clerk.getByLabel("补录原因").scrollIntoViewIfNeeded();
    await look(clerk, "01-late-entry");
    await submit.click();
    await clerk.getByText("也不能早于本系统启用的时间").waitFor();
    await look(clerk, "02-late-refused");
    await clerk.getByLabel("实际收到时间").fill("");
    await clerk.getByLabel("补录原因").fill("");
    await submit.click();
    await clerk.getByText("取件码（只显示这一次）").waitFor();
  });

  it(
    proves(["S3-A-11(1)"], "hands the intake to a colleague with a reason, who then has it in hand"),
    async () => {
      for (const itemId of ITEMS.slice(0, 3)) await at.judgeOk(clerk, itemId);
      await clerk.getByText(/转交同事/).click();
      await clerk.getByLabel("接手人").selectOption({ label: "孙同事" });
      await clerk.getByLabel("转交原因").fill("受办分离");
      await clerk.getByLabel("转交原因").scrollIntoViewIfNeeded();
      await look(clerk, "03-colleague-form");
      await clerk.getByRole("button", { name: "转交", exact: true }).click();
      await clerk.getByText(/经办：孙同事/).waitFor();
      await look(clerk, "04-handed-over");
      await colleague.locator("cg-intake-list").getByText(MATTER).click();
      for (const itemId of ITEMS.slice(3)) await at.judgeOk(colleague, itemId);
    },
  );

  it(
    proves(["S3-A-11(1)"], "issues the paper only once each step agreed with opinion and own signature"),
    async () => {
      await colleague.getByText(/须报 审核人 → 批准人 审批/).waitFor();
      await colleague.getByRole("button", { name: "受理", exact: true }).click();
      await colleague.getByRole("heading", { name: "已报请审批：受理" }).waitFor();
      await colleague.getByRole("heading", { name: "已报请审批：受理" }).scrollIntoViewIfNeeded();
      await look(colleague, "05-approval-panel");
      expect(await at.paperRow(colleague, "受理通知书").count()).toBe(0);

      await toApprovals(leader);
      await toApprovals(supervisor);
      await supervisor.getByText(MATTER).waitFor();
      await look(supervisor, "06-approvals-supervisor");
      await giveOpinion(supervisor, "supervisor", "请核对场所证明的日期", "退回承办人");
      await colleague.getByText(/退回：请核对场所证明的日期/).waitFor();
      await look(colleague, "07-sent-back");
      await colleague.getByRole("button", { name: "受理", exact: true }).click();
      await colleague.getByRole("heading", { name: "已报请审批：受理" }).waitFor();

      await toApprovals(supervisor);
      await giveOpinion(supervisor, "supervisor", "材料齐全，拟同意受理", "同意并签署");
      await supervisor.getByText("等待批准人").waitFor();
      await look(supervisor, "08-approvals-not-mine");
      await toApprovals(leader);
      await leader.getByText("材料齐全，拟同意受理").waitFor();
      await look(leader, "09-approvals-leader");
      await giveOpinion(leader, "leader", "同意", "同意并签署");
      await at.paperRow(colleague, "受理通知书").waitFor();
      expect(await at.pdfText(colleague, "受理通知书")).toContain("孙同事");
      await look(colleague, "10-issued");
    },
  );

  it("makes a number void with its reason, issues the paper under the next, and prints only that", async () => {
    const row = at.paperRow(colleague, "受理通知书");
    await row.getByRole("button", { name: "作废重开" }).click();
    await row.getByLabel(/作废原因/).fill("打印串号");
    await row.getByLabel(/作废原因/).scrollIntoViewIfNeeded();
    await look(colleague, "11-void-form");
    await row.getByRole("button", { name: "作废并重新出具" }).click();
    await row.getByText("已作废").waitFor();
    const old = row.filter({ hasText: "已作废" });
    const fresh = row.filter({ hasNotText: "已作废" });
    await fresh.waitFor();
    await old.scrollIntoViewIfNeeded();
    await look(colleague, "12-voided");
    expect(await old.getByText("作废原因：打印串号").count()).toBe(1);
    expect(await old.getByRole("button", { name: "打印凭条" }).isDisabled()).toBe(true);
    await fresh.getByRole("button", { name: "打印凭条" }).click();
    await colleague.getByText("凭条已打印。").waitFor();
    expect((await hall.slip(1)).replace(/\s/g, "")).toContain("000002号");
  });

  it("delegates an outcome to the window for a term, by a leader alone, and ends it again", async () => {
    await toApprovals(supervisor);
    await supervisor.getByRole("heading", { name: "授权窗口直接办理" }).waitFor();
    expect(await supervisor.getByRole("button", { name: "登记授权" }).count()).toBe(0);
    await leader.getByLabel("授权文件").fill("示人社发〔2026〕12号 授权书");
    await leader.getByLabel("至", { exact: true }).fill(beijingDate(Date.now() + 100 * DAY_MS));
    await look(leader, "13-delegation-form");
    await leader.getByRole("button", { name: "登记授权" }).click();
    await leader.getByRole("button", { name: "终止" }).waitFor();
    await look(leader, "14-delegated");
    await colleague.getByRole("button", { name: "结束接待" }).click();
    await colleague.getByRole("button", { name: "开始受理" }).click();
    await at.registerApplicant(colleague, MATTER);
    await at.receiveAllBut(colleague, []);
    for (const itemId of ITEMS) await at.judgeOk(colleague, itemId);
    await colleague.getByRole("button", { name: "受理", exact: true }).click();
    await at.paperRow(colleague, "受理通知书").waitFor();
    await leader.getByRole("button", { name: "终止" }).click();
    await leader.getByText("已终止").waitFor();
    await look(leader, "15-delegation-ended");
  });

  it("names the two kinds of approval apart, and the inbox of requests is the other one", async () => {
    await leader.getByRole("button", { name: "查阅复制审批" }).click();
    await leader.getByRole("button", { name: "查阅复制审批" }).scrollIntoViewIfNeeded();
    await look(leader, "16-requests-tab");
    expect(await leader.getByRole("heading", { name: "授权窗口直接办理" }).count()).toBe(0);
  });

  it("ran without an error in any page and without a request to a foreign host", () => {
    expect(hall.problems).toEqual([]);
  });
});
