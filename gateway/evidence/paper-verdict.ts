/**
 * What the public keys alone say of a paper: of the text of its QR, or of its digital receipt with or without the
 * PDF. The same code runs in the gateway, on the kiosk and in the page that a citizen keeps. Invariant: it says
 * `genuine` only of what it has checked, and `altered` only of what carries a key that it knows.
 */
import { type Checkpoint, parseCheckpoint } from "./checkpoint.ts";
import { checkCosignature } from "./cosignature.ts";
import { checkNational } from "./national.ts";
import type { SignedNote } from "./note.ts";
import { checkPaperCheckpoint, parsePaperCheckpoint } from "./paper.ts";
import { type ReceiptParts, checkReceipt, parseReceipt } from "./receipt.ts";
import type { Sha256, VerifyEd25519, VerifySm2 } from "./suite.ts";
import { COSIGNATURE_V1, NOTE_ED25519, NOTE_SM2, type VerifierKey, checkNote } from "./verifier-key.ts";

export type PaperVerdict =
  /** The seal is the log's own. `pdf`: what of the PDF is known; a QR says nothing of it. */
  | {
      readonly result: "genuine";
      readonly of: "qr" | "receipt";
      readonly checkpoint: Checkpoint;
      readonly index: number;
      readonly pdf: "same" | "unknown";
      /** When the paper was entered, UTC ms; a receipt tells it. */
      readonly enteredMs?: number;
      /** Of the document, once the PDF proves it. */
      readonly number?: string;
      /** Witnesses whose cosignature is good, with their time in seconds. */
      readonly seen: readonly { readonly by: string; readonly timeS: number }[];
      readonly national: NationalLine;
    }
  | { readonly result: "altered"; readonly why: "signature" | "proof" | "pdf" }
  /** `noKey`: another authority's paper, or a key that is not known here. */
  | { readonly result: "cannotTell"; readonly why: "notAPaper" | "noKey" };

/**
 * The log's SM2 signature. `unchecked`: it is there and nobody here can check it, or no key of it is known;
 * `notOnPaper`: the log has one, and a QR has no room for it; `none`: as far as is known the log has none.
 */
export type NationalLine = "good" | "unchecked" | "notOnPaper" | "none";

export interface PaperEvidence {
  /** What was scanned, pasted or opened. */
  readonly text: string;
  readonly pdf?: Uint8Array;
}

export interface PaperTrust {
  /** Keys of logs (0x01, 0xff) and of witnesses (0x04). */
  readonly keys: readonly VerifierKey[];
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
  /** Left out where nobody can check SM2, as in a browser; the verdict then says that it was not checked. */
  readonly verifySm2?: VerifySm2;
}

const NOT_A_PAPER: PaperVerdict = { result: "cannotTell", why: "notAPaper" };

/** Scanners end a line as a typist does, and some type small letters. */
export function scannedText(text: string): string {
  const trimmed = text.replaceAll("\r\n", "\n").trim();
  return /^c1:/i.test(trimmed) ? trimmed.toUpperCase() : `${trimmed}\n`;
}

export async function verdictOnPaper(evidence: PaperEvidence, trust: PaperTrust): Promise<PaperVerdict> {
  const text = scannedText(evidence.text);
  try {
    return text.startsWith("C1:")
      ? await verdictOnQr(text, trust)
      : await verdictOnReceipt(parseReceipt(text), evidence.pdf, trust);
  } catch (error) {
    if (error instanceof RangeError) return NOT_A_PAPER;
    throw error;
  }
}

async function verdictOnQr(text: string, { keys, verify }: PaperTrust): Promise<PaperVerdict> {
  const checked = await checkPaperCheckpoint(parsePaperCheckpoint(text), keys, verify);
  if (checked.state === "unknownKey") return { result: "cannotTell", why: "noKey" };
  if (checked.state === "wrong") return { result: "altered", why: "signature" };
  const { checkpoint, index } = checked;
  const national = sm2KeysOf(checkpoint.origin, keys).length > 0 ? "notOnPaper" : "none";
  return { result: "genuine", of: "qr", checkpoint, index, pdf: "unknown", seen: [], national };
}

async function verdictOnReceipt(
  receipt: ReceiptParts,
  pdf: Uint8Array | undefined,
  trust: PaperTrust,
): Promise<PaperVerdict> {
  const { keys, sha256, verify } = trust;
  const signed = await signedBy(receipt.checkpoint, keys, verify);
  if (signed !== "good")
    return signed === "absent"
      ? { result: "cannotTell", why: "noKey" }
      : { result: "altered", why: "signature" };
  const national = nationalLineOf(receipt.checkpoint, trust);
  if (national === "wrong") return { result: "altered", why: "signature" };
  const checked = checkReceipt(receipt, pdf, sha256);
  if (checked.state === "wrong") return { result: "altered", why: "proof" };
  if (checked.pdf === "other") return { result: "altered", why: "pdf" };
  return {
    result: "genuine",
    of: "receipt",
    checkpoint: parseCheckpoint(receipt.checkpoint.text),
    index: receipt.document.index,
    pdf: checked.pdf,
    enteredMs: checked.document.t,
    ...(checked.number === undefined ? {} : { number: checked.number }),
    seen: await witnessed(receipt.checkpoint, keys, verify),
    national,
  };
}

const sm2KeysOf = (origin: string, keys: readonly VerifierKey[]): readonly VerifierKey[] =>
  keys.filter(({ type, name }) => type === NOTE_SM2 && name === origin);

/** Whoever can check SM2 and has a key of the log asks for its line: a log has one suite for its whole life. */
function nationalLineOf(note: SignedNote, { keys, verifySm2 }: PaperTrust): NationalLine | "wrong" {
  const { origin } = parseCheckpoint(note.text);
  const own = sm2KeysOf(origin, keys);
  if (verifySm2 !== undefined && own.length > 0) {
    const states = own.map((key) => checkNational(note, key, verifySm2).state);
    return states.includes("wrong") || !states.includes("good") ? "wrong" : "good";
  }
  const isPlain = (id: number): boolean =>
    keys.some(({ type, name, keyId }) => type === NOTE_ED25519 && name === origin && keyId === id);
  const hasMore = note.signatures.some(({ keyName, keyId }) => keyName === origin && !isPlain(keyId));
  return hasMore || own.length > 0 ? "unchecked" : "none";
}

/** A key that is known and whose line is wrong outweighs one that is good: somebody has changed the note. */
async function signedBy(
  note: SignedNote,
  keys: readonly VerifierKey[],
  verify: VerifyEd25519,
): Promise<"good" | "wrong" | "absent"> {
  const { origin } = parseCheckpoint(note.text);
  const states = await Promise.all(
    keys
      .filter(({ type, name }) => type === NOTE_ED25519 && name === origin)
      .map((key) => checkNote(note, key, verify)),
  );
  if (states.includes("wrong")) return "wrong";
  return states.includes("good") ? "good" : "absent";
}

async function witnessed(
  note: SignedNote,
  keys: readonly VerifierKey[],
  verify: VerifyEd25519,
): Promise<{ readonly by: string; readonly timeS: number }[]> {
  const seen: { by: string; timeS: number }[] = [];
  for (const key of keys) {
    if (key.type !== COSIGNATURE_V1) continue;
    const checked = await checkCosignature(note, key, verify);
    if (checked.state === "good") seen.push({ by: key.name, timeS: checked.timeS });
  }
  return seen;
}
