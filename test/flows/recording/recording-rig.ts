/**
 * A recorder on the real store with the real RTSP driver, for tests with an independent camera. Invariant: what
 * a test looks at was read back from the store through the catalogue.
 */
import { randomUUID } from "node:crypto";
import { openRtsp } from "../../../device-drivers/rtsp/open-rtsp.ts";
import { type CameraId, cameraId } from "../../../gateway/domain/ids.ts";
import type { Clock } from "../../../gateway/domain/time.ts";
import type { Append } from "../../../gateway/evidence/append.ts";
import {
  type Catalogue,
  catalogueProjection,
  createCatalogue,
} from "../../../gateway/recording/catalogue.ts";
import type { Coverage } from "../../../gateway/recording/coverage.ts";
import { type Playback, createPlayback } from "../../../gateway/recording/playback.ts";
import type { RecorderStatus } from "../../../gateway/recording/recorder-status.ts";
import { type Recorder, createRecorder } from "../../../gateway/recording/recorder.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { freshFolder, openRealStore } from "../../contract/real-store.ts";

export function systemClock(): Clock {
  const boot = randomUUID();
  return { boot, wallMs: () => Date.now(), monotonicMs: () => performance.now(), ntp: () => "unknown" };
}

export interface RigOptions {
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  readonly withAudio?: boolean;
  readonly camera?: string;
  /** Stands in front of the store. */
  readonly wrapAppend?: (append: Append) => Append;
}

export interface Rig {
  readonly camera: CameraId;
  readonly clock: Clock;
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly playback: Playback;
  readonly states: RecorderStatus[];
  recorder: Recorder;
  /** Starts another recorder on the same store, as a restart of the gateway does. */
  restart(): Promise<void>;
  /** Coverage once the views have caught up. */
  coverage(from: number, to: number): Promise<Coverage>;
  close(): Promise<void>;
}

export async function startRig(options: RigOptions): Promise<Rig> {
  const folder = await freshFolder();
  const clock = systemClock();
  const store = await openRealStore(folder.path, clock);
  const catalogue = createCatalogue(store.register(catalogueProjection));
  await store.catchUp();
  const camera = cameraId(options.camera ?? "cam-1");
  const states: RecorderStatus[] = [];
  async function start(): Promise<Recorder> {
    const lastEndMs = await catalogue.lastEnd(camera);
    return createRecorder({
      camera,
      source: {
        open: (signal) =>
          openRtsp(
            {
              url: options.url,
              clock,
              withAudio: options.withAudio ?? false,
              ...(options.user === undefined
                ? {}
                : { credentials: { user: options.user, password: options.password ?? "" } }),
            },
            signal,
          ),
      },
      append: options.wrapAppend?.(store) ?? store,
      clock,
      onState: (status) => states.push(status),
      ...(lastEndMs === undefined ? {} : { lastEndMs }),
    });
  }
  const rig: Rig = {
    camera,
    clock,
    store,
    catalogue,
    playback: createPlayback({ catalogue, log: store }),
    states,
    recorder: await start(),
    async restart() {
      await rig.recorder.close();
      await store.catchUp();
      rig.recorder = await start();
    },
    async coverage(from, to) {
      await store.catchUp();
      return catalogue.coverage(camera, from, to);
    },
    async close() {
      await rig.recorder.close();
      await store.close();
      await folder.remove();
    },
  };
  return rig;
}

/** Asks until the answer is there; rejects after the limit. */
export async function until<Result>(
  what: string,
  limitMs: number,
  ask: () => Result | undefined | Promise<Result | undefined>,
): Promise<Result> {
  const limit = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > limit) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
