/**
 * What the signer may sign: a tree that extends the last signed one, or that one again. Invariant: of the trees
 * signed under one origin, each is a prefix of the next; the signer believes nobody about that.
 */
import { equalBytes } from "../evidence/bytes.ts";
import { checkConsistency } from "../evidence/merkle/check-proof.ts";
import type { Sha256, Sm3 } from "../evidence/suite.ts";
import type { TreeToSign } from "../evidence/tree-signer.ts";
import type { SignerKey, SignerRefusal } from "./protocol.ts";

export interface SignedTree {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
  /** Root of the SM3 tree, in a log that has one. */
  readonly sm3Root?: Uint8Array;
  /** Keys that signed this log, oldest first. */
  readonly keys: readonly SignerKey[];
}

export interface TreeHashes {
  readonly sha256: Sha256;
  readonly sm3: Sm3;
}

export type Decision =
  | { readonly act: "sign" }
  | { readonly act: "repeat"; readonly note: string }
  | { readonly act: "refuse"; readonly code: SignerRefusal; readonly size: number; readonly why: string };

/** `turns`: new keys take over with this note, so a line more is signed even where the tree is the last one again. */
export function decide(
  hashes: TreeHashes,
  last: SignedTree | undefined,
  tree: TreeToSign,
  turns: boolean,
): Decision {
  const size = last?.size ?? 0;
  const refuse = (code: SignerRefusal, why: string): Decision => ({ act: "refuse", code, size, why });
  if (tree.size < size)
    return refuse("evidence.signerRefused", "the tree is smaller than the last signed one");
  // A log has one suite for life: a second tree that came or went would not be bound to what was signed.
  if (last !== undefined && (last.sm3Root === undefined) !== (tree.national === undefined))
    return refuse("evidence.signerRefused", "the log was signed in another suite");
  if (last !== undefined && tree.size === size && !isSameTree(last, tree))
    return refuse("evidence.signerRefused", "another tree of the same size was signed");
  if (last !== undefined && tree.size === size && !turns) return { act: "repeat", note: last.note };
  if (tree.fromSize !== size)
    return refuse("evidence.signerOutOfStep", "the proof starts at another size than the last signed one");
  return extendsLast(hashes, last, tree)
    ? { act: "sign" }
    : refuse("evidence.signerRefused", "the tree does not extend the last signed one");
}

function isSameTree(last: SignedTree, tree: TreeToSign): boolean {
  const { sm3Root = new Uint8Array() } = last;
  return equalBytes(tree.root, last.root) && equalBytes(tree.national?.root ?? new Uint8Array(), sm3Root);
}

function extendsLast(hashes: TreeHashes, last: SignedTree | undefined, tree: TreeToSign): boolean {
  const sizes = { oldSize: last?.size ?? 0, newSize: tree.size };
  const { national } = tree;
  return (
    checkConsistency(hashes.sha256, {
      ...sizes,
      oldRoot: last?.root ?? new Uint8Array(),
      newRoot: tree.root,
      proof: tree.proof,
    }) &&
    (national === undefined ||
      checkConsistency(hashes.sm3, {
        ...sizes,
        oldRoot: last?.sm3Root ?? new Uint8Array(),
        newRoot: national.root,
        proof: national.proof,
      }))
  );
}
