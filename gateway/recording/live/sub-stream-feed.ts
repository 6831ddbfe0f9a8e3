/**
 * What those who watch a camera with two streams get: the main stream at once, and the sub-stream, which is lighter
 * and plays in every browser, from its first key frame on. Invariant: the second connection exists only while
 * somebody watches, its faults never reach the recording, and while it is down they see the main stream again.
 */
import type { CameraSource, SourceEndCause } from "../ports.ts";
import { reconnectDelayMs } from "../reconnect.ts";
import { CameraFeed, type LiveFeed, type LiveViewer } from "./live-feed.ts";

/** Who looks away for a moment does not make the camera set up a session anew. */
const LINGER_MS = 10_000;

export interface SubStreamOptions {
  readonly main: LiveFeed;
  /** The sub-stream, without sound. */
  readonly source: CameraSource;
  /** Told of defects in a driver; the stream is opened again. */
  readonly onFault: (error: unknown) => void;
  readonly lingerMs?: number;
  /** 0 <= value < 1, for the jitter of reconnects. */
  readonly random?: () => number;
}

export class SubStreamFeed implements LiveFeed {
  readonly #options: SubStreamOptions;
  readonly #sub = new CameraFeed("sub");
  /** Who watches, and what ends their place in the feed they are in; undefined while they wait for a picture. */
  readonly #watchers = new Map<LiveViewer, (() => void) | undefined>();
  #plays = false;
  #failed = false;
  #abort: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();
  #lingering: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: SubStreamOptions) {
    this.#options = options;
  }

  get codec(): string | undefined {
    return this.#sub.codec ?? this.#options.main.codec;
  }

  join(viewer: LiveViewer): (() => void) | undefined {
    if (this.#closed) return undefined;
    // A browser that can't play the main stream would only show that it can't, until the sub-stream is there.
    const waits = !this.#plays && !this.#failed && (this.#options.main.codec?.startsWith("hvc1") ?? false);
    const leave = waits ? undefined : (this.#plays ? this.#sub : this.#options.main).join(viewer);
    if (leave === undefined && !waits) return undefined;
    this.#watchers.set(viewer, leave);
    clearTimeout(this.#lingering);
    if (this.#abort === undefined) {
      const abort = new AbortController();
      this.#abort = abort;
      this.#running = this.#running.then(() => this.#run(abort.signal));
    }
    return () => this.#leave(viewer);
  }

  /** Nobody hears anything more; resolves when the second connection is closed. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#lingering);
    this.#abort?.abort();
    await this.#running;
    for (const [viewer, leave] of this.#watchers) {
      leave?.();
      viewer.end();
    }
    this.#watchers.clear();
  }

  #leave(viewer: LiveViewer): void {
    this.#watchers.get(viewer)?.();
    this.#watchers.delete(viewer);
    if (this.#watchers.size > 0 || this.#closed) return;
    clearTimeout(this.#lingering);
    this.#lingering = setTimeout(() => {
      this.#abort?.abort();
      this.#abort = undefined;
    }, this.#options.lingerMs ?? LINGER_MS);
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const cause = await this.#connection(signal);
      failures = this.#plays ? 0 : failures + 1;
      this.#plays = false;
      this.#failed = !signal.aborted;
      this.#moveAll(this.#options.main);
      if (!signal.aborted)
        await pause(reconnectDelayMs(failures, cause, (this.#options.random ?? Math.random)()), signal);
    }
    this.#failed = false;
  }

  /** One connection from its start to its end; `#plays` says afterwards whether a picture came. */
  async #connection(signal: AbortSignal): Promise<SourceEndCause> {
    let cause: SourceEndCause = "disconnected";
    try {
      for await (const event of this.#options.source.open(signal)) {
        this.#sub.take(event);
        if (event.kind === "end") cause = event.cause;
        if (event.kind !== "unit" || !event.keyFrame || this.#plays) continue;
        this.#plays = true;
        this.#failed = false;
        this.#moveAll(this.#sub);
      }
    } catch (error) {
      this.#options.onFault(error);
      cause = "unsupported";
      this.#sub.take({ kind: "end", cause, detail: "" });
    }
    return cause;
  }

  #moveAll(feed: LiveFeed): void {
    for (const [viewer, leave] of this.#watchers) {
      leave?.();
      const next = feed.join(viewer);
      if (next === undefined) {
        this.#watchers.delete(viewer);
        viewer.end();
      } else this.#watchers.set(viewer, next);
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
