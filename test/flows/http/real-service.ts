/** Beside the real intake: service, officers, scans, guides and the bureau's link as the gateway wires them. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createScans } from "../../../gateway/docks/scans/scans.ts";
import { CodedError } from "../../../gateway/domain/errors.ts";
import { createBureau } from "../../../gateway/intake/bureau/bureau.ts";
import { createBureauToken } from "../../../gateway/intake/bureau/token.ts";
import { createGuides } from "../../../gateway/intake/guides/guides.ts";
import { loadCalendars, loadCatalogue, loadProfiles } from "../../../gateway/intake/load-rules.ts";
import { createOfficers } from "../../../gateway/intake/officers/officers.ts";
import { createServices } from "../../../gateway/intake/service/services.ts";
import { createSecretFiles } from "../../../gateway/people/secret-files.ts";
import { inspectPicture, pictureThumbnail } from "../../../gateway/recording/pictures.ts";
import { probeMedia } from "../../../gateway/recording/probe.ts";
import { evidenceLinks, scanTargets } from "../../../gateway/wiring/evidence-links.ts";
import { type RealUseCases, realUseCases } from "./real-use-cases.ts";

const CONFIGS = join(import.meta.dirname, "../../../firmware-configs");

/** Nothing happened beyond the counter here. */
const NO_CASES: Parameters<typeof scanTargets>[0]["cases"] = () => ({
  records: { get: () => Promise.reject(new CodedError("records.noSuchRecord")) },
  book: { find: async () => undefined },
});

export interface RealService extends RealUseCases {
  /** What the register could not tell an application. */
  readonly owed: readonly unknown[];
}

export function realService(secretsFolder: string): RealService {
  const counter = realUseCases();
  const owed: unknown[] = [];
  const closing: (() => Promise<void>)[] = [];
  return {
    owed,
    async make(given) {
      const { append: store, clock, people } = given;
      const { intake, documents } = await counter.make(given);
      if (intake?.get === undefined || intake.recordService === undefined || documents === undefined)
        throw new Error("the counter is not whole");
      // `counter.make` gives the whole intake; its type alone says it may be part of one.
      const whole = intake as Parameters<typeof createBureau>[0]["intake"] &
        Parameters<typeof createServices>[0]["intake"];
      const parts = { append: store, views: store, reader: store, clock, random: { bytes: randomBytes } };
      const profiles = await loadProfiles(join(CONFIGS, "profiles"), "changli-mr");
      const guides = createGuides({
        ...parts,
        shipped: await loadCatalogue(join(CONFIGS, "demonstration/matters.json")),
      });
      const officers = createOfficers({ ...parts, accounts: { of: (id) => people.accounts.officer(id) } });
      const scans = createScans({
        ...parts,
        pictures: { inspect: inspectPicture, thumbnail: pictureThumbnail },
        probe: { probe: probeMedia },
        targets: scanTargets({
          intake: () => whole,
          services: () => services,
          cases: NO_CASES,
          reader: store,
        }),
      });
      closing.push(() => scans.close());
      const services = createServices({
        ...parts,
        profiles,
        officers,
        intake: whole,
        linked: evidenceLinks({
          footage: { coverage: async () => [] },
          docks: { file: () => Promise.reject(new CodedError("docks.noSuchFile")) },
          scans,
          reader: store,
        }),
        onOwed: (error) => void owed.push(error),
      });
      const calendars = await loadCalendars(join(CONFIGS, "calendars"));
      const bureau = createBureau({
        ...parts,
        profiles,
        calendars,
        catalogue: guides,
        intake: whole,
        services,
      });
      const bureauToken = createBureauToken({ ...parts, secrets: createSecretFiles(secretsFolder) });
      return { intake, documents, guides, officers, scans, services, bureau, bureauToken };
    },
    async close() {
      for (const close of closing) await close();
      await counter.close();
    },
  };
}
