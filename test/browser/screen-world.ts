/** Pages built, gateway faked, browser started: what every test of the screens needs, and its end. */
import type { Browser, Page } from "playwright-core";
import { type BuiltPages, buildPages } from "./built-pages.ts";
import { launchChromium } from "./chromium.ts";
import { type FakeGateway, fakeGateway } from "./fake-gateway.ts";

export interface ScreenWorld {
  readonly gateway: FakeGateway;
  /** A fresh page of a fresh profile; what goes wrong inside is collected in `problems`. */
  open(path: string, size: { readonly width: number; readonly height: number }): Promise<Page>;
  /** Uncaught errors, breaches of the content policy, requests to other hosts. */
  readonly problems: readonly string[];
  /** Closes all pages: two kiosks of one counter would wipe each other's visits. */
  closePages(): Promise<void>;
  close(): Promise<void>;
}

export async function screenWorld(): Promise<ScreenWorld> {
  const pages: BuiltPages = await buildPages();
  const gateway = await fakeGateway(pages.folder);
  const browser: Browser = await launchChromium();
  const problems: string[] = [];
  return {
    gateway,
    problems,
    async open(path, viewport) {
      const context = await browser.newContext({ viewport, locale: "zh-CN" });
      const page = await context.newPage();
      page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
      page.on("console", (message) => {
        if (message.text().includes("Content Security Policy")) problems.push(message.text());
      });
      page.on("request", (request) => {
        const url = request.url();
        if (!url.startsWith(gateway.url) && !/^(blob|data|ws:\/\/127\.0\.0\.1)/.test(url))
          problems.push(`foreign: ${url}`);
      });
      await page.goto(`${gateway.url}${path}`);
      return page;
    },
    async closePages() {
      for (const context of browser.contexts()) await context.close();
    },
    async close() {
      await browser.close();
      await gateway.close();
      await pages.close();
    },
  };
}
