/** Debian's chromium for tests of the screens; where it is missing the tests are skipped with the line that installs it. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PATH = "/usr/bin/chromium";
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const hasChromium = existsSync(PATH);
if (!hasChromium)
  console.warn("SKIPPED: tests of the screens need chromium: apt-get install chromium fonts-noto-cjk");

export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: PATH, headless: true, args: ARGS });
}
