/**
 * The checks of 四性检测, carried out on the real bodies: each read again, each entry proven in the signed tree, formats
 * looked at, footage parsed. Invariant: nothing is reported that was not read in this run.
 */
import { createHash } from "node:crypto";
import { CodedError } from "../../domain/errors.ts";
import {
  type CheckResult,
  type FourPropertyReport,
  checkResult,
  refText,
} from "../../domain/case-files/four-properties.ts";
import type { EntryRef, LogId } from "../../domain/ids.ts";
import { parseCheckpoint } from "../../evidence/checkpoint.ts";
import { checkInclusion } from "../../evidence/merkle/check-proof.ts";
import { leafHash } from "../../evidence/merkle/hash.ts";
import { type SignedNote, parseNote } from "../../evidence/note.ts";
import { checkNote, parseVerifierKey } from "../../evidence/verifier-key.ts";
import { boxes, readFragment } from "../../media/fragment-reader.ts";
import type { CaseFilesOptions, TreeProofs } from "./ports.ts";
import { type CaseMaterial, formatOf, isProgram } from "./case-material.ts";

/** Any key of this log will do: which one signed depends on when. */
async function isSigned(note: SignedNote, origin: string, proofs: TreeProofs): Promise<boolean> {
  for (const text of proofs.vkeysOf(origin)) {
    const key = parseVerifierKey(text, proofs.sha256);
    if ((await checkNote(note, key, proofs.verify)) === "good") return true;
  }
  return false;
}

/** One signed tree head of each log that covers all its entries here; a head that nobody signed proves nothing. */
async function signedHeads(
  refs: readonly EntryRef[],
  proofs: TreeProofs,
): Promise<ReadonlyMap<LogId, { readonly size: number; readonly root: Uint8Array }>> {
  const last = new Map<LogId, EntryRef>();
  for (const ref of refs) if (ref.seq >= (last.get(ref.logId)?.seq ?? 0)) last.set(ref.logId, ref);
  const heads = new Map<LogId, { readonly size: number; readonly root: Uint8Array }>();
  for (const [log, ref] of last) {
    const { size, note } = await proofs.covering(ref);
    const signed = parseNote(note);
    const head = parseCheckpoint(signed.text);
    if (head.size === size && (await isSigned(signed, head.origin, proofs))) heads.set(log, head);
  }
  return heads;
}

/** Whether each entry stands at its place in a tree whose head this log's key has signed. */
async function inSignedTree(refs: readonly EntryRef[], proofs: TreeProofs): Promise<readonly string[]> {
  const heads = await signedHeads(refs, proofs);
  return wrongOf(refs, async (ref) => {
    const head = heads.get(ref.logId);
    if (head === undefined) return false;
    return checkInclusion(proofs.sha256, {
      index: ref.seq,
      size: head.size,
      leaf: leafHash(proofs.sha256, await proofs.entryBytes(ref)),
      root: head.root,
      proof: await proofs.inclusion(ref, head.size),
    });
  });
}

/** Bodies that are read beside each other. */
const AT_ONCE = 16;
/** Codes that say the body itself is not what it should be; anything else is a failure to look. */
const BAD_BODY = new Set(["evidence.bodyCorrupt", "evidence.bodyMissing", "evidence.noSuchEntry"]);

async function wrongOf(
  refs: readonly EntryRef[],
  isRight: (ref: EntryRef) => Promise<boolean>,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const look = async (ref: EntryRef): Promise<void> => {
    try {
      if (!(await isRight(ref))) wrong.push(refText(ref));
    } catch (error) {
      if (!(error instanceof CodedError) || !BAD_BODY.has(error.code)) throw error;
      wrong.push(`${refText(ref)} ${error.code}`);
    }
  };
  for (let i = 0; i < refs.length; i += AT_ONCE) await Promise.all(refs.slice(i, i + AT_ONCE).map(look));
  return wrong;
}

async function footageChecks(
  material: CaseMaterial,
  options: CaseFilesOptions,
): Promise<{
  readonly hashes: readonly string[];
  readonly readable: readonly string[];
  readonly counted: number;
}> {
  const hashes: string[] = [];
  const readable: string[] = [];
  const inits = new Map(material.fragments.map(({ init }) => [refText(init), init]));
  const parses = async (
    ref: EntryRef,
    parse: (bytes: Uint8Array) => readonly unknown[],
  ): Promise<boolean> => {
    const { bytes } = await options.reader.readFootage(ref);
    if (parse(bytes).length === 0) readable.push(refText(ref));
    return true;
  };
  hashes.push(
    ...(await wrongOf([...inits.values()], (ref) => parses(ref, boxes))),
    ...(await wrongOf(
      material.fragments.map(({ ref }) => ref),
      (ref) => parses(ref, readFragment),
    )),
  );
  for (const file of material.files) {
    const digest = createHash("sha256");
    try {
      for await (const bytes of file.bytes()) digest.update(bytes);
    } catch (error) {
      if (!(error instanceof CodedError) || !BAD_BODY.has(error.code)) throw error;
      hashes.push(`${refText(file.ref)} ${error.code}`);
      continue;
    }
    if (digest.digest("hex") !== file.sha256) hashes.push(refText(file.ref));
    if (!file.probed) readable.push(refText(file.ref));
  }
  return { hashes, readable, counted: material.fragments.length + material.files.length };
}

/** Reads the whole case file once. */
export async function checkCase(
  material: CaseMaterial,
  options: CaseFilesOptions,
): Promise<FourPropertyReport> {
  const refs = [
    ...material.members,
    ...material.fragments.map(({ ref }) => ref),
    ...material.files.map(({ ref }) => ref),
  ];
  const attachments: {
    readonly ref: EntryRef;
    readonly format: string | undefined;
    readonly program: boolean;
  }[] = [];
  const recordHashes = await wrongOf(material.members, async (ref) => {
    const { attachment } = (await options.reader.readRecord(ref)).body;
    if (attachment !== undefined)
      attachments.push({ ref, format: formatOf(attachment), program: isProgram(attachment) });
    return true;
  });
  const footage = await footageChecks(material, options);
  const unsigned = await inSignedTree(refs, options.proofs);
  const uncopied: string[] = [];
  for (const ref of refs) if (!(await options.acknowledged(ref))) uncopied.push(refText(ref));
  const of = (what: string): readonly string[] =>
    material.missing
      .filter((item) => item.what === what)
      .map(({ of: id, lacks }) => `${id}: ${lacks.join(", ")}`);
  const results: readonly CheckResult[] = [
    checkResult("signedTree", refs.length, unsigned),
    checkResult("bodyHashes", material.members.length + footage.counted, [
      ...recordHashes,
      ...footage.hashes,
    ]),
    checkResult("documentsFinished", material.papers, of("paper")),
    checkResult("recordsComplete", material.records, of("record")),
    checkResult("stagesCovered", material.stages, of("stage")),
    // A gap is stated and never kept anybody from filing: rule 1 of the design.
    checkResult("footageGaps", material.spans, of("footage"), "warn"),
    checkResult(
      "formats",
      attachments.length,
      attachments.filter(({ format }) => format === undefined).map(({ ref }) => refText(ref)),
      "warn",
    ),
    checkResult("footageReadable", footage.counted, footage.readable),
    checkResult(
      "harmlessFormats",
      attachments.length,
      attachments.filter(({ program }) => program).map(({ ref }) => refText(ref)),
    ),
    checkResult("secondCopy", refs.length, uncopied, "warn"),
    checkResult("holdsKnown", material.holds.length, []),
  ];
  return { v: 1, at: "filing", checkedMs: options.clock.wallMs(), results };
}
