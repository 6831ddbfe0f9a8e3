/** The applicant's kiosk: every screen accessible and large enough, usable without touch, and forgetful. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hasChromium } from "./chromium.ts";
import { type Asked, Refusal } from "./fake-gateway.ts";
import * as hall from "./hall.ts";
import { axeFindings, smallTargets, smallestText, traces } from "./in-page.ts";
import { type ScreenWorld, screenWorld } from "./screen-world.ts";

const PORTRAIT = { width: 1080, height: 1920 };
const LANDSCAPE = { width: 1280, height: 800 };
const SMALLEST_TARGET_PX = 60;
const SMALLEST_TEXT_PX = 18;
const PERSONAL = ["12345678", "002X", "㛃𬭎䶮", "13800000000", "G1-000008"];
const NOTICE = {
  kind: "recordingNotice",
  applicationId: hall.APPLICATION,
  noticeVersion: "2026-01",
  shown: false,
  text: { zh: "本窗口在办理期间录音录像。\n您可以查阅。", en: "This counter is recorded." },
} as const;

let world: ScreenWorld;

async function typeClaim(page: Page): Promise<void> {
  await page.getByRole("button", { name: "查看我的文书" }).click();
  await page.keyboard.type("12345678002x");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "您的文书" }).waitFor();
}

async function openPaper(page: Page): Promise<void> {
  await typeClaim(page);
  await page.getByRole("button", { name: /补正材料一次性告知书/ }).click();
  await page.getByText("需要补正的材料").waitFor();
}

async function draw(page: Page): Promise<void> {
  const box = await page.locator("canvas").boundingBox();
  if (box === null) throw new Error("no canvas");
  await page.mouse.move(box.x + 60, box.y + 80);
  await page.mouse.down();
  for (let step = 1; step < 20; step += 1)
    await page.mouse.move(box.x + 60 + step * 10, box.y + 80 + (step % 5) * 9);
  await page.mouse.up();
}

describe.skipIf(!hasChromium)("the applicant's kiosk", () => {
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
    const { gateway } = world;
    gateway.setAway(false);
    gateway.show({ screen: { kind: "idle" }, claim: null });
    gateway.answer({
      "GET /api/kiosk/binding": { counterId: "w1" as never, csrfToken: "csrf-of-the-kiosk" },
      "GET /log": { origins: [], verifierKeys: [] },
      "POST /api/papers/check": { result: "altered", why: "signature" },
      "GET /api/kiosk/papers": hall.claimed,
      "GET /api/kiosk/papers/:id/content": () => structuredClone(hall.notice) as never,
      "POST /api/kiosk/papers/:id/sign": { ref: { logId: "2026" as never, seq: 5 as never } },
      "POST /api/kiosk/notice-shown": () => gateway.state(),
      "POST /api/kiosk/claim": () => {
        gateway.show({ claim: { applicationId: hall.APPLICATION, until: Date.now() + 100_000 } });
        return gateway.state();
      },
      "POST /api/kiosk/wipe": () => {
        gateway.show({ claim: null, screen: { kind: "idle" } });
        return { done: true };
      },
    });
  });

  for (const [shape, size] of [
    ["portrait", PORTRAIT],
    ["landscape", LANDSCAPE],
  ] as const)
    it(`keeps WCAG 2.2 AA, 60 px targets and no sideways scroll on every screen, ${shape}`, async () => {
      const page = await world.open("/", size);
      const check = async (screen: string): Promise<void> => {
        expect(await axeFindings(page), `axe: ${screen}`).toEqual([]);
        expect(await smallTargets(page, SMALLEST_TARGET_PX), `targets: ${screen}`).toEqual([]);
        expect(await smallestText(page), `text: ${screen}`).toBeGreaterThanOrEqual(SMALLEST_TEXT_PX);
        expect(
          await page.evaluate("document.documentElement.scrollWidth - innerWidth"),
          screen,
        ).toBeLessThanOrEqual(0);
      };
      await page.getByRole("button", { name: "查看我的文书" }).waitFor();
      await check("home");
      world.gateway.show({ screen: NOTICE });
      await page.getByRole("button", { name: "我已知悉" }).waitFor();
      await check("recording notice");
      world.gateway.show({ screen: { kind: "idle" } });
      await page.getByRole("button", { name: "查验文书真伪" }).click();
      await page.getByLabel("扫描纸上的二维码").fill("C1:A.1.B");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "已被改动或系伪造" }).waitFor();
      await check("check of a paper");
      await page.getByRole("button", { name: "返回首页" }).click();
      await page.getByRole("button", { name: "查看我的文书" }).click();
      await check("claim");
      await page.keyboard.type("12345678");
      await page.getByRole("button", { name: /切换字母/ }).click();
      await check("claim with letters");
      await page.getByRole("button", { name: "返回首页" }).click();
      await openPaper(page);
      await check("paper");
      await page.getByRole("button", { name: "全部文书" }).click();
      await check("papers");
      await page.getByRole("button", { name: /补正材料一次性告知书/ }).click();
      await page.getByRole("button", { name: "确认并签名" }).click();
      await check("signing");
      await draw(page);
      await page.getByRole("button", { name: "确认签名" }).click();
      await page.getByText("签名已保存").waitFor();
      await check("done");
      await page.getByRole("button", { name: "高对比" }).click();
      await page.getByRole("button", { name: "大字" }).click();
      await page.getByRole("button", { name: "English" }).click();
      await page.getByText("Signature saved").waitFor();
      await check("done, English, large, high contrast");
      await page.getByRole("button", { name: "Finish" }).click();
      await page.getByRole("button", { name: "查看我的文书" }).waitFor();
      world.gateway.setAway(true);
      await page.getByText("正在恢复连接").waitFor();
      await check("gateway away");
      world.gateway.setAway(false);
      await page.getByRole("button", { name: "查看我的文书" }).waitFor();
    });

  it("shows the recording notice when an intake starts and reports once that it was shown", async () => {
    const page = await world.open("/", PORTRAIT);
    const before = world.gateway.askedFor("POST /api/kiosk/notice-shown").length;
    await page.getByRole("button", { name: "查看我的文书" }).waitFor();
    world.gateway.show({ screen: NOTICE });
    await page.getByText("本窗口在办理期间录音录像。").waitFor();
    await expect.poll(() => world.gateway.askedFor("POST /api/kiosk/notice-shown").length).toBe(before + 1);
    world.gateway.show({ screen: { ...NOTICE, shown: true } });
    await page.getByRole("button", { name: "我已知悉" }).click();
    const reports = world.gateway.askedFor("POST /api/kiosk/notice-shown").slice(before);
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({
      csrf: "csrf-of-the-kiosk",
      body: { applicationId: hall.APPLICATION, noticeVersion: "2026-01", lang: "zh" },
    });
  });

  it("takes a claim by keyboard alone, from the first screen to the signature's alternative", async () => {
    const page = await world.open("/", LANDSCAPE);
    await page.getByRole("button", { name: "查看我的文书" }).waitFor();
    const press = async (name: RegExp): Promise<void> => {
      for (let tries = 0; tries < 40; tries += 1) {
        await page.keyboard.press("Tab");
        const text = await page.evaluate<string>(`(() => {
          let active = document.activeElement;
          while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
          return active?.textContent ?? "";
        })()`);
        if (name.test(text)) return page.keyboard.press("Enter");
      }
      throw new Error(`no way by Tab to ${String(name)}`);
    };
    await press(/查看我的文书/);
    await page.keyboard.type("12345678");
    await page.keyboard.type("002x");
    await page.keyboard.press("Enter");
    await press(/补正材料一次性告知书/);
    await page.getByText("需要补正的材料").waitFor();
    await press(/确认并签名/);
    await press(/到窗口在纸上签名/);
    await page.getByText("请到窗口签名").waitFor();
    await press(/^\s*结束\s*$/);
    await page.getByRole("button", { name: "查看我的文书" }).waitFor();
  });

  it("takes a claim by touch alone on the keypad", async () => {
    const page = await world.open("/", PORTRAIT);
    await page.getByRole("button", { name: "查看我的文书" }).click();
    const keys = page.locator("cg-keypad");
    for (const digit of "12345678") await keys.getByRole("button", { name: digit, exact: true }).click();
    await keys.getByRole("button", { name: "9", exact: true }).click();
    await keys.getByRole("button", { name: "删除" }).click();
    for (const character of "002X") await keys.getByRole("button", { name: character, exact: true }).click();
    await page.getByRole("button", { name: "查看文书" }).click();
    await page.getByRole("heading", { name: "您的文书" }).waitFor();
    expect(world.gateway.askedFor("POST /api/kiosk/claim").at(-1)?.body).toEqual({
      code: "12345678",
      last4: "002X",
    });
  });

  it("says what is wrong with a claim, clears what was typed, and pauses when the gateway does", async () => {
    const page = await world.open("/", PORTRAIT);
    world.gateway.answer({
      "POST /api/kiosk/claim": new Refusal(403, "intake.claimRefused", "取件码或证件号码后四位不正确。"),
    });
    await page.getByRole("button", { name: "查看我的文书" }).click();
    await page.keyboard.type("12345678002x");
    await page.keyboard.press("Enter");
    await page.getByText("取件码或证件号码后四位不正确。").waitFor();
    expect(await page.getByLabel("8 位取件码").inputValue()).toBe("");
    world.gateway.answer({
      "POST /api/kiosk/claim": new Refusal(429, "intake.claimBlocked", "输入错误次数过多。", {
        details: { retryAfterS: 600 },
      }),
    });
    await page.keyboard.type("12345678002x");
    await page.keyboard.press("Enter");
    await page.getByText("输入已暂停").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.type("12345678002x");
    expect(await page.getByRole("button", { name: "查看文书" }).isDisabled()).toBe(true);
  });

  it("sends a signature as points with their times, never as a picture", async () => {
    const page = await world.open("/", PORTRAIT);
    await openPaper(page);
    await page.getByRole("button", { name: "确认并签名" }).click();
    expect(await page.getByRole("button", { name: "确认签名" }).isDisabled()).toBe(true);
    await draw(page);
    await page.getByRole("button", { name: "确认签名" }).click();
    await page.getByText("签名已保存").waitFor();
    const { body, params } = world.gateway.askedFor("POST /api/kiosk/papers/:id/sign").at(-1) as Asked & {
      readonly body: {
        readonly strokes: readonly (readonly { readonly tMs: number; readonly x: number }[])[];
      };
    };
    expect(params["id"]).toBe(hall.PAPER);
    const [stroke = []] = body.strokes;
    expect(stroke.length).toBeGreaterThan(5);
    expect(stroke[0]?.tMs).toBe(0);
    const times = stroke.map(({ tMs }) => tMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it("warns a quiet person, gives more time when asked, then wipes without leaving a trace", async () => {
    const page = await world.open("/", PORTRAIT);
    await page.clock.install({ time: hall.NOW_MS });
    await page.reload();
    await page.getByRole("button", { name: "大字" }).click();
    await openPaper(page);
    await page.getByRole("button", { name: "确认并签名" }).click();
    await draw(page);
    await page.evaluate(
      `sessionStorage.setItem("left", "13800000000"); localStorage.setItem("left", "002X")`,
    );
    expect((await traces(page, PERSONAL)).length).toBeGreaterThan(0);
    await page.clock.runFor(61_000);
    await page.getByText("您还在使用吗？").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await smallTargets(page, SMALLEST_TARGET_PX)).toEqual([]);
    await page.getByRole("button", { name: "继续使用" }).click();
    await page.clock.runFor(59_000);
    expect(await page.getByText("您还在使用吗？").count()).toBe(0);
    await page.clock.runFor(2_000);
    await page.getByText("您还在使用吗？").waitFor();
    const wipes = world.gateway.askedFor("POST /api/kiosk/wipe").length;
    await page.clock.runFor(31_000);
    await page.getByRole("button", { name: "查看我的文书" }).waitFor();
    expect(await traces(page, PERSONAL)).toEqual([]);
    expect(world.gateway.askedFor("POST /api/kiosk/wipe").slice(wipes)).toMatchObject([
      { body: { cause: "idle" } },
    ]);
    await page.goBack().catch(() => null);
    expect(await page.getByText("需要补正的材料").count()).toBe(0);
  });

  it("shows nothing of a visit after a wipe that the gateway could not hear of, and wipes when it is back", async () => {
    const page = await world.open("/", PORTRAIT);
    await openPaper(page);
    world.gateway.setAway(true);
    await page.getByText("正在恢复连接").waitFor();
    expect(await page.getByText("需要补正的材料").count()).toBe(0);
    await world.closePages();

    const next = await world.open("/", PORTRAIT);
    const wipes = world.gateway.askedFor("POST /api/kiosk/wipe").length;
    world.gateway.setAway(false);
    await next.getByRole("button", { name: "查看我的文书" }).waitFor();
    expect(world.gateway.askedFor("POST /api/kiosk/wipe").length).toBe(wipes + 1);
  });

  it("comes back by itself after the gateway was away, and after one that started anew", async () => {
    const page = await world.open("/", PORTRAIT);
    await page.getByRole("button", { name: "查看我的文书" }).waitFor();
    world.gateway.setAway(true);
    await page.getByText("正在恢复连接").waitFor();
    world.gateway.show({ revision: 0, screen: NOTICE });
    world.gateway.setAway(false);
    await page.getByText("本窗口在办理期间录音录像。").waitFor();
  });

  it("asks for a binding code when the browser is bound to no counter", async () => {
    world.gateway.answer({
      "GET /api/kiosk/binding": new Refusal(401, "people.notBound", "终端尚未绑定。"),
      "POST /api/kiosk/binding": { counterId: "w1" as never, csrfToken: "fresh" },
    });
    const page = await world.open("/", LANDSCAPE);
    await page.getByLabel("绑定码").fill("7K4M-92QX");
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "绑定", exact: true }).click();
    await page.getByRole("button", { name: "查看我的文书" }).waitFor();
  });

  it("would be told by its own checks of a nameless button, a small target and small text", async () => {
    const page = await world.open("/", LANDSCAPE);
    await page.getByRole("button", { name: "查看我的文书" }).waitFor();
    await page.evaluate(`(() => {
      const button = document.createElement("button");
      for (const side of ["min-inline-size", "min-block-size"]) button.style.setProperty(side, "20px");
      const text = document.createElement("p");
      text.textContent = "small";
      text.style.setProperty("font-size", "12px");
      document.querySelector("cg-applicant").shadowRoot.querySelector("main").append(button, text);
    })()`);
    expect((await axeFindings(page)).join()).toContain("button-name");
    expect(await smallTargets(page, SMALLEST_TARGET_PX)).toHaveLength(1);
    expect(await smallestText(page)).toBe(12);
  });

  it("runs under the gateway's content policy and asks no foreign host for anything", () => {
    expect(world.problems).toEqual([]);
  });
});
