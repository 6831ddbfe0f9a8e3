/**
 * Derives deemed acceptance from what was received, what was told and what day it is (I6). Invariant: once per
 * application whatever happens, also when the box was off across the limit; a date that can't be trusted binds nobody.
 */
import { deemedStatus } from "../domain/intake/clocks.ts";
import { CodedError } from "../domain/errors.ts";
import { type ApplicationId, commandId, userId } from "../domain/ids.ts";
import type { IntakeOptions } from "./intake.ts";
import type { Perform } from "./perform.ts";
import type { ViewTable } from "./ports.ts";
import { dueApplications } from "./queries.ts";
import type { DeemedRun } from "./results.ts";
import type { Stored } from "./stored.ts";
import { worldFor } from "./world.ts";

const GATEWAY = { userId: userId("gateway"), role: "system" } as const;

export function deemer(
  options: IntakeOptions,
  table: ViewTable,
  stored: Stored,
  perform: Perform,
): () => Promise<DeemedRun> {
  return async () => {
    const derived: ApplicationId[] = [];
    const failed: DeemedRun["failed"][number][] = [];
    const withheld: DeemedRun["withheld"][number][] = [];
    for (const state of await dueApplications(table, stored)) {
      const { applicationId, received } = state;
      const { context } = await worldFor(options, { state, actor: GATEWAY });
      const { status } = deemedStatus(state, context);
      if (status === "clock" || status === "calendar") withheld.push({ applicationId, because: status });
      if (status !== "due") continue;
      try {
        await perform({
          // One id per application, so that a crash between append and answer can't make a second one.
          request: { commandId: commandId(`deemed-${applicationId}`), actor: GATEWAY, device: "gateway" },
          applicationId,
          ...(received === undefined ? {} : { responsibleOfficerId: received.by }),
          plan: () => ({ command: { type: "deem" } }),
        });
        derived.push(applicationId);
      } catch (error) {
        const code = error instanceof CodedError ? error.code : "internal";
        // A clerk was faster: the notice went out, or it was accepted, between the look and the turn.
        if (code === "intake.notDeemedYet" || code === "intake.wrongPhase") continue;
        // One application that can't have its paper now must not keep the others waiting; it is tried again.
        failed.push({ applicationId, code });
        options.onPaperUnfinished(error);
      }
    }
    return { derived, withheld, failed };
  };
}
