/**
 * Checkpoints of one log: entries durable, then the signer, then the checkpoint stored, then it may be shown.
 * Invariant: a note is stored only when it says exactly the size and root that were asked for.
 */
import { CodedError } from "../domain/errors.ts";
import type { Clock } from "../domain/time.ts";
import type { StoredCheckpoint } from "../evidence/append.ts";
import { equalBytes } from "../evidence/bytes.ts";
import { formatCheckpoint, parseCheckpoint } from "../evidence/checkpoint.ts";
import { consistencyProof, treeRoot } from "../evidence/merkle/proof.ts";
import { parseNote } from "../evidence/note.ts";
import type { TreeSigner } from "../evidence/tree-signer.ts";
import type { StoreLimits } from "./contract.ts";
import { within } from "./deadline.ts";
import { SIGNER_REQUEST_MS } from "./limits.ts";
import type { OneLog } from "./one-log.ts";

/** What the signer knows that this disk does not have: size 0 when it does not know the log at all. */
export interface WentBack {
  readonly signedSize: number;
  readonly note?: string;
}

export interface LogSigningOptions {
  readonly log: OneLog;
  readonly signer: TreeSigner;
  readonly clock: Clock;
  readonly limits: Pick<StoreLimits, "checkpointMs" | "coveringMs">;
  readonly onSigner: (cause: unknown) => void;
  readonly onDisk: (cause: unknown) => void;
  readonly onStored: (checkpoint: StoredCheckpoint) => void;
  /** A checkpoint put announced keys in force. */
  readonly onTurned: (checkpoint: StoredCheckpoint) => void;
  /** The log can't be signed any more. */
  readonly onWentBack: (found: WentBack) => void;
}

interface Waiter {
  readonly size: number;
  readonly resolve: (checkpoint: StoredCheckpoint) => void;
  readonly reject: (cause: unknown) => void;
}

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 2000;

export class LogSigning {
  readonly #options: LogSigningOptions;
  #waiters: Waiter[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  /** Size that the signer signed last; undefined until it was asked. */
  #signedSize: number | undefined;
  #kept = -1;
  #startedMs = Number.NEGATIVE_INFINITY;
  #retryMs = FIRST_RETRY_MS;
  #failing = false;
  #ended = false;

  constructor(options: LogSigningOptions) {
    this.#options = options;
  }

