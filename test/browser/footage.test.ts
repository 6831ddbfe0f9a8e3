/**
 * Stored footage in chromium, as the supervisor sees it: the very picture of a moment, across a camera that went
 * away, another size of picture and a restart of the gateway; sound that can be heard; H.265 that can't be played.
 */
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDataFolder } from "../../gateway/commands/verify/data-folder.ts";
import { decodeEntry } from "../../gateway/evidence/entry.ts";
import type { CoverageView, FootageSegment, ViewingView } from "../../gateway/http/contract/playback.ts";
import { until } from "../flows/children.ts";
import { drawnNumbers } from "../flows/recording/numbered-pictures.ts";
import { type RunningGateway, startGatewayProcess } from "../flows/running-gateway.ts";
import { Caller } from "../flows/signed-in.ts";
import { proves } from "../law/proves.ts";
import {
  GST_INSTALL,
  type GstCamera,
  hasGstRtspServer,
  startGstCamera,
} from "../peers/gst-rtsp-server/gst-camera.ts";
import { hasChromium, launchChromium } from "./chromium.ts";

const LIMIT_MS = 20_000;
const PICTURE_MS = 40;
/** So old footage has to be before the page looks at it. */
const NOT_YET_MS = 5500;
const TONE_HZ = 440;
/** Longer than the test records, so that no number comes twice. */
const CLIP = { width: 320, height: 240, kbit: 300, gop: 25, clipS: 40 } as const;

/** Finds the page's video through all shadow roots. */
const VIDEO = `const look = (root) => {
  for (const each of root.querySelectorAll("*")) {
    if (each.localName === "video") return each;
    const found = each.shadowRoot && look(each.shadowRoot);
    if (found) return found;
  }
};
const video = look(document);`;

/** The number in the squares of the picture that is shown. */
const SHOWN = `(() => { ${VIDEO}
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const brush = canvas.getContext("2d");
  brush.drawImage(video, 0, 0);
  const { data } = brush.getImageData(0, 0, 12 * 16, 16);
  let number = 0;
  for (let bit = 0; bit < 12; bit++) if (data[(8 * 12 * 16 + bit * 16 + 8) * 4] > 128) number += 2 ** bit;
  return { number, width: video.videoWidth, atS: video.currentTime, error: video.error && video.error.message };
})()`;

interface Shown {
  readonly number: number;
  readonly width: number;
}
/** What lies in the store: a picture's number, moment and size. */
interface Stored {
  readonly number: number;
  readonly atMs: number;
  readonly width: number;
}

