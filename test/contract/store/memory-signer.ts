/**
 * A signer in this process that keeps its rules and its state in memory: signs a larger consistent tree or the
 * same one again. It can be sent away, and told to forget.
 */
import { generateKeyPairSync, sign } from "node:crypto";
import { CodedError } from "../../../gateway/domain/errors.ts";
import { equalBytes } from "../../../gateway/evidence/bytes.ts";
import { formatCheckpoint } from "../../../gateway/evidence/checkpoint.ts";
import { checkConsistency } from "../../../gateway/evidence/merkle/check-proof.ts";
import { formatNote } from "../../../gateway/evidence/note.ts";
import type { TreeSigner, TreeToSign } from "../../../gateway/evidence/tree-signer.ts";
import {
  NOTE_ED25519,
  formatVerifierKey,
  signNote,
  verifierKey,
} from "../../../gateway/evidence/verifier-key.ts";
import { sha256 } from "../../../gateway/store/sha256.ts";

interface Signed {
  readonly tree: TreeToSign;
  readonly note: string;
}

export class MemorySigner implements TreeSigner {
  readonly #key = generateKeyPairSync("ed25519");
  readonly signed = new Map<string, Signed>();
  away = false;
  signatures = 0;

  #verifier(origin: string): ReturnType<typeof verifierKey> {
    const der = this.#key.publicKey.export({ type: "spki", format: "der" });
    return verifierKey(sha256, { name: origin, type: NOTE_ED25519, publicKey: der.subarray(-32) });
  }

  async sign(tree: TreeToSign): Promise<string> {
    if (this.away) throw new CodedError("evidence.signerUnavailable");
    const last = this.signed.get(tree.origin);
    if (last !== undefined && last.tree.size === tree.size && equalBytes(last.tree.root, tree.root))
      return last.note;
    if ((last?.tree.size ?? 0) !== tree.fromSize)
      throw new CodedError("evidence.signerOutOfStep", { size: last?.tree.size ?? 0 });
    const consistent =
      last === undefined ||
      checkConsistency(sha256, {
        oldSize: last.tree.size,
        newSize: tree.size,
        oldRoot: last.tree.root,
        newRoot: tree.root,
        proof: tree.proof,
      });
    if (!consistent) throw new CodedError("evidence.signerRefused");
    const signed = await signNote(formatCheckpoint(tree), this.#verifier(tree.origin), (message) =>
      sign(null, message, this.#key.privateKey),
    );
    const note = formatNote(signed);
    this.signed.set(tree.origin, { tree, note });
    this.signatures++;
    return note;
  }

  async last(origin: string): Promise<string | undefined> {
    if (this.away) throw new CodedError("evidence.signerUnavailable");
    return this.signed.get(origin)?.note;
  }

  async vkey(origin: string): Promise<string> {
    return formatVerifierKey(this.#verifier(origin));
  }
}
