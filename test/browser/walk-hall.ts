/**
 * The whole gateway and a browser before it: what a walk through the counter needs, and its end. Invariant: every
 * person stands before a browser profile of their own, and what went wrong inside a page is collected.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { Browser, Page, Response } from "playwright-core";
import sharp from "sharp";
import { vi } from "vitest";
import { type RunningGateway, startGatewayProcess } from "../flows/running-gateway.ts";
import { hasChromium, launchChromium } from "./chromium.ts";

const ROOT = join(import.meta.dirname, "../..");
const PICTURES = join(ROOT, "test/output");
const SITES = join(ROOT, "firmware-configs/demonstration");
/** A page shows what somebody else did within a few seconds; a loaded machine takes longer. */
const SEEN_WITHIN_MS = 20_000;
const DESK = { width: 1280, height: 900 };
const KIOSK = { width: 1080, height: 1920 };

const hasPdfText = existsSync("/usr/bin/pdftotext");
if (!hasPdfText)
  console.warn("SKIPPED: walks through the counter read papers back: apt-get install poppler-utils");

/** Whether this machine has what a walk needs. */
export const canWalk = hasChromium && hasPdfText;

export type Staff = "clerk" | "technician" | "supervisor" | "leader" | "custodian";

export interface Newcomer {
  readonly id: string;
  readonly name: string;
  readonly role: "clerk" | "leader";
  readonly certNo: string;
}

export interface WalkHall {
  readonly gateway: RunningGateway;
  /** Signs a member of staff in at their own page; a leader's and a custodian's is the supervisor's. */
  signIn(user: Staff): Promise<Page>;
  /** Opens an account by the technician's and signs it in at that role's page. */
  newcomer(person: Newcomer): Promise<Page>;
  /** The counter's kiosk, bound by the code that the start printed; its clock can be moved. */
  kiosk(): Promise<Page>;
  /** Keeps a picture of the page in `test/output`. */
  picture(page: Page, name: string): Promise<void>;
  /** Text of a slip of the virtual printer, counted from 1, once it is there; its picture is kept as well. */
  slip(number: number): Promise<string>;
  /** Uncaught errors, breaches of the content policy, requests to other hosts, answers above 499. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

function watch(page: Page, url: string, problems: string[]): void {
  page.setDefaultTimeout(SEEN_WITHIN_MS);
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("console", (message) => {
    const { url: at, lineNumber } = message.location();
    if (message.text().includes("Content Security Policy"))
      problems.push(`${message.text()} (${at}:${lineNumber})`);
  });
  page.on("request", (request) => {
    const asked = request.url();
    if (!asked.startsWith(url) && !/^(?:blob|data):/.test(asked)) problems.push(`foreign: ${asked}`);
  });
  page.on("response", (response: Response) => {
    if (response.status() >= 500) problems.push(`${response.status()} ${response.url()}`);
  });
}

const pageOf = (role: Staff): string => (role === "leader" || role === "custodian" ? "supervisor" : role);

/** Starts the gateway of one demonstration site, `site.json` or `site-changli.json`, or of another site file. */
export async function openWalkHall(site: string): Promise<WalkHall> {
  if (!existsSync(join(ROOT, "kiosk/dist/clerk.html")))
    throw new Error("the pages are not built: npm run build:kiosk");
  await mkdir(PICTURES, { recursive: true });
  const dataFolder = await mkdtemp(join(tmpdir(), "walk-"));
  const closing: (() => Promise<unknown>)[] = [() => rm(dataFolder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (let step = closing.pop(); step !== undefined; step = closing.pop()) await step();
  };
  try {
    const gateway = await startGatewayProcess({ dataFolder, site: resolve(SITES, site) });
    closing.push(() => gateway.close());
    const browser: Browser = await launchChromium();
    closing.push(() => browser.close());
    const problems: string[] = [];
    const open = async (viewport: typeof DESK): Promise<Page> => {
      const context = await browser.newContext({ viewport, locale: "zh-CN", timezoneId: "Asia/Shanghai" });
      const page = await context.newPage();
      watch(page, gateway.url, problems);
      return page;
    };
    const enter = async (role: Staff, user: string, password: string): Promise<Page> => {
      const page = await open(DESK);
      await page.goto(`${gateway.url}/${pageOf(role)}`);
      await page.getByLabel("账号").fill(user);
      await page.getByLabel("密码").fill(password);
      await page.getByRole("button", { name: "登录" }).click();
      await page.getByRole("button", { name: "退出" }).waitFor();
      return page;
    };
    return {
      gateway,
      problems,
      signIn: async (user) => enter(user, user, await gateway.password(user)),
      async newcomer({ id, name, role, certNo }) {
        const technician = await browser.newContext();
        const { request } = technician;
        const body = { user: "technician", password: await gateway.password("technician") };
        const session = await request.post(`${gateway.url}/api/session`, { data: body });
        const { csrfToken } = (await session.json()) as { csrfToken: string };
        const password = randomBytes(12).toString("base64url");
        const officer = { certNo, validFrom: "2020-01-01", validTo: "2099-12-31" };
        const opened = await request.post(`${gateway.url}/api/people`, {
          headers: { "x-csrf-token": csrfToken },
          data: { id, name, roles: [role], password, officer },
        });
        if (opened.status() !== 201) throw new Error(`${id}: ${await opened.text()}`);
        await technician.close();
        return enter(role, id, password);
      },
      async kiosk() {
        const page = await open(KIOSK);
        await page.clock.install();
        await page.goto(`${gateway.url}/#bind=${gateway.kioskCode}`);
        await page.getByRole("button", { name: "查看我的文书" }).waitFor();
        return page;
      },
      async picture(page, name) {
        await page.screenshot({ path: join(PICTURES, `${name}.png`) });
      },
      async slip(number) {
        const name = `slip-${String(number).padStart(4, "0")}`;
        const path = join(dataFolder, "demonstration/slips", name);
        // The picture is drawn after the text, and a file is complete once it can be read as what it is.
        await vi.waitFor(() => sharp(`${path}.png`).metadata(), { timeout: SEEN_WITHIN_MS });
        await copyFile(`${path}.png`, join(PICTURES, `${basename(site, ".json")}-${name}.png`));
        return readFile(`${path}.txt`, "utf8");
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
