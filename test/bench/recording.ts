/**
 * CPU, memory and disk bytes of recording 1 and 4 cameras (1080p25, 4 Mbit/s) from GStreamer's RTSP server, all
 * our processes counted, hashing, signing and syncing included; beside it plain `ffmpeg -c copy` in the same run.
 * Environment: BENCH_SECONDS (default 60), BENCH_CAMERAS (default 1,4). Last line: RESULT {json}.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { GST_INSTALL, hasGstRtspServer, startGstCamera } from "../peers/gst-rtsp-server/gst-camera.ts";
import { type ProcessFigures, figures } from "./process-figures.ts";

const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 60);
const COUNTS = (process.env["BENCH_CAMERAS"] ?? "1,4").split(",").map(Number);
const WARM_UP_MS = 8000;
const BOX = fileURLToPath(new URL("recording-box.ts", import.meta.url));
const MOUNT = { width: 1920, height: 1080, fps: 25, kbit: 4000, cbr: true, gop: 50, clipS: 10 };

interface Row {
  readonly cameras: number;
  readonly cpuSPerCameraMinute: number;
  readonly ffmpegCpuSPerCameraMinute: number;
  readonly cpuRatio: number;
  readonly pssMiB: number;
  readonly payloadMiB: number;
  readonly diskBytesPerPayloadByte: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const pidOf = (child: ChildProcess): number => child.pid ?? 0;

async function stop(child: ChildProcess, ask: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  ask();
  const harder = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await gone;
  clearTimeout(harder);
}

async function measure(cameras: number): Promise<Row> {
  const paths = Array.from({ length: cameras }, (_, i) => `/cam${i + 1}`);
  const camera = await startGstCamera({ mounts: paths.map((path) => ({ ...MOUNT, path })) });
  const folder = await mkdtemp(join(tmpdir(), "bench-recording-"));
  const urls = paths.map((path) => camera.url(path));
  const box = spawn(process.execPath, [BOX], { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: box.stdout })[Symbol.asyncIterator]();
  const ask = async (text: string): Promise<Record<string, number>> => {
    box.stdin.write(`${text}\n`);
    return JSON.parse(String((await answers.next()).value)) as Record<string, number>;
  };
  const copies: ChildProcess[] = [];
  try {
    await ask(JSON.stringify({ dataFolder: join(folder, "data"), urls }));
    for (const [i, url] of urls.entries()) {
      const pattern = join(folder, `copy${i}-%05d.mp4`);
      const args = `-v error -rtsp_transport tcp -i ${url} -c copy -f segment -segment_time 10 -reset_timestamps 1 -y`;
      copies.push(spawn("ffmpeg", [...args.split(" "), pattern], { stdio: ["ignore", "ignore", "inherit"] }));
    }
    await pause(WARM_UP_MS);
    const look = async (): Promise<{ own: ProcessFigures; copy: ProcessFigures; payload: number }> => ({
      own: figures([pidOf(box)]),
      copy: figures(copies.map(pidOf)),
      payload: (await ask("stats"))["payloadBytes"] ?? 0,
    });
    const before = await look();
    await pause(SECONDS * 1000);
    const after = await look();
    const state = await ask("stats");
    if (state["recording"] !== cameras) throw new Error("not every camera was recording");
    const perCameraMinute = (cpuS: number): number => (cpuS / cameras) * (60 / SECONDS);
    const own = perCameraMinute(after.own.cpuS - before.own.cpuS);
    const copy = perCameraMinute(after.copy.cpuS - before.copy.cpuS);
    const payload = after.payload - before.payload;
    return {
      cameras,
      cpuSPerCameraMinute: own,
      ffmpegCpuSPerCameraMinute: copy,
      cpuRatio: own / copy,
      pssMiB: after.own.pssMiB,
      payloadMiB: payload / 2 ** 20,
      diskBytesPerPayloadByte: (after.own.writtenBytes - before.own.writtenBytes) / payload,
    };
  } finally {
    await Promise.all(copies.map((child) => stop(child, () => child.kill("SIGTERM"))));
    await stop(box, () => box.stdin.write("quit\n"));
    await camera.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

if (!hasGstRtspServer()) {
  console.error(`the GStreamer camera is missing: ${GST_INSTALL}`);
  process.exit(1);
}
const rows: Row[] = [];
for (const count of COUNTS) rows.push(await measure(count));
const round = (value: number): number => Math.round(value * 1000) / 1000;
console.table(
  rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, round(value as number)])),
  ),
);
const result: Record<string, number> = { seconds: SECONDS };
for (const row of rows) {
  result[`cpuSPerCameraMinute${row.cameras}`] = round(row.cpuSPerCameraMinute);
  result[`cpuRatio${row.cameras}`] = round(row.cpuRatio);
  result[`pss${row.cameras}MiB`] = round(row.pssMiB);
  result[`diskBytesPerPayloadByte${row.cameras}`] = round(row.diskBytesPerPayloadByte);
}
console.log(`RESULT ${JSON.stringify(result)}`);
