/** The exposure window's alarm, on the real list: once when the limit is passed, gone when a sighting comes. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Alarms, createAlarms } from "../../../gateway/health/alarms.ts";
import { EXPOSURE_ALARM, type ExposureWatch, watchExposure } from "../../../gateway/health/exposure-watch.ts";
import { createHealth } from "../../../gateway/health/figures.ts";
import { createFragmentTimes } from "../../../gateway/health/fragment-times.ts";
import { createMetrics } from "../../../gateway/health/metrics.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { freshFolder, openRealStore, testClock } from "../real-store.ts";

const LIMIT_MS = 60_000;
let folder: Awaited<ReturnType<typeof freshFolder>>;
let store: Store;
let alarms: Alarms;
let watch: ExposureWatch;
let exposureMs: number;
let raised: number;
/** What the watch set off and nobody waits for. */
let underWay: Promise<void>[] = [];

beforeEach(async () => {
  folder = await freshFolder();
  const clock = testClock();
  store = await openRealStore(folder.path, clock);
  alarms = createAlarms({ append: store, views: store, clock });
  await store.catchUp();
  exposureMs = 0;
  raised = 0;
  underWay = [];
  begin();
});
afterEach(async () => {
  watch.close();
  await Promise.all(underWay);
  await store.close();
  await folder.remove();
});

function begin(): void {
  watch = watchExposure({
    exposureMs: () => exposureMs,
    limitMs: LIMIT_MS,
    everyMs: 5,
    raise: (alarm) => {
      raised++;
      underWay.push(alarms.raise(alarm));
    },
    clear: (alarm) => underWay.push(alarms.clear(alarm)),
  });
}
const open = async (): Promise<number> => (await alarms.list({ open: true })).length;

it("raises one alarm above the limit, keeps it however long, and clears it when somebody has seen the log", async () => {
  exposureMs = LIMIT_MS;
  await vi.waitFor(async () => expect(await open()).toBe(0));
  exposureMs = LIMIT_MS + 1;
  await vi.waitFor(async () => expect(await open()).toBe(1));
  expect((await alarms.list({ open: true }))[0]).toMatchObject(EXPOSURE_ALARM);
  await Promise.all(underWay);
  const { size } = store.stats();
  const looked = vi.fn(() => exposureMs);
  watch.close();
  const other = watchExposure({
    exposureMs: looked,
    limitMs: LIMIT_MS,
    everyMs: 2,
    raise: () => void raised++,
    clear: () => {},
  });
  await vi.waitFor(() => expect(looked.mock.calls.length).toBeGreaterThan(5));
  other.close();
  expect(raised, "once by each watch").toBe(2);
  expect(store.stats().size).toBe(size);
  exposureMs = 0;
  // As after a restart: the alarm of before is cleared by a watch that never raised it.
  begin();
  await vi.waitFor(async () => expect(await open()).toBe(0));
});

it("is a metric beside its limit", async () => {
  exposureMs = 95_500;
  const sources = {
    cameras: () => [],
    log: () => store.stats(),
    exposureMs: () => exposureMs,
    exposureLimitMs: LIMIT_MS,
  };
  const clock = testClock();
  const health = createHealth({ version: "test", clock, sources });
  const fragmentTimes = createFragmentTimes(clock);
  const text = await createMetrics({ health, sources, alarms, fragmentTimes }).text();
  expect(text).toMatch(/^counter_exposure_seconds 95\.5$/m);
  expect(text).toMatch(/^counter_exposure_limit_seconds 60$/m);
});
