/**
 * What the signer may sign: a tree that extends the last signed one, or that one again. Invariant: of the trees
 * signed under one origin, each is a prefix of the next; the signer believes nobody about that.
 */
import { equalBytes } from "../evidence/bytes.ts";
import { checkConsistency } from "../evidence/merkle/check-proof.ts";
import type { Sha256 } from "../evidence/suite.ts";
import type { TreeToSign } from "../evidence/tree-signer.ts";
import type { SignerRefusal } from "./protocol.ts";

export interface SignedTree {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
}

export type Decision =
  | { readonly act: "sign" }
  | { readonly act: "repeat"; readonly note: string }
  | { readonly act: "refuse"; readonly code: SignerRefusal; readonly size: number; readonly why: string };

export function decide(sha256: Sha256, last: SignedTree | undefined, tree: TreeToSign): Decision {
  const size = last?.size ?? 0;
  const refuse = (code: SignerRefusal, why: string): Decision => ({ act: "refuse", code, size, why });
  if (tree.size < size)
    return refuse("evidence.signerRefused", "the tree is smaller than the last signed one");
  if (last !== undefined && tree.size === size)
    return equalBytes(tree.root, last.root)
      ? { act: "repeat", note: last.note }
      : refuse("evidence.signerRefused", "another tree of the same size was signed");
  if (tree.fromSize !== size)
    return refuse("evidence.signerOutOfStep", "the proof starts at another size than the last signed one");
  const consistent = checkConsistency(sha256, {
    oldSize: size,
    newSize: tree.size,
    oldRoot: last?.root ?? new Uint8Array(),
    newRoot: tree.root,
    proof: tree.proof,
  });
  return consistent
    ? { act: "sign" }
    : refuse("evidence.signerRefused", "the tree does not extend the last signed one");
}
