/** What the catalogue knows of a span, in the intake's terms: coverage by time alone, gaps with their causes. */
import { cameraId } from "../domain/ids.ts";
import type { Footage } from "../intake/ports.ts";
import type { Catalogue } from "../recording/catalogue.ts";

export function footageOf(catalogue: Catalogue): Footage {
  return {
    coverage: (cameraIds, from, to) =>
      Promise.all(
        cameraIds.map(async (id) => {
          const { fragments, gaps } = await catalogue.coverage(cameraId(id), from, to);
          const spans: { from: number; to: number }[] = [];
          for (const { t, durMs } of fragments) {
            const last = spans.at(-1);
            if (last !== undefined && t <= last.to + 1) last.to = Math.max(last.to, t + durMs);
            else spans.push({ from: t, to: t + durMs });
          }
          return {
            cameraId: id,
            from,
            to,
            spans,
            gaps: gaps.map((gap) => ({
              from: gap.from,
              to: gap.to ?? to,
              cause: gap.causes[0] ?? "notRecorded",
            })),
          };
        }),
      ),
  };
}
