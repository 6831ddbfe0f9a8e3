/**
 * The port of the signer: what the store asks of the process that holds the keys. Invariant: a signed tree is
 * consistent with every tree signed before under the same origin; the signer checks that itself.
 */
import type { Checkpoint } from "./checkpoint.ts";

export interface TreeToSign extends Checkpoint {
  /** Size of the tree that the proofs start from; has to be the size the signer signed last, 0 if none. */
  readonly fromSize: number;
  /** RFC 6962 consistency proof from `fromSize` to `size`; empty when `fromSize` is 0 or equals `size`. */
  readonly proof: readonly Uint8Array[];
  /** The tree of the same entries hashed with SM3, in a log of the suite `sm2-sm3` and only there. */
  readonly national?: { readonly root: Uint8Array; readonly proof: readonly Uint8Array[] };
  /**
   * Verifier keys that entries of this tree announce and that are not in force yet. Where they are the signer's
   * next keys they take over: the note has the lines of the old and the new ones, and the old ones are destroyed.
   */
  readonly turnTo?: readonly string[];
}

export interface TreeSigner {
  /**
   * Returns the signed note (checkpoint text and a line of each of the log's keys) after the signer's own state is
   * synced. The same tree again gives the same note, so a caller may repeat after a fault. Rejects with
   * `evidence.signerOutOfStep` (details.size = last signed size; make the proof from there),
   * `evidence.signerRefused` (smaller or inconsistent tree), `evidence.signerUnavailable`, `evidence.signerBusy`.
   */
  sign(tree: TreeToSign): Promise<string>;
  /** The last note signed under this origin; undefined if none. A note larger than the log is a rolled-back disk. */
  last(origin: string): Promise<string | undefined>;
  /** The log's Ed25519 verifier key in force, in C2SP form, for papers; the key's name is the origin. */
  vkey(origin: string): Promise<string>;
}
