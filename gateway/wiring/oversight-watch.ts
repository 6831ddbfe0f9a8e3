/** Looks each minute whether an order to rectify ran out: each such finding is an alarm until it is closed. */
import type { Inspections } from "../intake/oversight/inspections.ts";
import type { AlarmLine } from "./alarm-line.ts";

const EVERY_MS = 60_000;
const CODE = "oversight.findingOverdue";

/** Begins at once; the function it returns ends it. */
export function watchFindings(
  inspections: Pick<Inspections, "overdue">,
  alarm: Pick<AlarmLine, "raise" | "clear">,
): () => Promise<void> {
  let raised = new Set<string>();
  let looking: Promise<void> | undefined;
  async function look(): Promise<void> {
    try {
      const overdue = new Set((await inspections.overdue()).map(({ findingId }) => findingId));
      for (const id of overdue) if (!raised.has(id)) alarm.raise(CODE, id);
      for (const id of raised) if (!overdue.has(id)) alarm.clear(CODE, id);
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
