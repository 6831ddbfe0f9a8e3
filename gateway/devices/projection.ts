/** The view behind the fleet: what is bound now, and what each command answered first. */
import type { ProjectedEntry, Projection, ViewTransaction } from "./ports.ts";
import { readChange } from "./rows.ts";

export const fleetProjection: Projection = {
  name: "fleet",
  version: 1,
  types: ["config"],
  apply({ entry, record, logId, seq }: ProjectedEntry, table: ViewTransaction): void {
    const change = record === undefined ? undefined : readChange(record.json);
    if (change === undefined) return;
    const key = `${change.kind}/${change.id}`;
    const row = {
      ...change.settings,
      id: change.id,
      boundBy: change.by,
      boundAtMs: entry.t,
      logId,
      seq,
    };
    if (change.change === "bound") table.put(key, row);
    else table.del(key);
    table.put(`command/${change.command}`, { kind: change.kind, change: change.change, row });
  },
};
