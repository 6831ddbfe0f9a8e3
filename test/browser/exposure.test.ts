/** The exposure window on the pages of who has to act: live, with its limit, in words and colour. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { hasChromium } from "./chromium.ts";
import { axeFindings } from "./in-page.ts";
import { type ScreenWorld, screenWorld } from "./screen-world.ts";
import { supervisorAnswers, technicianAnswers } from "./watched-hall.ts";

const DESK = { width: 1280, height: 900 };
const HOUR_MS = 3_600_000;

describe.skipIf(!hasChromium)("the exposure window", () => {
  let world: ScreenWorld;
  let exposureMs = 2 * HOUR_MS;
  beforeAll(async () => {
    world = await screenWorld();
  });
  afterAll(async () => {
    await world?.close();
  });
  afterEach(() => world.closePages());

  it.each([
    ["supervisor", supervisorAnswers, "画面总览"],
    ["technician", technicianAnswers, "中心档案"],
  ] as const)("is live on the %s's page, and says when it is over its limit", async (name, answers, tab) => {
    exposureMs = 2 * HOUR_MS;
    world.gateway.answer({
      ...answers,
      "GET /api/cameras": [],
      "GET /api/archive": () => ({
        enrolled: true,
        withheldPacks: 0,
        url: "https://archive.example",
        lastPassAt: null,
        fault: null,
        exposureMs,
        exposureLimitMs: HOUR_MS,
      }),
    });
    const page = await world.open(`/${name}`, DESK);
    await page.getByRole("button", { name: tab }).click();
    await page.getByText("超过上限 1 小时").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    exposureMs = 0;
    await page.getByText("已全部由他方见证").waitFor();
    await page.getByRole("button", { name: "English" }).click();
    await page.getByText("All of it seen by another party").waitFor();
  });
});