  /** Says that entries were appended. */
  wake(): void {
    if (this.#ended || this.#running !== undefined || this.#timer !== undefined) return;
    const { clock, limits } = this.#options;
    const pauseMs = this.#failing
      ? this.#retryMs
      : Math.max(0, limits.checkpointMs - (clock.monotonicMs() - this.#startedMs));
    this.#timer = setTimeout(() => {
      this.#start();
    }, pauseMs);
  }

  /** A stored checkpoint over at least `size` entries, kept for ever. Rejects with `store.signerAway`. */
  async covering(size: number, limitMs = this.#options.limits.coveringMs): Promise<StoredCheckpoint> {
    if (this.#ended) throw new CodedError("store.signerAway");
    const { log } = this.#options;
    const stored = log.checkpoint;
    if (stored !== undefined && stored.size >= size) {
      if (this.#kept < stored.size) await log.log.putCheckpoint(stored, true);
      this.#kept = Math.max(this.#kept, stored.size);
      return stored;
    }
    const { promise, resolve, reject } = Promise.withResolvers<StoredCheckpoint>();
    const waiter: Waiter = { size, resolve, reject };
    this.#waiters.push(waiter);
    if (this.#running === undefined) this.#start();
    try {
      return await within(promise, limitMs, "store.signerAway");
    } finally {
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
    }
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#ended || this.#running !== undefined) return;
    this.#startedMs = this.#options.clock.monotonicMs();
    this.#alone(this.#signOnce());
  }

  /** Nothing else asks the signer or stores its answers until this has ended; then comes what waits. */
  #alone(work: Promise<void>): void {
    this.#running = work.finally(() => {
      this.#running = undefined;
      if (this.#ended) return;
      if (this.#waiters.length > 0 && !this.#failing) this.#start();
      else if (this.#failing || this.#options.log.size > (this.#options.log.checkpoint?.size ?? 0))
        this.wake();
    });
  }

  async #signOnce(): Promise<void> {
    try {
      const checkpoint = await this.#next();
      if (checkpoint === undefined) return;
      this.#failing = false;
      this.#retryMs = FIRST_RETRY_MS;
      for (const waiter of this.#waiters) if (waiter.size <= checkpoint.size) waiter.resolve(checkpoint);
      this.#waiters = this.#waiters.filter((waiter) => waiter.size > checkpoint.size);
    } catch (cause) {
      // Whatever the signer or the disk said: nothing is shown, the next attempt begins by asking again.
      this.#signedSize = undefined;
      if (this.#failing) this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2);
      this.#failing = true;
      const disk = cause instanceof CodedError && cause.code === "store.diskFailed";
      if (!disk) this.#options.onSigner(cause);
    }
  }

  async #next(): Promise<StoredCheckpoint | undefined> {
    const { log, signer, onSigner } = this.#options;
    const { origin } = log.options;
    const fromSize = this.#signedSize ?? (await this.#ask());
    if (fromSize === undefined) return undefined;
    const { size } = log;
    const root = log.log.root();
    const { sm3 } = log.log;
    const sm3Root = sm3?.root();
    const turnTo = log.log.keyTurn.announced;
    const keep = this.#waiters.length > 0;
    const stored = log.checkpoint;
    if (stored?.size === size && turnTo.length === 0) {
      if (keep) await log.log.putCheckpoint(stored, true);
      return stored;
    }
    const proof = fromSize === 0 ? [] : await consistencyProof(log.log, fromSize, size);
    const national =
      sm3 === undefined || sm3Root === undefined
        ? {}
        : {
            national: {
              root: sm3Root,
              proof: fromSize === 0 ? [] : await consistencyProof(sm3, fromSize, size),
            },
          };
    const tree = { origin, size, root, fromSize, proof, ...national };
    const note = await within(
      signer.sign(turnTo.length === 0 ? tree : { ...tree, turnTo }),
      SIGNER_REQUEST_MS,
      "store.signerAway",
    );
    if (parseNote(note).text !== formatCheckpoint({ origin, size, root }))
      throw new RangeError("the signer signed something else than it was asked");
    this.#signedSize = size;
    onSigner(undefined);
    const checkpoint = await this.#store(size, note, keep);
    // Keys that the signer does not know as its next ones never come into force: the announcement has no effect.
    if (turnTo.length > 0) await log.log.dropAnnounced(size);
    return checkpoint;
  }

  async #store(size: number, note: string, keep: boolean): Promise<StoredCheckpoint> {
    const { log, clock, onDisk, onStored, onTurned } = this.#options;
    const checkpoint = { logId: log.logId, size, note, wallMs: Math.floor(clock.wallMs()) };
    const turns = log.log.keyTurn.isTurnover(note);
    try {
      await log.log.putCheckpoint(checkpoint, keep);
    } catch (cause) {
      onDisk(cause);
      throw cause;
    }
    if (keep) this.#kept = size;
    onStored(checkpoint);
    if (turns) onTurned(checkpoint);
    return checkpoint;
  }

  /** Asks the signer for its last note and compares; undefined when the log has ended by that. */
  async #ask(): Promise<number | undefined> {
    const { log, signer } = this.#options;
    const note = await within(signer.last(log.options.origin), SIGNER_REQUEST_MS, "store.signerAway");
    const stored = log.checkpoint;
    if (note === undefined) {
      if (stored !== undefined) return this.#wentBack({ signedSize: 0, note: stored.note });
      this.#signedSize = 0;
      return 0;
    }
    const signed = parseCheckpoint(parseNote(note).text);
    if (signed.size > log.size) return this.#wentBack({ signedSize: signed.size, note });
    if (signed.size > 0 && !equalBytes(await treeRoot(log.log, signed.size), signed.root))
      return this.#wentBack({ signedSize: signed.size, note });
    // Signed, and lost on its way to this disk: it may be the one at which the keys changed.
    if (signed.size > (stored?.size ?? 0) || log.log.keyTurn.isTurnover(note))
      await this.#store(signed.size, note, false);
    this.#signedSize = signed.size;
    return signed.size;
  }

  #wentBack(found: WentBack): undefined {
    this.end();
    this.#options.onWentBack(found);
  }

  /** Compares this log with what the signer knows, now. Rejects when the signer does not answer in time. */
  async compare(limitMs: number): Promise<void> {
    while (this.#running !== undefined) await this.#running;
    if (this.#ended) return;
    const asked = this.#ask();
    // Whoever gave up waiting leaves the question under way, and its late answer must not cross a newer one.
    this.#alone(
      asked.then(
        () => undefined,
        () => undefined,
      ),
    );
    await within(asked, limitMs, "store.signerAway");
  }

  /** No checkpoint of this log is made any more; who waits for one is refused. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const waiter of this.#waiters) waiter.reject(new CodedError("store.signerAway"));
    this.#waiters = [];
  }

  async close(): Promise<void> {
    this.end();
    await this.#running;
  }
}
