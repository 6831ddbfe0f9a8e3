/** Copies of footage. Invariant: the row of the access ledger is durable before the copy exists, and it is its maker's alone. */
import { CodedError } from "../domain/errors.ts";
import { cameraId } from "../domain/ids.ts";
import type { Export, ExportSpan } from "../recording/export/exports.ts";
import type { PersonCaller } from "./caller.ts";
import { type ExportView, exportRoutes } from "./contract/exports.ts";
import { DONE } from "./contract/fields.ts";
import type { BodyOf } from "./contract/route.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";

type Wanted = BodyOf<typeof exportRoutes.openExport>;

export function mountExports(mount: Mount, deps: HttpDeps): void {
  const { exports, intake, people } = deps;
  const excerpts = new WeakMap<Export, boolean>();

  function view(one: Export): ExportView {
    const { id, fileName } = one;
    const excerpt = excerpts.get(one) ?? true;
    return { exportId: id, archive: `/api/exports/${id}/archive.tar`, fileName, excerpt, ...one.progress() };
  }
  function find(id: string, caller: PersonCaller): Export {
    const one = exports.find(id);
    if (one === undefined || one.by !== caller.userId) throw new CodedError("http.notFound");
    return one;
  }
  /** Every session of a matter with its cameras, or the range that was chosen. */
  async function spansOf({ applicationId, range }: Wanted): Promise<readonly ExportSpan[]> {
    if ((applicationId === undefined) === (range === undefined)) throw new CodedError("http.badRequest");
    if (range !== undefined) return [{ camera: range.cameraId, from: range.fromMs, to: range.toMs }];
    if (applicationId === undefined) return [];
    const { sessions } = await intake.footageOf(applicationId);
    return sessions.flatMap(({ fromMs, toMs, coverage }) =>
      coverage.map((one) => ({ camera: cameraId(one.cameraId), from: fromMs, to: toMs })),
    );
  }

  mount.route(exportRoutes.openExport, async ({ caller, body }) => {
    const { reason, applicationId, range } = body;
    const spans = await spansOf(body);
    if (spans.length === 0) throw new CodedError("recording.noFootage", {});
    const access = await people.access.record({
      by: caller.userId,
      act: "copy",
      subject: range === undefined ? `application/${applicationId ?? ""}` : `camera/${range.cameraId}`,
      reason,
      ...(applicationId === undefined ? {} : { applicationId }),
      fromMs: Math.min(...spans.map(({ from }) => from)),
      toMs: Math.max(...spans.map(({ to }) => to)),
    });
    const one = await exports.open({
      by: caller.userId,
      reason,
      excerpt: range !== undefined,
      spans,
      access,
      ...(applicationId === undefined ? {} : { applicationId }),
    });
    excerpts.set(one, range !== undefined);
    return view(one);
  });
  mount.route(exportRoutes.exportState, ({ caller, params }) => view(find(params.exportId, caller)));
  mount.download(exportRoutes.exportArchive, ({ caller, params }) => {
    const one = find(params.exportId, caller);
    return { fileName: one.fileName, chunks: one.archive() };
  });
  mount.route(exportRoutes.cancelExport, ({ caller, params }) => {
    find(params.exportId, caller).cancel();
    return DONE;
  });
}
