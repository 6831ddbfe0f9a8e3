/**
 * Keeps one recorder running for each bound camera, as the fleet changes. Invariant: a camera that is bound is
 * dialled at once, without discovery; one that is unbound or bound anew has its recorder closed first.
 */
import type { BoundCamera, Fleet, WantedFleet } from "../devices/fleet.ts";
import type { CameraId } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import type { Append } from "../evidence/append.ts";
import type { Catalogue } from "../recording/catalogue.ts";
import type { LiveFeed } from "../recording/live/live-feed.ts";
import { SubStreamFeed } from "../recording/live/sub-stream-feed.ts";
import { FragmentMemory } from "../recording/fragment-memory.ts";
import { type DurableFragment, type Recorder, createRecorder } from "../recording/recorder.ts";
import type { RecorderStatus } from "../recording/recorder-status.ts";
import { type CameraSourceOptions, createCameraSource } from "./camera-source.ts";

export interface Cameras {
  status(camera: CameraId): RecorderStatus | undefined;
  /** The picture as it comes; undefined while no recorder runs for this camera. */
  live(camera: CameraId): LiveFeed | undefined;
  all(): readonly RecorderStatus[];
  close(): Promise<void>;
}

export interface CamerasOptions {
  readonly fleet: Fleet;
  readonly append: Append;
  readonly clock: Clock;
  readonly catalogue: Catalogue;
  readonly onState: (status: RecorderStatus) => void;
  readonly onDurable: (fragment: DurableFragment) => void;
  readonly onFault: (camera: CameraId, error: unknown) => void;
}

interface Running {
  readonly recorder: Recorder;
  /** What is watched live where the camera has a second stream. */
  readonly sub: SubStreamFeed | undefined;
  /** Changes when the camera has to be dialled in another way. */
  readonly binding: string;
}

function bindingOf(camera: BoundCamera): string {
  return JSON.stringify([camera.rtspUrl, camera.codec, camera.certificateSha256, camera.ref]);
}

/** Starts recorders for what is wanted now and follows every change. */
export async function runCameras(options: CamerasOptions): Promise<Cameras> {
  const { fleet, append, clock, catalogue } = options;
  const memory = new FragmentMemory();
  const running = new Map<CameraId, Running>();
  let closed = false;

  async function start(camera: BoundCamera): Promise<void> {
    const { username: user, password } = await fleet.cameraCredentials(camera.id);
    const access: Omit<CameraSourceOptions, "url"> = {
      credentials: { user, password },
      clock,
      ...(camera.certificateSha256 === undefined ? {} : { tls: { pinnedSha256: camera.certificateSha256 } }),
    };
    const lastEndMs = await catalogue.lastEnd(camera.id);
    const recorder = createRecorder({
      camera: camera.id,
      append,
      memory,
      clock,
      source: createCameraSource({ ...access, url: camera.rtspUrl }),
      ...(lastEndMs === undefined ? {} : { lastEndMs }),
      onState: options.onState,
      onDurable: options.onDurable,
      onFault: (error) => options.onFault(camera.id, error),
    });
    const sub =
      camera.sub &&
      new SubStreamFeed({
        main: recorder.live,
        source: createCameraSource({ ...access, url: camera.sub.rtspUrl, withAudio: false }),
        onFault: (error) => options.onFault(camera.id, error),
      });
    running.set(camera.id, { recorder, sub, binding: bindingOf(camera) });
  }

  async function follow(wanted: WantedFleet): Promise<void> {
    const bindings = new Map(wanted.cameras.map((camera) => [camera.id, bindingOf(camera)]));
    for (const [id, one] of running) {
      if (bindings.get(id) === one.binding) continue;
      running.delete(id);
      await end(one);
    }
    for (const camera of wanted.cameras) {
      if (closed || running.has(camera.id)) continue;
      try {
        await start(camera);
      } catch (error) {
        // One camera without its secret must not keep the others from recording.
        options.onFault(camera.id, error);
      }
    }
  }

  async function end({ recorder, sub }: Running): Promise<void> {
    await Promise.all([sub?.close(), recorder.close()]);
  }

  // Changes one after the other: a recorder is never started beside its own predecessor.
  let tail = follow(await fleet.wanted());
  const unfollow = fleet.onChange((wanted) => {
    tail = tail.then(() => follow(wanted));
  });
  await tail;
  return {
    status: (camera) => running.get(camera)?.recorder.status(),
    live: (camera) => {
      const one = running.get(camera);
      return one?.sub ?? one?.recorder.live;
    },
    all: () => [...running.values()].map(({ recorder }) => recorder.status()),
    async close() {
      closed = true;
      unfollow();
      await tail;
      await Promise.all([...running.values()].map(end));
      running.clear();
    },
  };
}
