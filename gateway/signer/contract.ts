/**
 * The signer's client as main.ts sees it. Invariant: whatever happens to the process, no two trees that
 * contradict each other are ever signed under one origin; the process itself sees to that.
 */
import type { TreeSigner } from "../evidence/tree-signer.ts";

export interface SignerEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface SignerOptions {
  /** The signer keeps its key, state and socket in `<dataFolder>/secrets`. */
  readonly dataFolder: string;
  /** Hears of each unexpected end; the process is started again by itself, after 50 ms up to 5 s. */
  readonly onDeath?: (end: SignerEnd) => void;
  /** Limit of one request, restarts of the process included; default 10 s. */
  readonly requestMs?: number;
  /** Requests waiting at once; default 64, above it `evidence.signerBusy`. */
  readonly maxPending?: number;
}

export interface SignerClient extends TreeSigner {
  /** Ed25519 public key of all logs of this gateway, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** True when this start made the key: a new box, or one that was restored without its key. */
  readonly keyCreated: boolean;
  /** True when there was a key but no readable state: older logs must not be signed on, a new one begins. */
  readonly stateLost: boolean;
  /** Process id of the running signer; undefined between two starts. */
  readonly pid: number | undefined;
  /** Ends the process and resolves with how it ended once it is gone. Safe to call twice. */
  close(): Promise<SignerEnd>;
}
