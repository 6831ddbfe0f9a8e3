/** Every section that a role is shown on the supervisor's page may be read by that role. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type WalkHall, canWalk, openWalkHall } from "./walk-hall.ts";

let hall: WalkHall;

/** Opens every section in turn; returns their names, and what the gateway refused to this role. */
async function throughSections(
  page: Page,
): Promise<{ readonly names: string[]; readonly refused: string[] }> {
  const refused: string[] = [];
  let underWay = 0;
  page.on("request", () => underWay++);
  page.on("requestfailed", () => underWay--);
  page.on("requestfinished", () => underWay--);
  page.on("response", (answer) => {
    if (answer.status() === 403) refused.push(new URL(answer.url()).pathname);
  });
  await page.reload();
  const sections = page.locator("nav.tabs button");
  await sections.first().waitFor();
  const names = await sections.allInnerTexts();
  for (const name of names) {
    await sections.filter({ hasText: name }).click();
    // What the section asks for is under way once it has been drawn.
    await page.locator("nav.tabs button[aria-current=page]").filter({ hasText: name }).waitFor();
    await vi.waitFor(() => expect(underWay).toBeLessThanOrEqual(0), { timeout: 20_000 });
  }
  return { names: names.map((name) => name.trim()), refused };
}

describe.skipIf(!canWalk)("the sections of the supervisor's page", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    hall = await openWalkHall("site.json");
  }, 120_000);
  afterAll(async () => hall?.close());

  it.each([
    ["supervisor", 13, []],
    ["leader", 12, ["画面总览"]],
    ["custodian", 9, ["受理结论审批", "画面总览", "审批期限", "服务指南"]],
  ] as const)("that a %s is shown are theirs to read", async (role, count, hidden) => {
    const page = await hall.signIn(role);
    const { names, refused } = await throughSections(page);
    expect(refused).toEqual([]);
    expect(names).toHaveLength(count);
    for (const name of hidden) expect(names).not.toContain(name);
    expect(hall.problems).toEqual([]);
  });
});
