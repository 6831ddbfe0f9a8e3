/**
 * Glass to glass on the sub-stream: a camera whose picture shows the moment of its capture, through the whole gateway, to the moment
 * chromium puts it on screen. Environment: BENCH_SECONDS (default 20), BENCH_JOINS (default 5).
 * Last line: RESULT {liveP50Ms, liveP95Ms, firstPictureMs}.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { hasChromium, launchChromium } from "../browser/chromium.ts";
import { startGatewayProcess } from "../flows/running-gateway.ts";
import { Caller } from "../flows/signed-in.ts";

const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 20);
const JOINS = Number(process.env["BENCH_JOINS"] ?? 5);
const CAMERA = fileURLToPath(new URL("../peers/gst-rtsp-server/clock-camera.py", import.meta.url));
const LIMIT_MS = 30_000;
const WARM_UP_S = 3;

/**
 * Reads the clock out of each picture that is shown. A picture counts when the browser says it will be on screen,
 * or when this code sees it, whichever is later.
 */
const WATCH = `window.watchLive = (seconds) => new Promise((resolve, reject) => {
  const asked = performance.timeOrigin + performance.now();
  const view = document.createElement("cg-live-view");
  view.cameraId = "clock";
  view.style.cssText = "position:fixed;inset:0;inline-size:640px;z-index:9";
  document.body.append(view);
  const canvas = new OffscreenCanvas(640, 360);
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const delays = [];
  let first;
  const clockOf = (video) => {
    brush.drawImage(video, 0, 0, 640, 360);
    const { data } = brush.getImageData(0, 0, 21 * 16, 32);
    let ms = 0;
    for (let bit = 0; bit < 42; bit++) {
      const x = (bit % 21) * 16 + 8, y = Math.floor(bit / 21) * 16 + 8;
      if (data[(y * 21 * 16 + x) * 4] > 128) ms += 2 ** bit;
    }
    return ms;
  };
  const start = async () => {
    await view.updateComplete;
    const video = view.shadowRoot.querySelector("video");
    const limit = setTimeout(() => reject(new Error("no picture: " + view.shadowRoot.textContent)), ${LIMIT_MS});
    const look = (now, { expectedDisplayTime }) => {
      const shown = performance.timeOrigin + Math.max(expectedDisplayTime, performance.now());
      const delay = shown - clockOf(video);
      if (delay < -50 || delay > 60000) reject(new Error("unreadable clock " + delay));
      if (first === undefined) { first = shown - asked; clearTimeout(limit); }
      delays.push([shown - asked - first, delay]);
      if (shown - asked - first < seconds * 1000) { video.requestVideoFrameCallback(look); return; }
      view.remove();
      resolve({ first, delays });
    };
    video.requestVideoFrameCallback(look);
  };
  start().catch(reject);
});`;

interface Watched {
  readonly first: number;
  readonly delays: readonly (readonly [atMs: number, delayMs: number])[];
}

const quantile = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
};
const watch = (page: Page, seconds: number): Promise<Watched> =>
  page.evaluate<Watched>(`window.watchLive(${seconds})`);

async function measure(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "bench-latency-"));
  const camera = spawn("/usr/bin/python3", [CAMERA], { stdio: ["pipe", "pipe", "inherit"] });
  const gateway = await startGatewayProcess({ dataFolder: folder });
  const browser = await launchChromium();
  try {
    camera.stdin.write("{}\n");
    const [line] = (await once(createInterface({ input: camera.stdout }), "line", {
      signal: AbortSignal.timeout(LIMIT_MS),
    })) as [string];
    const { port } = JSON.parse(line) as { port: number };
    const technician = await Caller.signIn(gateway.url, "technician", await gateway.password("technician"));
    const [known] = (await technician.json("GET", "/api/cameras")) as { counterId: string }[];
    await technician.json("PUT", "/api/cameras/clock", {
      commandId: crypto.randomUUID(),
      name: "clock",
      counterId: known?.counterId,
      xaddr: null,
      rtspUrl: `rtsp://127.0.0.1:${port}/clock`,
      profileToken: null,
      codec: "h264",
      sub: { rtspUrl: `rtsp://127.0.0.1:${port}/clock`, profileToken: null, codec: "h264" },
      credentials: { username: "", password: "" },
    });
    const page = await browser.newPage();
    await page.goto(`${gateway.url}/technician`);
    await page.getByLabel("账号").fill("technician");
    await page.getByLabel("密码").fill(await gateway.password("technician"));
    await page.getByRole("button", { name: "登录" }).click();
    await page.getByRole("heading", { name: "摄像机", exact: true }).waitFor();
    await page.evaluate(WATCH);
    let profile: string | undefined;
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        if (typeof payload === "string")
          profile = (JSON.parse(payload) as { profile?: string }).profile ?? profile;
      }),
    );
    const { delays } = await watch(page, SECONDS + WARM_UP_S);
    if (profile !== "sub") throw new Error(`the stream that was watched is ${profile}`);
    const steady = delays.filter(([atMs]) => atMs >= WARM_UP_S * 1000).map(([, delayMs]) => delayMs);
    const firsts: number[] = [];
    for (let i = 0; i < JOINS; i++) firsts.push((await watch(page, 0.2)).first);
    const result = {
      liveP50Ms: Math.round(quantile(steady, 0.5)),
      liveP95Ms: Math.round(quantile(steady, 0.95)),
      firstPictureMs: Math.round(quantile(firsts, 0.5)),
    };
    console.table({ pictures: steady.length, seconds: SECONDS, worstMs: Math.round(Math.max(...steady)) });
    console.log(`RESULT ${JSON.stringify(result)}`);
  } finally {
    await browser.close();
    await gateway.close();
    camera.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }
}

if (!hasChromium) process.exit(1);
await measure();
