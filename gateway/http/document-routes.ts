/** Issued papers at the desk. Every look, copy and print is a row of the access ledger before it happens. */
import type { IssuedDocument } from "../documents/issued.ts";
import type { DocumentId, EntryRef } from "../domain/ids.ts";
import { CodedError } from "../domain/errors.ts";
import { documentRoutes } from "./contract/documents.ts";
import { paperRoutes } from "./contract/papers.ts";
import { contentView } from "./content-answer.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";
import type { ViewLog } from "./view-log.ts";
import { randomUUID } from "node:crypto";
import { commandId } from "../domain/ids.ts";
import type { Look } from "../intake/access/access-desk.ts";
import type { PersonCaller } from "./caller.ts";

const refOf = ({ logId, seq }: EntryRef): EntryRef => ({ logId, seq });

export function mountDocuments(mount: Mount, deps: HttpDeps, views: ViewLog): void {
  const { documents, printers, access, signatures } = deps;

  async function find(id: DocumentId): Promise<IssuedDocument> {
    const paper = await documents.find(id);
    if (paper === undefined) throw new CodedError("documents.noSuchDocument");
    return paper;
  }

  const lookAt = (
    caller: PersonCaller,
    act: Look["act"],
    paper: IssuedDocument,
    requestId: string | undefined,
  ): Look => ({
    caller,
    act,
    subject: `document/${paper.documentId}`,
    documentId: paper.documentId,
    matterId: paper.applicationId,
    ...(requestId === undefined ? {} : { requestId }),
  });

  mount.route(documentRoutes.readDocument, async ({ caller, params, query }) => {
    const paper = await find(params.id);
    const { documentId, applicationId, kind, number, document, rendition, prints, printState } = paper;
    await views.once(await access.check(lookAt(caller, "view", paper, query.requestId)));
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
    await access.open(lookAt(caller, "view", await find(params.id), query.requestId));
    return contentView(await documents.preview(params.id, query.lang ?? "zh"));
  });
  mount.route(documentRoutes.documentPdf, async ({ caller, params, query, reply }) => {
    const paper = await find(params.id);
    const { requestId } = query;
    // Who inspects looks at the page and takes no copy away; a copy is the counter's own work or a request's.
    const isCopy = requestId !== undefined || caller.roles.includes("clerk");
    await access.open(lookAt(caller, isCopy ? "copy" : "view", paper, requestId));
    const { bytes, sha256, number } = await documents.pdf(params.id);
    if (requestId !== undefined) {
      const { documentId, rendition } = paper;
      const ref = rendition === undefined ? null : refOf(rendition);
      const retained = { v: 1, documentId, number, sha256, rendition: ref };
      await access.supply({
        caller,
        commandId: commandId(randomUUID()),
        requestId,
        subject: `document/${documentId}`,
        retained: new TextEncoder().encode(JSON.stringify(retained)),
      });
    }
    reply.header("content-disposition", `inline; filename="${params.id}.pdf"`);
    return bytes;
  });
  mount.route(paperRoutes.documentReceipt, async ({ caller, params, reply }) => {
    const paper = await find(params.id);
    const act = caller.roles.includes("clerk") ? "copy" : "view";
    await access.open(lookAt(caller, act, paper, undefined));
    const receipt = await documents.receipt(params.id);
    reply.type("text/plain; charset=utf-8");
    reply.header("content-disposition", `attachment; filename="${params.id}.tlog-proof"`);
    return new TextEncoder().encode(receipt);
  });
  mount.route(documentRoutes.printDocument, async ({ caller, params, body }) => {
    const paper = await find(params.id);
    const printer = printers.find(body.printerId);
    if (printer === undefined) throw new CodedError("devices.notBound");
    // Before the row: the ledger names no print that was refused.
    await documents.assertPrintable(params.id);
    await access.open(lookAt(caller, "print", paper, undefined));
    const { count } = await documents.print(params.id, { printer, actor: { user: caller.userId } });
    return { copyNo: count };
  });
}
