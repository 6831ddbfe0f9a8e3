/** A counter with the desk for viewing and copying, docks and oversight on one real store. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createDocks } from "../../../gateway/docks/create-docks.ts";
import type { Docks } from "../../../gateway/docks/docks.ts";
import { createAlarms, type Alarms } from "../../../gateway/health/alarms.ts";
import { userId } from "../../../gateway/domain/ids.ts";
import type { Inspections } from "../../../gateway/intake/oversight/inspections.ts";
import { createInspections } from "../../../gateway/intake/oversight/create-inspections.ts";
import { caseBook } from "../../../gateway/intake/case-files/case-book.ts";
import { caseProjection } from "../../../gateway/intake/case-files/case-view.ts";
import { createRecords } from "../../../gateway/intake/records/create-records.ts";
import { loadDocumentKinds } from "../../../gateway/intake/records/load-kinds.ts";
import type { Records } from "../../../gateway/intake/records/records.ts";
import { catalogueProjection, createCatalogue } from "../../../gateway/recording/catalogue.ts";
import { footageOf } from "../../../gateway/wiring/footage.ts";
import { footageLookup } from "../../../gateway/wiring/record-footage.ts";
import { loadVendorNames } from "../../../device-drivers/dock/vendor-names.ts";
import type { CounterOptions } from "../intake/counter.ts";
import { type Desk, openDesk } from "../access/desk.ts";
import { RULES } from "../docks/dock-hall.ts";
import { CONFIGS } from "../records/office.ts";

export const INSPECTOR = userId("legal-1");
export const RESPONSIBLE = userId("clerk-1");

export interface Inspected extends Desk {
  readonly inspections: Inspections;
  readonly docks: Docks;
  readonly alarms: Alarms;
  readonly records: Records;
  readonly complaints: { readonly id: string; readonly receivedMs: number }[];
}

export async function openInspected(options: CounterOptions): Promise<Inspected> {
  const complaints: { readonly id: string; readonly receivedMs: number }[] = [];
  let built: Pick<Inspected, "inspections" | "docks" | "alarms" | "records"> | undefined;
  const kinds = await loadDocumentKinds(join(CONFIGS, "document-kinds"));
  const desk = await openDesk({
    ...options,
    also: ({ store, clock, profiles }) => {
      const catalogue = createCatalogue(store.register(catalogueProjection));
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
        means: () => ({ records, footage: footageOf(catalogue), profiles, kinds }),
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
      const records = createRecords(
        {
          append: store,
          reader: store,
          views: store,
          clock,
          random: { bytes: (count) => randomBytes(count) },
          profiles,
          kinds,
          footage: footageLookup(catalogue, docks),
        },
        caseBook(store.register(caseProjection)),
      );
      const alarms = createAlarms({ append: store, views: store, clock });
      built = { inspections, docks, alarms, records };
    },
  });
  if (built === undefined) throw new Error("nothing was built beside the desk");
  return { ...desk, ...built, complaints };
}
