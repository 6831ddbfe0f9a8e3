/**
 * Recorders of numbered pictures on the real store, until the power goes. Arguments: data folder, cameras, first
 * number. Prints `p camera number ms` for each picture received and `a seq sha256 ms` for each confirmed entry.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { cameraId } from "../../../gateway/domain/ids.ts";
import type { Append } from "../../../gateway/evidence/append.ts";
import { createSealedReader } from "../../../gateway/reader/client.ts";
import type { CameraSource, SourceEvent } from "../../../gateway/recording/ports.ts";
import { createRecorder } from "../../../gateway/recording/recorder.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import { openStore } from "../../../gateway/store/open-store.ts";
import { FRAME_MS, pictureMark } from "./numbered-picture.ts";

const [dataFolder = "", cameras = "1", firstNumber = "0"] = process.argv.slice(2);
const CLOCK_RATE = 90_000;
const SPS = Uint8Array.from(Buffer.from("674d400deca0a0fd80880000030008000003019078a14cb0", "hex"));
const PPS = Uint8Array.from(Buffer.from("68ebe3cb20", "hex"));
/** A group of pictures of 2 s at 4 Mbit/s: the longest that a fragment gets, and the usual stream. */
const KEY_EVERY = 50;
const KEY_BYTES = 120_000;
const PICTURE_BYTES = 18_000;
const FILLER = randomBytes(KEY_BYTES);

const clock = {
  boot: randomUUID(),
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  ntp: () => "synced" as const,
};
const say = (line: string): void => {
  process.stdout.write(`${line} ${Date.now()}\n`);
};

/** Emulation-prevention-safe by its filler: a start code in it harms nobody, since NAL units go by length. */
function nalOf(number: number, keyFrame: boolean): Uint8Array {
  const size = keyFrame ? KEY_BYTES : PICTURE_BYTES;
  return Buffer.concat([Buffer.of(keyFrame ? 0x65 : 0x41), pictureMark(number), FILLER.subarray(0, size)]);
}

function numberedCamera(name: string, offsetMs: number): CameraSource {
  return {
    async *open(signal): AsyncGenerator<SourceEvent> {
      yield { kind: "tracks", tracks: [{ track: 0, media: "video", codec: "h264", clockRate: CLOCK_RATE }] };
      yield { kind: "parameters", track: 0, codec: "h264", vps: [], sps: [SPS], pps: [PPS] };
      await sleep(offsetMs);
      const began = performance.now();
      for (let i = 0; !signal.aborted; i++) {
        await sleep(Math.max(0, began + i * FRAME_MS - performance.now()));
        const keyFrame = i % KEY_EVERY === 0;
        const nal = nalOf(Number(firstNumber) + i, keyFrame);
        say(`p ${name} ${Number(firstNumber) + i}`);
        yield {
          kind: "unit",
          track: 0,
          nals: [{ pieces: [nal], sizeBytes: nal.length }],
          keyFrame,
          ticks: (i * FRAME_MS * CLOCK_RATE) / 1000,
          arrivalWallMs: Date.now(),
          arrivalMonoMs: performance.now(),
        };
      }
    },
  };
}

const store = await openStore({
  dataFolder,
  clock,
  randomBytes: (size) => randomBytes(size),
  unit: "unit",
  gateway: "g1",
  signer: await startSigner({ dataFolder }),
  sealedReader: createSealedReader(),
  onNotice: (notice) => process.stderr.write(`${JSON.stringify(notice)}\n`),
  // Small volumes, so that some cuts come while one is sealed and the next is made.
  limits: { reserveBytes: 65_536, lowWaterBytes: 1024, wantedFreeBytes: 2048, volumeBytes: 6_000_000 },
});
const append: Append = {
  async append(drafts) {
    const appended = await store.append(drafts);
    for (const { seq, entry } of appended) say(`a ${seq} ${entry.sha256}`);
    return appended;
  },
};
say("ready");
for (let i = 0; i < Number(cameras); i++)
  createRecorder({
    camera: cameraId(`c${i}`),
    source: numberedCamera(`c${i}`, i * 370),
    append,
    clock,
  });
