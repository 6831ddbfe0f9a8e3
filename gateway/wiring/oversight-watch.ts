/**
 * Looks each minute whether an order to rectify ran out: each such finding is an alarm until it is closed. Invariant:
 * alarms outlive the process, so the first look takes up the open ones of the run before.
 */
import type { Inspections } from "../intake/oversight/inspections.ts";
import type { AlarmLine } from "./alarm-line.ts";

const EVERY_MS = 60_000;
const CODE = "oversight.findingOverdue";

/** Begins at once; the function it returns ends it. */
export function watchFindings(
  inspections: Pick<Inspections, "overdue">,
  alarm: Pick<AlarmLine, "raise" | "clear" | "list">,
): () => Promise<void> {
  let raised: ReadonlySet<string> | undefined;
  let looking: Promise<void> | undefined;
  async function openAlarms(): Promise<ReadonlySet<string>> {
    const open = (await alarm.list()?.list({ open: true })) ?? [];
    return new Set(open.filter(({ code }) => code === CODE).map(({ subject }) => subject));
  }
  async function look(): Promise<void> {
    try {
      const before = raised ?? (await openAlarms());
      const overdue = new Set((await inspections.overdue()).map(({ findingId }) => findingId));
      for (const id of overdue) if (!before.has(id)) alarm.raise(CODE, id);
      for (const id of before) if (!overdue.has(id)) alarm.clear(CODE, id);
      raised = overdue;
      alarm.clear("oversight.watchFailed", "gateway");
    } catch {
      alarm.raise("oversight.watchFailed", "gateway");
    }
  }
  const turn = (): void => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
  };
  const timer = setInterval(turn, EVERY_MS);
  turn();
  return async () => {
    clearInterval(timer);
    await looking;
  };
}
