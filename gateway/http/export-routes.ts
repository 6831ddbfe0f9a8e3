/** Copies of footage. Invariant: the row of the access ledger is durable before the copy exists, and it is its maker's alone. */
import { createHash } from "node:crypto";
import { CodedError } from "../domain/errors.ts";
import { cameraId, commandId } from "../domain/ids.ts";
import type { Opened } from "../intake/access/access-desk.ts";
import type { ExportFile } from "../recording/export/evidence-files.ts";
import type { Export, ExportSpan } from "../recording/export/exports.ts";
import type { PersonCaller } from "./caller.ts";
import { type ExportView, exportRoutes } from "./contract/exports.ts";
import { DONE } from "./contract/fields.ts";
import type { BodyOf } from "./contract/route.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";

type Wanted = BodyOf<typeof exportRoutes.openExport>;

export function mountExports(mount: Mount, deps: HttpDeps): void {
  const { exports, intake, access, caseFiles, archivalMetadata, office, health } = deps;
  /** Which request a copy is made for. */
  const requests = new WeakMap<Export, string>();
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
  /** Every session of a matter or case file with its cameras, or the range that was chosen. */
  async function spansOf({ applicationId, caseId, range }: Wanted): Promise<readonly ExportSpan[]> {
    if ([applicationId, caseId, range].filter((one) => one !== undefined).length !== 1)
      throw new CodedError("http.badRequest");
    if (caseId !== undefined) {
      const { cameras } = await caseFiles.contents(caseId);
      return cameras.map((one) => ({ camera: cameraId(one.cameraId), from: one.fromMs, to: one.toMs }));
    }
    if (range !== undefined) return [{ camera: range.cameraId, from: range.fromMs, to: range.toMs }];
    if (applicationId === undefined) return [];
    const { sessions } = await intake.footageOf(applicationId);
    return sessions.flatMap(({ fromMs, toMs, coverage }) =>
      coverage.map((one) => ({ camera: cameraId(one.cameraId), from: fromMs, to: toMs })),
    );
  }

  /** What the archive says of a case file, so that whoever takes the copy in need not ask again. */
  async function attachedTo({ caseId }: Wanted): Promise<readonly ExportFile[]> {
    if (caseId === undefined) return [];
    const elements = await caseFiles.metadata(caseId, {
      elements: archivalMetadata,
      authority: office.authority.name.zh,
      software: health.figures().version,
    });
    const text = `${JSON.stringify({ v: 1, caseId, elements }, undefined, 1)}\n`;
    return [{ path: "archival-metadata.json", bytes: new TextEncoder().encode(text) }];
  }

  /** The basis is asked for every span, so that a range can't smuggle in another matter; one row stands for the copy. */
  async function openAll(caller: PersonCaller, asked: Wanted, spans: readonly ExportSpan[]): Promise<Opened> {
    const { reason, applicationId, caseId, range, requestId } = asked;
    const matterId = applicationId ?? caseId;
    const whole = caseId === undefined ? `application/${applicationId ?? ""}` : `case/${caseId}`;
    const common = {
      caller,
      act: "copy",
      subject: range === undefined ? whole : `camera/${range.cameraId}`,
      reason,
      ...(matterId === undefined ? {} : { matterId }),
      ...(requestId === undefined ? {} : { requestId }),
    } as const;
    let opened: Opened | undefined;
    for (const { camera, from, to } of spans)
      opened = await access.open({ ...common, footage: { cameraId: camera, fromMs: from, toMs: to } });
    if (opened === undefined) throw new CodedError("recording.noFootage", {});
    return opened;
  }

  /** The archive, whose last piece comes only once the hash and manifest of what was given out are durable (S0-34). */
  async function* kept(
    one: Export,
    caller: PersonCaller,
    requestId: string,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const hash = createHash("sha256");
    let sizeBytes = 0;
    let held: Uint8Array | undefined;
    for await (const chunk of one.archive()) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      if (held !== undefined) yield held;
      held = chunk;
    }
    const retained = {
      v: 1,
      fileName: one.fileName,
      sha256: hash.digest("hex"),
      sizeBytes,
      manifest: one.manifest() ?? "",
    };
    await access.supply({
      caller,
      commandId: commandId(`export-${one.id}`),
      requestId,
      subject: `export/${one.id}`,
      retained: new TextEncoder().encode(JSON.stringify(retained)),
    });
    if (held !== undefined) yield held;
  }

  mount.route(exportRoutes.openExport, async ({ caller, body }) => {
    const { reason, applicationId, caseId, range } = body;
    const spans = await spansOf(body);
    if (spans.length === 0) throw new CodedError("recording.noFootage", {});
    const { row } = await openAll(caller, body, spans);
    const one = await exports.open({
      by: caller.userId,
      reason,
      excerpt: range !== undefined,
      spans,
      access: row,
      attached: await attachedTo(body),
      ...(caseId === undefined ? {} : { caseId }),
      ...(applicationId === undefined ? {} : { applicationId }),
    });
    excerpts.set(one, range !== undefined);
    if (body.requestId !== undefined) requests.set(one, body.requestId);
    return view(one);
  });
  mount.route(exportRoutes.exportState, ({ caller, params }) => view(find(params.exportId, caller)));
  mount.download(exportRoutes.exportArchive, ({ caller, params }) => {
    const one = find(params.exportId, caller);
    const requestId = requests.get(one);
    const chunks = requestId === undefined ? one.archive() : kept(one, caller, requestId);
    return { fileName: one.fileName, chunks };
  });
  mount.route(exportRoutes.cancelExport, ({ caller, params }) => {
    find(params.exportId, caller).cancel();
    return DONE;
  });
}
