/** The link to the central archive as a technician sets it up and sees it. */
import { type Static, Type } from "typebox";
import { DurationMs, Nullable, TimeMs, closed } from "./fields.ts";
import { route } from "./route.ts";

export const ArchiveView = closed({
  enrolled: Type.Boolean(),
  url: Nullable(Type.String()),
  /** End of the newest pass that went through. */
  lastPassAt: Nullable(TimeMs),
  /** Code of the fault since then, such as `ECONNREFUSED` or `sync.logRefused`. */
  fault: Nullable(Type.String()),
  /** Packs that hold something of a sealed matter: they stay here until an officer decides, and are no fault. */
  withheldPacks: Type.Integer({ minimum: 0 }),
  /** 0: another party has seen everything that counts. */
  exposureMs: DurationMs,
  /** Above it there is an alarm. */
  exposureLimitMs: DurationMs,
});
export type ArchiveView = Static<typeof ArchiveView>;

export const archiveRoutes = {
  archiveLink: route({
    method: "GET",
    url: "/api/archive",
    tag: "archive",
    summary: "How the link to the central archive stands",
    audience: ["technician", "supervisor"],
    answer: ArchiveView,
    errors: [],
  }),
  enrolArchive: route({
    method: "POST",
    url: "/api/archive/enrol",
    tag: "archive",
    summary: "Enrol at the archive with the line that it printed; pushing begins at once",
    audience: ["technician"],
    body: closed({ line: Type.String({ minLength: 80, maxLength: 400 }) }),
    answer: ArchiveView,
    errors: [
      "sync.badEnrolmentLine",
      "sync.enrolRefused",
      "sync.archiveNotReached",
      "sync.archiveNotRecognised",
    ],
    rateLimit: { max: 10, windowMs: 60_000 },
  }),
  handOverNow: route({
    method: "POST",
    url: "/api/archive/hand-over",
    tag: "archive",
    summary: "Seal what waits now instead of at its time, such as before the line is cut for works",
    audience: ["technician"],
    answer: closed({ packs: Type.Integer({ minimum: 0 }) }),
    errors: ["store.closed"],
  }),
} as const;
