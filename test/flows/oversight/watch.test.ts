/** The watcher of orders to rectify, over the real store and the real list of alarms: raised once, gone when closed. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { seq } from "../../../gateway/domain/ids.ts";
import { alarmLine } from "../../../gateway/wiring/alarm-line.ts";
import { watchFindings } from "../../../gateway/wiring/oversight-watch.ts";
import { proves } from "../../law/proves.ts";
import { fresh } from "../access/desk.ts";
import { INSPECTOR, type Inspected, RESPONSIBLE, openInspected } from "./inspected.ts";

const CODE = "oversight.findingOverdue";
const MINUTE_MS = 60_000;
const silent = { info: () => {}, warn: () => {}, error: () => {} };

let hall: Inspected;
beforeEach(async () => {
  // The watcher's own timer alone: everything else runs as ever.
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  hall = await openInspected({ profile: "zz-mr", now: "2026-09-16 10:00" });
});
afterEach(async () => {
  vi.useRealTimers();
  await hall.remove();
});

function watch(): () => Promise<void> {
  const line = alarmLine(silent);
  line.attach(hall.alarms);
  return watchFindings(hall.inspections, line);
}
async function find(): Promise<string> {
  const { findingId } = await hall.inspections.find({
    by: INSPECTOR,
    commandId: fresh(),
    subject: "camera/cam-1",
    text: "现场记录中断",
    order: "三日内提交说明并重新培训",
    responsible: RESPONSIBLE,
    dueOn: "2026-09-19",
  });
  return findingId;
}
async function close(findingId: string): Promise<void> {
  const asked = { findingId, text: "已重新培训" };
  await hall.inspections.rectify({ ...asked, commandId: fresh(), by: RESPONSIBLE });
  await hall.inspections.closeFinding({ ...asked, commandId: fresh(), by: INSPECTOR });
}
const open = async () =>
  (await hall.alarms.list({ open: true })).map(({ code, subject, count }) => `${code} ${subject} ${count}`);
const becomes = (expected: readonly string[]) =>
  vi.waitFor(async () => expect(await open()).toEqual(expected), { timeout: 10_000 });
/** Alarms of the log, raised and cleared, as they came. */
async function changes(): Promise<readonly string[]> {
  const { store } = hall.counter;
  const { logId, size } = store.stats();
  const found: string[] = [];
  for (let index = 0; index < size; index += 1) {
    const ref = { logId, seq: seq(index) };
    if ((await store.readEntry(ref)).type === "alarm")
      found.push(JSON.stringify((await store.readRecord(ref)).body.json["change"]));
  }
  return found;
}

it(
  proves(
    ["S3-B-7", "S0-36"],
    "an order that ran out is an alarm, once, until another person closes the finding",
  ),
  async () => {
    const findingId = await find();
    const end = watch();
    hall.counter.setNow("2026-09-19 23:59");
    vi.advanceTimersByTime(MINUTE_MS);
    expect(await open()).toEqual([]);
    hall.counter.setNow("2026-09-20 00:00");
    vi.advanceTimersByTime(MINUTE_MS);
    await becomes([`${CODE} ${findingId} 1`]);
    // Many looks later it is still one alarm, raised once.
    for (let i = 0; i < 3; i += 1) {
      vi.advanceTimersByTime(MINUTE_MS);
      await hall.inspections.overdue();
    }
    await becomes([`${CODE} ${findingId} 1`]);
    // Rectified is not closed: somebody else has to look.
    await close(findingId);
    vi.advanceTimersByTime(MINUTE_MS);
    await becomes([]);
    await end();
    expect(await changes()).toEqual(['"raised"', '"cleared"']);
  },
);

it("takes up the alarms of the run before: none twice, and none stays that was closed in between", async () => {
  const stays = await find();
  const goes = await find();
  hall.counter.setNow("2026-09-21 09:00");
  const before = watch();
  await becomes([`${CODE} ${stays} 1`, `${CODE} ${goes} 1`].toSorted());
  await before();
  await close(goes);
  const after = watch();
  await becomes([`${CODE} ${stays} 1`]);
  await after();
  expect(await changes()).toEqual(['"raised"', '"raised"', '"cleared"']);
});

it("says that it can't look, and that it can again", async () => {
  const findingId = await find();
  hall.counter.setNow("2026-09-21 09:00");
  const line = alarmLine(silent);
  line.attach(hall.alarms);
  let isBroken = true;
  const end = watchFindings(
    {
      overdue: async () => {
        if (isBroken) throw new Error("the disk is gone");
        return hall.inspections.overdue();
      },
    },
    line,
  );
  await becomes(["oversight.watchFailed gateway 1"]);
  isBroken = false;
  vi.advanceTimersByTime(MINUTE_MS);
  await becomes([`${CODE} ${findingId} 1`]);
  await end();
});
