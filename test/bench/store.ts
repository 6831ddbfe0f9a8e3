/**
 * What the store costs: disk bytes per payload byte and the time from append to durable, beside a plain file
 * with fdatasync in the same run. Run with `npm run bench -- store [MiB]`; prints a table and a RESULT line.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { streamId } from "../../gateway/domain/ids.ts";
import { createSealedReader } from "../../gateway/reader/client.ts";
import { openStore } from "../../gateway/store/open-store.ts";
import { MemorySigner } from "../contract/store/memory-signer.ts";

const MIB = 1024 * 1024;
const FRAGMENT_BYTES = MIB;
const CAMERAS = 8;
const payloadMiB = Number(process.argv.slice(2).find((word) => /^[0-9]+$/.test(word)) ?? "1024");
const rounds = Math.ceil(payloadMiB / CAMERAS);

/** Bytes that this process sent to the disk (write_bytes of /proc/self/io). */
async function writtenBytes(): Promise<number> {
  const match = /^write_bytes: (\d+)$/m.exec(await readFile("/proc/self/io", "utf8"));
  return Number(match?.[1] ?? Number.NaN);
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;

interface Measured {
  readonly name: string;
  readonly writeAmplification: number;
  readonly mibPerS: number;
  readonly cpuMsPerMiB: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** `write` gets one fragment of each camera at once, as a hall's cameras deliver them. */
async function measure(
  name: string,
  write: (fragments: readonly Uint8Array[]) => Promise<void>,
  end: () => Promise<void>,
): Promise<Measured> {
  const fragments = Array.from({ length: CAMERAS }, () => randomBytes(FRAGMENT_BYTES));
  const writtenBefore = await writtenBytes();
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  const waits: number[] = [];
  for (let round = 0; round < rounds; round++) {
    // Other content each time, without paying for a gigabyte of random numbers.
    for (const fragment of fragments) fragment.writeUInt32BE(round, 0);
    const since = performance.now();
    await write(fragments);
    waits.push(performance.now() - since);
  }
  const elapsedS = (performance.now() - started) / 1000;
  await end();
  const cpu = process.cpuUsage(cpuBefore);
  const payload = rounds * CAMERAS * FRAGMENT_BYTES;
  waits.sort((a, b) => a - b);
  return {
    name,
    writeAmplification: ((await writtenBytes()) - writtenBefore) / payload,
    mibPerS: payload / MIB / elapsedS,
    cpuMsPerMiB: (cpu.user + cpu.system) / 1000 / (payload / MIB),
    p50Ms: quantile(waits, 0.5),
    p99Ms: quantile(waits, 0.99),
  };
}

const folder = await mkdtemp(join(tmpdir(), "bench-store-"));
try {
  const file = await open(join(folder, "plain"), "w");
  const plain = await measure(
    "plain file, fdatasync",
    async (fragments) => {
      for (const fragment of fragments) await file.write(fragment);
      await file.datasync();
    },
    () => file.close(),
  );
  await rm(join(folder, "plain"));

  const reader = createSealedReader();
  const store = await openStore({
    dataFolder: join(folder, "data"),
    clock: {
      boot: "bench",
      wallMs: () => Date.now(),
      monotonicMs: () => performance.now(),
      ntp: () => "synced",
    },
    randomBytes,
    unit: "unit",
    gateway: "g1",
    signer: new MemorySigner(),
    sealedReader: reader,
    onNotice: (notice) => console.error(notice),
    limits: { reserveBytes: 4096 },
  });
  const ours = await measure(
    "store, signed, synced",
    async (fragments) => {
      await Promise.all(
        fragments.map((bytes, i) =>
          store.append([{ type: "fragment", stream: streamId(`camera/c${i}/main`), bytes }]),
        ),
      );
    },
    // Opening once more writes what was still in LevelDB's own log: without it the figure would flatter.
    async () => {
      await store.close();
      await reader.close();
      await reopen();
    },
  );

  async function reopen(): Promise<void> {
    const again = createSealedReader();
    const opened = await openStore({
      dataFolder: join(folder, "data"),
      clock: {
        boot: "bench",
        wallMs: () => Date.now(),
        monotonicMs: () => performance.now(),
        ntp: () => "unknown",
      },
      randomBytes,
      unit: "unit",
      gateway: "g1",
      signer: {
        sign: async () => Promise.reject(new Error("away")),
        last: async () => Promise.reject(new Error("away")),
        vkey: async () => "",
      },
      sealedReader: again,
      onNotice: () => {},
      limits: { reserveBytes: 4096 },
    });
    await opened.close();
    await again.close();
  }

  console.table(
    [plain, ours].map(({ name, ...figures }) => ({
      name,
      ...Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, Number(value.toFixed(3))])),
    })),
  );
  console.log(
    `RESULT ${JSON.stringify({
      payloadMiB: rounds * CAMERAS,
      writeAmplification: ours.writeAmplification,
      rateRatio: ours.mibPerS / plain.mibPerS,
      cpuMsPerMiB: ours.cpuMsPerMiB,
      durableP50Ms: ours.p50Ms,
      durableP99Ms: ours.p99Ms,
    })}`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
