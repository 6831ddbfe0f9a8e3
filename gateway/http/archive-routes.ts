/** The link to the central archive: its state, enrolment, handing over now. */
import { CodedError } from "../domain/errors.ts";
import type { Handover } from "../handover/contract.ts";
import { type ArchiveView, archiveRoutes } from "./contract/archive.ts";
import type { Mount } from "./mount.ts";

/** What the wiring knows of the replicator, by shape. */
export interface ArchiveLinkPort {
  state(): {
    readonly enrolled: boolean;
    readonly url?: string;
    readonly lastPassMs?: number;
    readonly fault?: string;
  };
  /** Rejects when the archive refuses or is not the one named in the line. */
  enrol(line: string): Promise<void>;
}

const LINE = /^https:\/\/[^#\s]{1,200}#[0-9a-f]{64}:[A-Za-z0-9_-]{16,64}$/;

export function mountArchive(parts: {
  readonly link: ArchiveLinkPort;
  readonly handover: Pick<Handover, "sealNow" | "exposureMs">;
}): (app: unknown, mount: Mount) => void {
  const { link, handover } = parts;
  const view = (): ArchiveView => {
    const { enrolled, url = null, lastPassMs = null, fault = null } = link.state();
    return { enrolled, url, lastPassAt: lastPassMs, fault, exposureMs: handover.exposureMs() };
  };
  return (_app, mount) => {
    mount.route(archiveRoutes.archiveLink, view);
    mount.route(archiveRoutes.enrolArchive, async ({ body }) => {
      const line = body.line.trim();
      if (!LINE.test(line)) throw new CodedError("sync.badEnrolmentLine");
      try {
        await link.enrol(line);
      } catch (cause) {
        throw new CodedError("sync.enrolFailed", {}, { cause });
      }
      return view();
    });
    mount.route(archiveRoutes.handOverNow, async () => ({
      packs: (await handover.sealNow("demand")).length,
    }));
  };
}
