/**
 * A penalty case on the real gateway and screens: recorded with officers and footage, approved by another person, filed
 * under a code after the check, handed over, held, and not to be destroyed before its time.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeFindings } from "./in-page.ts";
import { type WalkHall, canWalk, openWalkHall } from "./walk-hall.ts";

const OUTPUT = join(import.meta.dirname, "../output");
const TITLE = "无照经营案";
let hall: WalkHall;
let clerk: Page;
let supervisor: Page;

async function look(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(OUTPUT, `${name}.png`), fullPage: true });
  expect(await axeFindings(page), `axe: ${name}`).toEqual([]);
  expect(hall.problems, name).toEqual([]);
}

/** The PDF behind a link, kept in `test/output`. */
async function keepPdf(page: Page, href: string | null, name: string): Promise<void> {
  const answer = await page.context().request.get(new URL(href ?? "", page.url()).href);
  expect(answer.status(), name).toBe(200);
  const bytes = await answer.body();
  expect(bytes.subarray(0, 5).toString("latin1")).toBe("%PDF-");
  await writeFile(join(OUTPUT, `${name}.pdf`), bytes);
}

const row = (page: Page) => page.getByRole("row").filter({ hasText: TITLE });

async function fill(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [id, value] of Object.entries(values)) await page.locator(`#${id}`).fill(value);
}

describe.skipIf(!canWalk)("a case file on the supervisor's page", { timeout: 90_000 }, () => {
  beforeAll(async () => {
    hall = await openWalkHall("site.json");
    clerk = await hall.signIn("clerk");
    supervisor = await hall.signIn("supervisor");
  }, 90_000);
  afterAll(async () => {
    await hall?.close();
  });

  it("takes a record with officers, circumstances and a camera's footage", async () => {
    const recordedAgeMs = async (): Promise<number | null> => {
      const answer = await clerk.context().request.get(`${hall.gateway.url}/api/cameras`);
      const [camera] = (await answer.json()) as { readonly lastFragmentAgeMs: number | null }[];
      return camera?.lastFragmentAgeMs ?? null;
    };
    await expect.poll(recordedAgeMs, { timeout: 30_000 }).not.toBeNull();
    await clerk.goto(`${hall.gateway.url}/supervisor`);
    await clerk.getByRole("button", { name: "全过程记录" }).click();
    await clerk.getByRole("button", { name: "新增记录" }).click();
    await clerk.locator("#activity").selectOption("penalty");
    await clerk.locator("#kind").selectOption("noCaseApproval");
    await fill(clerk, {
      title: TITLE,
      "officer-0": "周洁",
      "cert-0": "03030001",
      "officer-1": "吴刚",
      "cert-1": "03030002",
      "field-partyFacts": "某超市",
      "field-placeOfCase": "人民路1号",
      "field-sourceOfCase": "举报",
      "field-reason": "查无实据",
      "signer-officer": "周洁",
      "signer-leader": "郑华",
    });
    await clerk.getByLabel("已出示执法证件").check();
    await clerk.getByRole("button", { name: "保存记录" }).click();
    await clerk.getByRole("heading", { name: "不予立案审批表" }).waitFor();
    const caseId = /case-[0-9a-f]{20}/.exec(await clerk.getByRole("article").innerText())?.[0] ?? "";
    await clerk.getByRole("button", { name: "新增记录" }).click();
    await clerk.locator("#activity").selectOption("penalty");
    await clerk.locator("#kind").selectOption("questioningRecord");
    await clerk.locator("#case").fill(caseId);
    await clerk.locator("#camera").selectOption({ index: 1 });
    await look(clerk, "records-01-form");
    await clerk.getByRole("button", { name: "保存记录" }).click();
    await clerk.getByRole("heading", { name: "询问（调查）笔录" }).waitFor();
    await clerk.getByText("音像 1 段").waitFor();
    await look(clerk, "records-02-list");
  });

  it("is approved by somebody else than who wrote it", async () => {
    await clerk.getByRole("button", { name: "批准", exact: true }).click();
    await clerk.getByRole("alert").waitFor();
    await supervisor.getByRole("button", { name: "全过程记录" }).click();
    await keepPdf(
      supervisor,
      await supervisor.getByRole("link", { name: "音像记录事项清单" }).getAttribute("href"),
      "page-av-matters",
    );
    await supervisor.getByRole("button", { name: "批准", exact: true }).click();
    await supervisor.getByText("批准人 supervisor").waitFor();
    await look(supervisor, "records-03-approved");
  });

  it("is filed after the check, handed over and held, and cannot be listed for destruction", async () => {
    await supervisor.getByRole("button", { name: "案卷", exact: true }).click();
    await row(supervisor).getByRole("button", { name: "执法行为终结" }).click();
    await row(supervisor).getByRole("button", { name: "归档" }).click();
    await supervisor.locator("#code").fill("A1-2026-001");
    await look(supervisor, "case-01-filing");
    await supervisor.getByRole("button", { name: "检测并归档" }).click();
    await supervisor.getByRole("alert").waitFor();
    await look(supervisor, "case-02-refused");
    await supervisor.locator("#explained").fill("不予立案，无后续文书");
    await supervisor.getByRole("button", { name: "检测并归档" }).click();
    await row(supervisor).getByText("待移交").waitFor();
    await keepPdf(
      supervisor,
      await row(supervisor).getByRole("link", { name: "四性检测报告" }).getAttribute("href"),
      "page-four-properties",
    );
    await row(supervisor).getByRole("checkbox").check();
    await supervisor.getByRole("button", { name: "移交所选案卷" }).click();
    const handOver = supervisor.locator("cg-hand-overs-panel").getByRole("link", { name: "PDF" });
    await handOver.waitFor();
    await keepPdf(supervisor, await handOver.getAttribute("href"), "page-hand-over");
    await row(supervisor).getByRole("button", { name: "长期保存" }).click();
    await supervisor.locator("#reason").selectOption("otherImportant");
    await supervisor.getByRole("button", { name: "确定长期保存" }).click();
    await supervisor.getByText("保存中").waitFor();
    await row(supervisor).getByRole("checkbox").check();
    await supervisor.getByRole("button", { name: "所选案卷造销毁清册" }).click();
    await supervisor.getByRole("alert").waitFor();
    await look(supervisor, "case-03-held");
  });
});
