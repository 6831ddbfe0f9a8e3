/** Issued papers at the desk. Every look, copy and print is a row of the access ledger before it happens. */
import type { IssuedDocument } from "../documents/issued.ts";
import type { DocumentId, EntryRef } from "../domain/ids.ts";
import { CodedError } from "../domain/errors.ts";
import { documentRoutes } from "./contract/documents.ts";
import { contentView } from "./content-answer.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";
import type { ViewLog } from "./view-log.ts";

const refOf = ({ logId, seq }: EntryRef): EntryRef => ({ logId, seq });

export function mountDocuments(mount: Mount, deps: HttpDeps, views: ViewLog): void {
  const { documents, printers, people, signatures } = deps;

  async function find(id: DocumentId): Promise<IssuedDocument> {
    const paper = await documents.find(id);
    if (paper === undefined) throw new CodedError("documents.noSuchDocument");
    return paper;
  }

  mount.route(documentRoutes.readDocument, async ({ caller, params }) => {
    const paper = await find(params.id);
    const { documentId, applicationId, kind, number, document, rendition, prints, printState } = paper;
    await views.once({ by: caller.userId, act: "view", subject: `document/${params.id}`, applicationId });
    return {
      documentId,
      applicationId,
      kind,
      number,
      document: refOf(document),
      rendition:
        rendition === undefined
          ? null
          : { ref: refOf(rendition), sha256: rendition.sha256, sizeBytes: rendition.sizeBytes },
      prints,
      printState,
      printReason: paper.printReason ?? null,
      signatures: (await signatures.of(params.id)).map(({ ref, atMs, device }) => ({
        ref,
        at: atMs,
        device,
      })),
    };
  });
  mount.route(documentRoutes.documentContent, async ({ caller, params, query }) => {
    const { applicationId } = await find(params.id);
    await people.access.record({
      by: caller.userId,
      act: "view",
      subject: `document/${params.id}`,
      applicationId,
    });
    return contentView(await documents.preview(params.id, query.lang ?? "zh"));
  });
  mount.route(documentRoutes.documentPdf, async ({ caller, params, reply }) => {
    const { applicationId } = await find(params.id);
    await people.access.record({
      by: caller.userId,
      act: "copy",
      subject: `document/${params.id}`,
      applicationId,
    });
    reply.header("content-disposition", `inline; filename="${params.id}.pdf"`);
    return (await documents.pdf(params.id)).bytes;
  });
  mount.route(documentRoutes.printDocument, async ({ caller, params, body }) => {
    await find(params.id);
    const printer = printers.find(body.printerId);
    if (printer === undefined) throw new CodedError("devices.notBound");
    const { count } = await documents.print(params.id, { printer, actor: { user: caller.userId } });
    return { copyNo: count };
  });
}
