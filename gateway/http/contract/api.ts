/** All routes of the gateway in one object, and the types a caller needs to speak to them by address. */
import { accessRoutes } from "./access.ts";
import { approvalRoutes } from "./approvals.ts";
import { archiveRoutes } from "./archive.ts";
import { bureauRoutes } from "./bureau.ts";
import { caseFileRoutes } from "./case-files.ts";
import { cameraRoutes } from "./cameras.ts";
import { dockRoutes } from "./docks.ts";
import { documentRoutes } from "./documents.ts";
import { exportRoutes } from "./exports.ts";
import { guideRoutes } from "./guides.ts";
import { healthRoutes } from "./health.ts";
import { intakeRoutes } from "./intake.ts";
import { kioskRoutes } from "./kiosk.ts";
import { liveRoutes } from "./live.ts";
import { logRoutes } from "./log.ts";
import { paperRoutes } from "./papers.ts";
import { oversightRoutes } from "./oversight.ts";
import { officerRoutes } from "./officers.ts";
import { playbackRoutes } from "./playback.ts";
import type { AnswerOf, BodyOf, ParamsOf, QueryOf } from "./route.ts";
import { scanRoutes } from "./scans.ts";
import { serviceRoutes } from "./service.ts";
import { recordRoutes } from "./records.ts";
import { retentionRoutes } from "./retention.ts";
import { sessionRoutes } from "./session.ts";
import { supervisorRoutes } from "./supervisor.ts";

export const api = {
  ...sessionRoutes,
  ...intakeRoutes,
  ...approvalRoutes,
  ...documentRoutes,
  ...paperRoutes,
  ...kioskRoutes,
  ...cameraRoutes,
  ...liveRoutes,
  ...dockRoutes,
  ...playbackRoutes,
  ...exportRoutes,
  ...accessRoutes,
  ...oversightRoutes,
  ...supervisorRoutes,
  ...officerRoutes,
  ...scanRoutes,
  ...serviceRoutes,
  ...guideRoutes,
  ...bureauRoutes,
  ...logRoutes,
  ...healthRoutes,
  ...archiveRoutes,
  ...recordRoutes,
  ...caseFileRoutes,
  ...retentionRoutes,
} as const;

type Routes = typeof api;
export type OperationId = keyof Routes;

/** A call by its address: `Api["POST /api/session"]["body"]`. */
export type Api = {
  [Id in OperationId as `${Routes[Id]["method"]} ${Routes[Id]["url"]}`]: {
    readonly params: ParamsOf<Routes[Id]>;
    readonly query: QueryOf<Routes[Id]>;
    readonly body: BodyOf<Routes[Id]>;
    readonly answer: AnswerOf<Routes[Id]>;
  };
};
export type Address = keyof Api;
