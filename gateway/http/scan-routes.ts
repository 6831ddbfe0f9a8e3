/**
 * Scans over HTTP. Invariant: every look at one is a row of the access ledger before its first byte leaves, and a
 * scan of a sealed matter is answered as one that isn't there.
 */
import type { FastifyInstance } from "fastify";
import type { Scan } from "../docks/scans/scans.ts";
import {
  type CommandId,
  type DocumentId,
  type UserId,
  applicationId,
  commandId,
  documentId,
} from "../domain/ids.ts";
import { CodedError } from "../domain/errors.ts";
import { LARGEST_CHUNK_BYTES } from "./contract/dock.ts";
import { PIECE_MEDIA_TYPE, type ScanView, scanRoutes } from "./contract/scans.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";

const EXTENSIONS: Readonly<Record<Scan["mediaType"], string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/tiff": "tif",
  "application/pdf": "pdf",
  "audio/wav": "wav",
  "audio/mpeg": "mp3",
  "audio/mp4": "m4a",
};

function view({ storedMs, content, links, ...scan }: Scan): ScanView {
  const { width, height, pages, durationMs } = content;
  return {
    ...scan,
    storedAt: storedMs,
    width,
    height,
    pages,
    durationMs,
    links: links.map(({ atMs, ...link }) => ({ ...link, at: atMs })),
  };
}

const LONGEST_COMMAND = 64;

/** To be mounted in a scope of its own listener: pieces are the only bodies of their media type. */
export function mountScans(
  app: FastifyInstance,
  mount: Mount,
  deps: Pick<HttpDeps, "scans" | "people" | "services" | "intake" | "access">,
): void {
  const { scans, people, services, intake, access } = deps;
  app.addContentTypeParser(
    PIECE_MEDIA_TYPE,
    { parseAs: "buffer", bodyLimit: LARGEST_CHUNK_BYTES },
    (_request, body, done) => done(null, body),
  );

  async function isShut({ links }: Scan): Promise<boolean> {
    for (const { link } of links) if (await access.isSealed(link.id)) return true;
    return false;
  }
  async function seen(scanId: string, by: string, act: "view" | "copy"): Promise<Scan> {
    const scan = await scans.find(scanId);
    if (scan === undefined || (await isShut(scan))) throw new CodedError("scans.noSuchScan");
    const of = scan.links.find(({ link }) => link.kind === "application")?.link.id;
    await people.access.record({
      by,
      act,
      subject: `scan/${scanId}`,
      ...(of === undefined ? {} : { applicationId: applicationId(of) }),
    });
    return scan;
  }

  mount.route(scanRoutes.announceScan, async ({ caller, body }) =>
    scans.announce({ ...body, by: caller.userId }),
  );
  mount.route(scanRoutes.scanUpload, ({ params }) => scans.uploadState(params.uploadId));
  mount.route(scanRoutes.sendScan, async ({ params, query, request }) => {
    if (!Buffer.isBuffer(request.body)) throw new CodedError("http.wrongMediaType");
    return scans.addChunk(params.uploadId, query.offset, request.body);
  });
  /** A paper signed in ink closes on the scan that shows it (REGULATIONS 8.1); one that awaits none is left alone. */
  async function closePaper(id: DocumentId, scan: Scan, by: UserId, command: CommandId): Promise<void> {
    const { applicationId: application } = (await services.state(id)).paper;
    const { state } = await intake.get(application);
    const paper = state.papers.find(({ documentId: known }) => known === id);
    if (paper?.ink === undefined || paper.ink.closedMs !== undefined) return;
    await intake.closeOnScan({
      commandId: commandId(`scan-${command}`.slice(0, LONGEST_COMMAND)),
      actor: { userId: by, role: "clerk" },
      device: "desk",
      applicationId: application,
      expectedVersion: state.version,
      documentId: id,
      scan: `${scan.ref.logId}/${scan.ref.seq}`,
    });
  }

  mount.route(scanRoutes.linkScan, async ({ caller, params, body }) => {
    const scan = await scans.link({ ...body, ...params, by: caller.userId });
    const { purpose, link, commandId: command } = body;
    if (link.kind === "document" && (purpose === "signedPaper" || purpose === "signedReceipt"))
      await closePaper(documentId(link.id), scan, caller.userId, command);
    return view(scan);
  });
  mount.route(scanRoutes.listScans, async ({ query }) => {
    const open: ScanView[] = [];
    for (const scan of await scans.of(query)) if (!(await isShut(scan))) open.push(view(scan));
    return open;
  });
  mount.download(scanRoutes.readScan, async ({ caller, params }) => {
    const { mediaType } = await seen(params.scanId, caller.userId, "copy");
    return {
      fileName: `${params.scanId}.${EXTENSIONS[mediaType]}`,
      chunks: pieces(scans.bytes(params.scanId)),
    };
  });
  mount.route(scanRoutes.scanThumbnail, async ({ caller, params }) => {
    await seen(params.scanId, caller.userId, "view");
    return scans.thumbnail(params.scanId);
  });
}

async function* pieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  yield* bytes;
}
