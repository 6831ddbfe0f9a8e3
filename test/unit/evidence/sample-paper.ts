/** A paper in a sample log: its QR, its digital receipt and its PDF, the checkpoint cosigned by a witness. */
import { createHash } from "node:crypto";
import { streamId } from "../../../gateway/domain/ids.ts";
import { Frontier } from "../../../gateway/evidence/merkle/frontier.ts";
import { leafHash } from "../../../gateway/evidence/merkle/hash.ts";
import { inclusionProof } from "../../../gateway/evidence/merkle/proof.ts";
import { nationalLine } from "../../../gateway/evidence/national.ts";
import { type NoteSignature, parseNote } from "../../../gateway/evidence/note.ts";
import { paperCheckpoint } from "../../../gateway/evidence/paper.ts";
import { type ReceiptParts, formatReceipt } from "../../../gateway/evidence/receipt.ts";
import { encodeRecord, headOfRecord } from "../../../gateway/evidence/record.ts";
import { NOTE_SM2, type VerifierKey, verifierKey } from "../../../gateway/evidence/verifier-key.ts";
import { nodeSha256 } from "../../../gateway/signer/ed25519.ts";
import { loadSm2Key, newSm2Key, nodeSm3, sm2PublicKey, sm2Signer } from "../../../gateway/signer/sm2.ts";
import { SampleLog } from "./sample-log.ts";

export const SAMPLE_PDF = new TextEncoder().encode("%PDF-1.7 a paper");
export const SAMPLE_DOCUMENT_AT = 12;
const AFTER = 300;

export interface SamplePaper {
  readonly log: SampleLog;
  readonly parts: ReceiptParts;
  readonly qr: string;
  readonly receipt: string;
  readonly pdf: Uint8Array;
  readonly pdfSha256: string;
}

/** A log with a document and its rendition in the middle, cosigned at its end. */
export async function samplePaper(): Promise<SamplePaper> {
  const at = SAMPLE_DOCUMENT_AT;
  const log = new SampleLog().fill(at);
  const document = log.addRecord("document", "documents", { v: 1, number: "1" });
  const json = { v: 1, number: "昌市监受〔2026〕1号", document: { logId: "2026", seq: at } };
  const body = encodeRecord({ json, attachment: SAMPLE_PDF }, new Uint8Array(32).fill(9));
  const rendition = log.add({ type: "rendition", stream: streamId("documents"), body });
  log.fill(AFTER);
  const checkpoint = parseNote(await log.cosigned(await log.note()));
  const proofOf = (index: number): Promise<Uint8Array[]> =>
    inclusionProof({ sha256: nodeSha256, read: log.readHashes }, index, log.items.length);
  const parts: ReceiptParts = {
    checkpoint,
    document: { index: at, bytes: document.bytes, proof: await proofOf(at) },
    rendition: {
      index: at + 1,
      bytes: rendition.bytes,
      proof: await proofOf(at + 1),
      record: headOfRecord(body),
    },
  };
  return {
    log,
    parts,
    qr: paperCheckpoint(checkpoint, log.key, at),
    receipt: formatReceipt(parts),
    pdf: SAMPLE_PDF,
    pdfSha256: createHash("sha256").update(SAMPLE_PDF).digest("hex"),
  };
}

/** What the suite sm2-sm3 adds to the paper: a key of the log, its line, and the receipt with other lines more. */
export function nationalPaper({ log, parts }: SamplePaper): {
  readonly key: VerifierKey;
  readonly line: NoteSignature;
  readonly receiptWith: (lines: readonly NoteSignature[]) => string;
} {
  const { checkpoint } = parts;
  const privateKey = loadSm2Key(newSm2Key());
  const publicKey = sm2PublicKey(privateKey);
  const key = verifierKey(nodeSha256, { name: log.key.name, type: NOTE_SM2, publicKey });
  const tree = new Frontier(nodeSm3);
  for (const { bytes } of log.items) tree.append(leafHash(nodeSm3, bytes));
  const line = nationalLine({
    checkpointText: checkpoint.text,
    sm3Root: tree.root(),
    key,
    sign: sm2Signer(privateKey),
  });
  return {
    key,
    line,
    receiptWith: (lines) => {
      const signatures = [...checkpoint.signatures, ...lines];
      return formatReceipt({ ...parts, checkpoint: { ...checkpoint, signatures } });
    },
  };
}
