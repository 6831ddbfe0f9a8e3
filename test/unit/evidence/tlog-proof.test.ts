/** C2SP tlog-proof and the digital receipt in it: the specification's form, every change noticed, hostile input refused. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toBase64 } from "../../../gateway/evidence/bytes.ts";
import { parseNote } from "../../../gateway/evidence/note.ts";
import { type PaperTrust, verdictOnPaper } from "../../../gateway/evidence/paper-verdict.ts";
import { paperCheckpoint } from "../../../gateway/evidence/paper.ts";
import { formatReceipt, parseReceipt } from "../../../gateway/evidence/receipt.ts";
import { checkProofOf, formatTlogProof, parseTlogProof } from "../../../gateway/evidence/tlog-proof.ts";
import { nodeSha256, nodeVerify } from "../../../gateway/signer/ed25519.ts";
import { nodeVerifySm2 } from "../../../gateway/signer/sm2.ts";
import { SampleLog } from "./sample-log.ts";
import {
  SAMPLE_DOCUMENT_AT,
  SAMPLE_PDF,
  type SamplePaper,
  nationalPaper,
  samplePaper,
} from "./sample-paper.ts";

const DOCUMENT_AT = SAMPLE_DOCUMENT_AT;
const PDF = SAMPLE_PDF;

async function sample(): Promise<SamplePaper & { readonly text: string; readonly trust: PaperTrust }> {
  const made = await samplePaper();
  const keys = [made.log.key, made.log.witness];
  return { ...made, text: made.receipt, trust: { keys, sha256: nodeSha256, verify: nodeVerify } };
}

describe("a tlog-proof", () => {
  it("has the form of the specification, and reads back to the same text", async () => {
    const { text, parts, log } = await sample();
    const lines = text.split("\n");
    expect(lines[0]).toBe("c2sp.org/tlog-proof@v1");
    expect(lines[1]).toMatch(/^extra [A-Za-z0-9+/]+=*$/);
    expect(lines[2]).toBe(`index ${DOCUMENT_AT}`);
    expect(lines.slice(3, 3 + parts.document.proof.length)).toEqual(parts.document.proof.map(toBase64));
    expect(lines[3 + parts.document.proof.length]).toBe("");
    expect(text.endsWith(await log.cosigned(await log.note()))).toBe(true);
    expect(formatTlogProof(parseTlogProof(text))).toBe(text);
    expect(formatReceipt(parseReceipt(text))).toBe(text);
    const bare = formatTlogProof({ index: 0, hashes: [], checkpoint: parts.checkpoint });
    expect(bare.split("\n")[1]).toBe("index 0");
    expect(parseTlogProof(bare).extra).toBeUndefined();
  });

  it("is refused in any other form", async () => {
    const { text } = await sample();
    const bad = [
      "",
      text.slice(1),
      text.replace("@v1", "@v2"),
      text.replace(`index ${DOCUMENT_AT}`, `index 0${DOCUMENT_AT}`),
      text.replace(`index ${DOCUMENT_AT}`, "index -1"),
      text.replace(`index ${DOCUMENT_AT}\n`, ""),
      text.replace("\n\n", "\nAAAA\n\n"),
      text.replace("extra ", "extra  "),
      text.slice(0, -1),
      `${text}x`,
      text.replace(/\n/g, "\r\n"),
    ];
    for (const one of bad) expect(() => parseTlogProof(one), one.slice(0, 60)).toThrow(RangeError);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (junk) => {
        for (const one of [junk, `c2sp.org/tlog-proof@v1\n${junk}`, text.slice(0, 200) + junk])
          try {
            expect(formatTlogProof(parseTlogProof(one))).toBe(one);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
      }),
    );
  });

  it("proves its entry and no other", async () => {
    const { log, parts } = await sample();
    const proof = { index: DOCUMENT_AT, hashes: parts.document.proof, checkpoint: parts.checkpoint };
    expect(checkProofOf(proof, parts.document.bytes, nodeSha256)?.size).toBe(log.items.length);
    const other = log.items[DOCUMENT_AT - 1]?.bytes ?? new Uint8Array();
    expect(checkProofOf(proof, other, nodeSha256)).toBeUndefined();
    expect(
      checkProofOf({ ...proof, index: DOCUMENT_AT + 1 }, parts.document.bytes, nodeSha256),
    ).toBeUndefined();
  });
});

describe("the verdict on a paper of a log of the suite sm2-sm3", () => {
  async function national() {
    const made = await sample();
    const { key, line, receiptWith } = nationalPaper(made);
    const { trust, qr } = made;
    return { trust, keys: [...trust.keys, key], line, receiptWith, qr };
  }

  it("asks for the SM2 line where it can be checked: wrong or stripped is altered", async () => {
    const { trust, keys, line, receiptWith } = await national();
    const able = { ...trust, keys, verifySm2: nodeVerifySm2 };
    expect(await verdictOnPaper({ text: receiptWith([line]) }, able)).toMatchObject({ national: "good" });
    const bytes = line.bytes.slice();
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    for (const lines of [[{ ...line, bytes }], []])
      expect(await verdictOnPaper({ text: receiptWith(lines) }, able)).toEqual({
        result: "altered",
        why: "signature",
      });
  });

  it("says that it was not checked where nobody can, with or without its key", async () => {
    const { trust, keys, line, receiptWith, qr } = await national();
    const text = receiptWith([line]);
    for (const held of [keys, trust.keys])
      expect(await verdictOnPaper({ text }, { ...trust, keys: held })).toMatchObject({
        result: "genuine",
        national: "unchecked",
      });
    expect(await verdictOnPaper({ text: qr }, { ...trust, keys })).toMatchObject({
      result: "genuine",
      national: "notOnPaper",
    });
    for (const plain of [qr, receiptWith([])])
      expect(await verdictOnPaper({ text: plain }, trust)).toMatchObject({ national: "none" });
  });
});

describe("the verdict on a paper, from the public keys alone", () => {
  it("is genuine for the receipt, and with the PDF tells its number and who has seen it", async () => {
    const { text, trust, log } = await sample();
    expect(await verdictOnPaper({ text }, trust)).toMatchObject({ result: "genuine", pdf: "unknown" });
    // As a mail program or an editor hands it on.
    const windows = `\ufeff${text}`.replaceAll("\n", "\r\n");
    expect(await verdictOnPaper({ text: windows, pdf: PDF }, trust)).toMatchObject({
      result: "genuine",
      of: "receipt",
      pdf: "same",
      number: "昌市监受〔2026〕1号",
      index: DOCUMENT_AT,
      seen: [{ by: log.witness.name }],
    });
  });

  it("is altered for another PDF, and never genuine after any change of a character that counts", async () => {
    const { text, trust } = await sample();
    const other = new TextEncoder().encode("%PDF-1.7 another");
    expect(await verdictOnPaper({ text, pdf: other }, trust)).toEqual({ result: "altered", why: "pdf" });
    const witnessAt = text.lastIndexOf("\n— ");
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: witnessAt - 1 }),
        fc.constantFrom("A", "B", "0", "1", "+", "/", "=", " ", "\n", "{"),
        async (at, char) => {
          if (text[at] === char) return;
          const changed = text.slice(0, at) + char + text.slice(at + 1);
          expect((await verdictOnPaper({ text: changed, pdf: PDF }, trust)).result).not.toBe("genuine");
        },
      ),
      { numRuns: 400 },
    );
  });

  it("counts no cosignature that does not verify, and keeps the log's own verdict", async () => {
    const { text, trust } = await sample();
    const at = text.length - 20;
    const changed = text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
    expect(await verdictOnPaper({ text: changed }, trust)).toMatchObject({ result: "genuine", seen: [] });
  });

  it("can't tell of another authority's paper or of something else, and sees a wrong signature", async () => {
    const { text, log, trust } = await sample();
    const stranger = new SampleLog("other.hall/gw-1/2026");
    const theirs = { ...trust, keys: [stranger.key] };
    const qr = paperCheckpoint(parseNote(await log.note()), log.key, DOCUMENT_AT);
    for (const one of [text, qr])
      expect(await verdictOnPaper({ text: one }, theirs)).toEqual({ result: "cannotTell", why: "noKey" });
    for (const one of ["", "https://example.org", "C1:", "6901234567892", qr.slice(0, -1)])
      expect(await verdictOnPaper({ text: one }, trust)).toEqual({ result: "cannotTell", why: "notAPaper" });
    expect(await verdictOnPaper({ text: `${qr.toLowerCase()}\r\n` }, trust)).toMatchObject({
      result: "genuine",
      of: "qr",
      index: DOCUMENT_AT,
    });
    const forged = qr.replace(/^C1:([0-9A-Z]+)\./, "C1:1$1.");
    expect(await verdictOnPaper({ text: forged }, trust)).toEqual({ result: "altered", why: "signature" });
    const resigned = text.replace(`${log.items.length}\n`, `${log.items.length + 1}\n`);
    expect(await verdictOnPaper({ text: resigned }, trust)).toEqual({ result: "altered", why: "signature" });
  });
});
