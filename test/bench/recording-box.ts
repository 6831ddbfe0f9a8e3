/**
 * The recording part of the gateway as a program of its own, so that a bench can measure its processes: real
 * store, signer and RTSP driver. Invariant: it says nothing on standard output but lines of JSON.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { openRtsp } from "../../device-drivers/rtsp/open-rtsp.ts";
import { cameraId } from "../../gateway/domain/ids.ts";
import { createSealedReader } from "../../gateway/reader/client.ts";
import { catalogueProjection } from "../../gateway/recording/catalogue.ts";
import { FragmentMemory } from "../../gateway/recording/fragment-memory.ts";
import { createRecorder } from "../../gateway/recording/recorder.ts";
import { startSigner } from "../../gateway/signer/client.ts";
import { openStore } from "../../gateway/store/open-store.ts";

interface BoxOptions {
  readonly dataFolder: string;
  readonly urls: readonly string[];
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const options = JSON.parse(String((await lines.next()).value)) as BoxOptions;
const clock = {
  boot: randomUUID(),
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  ntp: () => "unknown" as const,
};
const signer = await startSigner({ dataFolder: options.dataFolder });
const reader = createSealedReader();
const store = await openStore({
  dataFolder: options.dataFolder,
  clock,
  randomBytes: (size) => randomBytes(size),
  unit: "bench",
  gateway: "g1",
  signer,
  sealedReader: reader,
  onNotice: (notice) => console.error(notice.kind),
});
store.register(catalogueProjection);
await store.catchUp();
const memory = new FragmentMemory();
const recorders = options.urls.map((url, i) =>
  createRecorder({
    camera: cameraId(`cam-${i + 1}`),
    source: { open: (signal) => openRtsp({ url, clock }, signal) },
    append: store,
    memory,
    clock,
    onState: (status) => console.error(JSON.stringify(status)),
  }),
);
console.log(JSON.stringify({ event: "ready" }));
for (;;) {
  const { value, done } = await lines.next();
  if (done === true || value === "quit") break;
  console.log(
    JSON.stringify({
      event: "stats",
      payloadBytes: store.stats().appendedBytes,
      recording: recorders.filter((recorder) => recorder.status().state === "recording").length,
    }),
  );
}
await Promise.all(recorders.map((recorder) => recorder.close()));
await store.close();
await signer.close();
await reader.close();
process.exit(0);
