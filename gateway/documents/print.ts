/**
 * Prints a finished document on a receipt printer and keeps count.
 * Invariant: the intent is in the log before the first byte goes out, so no crash can hand out two unmarked slips.
 */
import { parseDocumentRecord } from "../domain/document-record.ts";
import { CodedError } from "../domain/errors.ts";
import { streamId } from "../domain/ids.ts";
import { documentContent } from "./content/content.ts";
import { DOCUMENTS_STREAM, type IssuedDocument, type PrintRecord, type RenditionRecord } from "./issued.ts";
import type { Append, LogReader, PrintActor, SlipPrinter, Views } from "./ports.ts";
import { dotsPerModule, qrModules } from "./qr.ts";
import type { Renderer } from "./renderer/renderer.ts";
import { slipLines } from "./slip/build.ts";
import type { SlipLine } from "./slip/slip.ts";

export interface PrintParts {
  readonly append: Append;
  readonly reader: LogReader;
  readonly views: Pick<Views, "applied">;
  readonly renderer: Renderer;
}

export interface PrintRequest {
  readonly printer: SlipPrinter;
  readonly actor: PrintActor;
  /** For the applicant's eyes on this one slip. */
  readonly claimCode?: string;
}

export interface PrintOutcome {
  /** 1 for the first print; from 2 on the slip says 副本. */
  readonly count: number;
}

/** The driver's own code; anything else is not for people. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[A-Za-z.]{1,64}$/.test(code) ? code : "printer.failed";
}

/** Only a driver that says so has surely printed nothing. */
function paperOf(error: unknown): "none" | "perhaps" {
  const nothing = error instanceof Error && "nothingPrinted" in error && error.nothingPrinted === true;
  return nothing ? "none" : "perhaps";
}

async function composed(
  parts: PrintParts,
  row: IssuedDocument,
  request: PrintRequest,
): Promise<readonly SlipLine[]> {
  if (row.rendition === undefined) throw new CodedError("documents.notFinished");
  const [document, rendition] = await Promise.all([
    parts.reader.readRecord(row.document),
    parts.reader.readRecord(row.rendition),
  ]);
  const { facts } = parseDocumentRecord(document.body.json);
  const { qr } = rendition.body.json as RenditionRecord;
  const modules = qrModules(qr);
  const qrPng = await parts.renderer.drawModules(
    modules,
    dotsPerModule(modules.length, request.printer.widthDots),
  );
  return slipLines(documentContent(facts, "zh"), {
    qrPng,
    printedBefore: row.prints,
    ...(request.claimCode === undefined ? {} : { claimCode: request.claimCode }),
  });
}

/** Throws `documents.notFinished`, or `documents.printFailed` once the failure is in the log. */
export async function printDocument(
  parts: PrintParts,
  row: IssuedDocument,
  request: PrintRequest,
): Promise<PrintOutcome> {
  const { printer, actor } = request;
  const lines = await composed(parts, row, request);
  const count = row.prints + 1;
  const note = async (
    phase: PrintRecord["phase"],
    outcome: Pick<PrintRecord, "reason" | "paper"> = {},
  ): Promise<void> => {
    const json: PrintRecord = {
      v: 1,
      documentId: row.documentId,
      number: row.number,
      printer: printer.id,
      ...actor,
      count,
      claimCode: request.claimCode !== undefined,
      phase,
      ...outcome,
    };
    const [appended] = await parts.append.append([
      { type: "print", stream: streamId(DOCUMENTS_STREAM), record: { json } },
    ]);
    if (appended !== undefined) await parts.views.applied(appended);
  };
  await note("begun");
  try {
    await printer.print(lines);
  } catch (cause) {
    const reason = reasonOf(cause);
    await note("failed", { reason, paper: paperOf(cause) });
    throw new CodedError("documents.printFailed", { reason, printer: printer.id }, { cause });
  }
  await note("done");
  return { count };
}
