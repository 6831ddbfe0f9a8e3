/** A counter with the desk for viewing and copying, docks and oversight on one real store. */
import { createDocks } from "../../../gateway/docks/create-docks.ts";
import type { Docks } from "../../../gateway/docks/docks.ts";
import { createAlarms, type Alarms } from "../../../gateway/health/alarms.ts";
import { userId } from "../../../gateway/domain/ids.ts";
import type { Inspections } from "../../../gateway/intake/oversight/inspections.ts";
import { createInspections } from "../../../gateway/intake/oversight/create-inspections.ts";
import { loadVendorNames } from "../../../device-drivers/dock/vendor-names.ts";
import type { CounterOptions } from "../intake/counter.ts";
import { type Desk, openDesk } from "../access/desk.ts";
import { RULES } from "../docks/dock-hall.ts";

export const INSPECTOR = userId("legal-1");
export const RESPONSIBLE = userId("clerk-1");

export interface Inspected extends Desk {
  readonly inspections: Inspections;
  readonly docks: Docks;
  readonly alarms: Alarms;
  readonly complaints: { readonly id: string; readonly receivedMs: number }[];
}

export async function openInspected(options: CounterOptions): Promise<Inspected> {
  const complaints: { readonly id: string; readonly receivedMs: number }[] = [];
  let built:
    | { readonly inspections: Inspections; readonly docks: Docks; readonly alarms: Alarms }
    | undefined;
  const desk = await openDesk({
    ...options,
    also: ({ store, clock }) => {
      const inspections = createInspections({
        append: store,
        reader: store,
        views: store,
        clock,
        tree: store,
        staff: {
          exists: async (user) => user === RESPONSIBLE || user === INSPECTOR,
          sectionOf: async (user) => (user.startsWith("clerk") ? "行政审批科" : undefined),
        },
        complaints: { uninformed: async () => complaints },
      });
      const docks = createDocks({
        append: store,
        reader: store,
        views: store,
        clock,
        rules: () => RULES,
        probe: { probe: async () => ({ ok: false, problem: "noProbe" }) },
        vendorNames: loadVendorNames(),
        sender: { send: async () => undefined },
        problem: (_what, cause) => {
          throw cause;
        },
      });
      const alarms = createAlarms({ append: store, views: store, clock });
      built = { inspections, docks, alarms };
    },
  });
  if (built === undefined) throw new Error("nothing was built beside the desk");
  return { ...desk, ...built, complaints };
}
