/** The link to the central archive: its state, enrolment, handing over now. */
import { CodedError } from "../domain/errors.ts";
import { type ArchiveView, archiveRoutes } from "./contract/archive.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";

const LINE = /^https:\/\/[^#\s]{1,200}#[0-9a-f]{64}:[A-Za-z0-9_-]{16,64}$/;

export function mountArchive(mount: Mount, deps: HttpDeps): void {
  const { link, handover } = deps;
  const view = (): ArchiveView => {
    const { enrolled, url = null, lastPassMs = null, fault = null, withheld } = link.state();
    return {
      enrolled,
      url,
      lastPassAt: lastPassMs,
      fault,
      withheldPacks: withheld,
      exposureMs: handover.exposureMs(),
      exposureLimitMs: deps.exposureLimitMs,
    };
  };
  mount.route(archiveRoutes.archiveLink, view);
  mount.route(archiveRoutes.enrolArchive, async ({ body, caller }) => {
    const line = body.line.trim();
    if (!LINE.test(line)) throw new CodedError("sync.badEnrolmentLine");
    await link.enrol(line, caller.userId);
    return view();
  });
  mount.route(archiveRoutes.handOverNow, async () => ({
    packs: (await handover.sealNow("demand")).length,
  }));
}
