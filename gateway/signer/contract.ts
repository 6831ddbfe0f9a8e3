/**
 * The signer's client as main.ts sees it. Invariant: whatever happens to the process, no two trees that
 * contradict each other are ever signed under one origin; the process itself sees to that.
 */
import type { Suite } from "../evidence/suite.ts";
import type { TreeSigner } from "../evidence/tree-signer.ts";
import type { VerifierKey } from "../evidence/verifier-key.ts";

export interface SignerEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface SignerOptions {
  /** The signer keeps its key, state and socket in `<dataFolder>/secrets`. */
  readonly dataFolder: string;
  /** Which kinds of keys sign new logs; default `ed25519-sha256`. */
  readonly suite?: Suite;
  /** Hears of each unexpected end; the process is started again by itself, after 50 ms up to 5 s. */
  readonly onDeath?: (end: SignerEnd) => void;
  /** Limit of one request, restarts of the process included; default 10 s. */
  readonly requestMs?: number;
  /** Requests waiting at once; default 64, above it `evidence.signerBusy`. */
  readonly maxPending?: number;
}

export interface SignerClient extends TreeSigner {
  /**
   * Verifier keys of a log, oldest first: those that signed it, or those in force where none did yet. As of the
   * newest answer of the signer; a change of keys is in it before the note of that change is handed out.
   */
  vkeys(origin: string): readonly VerifierKey[];
  /** The keys that are to take over, under this log's name; made by the signer if there are none yet. */
  nextVkeys(origin: string): Promise<readonly VerifierKey[]>;
  /** True when this start made a key: a new box, or one that was restored without it. */
  readonly keyCreated: boolean;
  /** True when there was a key but no readable state: older logs must not be signed on, a new one begins. */
  readonly stateLost: boolean;
  /** Process id of the running signer; undefined between two starts. */
  readonly pid: number | undefined;
  /** Ends the process and resolves with how it ended once it is gone. Safe to call twice. */
  close(): Promise<SignerEnd>;
}
