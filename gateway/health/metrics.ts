/** The same figures as Prometheus metrics, read at each scrape. Invariant: no label holds anything personal. */
import { Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { Alarms } from "./alarms.ts";
import type { Health } from "./figures.ts";
import type { FragmentTimes } from "./fragment-times.ts";
import type { Sources } from "./ports.ts";

/** Fine where the promises lie: some tens of ms to the disk, about a second to a checkpoint. */
const SECONDS = [
  0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3, 0.5, 0.7, 0.9, 1, 1.05, 1.1,
  1.15, 1.2, 1.3, 1.5, 2, 3, 5,
] as const;

export interface Metrics {
  /** Prometheus text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

export function createMetrics(parts: {
  readonly health: Health;
  readonly sources: Sources;
  readonly alarms: Alarms;
  readonly fragmentTimes: FragmentTimes;
}): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, labelNames: readonly string[] = []): Gauge =>
    new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
  const logSize = gauge("counter_log_entries", "durable entries of the current log");
  const checkpointAge = gauge("counter_checkpoint_age_seconds", "age of the newest signed checkpoint");
  const exposure = gauge("counter_exposure_seconds", "time since another party last saw a tree head");
  gauge("counter_exposure_limit_seconds", "exposure above which there is an alarm").set(
    parts.sources.exposureLimitMs / 1000,
  );
  const free = gauge("counter_free_bytes", "free space of the data folder");
  const queue = gauge("counter_append_queue_bytes", "bodies waiting to be appended");
  const appended = gauge("counter_appended_bytes", "body bytes confirmed since the start");
  const recording = gauge("counter_camera_recording", "1 while the camera records", ["camera"]);
  const age = gauge("counter_camera_last_fragment_age_seconds", "age of the newest durable fragment", [
    "camera",
  ]);
  const open = gauge("counter_alarms_open", "alarms that are raised and not cleared");
  const histogram = (name: string, help: string): Histogram =>
    new Histogram({ name, help, buckets: [...SECONDS], registers: [registry] });
  const durable = histogram("counter_fragment_durable_seconds", "last byte of a fragment to entry durable");
  const signed = histogram(
    "counter_fragment_signed_seconds",
    "last byte of a fragment to a stored checkpoint that covers it",
  );
  parts.fragmentTimes.sink = {
    durable: (seconds) => durable.observe(seconds),
    signed: (seconds) => signed.observe(seconds),
  };
  return {
    contentType: registry.contentType,
    async text() {
      const figures = parts.health.figures();
      const log = parts.sources.log();
      logSize.set(figures.log.size);
      checkpointAge.set(
        figures.log.checkpointAgeMs === null ? Number.NaN : figures.log.checkpointAgeMs / 1000,
      );
      exposure.set(figures.exposureMs / 1000);
      free.set(figures.freeBytes);
      queue.set(log.queueBytes);
      appended.set(log.appendedBytes);
      recording.reset();
      age.reset();
      for (const camera of figures.cameras) {
        recording.set({ camera: camera.id }, camera.state === "recording" ? 1 : 0);
        if (camera.lastFragmentAgeMs !== null)
          age.set({ camera: camera.id }, camera.lastFragmentAgeMs / 1000);
      }
      open.set((await parts.alarms.list({ open: true })).length);
      return registry.metrics();
    },
  };
}
