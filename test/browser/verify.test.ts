/** Checking a paper in the browser: every result in plain words, a scanner, a photo, no gateway, no network at all. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { qrSvg } from "../../gateway/documents/qr.ts";
import { formatVerifierKey } from "../../gateway/evidence/verifier-key.ts";
import type { PaperCheckAnswer } from "../../gateway/http/contract/papers.ts";
import { type SamplePaper, nationalPaper, samplePaper } from "../unit/evidence/sample-paper.ts";
import { type BuiltPages, buildPages } from "./built-pages.ts";
import { hasChromium, launchChromium } from "./chromium.ts";
import { axeFindings, smallTargets } from "./in-page.ts";
import { type ScreenWorld, screenWorld } from "./screen-world.ts";

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
const GENUINE: PaperCheckAnswer = {
  result: "genuine",
  kind: "correctionNotice",
  title: { zh: "补正材料一次性告知书", en: "Correction notice" },
  number: "昌市监补〔2026〕G1-000008号",
  issuedAt: Date.UTC(2026, 8, 18, 2, 30),
  standing: "current",
  duplicates: false,
  pdf: "unknown",
};
const RESULTS: readonly (readonly [answer: PaperCheckAnswer, zh: string, en: string])[] = [
  [GENUINE, "文书真实", "The paper is genuine"],
  [{ ...GENUINE, duplicates: true, pdf: "same" }, "文书真实", "The paper is genuine"],
  [{ ...GENUINE, standing: "superseded" }, "文书真实，但已有新的文书", "Genuine, but there is a newer paper"],
  [{ ...GENUINE, standing: "voided" }, "文书已作废", "This paper is void"],
  [
    { result: "erased", issuedAt: GENUINE.issuedAt },
    "内容已依法销毁，签发证明仍然有效",
    "Text destroyed by law, proof of issue still valid",
  ],
  [{ result: "altered", why: "signature" }, "已被改动或系伪造", "Altered or forged"],
  [{ result: "altered", why: "notThisPaper" }, "已被改动或系伪造", "Altered or forged"],
  [{ result: "cannotTell", why: "noKey" }, "无法判断", "Can't tell"],
  [{ result: "cannotTell", why: "logDisagrees" }, "无法判断", "Can't tell"],
];

let paper: SamplePaper;
const scan = async (page: Page, text: string): Promise<void> => {
  await page.locator("#text").fill("");
  await page.locator("#text").focus();
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
};

describe.skipIf(!hasChromium)("the page for anybody", () => {
  let world: ScreenWorld;
  beforeAll(async () => {
    paper = await samplePaper();
    world = await screenWorld();
  });
  afterAll(async () => {
    await world?.close();
  });
  afterEach(() => world.closePages());
  beforeEach(() => {
    world.gateway.setAway(false);
    world.gateway.answer({
      "GET /log": { origins: [], verifierKeys: [formatVerifierKey(paper.log.key)] },
      "POST /api/papers/check": GENUINE,
    });
  });

  it("says each result in words, in both languages, accessibly, with nothing of the paper in an address", async () => {
    const page = await world.open("/verify", DESK);
    for (const [answer, zh, en] of RESULTS) {
      world.gateway.answer({ "POST /api/papers/check": answer });
      await scan(page, paper.qr);
      await page.getByRole("heading", { name: zh, exact: true }).waitFor();
      expect(await axeFindings(page), zh).toEqual([]);
      await page.getByRole("button", { name: "English" }).click();
      await page.getByRole("heading", { name: en, exact: true }).waitFor();
      expect(await axeFindings(page), en).toEqual([]);
      await page.getByRole("button", { name: "中文" }).click();
    }
    const asked = world.gateway.askedFor("POST /api/papers/check");
    expect(asked.at(-1)?.body).toEqual({ text: paper.qr });
    expect(world.gateway.asked.filter(({ address }) => address.includes("C1:"))).toEqual([]);
    expect(page.url()).not.toContain("C1");
    expect(world.problems).toEqual([]);
  });

  it("works on a phone, from a photo of the QR and with a PDF of which only the digest leaves", async () => {
    const page = await world.open("/verify", PHONE);
    const photo = await sharp(Buffer.from(qrSvg(paper.qr)))
      .resize(700)
      .flatten({ background: "#fff" })
      .rotate(4, { background: "#888" })
      .jpeg({ quality: 70 })
      .toBuffer();
    await page.locator("input[type=file]").setInputFiles([
      { name: "paper.pdf", mimeType: "application/pdf", buffer: Buffer.from(paper.pdf) },
      { name: "photo.jpg", mimeType: "image/jpeg", buffer: photo },
    ]);
    await page.getByRole("heading", { name: "文书真实", exact: true }).waitFor();
    expect(world.gateway.askedFor("POST /api/papers/check").at(-1)?.body).toEqual({
      text: paper.qr,
      pdfSha256: paper.pdfSha256,
    });
    expect(await smallTargets(page, 40)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    await page.locator("input[type=file]").setInputFiles({
      name: "cat.jpg",
      mimeType: "image/jpeg",
      buffer: await sharp({ create: { width: 300, height: 300, channels: 3, background: "#c96" } })
        .jpeg()
        .toBuffer(),
    });
    await page.getByText("照片中没有读到二维码").waitFor();
  });

  it("falls back on the public keys when the gateway does not answer, and says so", async () => {
    const page = await world.open("/verify", DESK);
    await page.locator("#text").waitFor();
    world.gateway.setAway(true);
    await scan(page, paper.qr.toLowerCase());
    await page.getByRole("heading", { name: "二维码真实" }).waitFor();
    await page.getByText("以上结果只凭公钥得出").waitFor();
    await scan(page, paper.qr.replace(/^C1:/, "C1:1"));
    await page.getByRole("heading", { name: "已被改动或系伪造" }).waitFor();
  });

  it("hands over what was taken along from the kiosk, and takes the code out of the address first", async () => {
    world.gateway.answer({ "POST /api/papers/take/receipt": Buffer.from(paper.receipt) });
    const page = await world.open("/verify#take=abcdefghijklmnopqrstuv", PHONE);
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "保存电子凭据" }).click();
    expect((await saved).suggestedFilename()).toBe("document.tlog-proof");
    expect(world.gateway.askedFor("POST /api/papers/take/receipt").at(-1)?.body).toEqual({
      code: "abcdefghijklmnopqrstuv",
    });
    expect(page.url()).not.toContain("take=");
    expect(await axeFindings(page)).toEqual([]);
  });
});

describe.skipIf(!hasChromium)("the offline page, opened from a file", () => {
  let pages: BuiltPages;
  let browser: Browser;
  let folder: string;
  const requests: string[] = [];
  const problems: string[] = [];
  beforeAll(async () => {
    paper = await samplePaper();
    pages = await buildPages();
    browser = await launchChromium();
    folder = await mkdtemp(join(tmpdir(), "offline-"));
  });
  afterAll(async () => {
    await browser?.close();
    await pages?.close();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  async function open(keys: readonly string[]): Promise<Page> {
    const file = join(folder, "verify-offline.html");
    const html = await readFile(join(pages.folder, "offline.html"), "utf8");
    await writeFile(file, html.replace(/(id="pinned">)[^<]*/, `$1${JSON.stringify(keys)}`));
    const context = await browser.newContext({ viewport: DESK, locale: "zh-CN", offline: true });
    const page = await context.newPage();
    page.on("request", (request) => requests.push(request.url()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    await page.goto(pathToFileURL(file).href);
    return page;
  }
  const give = (page: Page, name: string, bytes: Uint8Array | string): Promise<void> =>
    page.locator("input[type=file]").setInputFiles({
      name,
      mimeType: name.endsWith(".pdf") ? "application/pdf" : "",
      buffer: Buffer.from(bytes),
    });

  it("checks QR, receipt and PDF against the keys in it, without asking any network", async () => {
    const page = await open([formatVerifierKey(paper.log.key), formatVerifierKey(paper.log.witness)]);
    await scan(page, paper.qr);
    await page.getByRole("heading", { name: "二维码真实" }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await give(page, "paper.tlog-proof", paper.receipt);
    await page.getByRole("heading", { name: "电子凭据真实" }).waitFor();
    await give(page, "paper.pdf", paper.pdf);
    await page.getByRole("heading", { name: "文书真实", exact: true }).waitFor();
    await page.getByText("昌市监受〔2026〕1号").waitFor();
    await page.getByText(/^archive.example\/w1，2026/).waitFor();
    await give(page, "paper.pdf", "%PDF-1.7 another paper");
    await page.getByRole("heading", { name: "已被改动或系伪造" }).waitFor();
    await page.getByText("PDF 与签发时的文件不同").waitFor();
    const changed = paper.receipt.replace(/index (\d+)/, (_, at: string) => `index ${Number(at) + 1}`);
    await page.getByRole("button", { name: "清除" }).click();
    await give(page, "paper.tlog-proof", changed);
    await page.getByText("凭据中的证明与签名不符").waitFor();
    await page.getByRole("button", { name: "English" }).click();
    await page.getByText("The proof in the receipt does not fit its signature").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
    expect(problems).toEqual([]);
  });

  it("says of a log of the suite sm2-sm3 that its SM2 signature was not checked", async () => {
    const { key, line, receiptWith } = nationalPaper(paper);
    const page = await open([paper.log.key, key].map(formatVerifierKey));
    await scan(page, paper.qr);
    await page.getByRole("heading", { name: "二维码真实" }).waitFor();
    await page.getByText("未核对：二维码只带 Ed25519 签名").waitFor();
    await give(page, "paper.tlog-proof", receiptWith([line]));
    await page.getByRole("heading", { name: "电子凭据真实" }).waitFor();
    await page.getByText("未核对：浏览器只核对 Ed25519 签名").waitFor();
    await page.getByRole("button", { name: "English" }).click();
    await page.getByText("Not checked: a browser checks Ed25519 only").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(problems).toEqual([]);
  });

  it("can't tell without the key, and can once it is added", async () => {
    const page = await open([]);
    await scan(page, paper.qr);
    await page.getByRole("heading", { name: "无法判断" }).waitFor();
    await page.getByText("本页使用的公钥").click();
    await page.getByLabel(/添加公钥/).fill(`log ${formatVerifierKey(paper.log.key)}\nquorum none\n`);
    await page.getByLabel(/添加公钥/).blur();
    await scan(page, paper.qr);
    await page.getByRole("heading", { name: "二维码真实" }).waitFor();
  });
});
