/**
 * What recording costs: the whole gateway beside plain `ffmpeg -c copy -f segment` on the same streams in the same
 * run (1080p25, 4 Mbit/s, from GStreamer's RTSP server), all our processes counted, hashing, signing and syncing
 * included. Environment: BENCH_SECONDS (60), BENCH_WARM_UP_S (20), BENCH_CAMERAS (4,8,16), BENCH_WRITE_MIB (4096).
 * Last line: RESULT {json}.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GST_INSTALL, hasGstRtspServer, startGstCamera } from "../peers/gst-rtsp-server/gst-camera.ts";
import { type ProcessFigures, figures } from "./process-figures.ts";
import { type RealHall, startRealHall } from "./real-hall.ts";
import { type PictureCount, countPictures } from "./recorded-numbers.ts";

const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 60);
/** Node compiles what is hot in the first seconds; a recorder runs for months. */
const WARM_UP_S = Number(process.env["BENCH_WARM_UP_S"] ?? 20);
const COUNTS = (process.env["BENCH_CAMERAS"] ?? "4,8,16").split(",").map(Number);
const WRITE_MIB = Number(process.env["BENCH_WRITE_MIB"] ?? 4096);
const STORE_BENCH = fileURLToPath(new URL("store.ts", import.meta.url));
const MOUNT = { width: 1920, height: 1080, fps: 25, kbit: 4000, cbr: true, gop: 50, clipS: 10 };
const START_LIMIT_MS = 60_000;

interface Row extends PictureCount {
  readonly cameras: number;
  readonly cpuS: number;
  readonly ffmpegCpuS: number;
  readonly cpuRatio: number;
  readonly pssMiB: number;
  readonly pssRatio: number;
  readonly durableP50Ms: number;
  readonly durableP99Ms: number;
  readonly signedP99Ms: number;
}

type Buckets = Awaited<ReturnType<RealHall["buckets"]>>;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const pidOf = (child: ChildProcess): number => child.pid ?? 0;

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const harder = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await gone;
  clearTimeout(harder);
}

/** Quantile of what came between two looks at a histogram, in ms; straight lines within a bucket. */
function quantileMs(before: Buckets, after: Buckets, part: number): number {
  const counts = after.map(([upTo, count], i) => [upTo, count - (before[i]?.[1] ?? 0)] as const);
  const wanted = (counts.at(-1)?.[1] ?? 0) * part;
  let [lowS, below] = [0, 0];
  for (const [upToS, count] of counts) {
    if (count >= wanted && count > below)
      return (
        1000 * (Number.isFinite(upToS) ? lowS + ((upToS - lowS) * (wanted - below)) / (count - below) : lowS)
      );
    [lowS, below] = [upToS, count];
  }
  return Number.NaN;
}

async function allRecord(hall: RealHall, cameras: number): Promise<void> {
  const limit = performance.now() + START_LIMIT_MS;
  while ((await hall.metric("counter_camera_recording")) !== cameras) {
    if (performance.now() > limit) throw new Error("not every camera was recording");
    await pause(250);
  }
}

async function measure(cameras: number): Promise<Row> {
  const names = Array.from({ length: cameras }, (_, i) => `cam-${i + 1}`);
  const camera = await startGstCamera({ mounts: names.map((name) => ({ ...MOUNT, path: `/${name}` })) });
  const folder = await mkdtemp(join(tmpdir(), "bench-recording-"));
  const hall = await startRealHall(folder);
  const copies: ChildProcess[] = [];
  let stopped = false;
  try {
    for (const name of names) await hall.bind(name, camera.url(`/${name}`));
    await allRecord(hall, cameras);
    for (const name of names) {
      const args = `-v error -rtsp_transport tcp -i ${camera.url(`/${name}`)} -c copy -f segment -segment_time 10`;
      const rest = ["-reset_timestamps", "1", "-y", join(folder, `${name}-%05d.mp4`)];
      copies.push(spawn("ffmpeg", [...args.split(" "), ...rest], { stdio: ["ignore", "ignore", "inherit"] }));
    }
    await pause(WARM_UP_S * 1000);
    const look = async (): Promise<{
      own: ProcessFigures;
      copy: ProcessFigures;
      durable: Buckets;
      signed: Buckets;
    }> => ({
      own: figures([hall.gateway.pid]),
      copy: figures(copies.map(pidOf)),
      durable: await hall.buckets("counter_fragment_durable_seconds"),
      signed: await hall.buckets("counter_fragment_signed_seconds"),
    });
    const before = await look();
    await pause(SECONDS * 1000);
    const after = await look();
    await allRecord(hall, cameras);
    const perCameraMinute = (cpuS: number): number => (cpuS / cameras) * (60 / SECONDS);
    const cpuS = perCameraMinute(after.own.cpuS - before.own.cpuS);
    const ffmpegCpuS = perCameraMinute(after.copy.cpuS - before.copy.cpuS);
    stopped = true;
    await hall.gateway.close();
    return {
      cameras,
      cpuS,
      ffmpegCpuS,
      cpuRatio: cpuS / ffmpegCpuS,
      pssMiB: after.own.pssMiB,
      pssRatio: after.own.pssMiB / after.copy.pssMiB,
      durableP50Ms: quantileMs(before.durable, after.durable, 0.5),
      durableP99Ms: quantileMs(before.durable, after.durable, 0.99),
      signedP99Ms: quantileMs(before.signed, after.signed, 0.99),
      ...(await countPictures(hall.gateway.dataFolder, { unit: "bench", gateway: "a1" }, names)),
    };
  } finally {
    await Promise.all(copies.map(stop));
    if (!stopped) await hall.gateway.close();
    await camera.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Disk bytes per payload byte of the same store, at the disk's own pace. */
function writeAmplification(): number {
  const { stdout, status } = spawnSync(process.execPath, [STORE_BENCH, String(WRITE_MIB)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const result = /^RESULT (.*)$/m.exec(stdout)?.[1];
  if (status !== 0 || result === undefined) throw new Error("the store bench failed");
  return (JSON.parse(result) as { writeAmplification: number }).writeAmplification;
}

if (!hasGstRtspServer()) {
  console.error(`the GStreamer camera is missing: ${GST_INSTALL}`);
  process.exit(1);
}
const loadAverage = async (): Promise<number> =>
  Number((await readFile("/proc/loadavg", "utf8")).split(" ")[0]);
const loadBefore = await loadAverage();
const rows: Row[] = [];
for (const count of COUNTS) rows.push(await measure(count));
const round = (value: number): number => Math.round(value * 1000) / 1000;
console.table(
  rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, round(Number(value))])),
  ),
);
const result: Record<string, number> = { seconds: SECONDS, loadBefore };
for (const row of rows) {
  result[`cpuRatio${row.cameras}`] = round(row.cpuRatio);
  result[`cpuSPerCameraMinute${row.cameras}`] = round(row.cpuS);
  result[`pss${row.cameras}MiB`] = round(row.pssMiB);
  result[`pssRatio${row.cameras}`] = round(row.pssRatio);
}
const largest = rows.at(-1);
for (const name of ["durableP50Ms", "durableP99Ms", "signedP99Ms"] as const)
  result[name] = round(largest?.[name] ?? Number.NaN);
const total = (name: keyof PictureCount): number => rows.reduce((sum, row) => sum + row[name], 0);
result["pictures"] = total("pictures");
result["picturesLost"] = total("lost");
result["picturesRepeated"] = total("repeated");
if (WRITE_MIB > 0) result["writeAmplification"] = round(writeAmplification());
console.log(`RESULT ${JSON.stringify(result)}`);
