/** Live through the whole gateway: the virtual camera's picture moves in chromium, and stops with the view. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningGateway, startGatewayProcess } from "../flows/running-gateway.ts";
import { hasChromium, launchChromium } from "./chromium.ts";

const LIMIT_MS = 20_000;

describe.skipIf(!hasChromium)("live view", () => {
  let folder: string;
  let gateway: RunningGateway | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "live-"));
    [gateway, browser] = await Promise.all([
      startGatewayProcess({ dataFolder: join(folder, "data") }),
      launchChromium(),
    ]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it("moves at the live edge of a camera, and its line ends with it", async () => {
    if (gateway === undefined || browser === undefined) throw new Error("not started");
    const page = await browser.newPage();
    page.setDefaultTimeout(LIMIT_MS);
    await page.goto(`${gateway.url}/technician`);
    await page.getByLabel("账号").fill("technician");
    await page.getByLabel("密码").fill(await gateway.password("technician"));
    await page.getByRole("button", { name: "登录" }).click();
    const lines: { closed: boolean }[] = [];
    page.on("websocket", (socket) => {
      if (!socket.url().endsWith("/live")) return;
      const line = { closed: false };
      lines.push(line);
      socket.on("close", () => (line.closed = true));
    });
    await page.getByRole("button", { name: "看实时画面" }).first().click();
    const video = page.locator("cg-live-view video");
    await video.waitFor();
    // Playing, of some size, and never far behind what has arrived.
    const state = () =>
      page.evaluate<{ at: number; width: number; behind: number }>(`(() => {
        const find = (root) => {
          for (const each of root.querySelectorAll("*")) {
            const found = each.localName === "cg-live-view" ? each : each.shadowRoot && find(each.shadowRoot);
            if (found) return found;
          }
        };
        const video = find(document).shadowRoot.querySelector("video");
        const { buffered, currentTime: at, videoWidth: width } = video;
        return { at, width, behind: buffered.length === 0 ? 99 : buffered.end(buffered.length - 1) - at };
      })()`);
    await expect.poll(async () => (await state()).width, { timeout: LIMIT_MS }).toBeGreaterThan(0);
    const first = await state();
    await expect.poll(async () => (await state()).at, { timeout: LIMIT_MS }).toBeGreaterThan(first.at + 1);
    await expect.poll(async () => (await state()).behind, { timeout: LIMIT_MS }).toBeLessThan(1);
    await page.getByRole("button", { name: "停止实时画面" }).first().click();
    await expect.poll(() => lines.at(-1)?.closed, { timeout: LIMIT_MS }).toBe(true);
    await page.close();
  }, 120_000);
});
