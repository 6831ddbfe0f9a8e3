/**
 * Makes the digital receipt of a document (evidence/receipt.ts). Invariant: it is made from the log alone and may be
 * made again at any time, also after the text was erased; then it proves the entry without the PDF.
 */
import { CodedError } from "../domain/errors.ts";
import type { EntryRef, LogId } from "../domain/ids.ts";
import { decodeBodyValue } from "../evidence/body-value.ts";
import { parseCheckpoint } from "../evidence/checkpoint.ts";
import { parseNote } from "../evidence/note.ts";
import { type ReceiptEntry, formatReceipt } from "../evidence/receipt.ts";
import { headOfRecord } from "../evidence/record.ts";
import type { IssuedDocument } from "./issued.ts";
import type { Checkpoints, PaperLog } from "./ports.ts";

export interface ReceiptMaker {
  readonly log: PaperLog;
  readonly checkpoints: Checkpoints;
  /** The newest checkpoint that another party has cosigned, with its lines; undefined when nobody has. */
  readonly cosigned: (logId: LogId) => Promise<string | undefined>;
}

/** Throws `store.signerAway` when nothing signed covers the entries yet. */
export async function digitalReceipt(
  { log, checkpoints, cosigned }: ReceiptMaker,
  paper: Pick<IssuedDocument, "document" | "rendition">,
): Promise<string> {
  const { document, rendition } = paper;
  // A paper that was finished in the next year's log has its own tree there.
  const record = rendition?.logId === document.logId ? await recordOf(log, rendition) : undefined;
  const last = record === undefined || rendition === undefined ? document : rendition;
  const seen = await cosigned(document.logId);
  const foreign = seen === undefined ? undefined : parseNote(seen);
  const covers = foreign !== undefined && parseCheckpoint(foreign.text).size > last.seq;
  const checkpoint = covers ? foreign : parseNote((await checkpoints.covering(last)).note);
  const { size } = parseCheckpoint(checkpoint.text);
  const inTree = async (ref: EntryRef): Promise<ReceiptEntry> => {
    const [entry] = await log.entries(ref.logId, ref.seq, 1);
    if (entry === undefined) throw new CodedError("evidence.noSuchEntry", { ...ref });
    return { index: ref.seq, bytes: entry.bytes, proof: await log.inclusion(ref, size) };
  };
  return formatReceipt({
    checkpoint,
    document: await inTree(document),
    ...(record === undefined || rendition === undefined
      ? {}
      : { rendition: { ...(await inTree(rendition)), record } }),
  });
}

/** The rendition's record before its PDF; undefined when it was erased. */
async function recordOf(log: PaperLog, rendition: EntryRef): Promise<Uint8Array | undefined> {
  try {
    return headOfRecord(decodeBodyValue(await log.bodyValue(rendition)).body);
  } catch (error) {
    if (error instanceof CodedError && error.code === "evidence.bodyMissing") return undefined;
    throw error;
  }
}