describe.skipIf(!hasChromium || !hasGstRtspServer())(`footage in chromium (else: ${GST_INSTALL})`, () => {
  let folder: string;
  let gateway: RunningGateway;
  let browser: Browser;
  let camera: GstCamera;
  let supervisor: Caller;
  let beginMs: number;
  let segments: readonly FootageSegment[];
  let viewing: ViewingView;
  const stored: Stored[] = [];
  let hashes: { readonly uri: string; readonly sha256: string }[];

  const coverage = async (id: string): Promise<CoverageView> =>
    (await supervisor.json(
      "GET",
      `/api/cameras/${id}/coverage?fromMs=${beginMs}&toMs=${Date.now()}`,
    )) as CoverageView;
  const recorded = (id: string, spans: number, ms: number): Promise<unknown> =>
    until(`${ms} ms in span ${spans} of ${id}`, LIMIT_MS, async () => {
      const all = (await coverage(id)).spans;
      const last = all.at(-1);
      return all.length >= spans && last !== undefined && last.toMs - last.fromMs >= ms;
    });
  const signIn = async (user: string): Promise<Caller> =>
    Caller.signIn(gateway.url, user, await gateway.password(user));

  async function bind(id: string, path: string): Promise<void> {
    const technician = await signIn("technician");
    const [known] = (await technician.json("GET", "/api/cameras")) as readonly { counterId: string }[];
    await technician.json("PUT", `/api/cameras/${id}`, {
      commandId: crypto.randomUUID(),
      name: id,
      counterId: known?.counterId,
      xaddr: null,
      rtspUrl: camera.url(path),
      profileToken: null,
      codec: "unknown",
      credentials: { username: "", password: "" },
    });
  }

  async function bytesAt(uri: string): Promise<Buffer> {
    const answer = await supervisor.raw("GET", viewing.playlist.replace(/[^/]*$/, uri));
    expect(answer.status).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** What ffmpeg finds in the stored bytes, which knows nothing of the page. */
  async function readStored(): Promise<void> {
    for (let at = 0; at < segments.length;) {
      const { initUri = "" } = segments[at] ?? {};
      const row: FootageSegment[] = [];
      for (; segments[at]?.initUri === initUri; at++) row.push(segments[at] as FootageSegment);
      const parts = await Promise.all([initUri, ...row.map(({ uri }) => uri)].map((uri) => bytesAt(uri)));
      const numbers = await drawnNumbers(Buffer.concat(parts));
      const times = row.flatMap(({ fromMs, durationMs }) =>
        Array.from({ length: Math.round(durationMs / PICTURE_MS) }, (_, i) => fromMs + i * PICTURE_MS),
      );
      expect(numbers).toHaveLength(times.length);
      const width = stored.length === 0 ? 320 : 416;
      numbers.forEach((number, i) => stored.push({ number, atMs: times[i] ?? 0, width }));
    }
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "footage-"));
    const mounts = [
      { ...CLIP, path: "/a", audio: "alaw" },
      { ...CLIP, path: "/h265", codec: "h265", clipS: 2 },
    ] as const;
    [gateway, browser, camera] = await Promise.all([
      startGatewayProcess({ dataFolder: join(folder, "data") }),
      launchChromium(),
      startGstCamera({ mounts }),
    ]);
    beginMs = Date.now();
    supervisor = await signIn("supervisor");
    await bind("cam-9", "/a");
    await bind("cam-h265", "/h265");
    await recorded("cam-9", 1, 4000);
    await recorded("cam-h265", 1, 2000);
    const { port } = camera;
    await camera.kill();
    camera = await startGstCamera({ port, mounts: [{ ...CLIP, width: 416, path: "/a", audio: "alaw" }] });
    await recorded("cam-9", 2, 3000);
    await gateway.kill();
    gateway = await startGatewayProcess({ dataFolder: join(folder, "data") });
    supervisor = await signIn("supervisor");
    await recorded("cam-9", 3, 3000);
    const { toMs = 0 } = (await coverage("cam-9")).spans.at(-1) ?? {};
    viewing = (await supervisor.json("POST", "/api/viewings", {
      cameraId: "cam-9",
      fromMs: beginMs,
      toMs,
      reason: "抽查",
    })) as ViewingView;
    segments = (await supervisor.json(
      "GET",
      `/api/viewings/${viewing.viewingId}/segments`,
    )) as readonly FootageSegment[];
    await readStored();
    // The page leaves out what may still be under way.
    await until("the page shows all of it", LIMIT_MS, async () => Date.now() > toMs + NOT_YET_MS);
    hashes = await Promise.all(
      segments.map(async ({ uri }) => {
        const exact = uri.replace(".flac", "");
        const sha256 = createHash("sha256")
          .update(await bytesAt(exact))
          .digest("hex");
        return { uri: exact, sha256 };
      }),
    );
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
    await camera?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }, 60_000);

  async function playing(id: string): Promise<Page> {
    const page = await browser.newPage();
    page.setDefaultTimeout(LIMIT_MS);
    await page.goto(`${gateway.url}/supervisor`);
    await page.getByLabel("账号").fill("supervisor");
    await page.getByLabel("密码").fill(await gateway.password("supervisor"));
    await page.getByRole("button", { name: "登录" }).click();
    await page.getByRole("combobox", { name: "摄像机" }).selectOption(id);
    await page.getByRole("button", { name: "查看录像情况" }).click();
    await page.getByLabel("调阅事由").fill("抽查");
    await page.getByRole("button", { name: "登记并回放" }).click();
    return page;
  }

  /** As a click on the time line does, at an exact moment. */
  async function seek(page: Page, atMs: number): Promise<Shown> {
    await page.evaluate(`new Promise((resolve, reject) => { ${VIDEO}
      const find = (root) => {
        for (const each of root.querySelectorAll("*")) {
          const found = each.localName === "cg-coverage-timeline" ? each : each.shadowRoot && find(each.shadowRoot);
          if (found) return found;
        }
      };
      setTimeout(() => {
        const { currentTime, buffered, readyState } = video;
        const ranges = Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)]);
        reject(new Error("no picture at ${atMs}: " + JSON.stringify({ currentTime, readyState, ranges })));
      }, ${LIMIT_MS});
      video.pause();
      video.addEventListener("seeked", () => requestAnimationFrame(() => requestAnimationFrame(resolve)), { once: true });
      find(document).dispatchEvent(Object.assign(new Event("cg-seek", { bubbles: true, composed: true }), { atMs: ${atMs} }));
    })`);
    return page.evaluate<Shown>(SHOWN);
  }

  it(
    proves(["S3-A-11(1)"], "shows the very picture of a moment, before and after each break"),
    async () => {
      const page = await playing("cam-9");
      await expect
        .poll(async () => (await page.evaluate<Shown>(SHOWN)).width, { timeout: LIMIT_MS })
        .toBe(320);
      const picked = stored.filter((_, i) => i % 17 === 3);
      expect(picked.length).toBeGreaterThan(12);
      expect(new Set(picked.map(({ width }) => width)).size).toBe(2);
      const wrong: unknown[] = [];
      // Forth and back, so that what is shown does not depend on what was shown before.
      for (const { number, atMs, width } of [...picked, ...picked.toReversed()]) {
        const shown = await seek(page, atMs + PICTURE_MS / 2);
        if (shown.number !== number || shown.width !== width) wrong.push({ number, width, shown });
      }
      expect(wrong).toEqual([]);
      await page.close();
    },
    90_000,
  );

  it("goes picture by picture with the page's buttons, and names each moment", async () => {
    const page = await playing("cam-9");
    const at = stored[30] ?? { number: 0, atMs: 0 };
    await expect.poll(async () => (await page.evaluate<Shown>(SHOWN)).width, { timeout: LIMIT_MS }).toBe(320);
    await seek(page, at.atMs + PICTURE_MS / 2);
    const after = async (button: string): Promise<number> => {
      const seeked = page.evaluate(`new Promise((resolve) => { ${VIDEO}
        video.addEventListener("seeked", () => requestAnimationFrame(() => requestAnimationFrame(resolve)), { once: true });
      })`);
      await page.getByRole("button", { name: button }).click();
      await seeked;
      return (await page.evaluate<Shown>(SHOWN)).number;
    };
    const seen: number[] = [];
    for (const button of ["下一帧", "下一帧", "上一帧", "上一帧", "上一帧"]) seen.push(await after(button));
    expect(seen.map((number) => number - at.number)).toEqual([1, 2, 1, 0, -1]);
    await page.close();
  }, 60_000);

  it("plays on over what is missing, and its sound is the camera's tone", async () => {
    const page = await playing("cam-9");
    await expect.poll(async () => (await page.evaluate<Shown>(SHOWN)).width, { timeout: LIMIT_MS }).toBe(320);
    const firstSpanEnd = stored.findLast(({ width }) => width === 320)?.atMs ?? 0;
    await seek(page, firstSpanEnd - 1500);
    const heard = await page.evaluate<number>(`(async () => { ${VIDEO}
      const context = new AudioContext();
      const analyser = context.createAnalyser();
      analyser.fftSize = 8192;
      const source = context.createMediaElementSource(video);
      source.connect(analyser);
      analyser.connect(context.destination);
      video.muted = false;
      await context.resume();
      await video.play();
      await new Promise((resolve) => setTimeout(resolve, 900));
      const levels = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(levels);
      return levels.indexOf(Math.max(...levels)) * context.sampleRate / analyser.fftSize;
    })()`);
    expect(Math.abs(heard - TONE_HZ)).toBeLessThan(15);
    // It stood at the end of a span; only a jump over the hole leads to the other size.
    await expect.poll(async () => (await page.evaluate<Shown>(SHOWN)).width, { timeout: LIMIT_MS }).toBe(416);
    await page.close();
  }, 60_000);

  it("says at once that a browser without H.265 can't play it, and what would help", async () => {
    const page = await playing("cam-h265");
    await page.getByText("浏览器无法播放这段录像").waitFor();
    expect(await page.locator("video").isVisible()).toBe(false);
    await page.close();
  }, 60_000);

  it(
    proves(["S3-A-4"], "hands out every fragment byte for byte as the log has it"),
    async () => {
      await gateway.close();
      const source = await openDataFolder(join(folder, "data"));
      try {
        const logged = new Map<number, string>();
        for (const log of await source.logs())
          for await (const { index, bytes } of log.leaves(0))
            logged.set(index, decodeEntry(bytes ?? new Uint8Array()).sha256);
        expect(hashes.length).toBeGreaterThan(8);
        for (const { uri, sha256 } of hashes)
          expect(logged.get(Number(/(\d+)\.m4s$/.exec(uri)?.[1]))).toBe(sha256);
      } finally {
        await source.close();
      }
    },
    30_000,
  );
});
