/**
 * The gateway's side of the signer: starts the process, starts it again when it dies, and repeats what it was
 * asked. Invariant: a request may be repeated safely, because the signer answers the same tree with the same
 * note; every request ends within its limit.
 */
import { CodedError } from "../domain/errors.ts";
import { equalBytes } from "../evidence/bytes.ts";
import type { TreeToSign } from "../evidence/tree-signer.ts";
import { NOTE_ED25519, type VerifierKey, formatVerifierKey, verifierKey } from "../evidence/verifier-key.ts";
import { type SignerChild, startChild } from "./child.ts";
import type { SignerClient, SignerEnd, SignerOptions } from "./contract.ts";
import type { Suite } from "../evidence/suite.ts";
import { nodeSha256 } from "./ed25519.ts";
import {
  type SignerAnswer,
  type SignerKey,
  type SignerReady,
  type SignerRequest,
  formatRequest,
  lineCutter,
  parseAnswer,
  parseRequest,
} from "./protocol.ts";

const REQUEST_MS = 10_000;
const MAX_PENDING = 64;
const FIRST_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 5000;

/** `Omit` over a union keeps it a union. */
type WithoutId<Request> = Request extends unknown ? Omit<Request, "id"> : never;

interface Pending {
  readonly line: string;
  readonly settle: (answer: SignerAnswer | CodedError) => void;
}

/** Starts the signer and resolves when it answers. Rejects with `evidence.signerUnavailable`. */
export async function startSigner(options: SignerOptions): Promise<SignerClient> {
  return new RunningSigner(options, await startChild(options.dataFolder, suiteOf(options)));
}

const suiteOf = ({ suite }: SignerOptions): Suite => suite ?? "ed25519-sha256";

const isSame = (a: readonly SignerKey[], b: readonly SignerKey[]): boolean =>
  a.length === b.length &&
  a.every((key) => b.some((one) => one.type === key.type && equalBytes(one.publicKey, key.publicKey)));

class RunningSigner implements SignerClient {
  readonly keyCreated: boolean;
  readonly stateLost: boolean;
  readonly #options: SignerOptions;
  /** In force. */
  #keys: readonly SignerKey[];
  /** Keys of the logs that were signed, where they may be others than those in force. */
  readonly #keysOf = new Map<string, readonly SignerKey[]>();
  readonly #pending = new Map<number, Pending>();
  #child: SignerChild | undefined;
  #nextId = 1;
  #backoffMs = FIRST_BACKOFF_MS;
  #restart: NodeJS.Timeout | undefined;
  #starting: Promise<void> | undefined;
  #closed: Promise<SignerEnd> | undefined;
  #lastEnd: SignerEnd = { code: null, signal: null };

  constructor(options: SignerOptions, child: SignerChild) {
    this.#options = options;
    this.#keys = child.ready.keys;
    this.#hear(child.ready);
    this.keyCreated = child.ready.keyCreated;
    this.stateLost = child.ready.stateLost;
    this.#attach(child);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async sign(tree: TreeToSign): Promise<string> {
    const { note } = await this.#ask({ op: "sign", tree });
    if (note === undefined)
      throw new CodedError("evidence.signerUnavailable", { why: "an answer without note" });
    const turned = tree.turnTo !== undefined;
    if (turned || !this.#keysOf.has(tree.origin)) await this.#learnKeys(tree.origin, turned);
    return note;
  }

  async last(origin: string): Promise<string | undefined> {
    return (await this.#ask({ op: "last", origin })).note;
  }

  async vkey(origin: string): Promise<string> {
    const key = this.vkeys(origin).findLast(({ type }) => type === NOTE_ED25519);
    if (key === undefined) throw new CodedError("evidence.signerUnavailable", { why: "no key" });
    return formatVerifierKey(key);
  }

  vkeys(origin: string): readonly VerifierKey[] {
    const own = this.#keysOf.get(origin);
    if (own !== undefined) return this.#named(origin, own);
    const { suite } = this.#options;
    return this.#named(
      origin,
      this.#keys.filter(({ type }) => type === NOTE_ED25519 || suite === "sm2-sm3"),
    );
  }

  async nextVkeys(origin: string): Promise<readonly VerifierKey[]> {
    const { keys } = await this.#ask({ op: "nextKeys", origin });
    if (keys === undefined)
      throw new CodedError("evidence.signerUnavailable", { why: "an answer without keys" });
    return this.#named(origin, keys);
  }

  #named(origin: string, keys: readonly SignerKey[]): readonly VerifierKey[] {
    return keys.map((key) => verifierKey(nodeSha256, { name: origin, ...key }));
  }

  /** After a signature that made the log's keys known, or may have changed those in force. */
  async #learnKeys(origin: string, turned: boolean): Promise<void> {
    const { keys } = await this.#ask({ op: "keys", origin });
    if (keys === undefined) return;
    this.#keysOf.set(origin, keys);
    if (!turned) return;
    this.#keys = this.#keys.map((known) => keys.findLast(({ type }) => type === known.type) ?? known);
  }

  #hear(ready: SignerReady): void {
    for (const { origin, keys } of ready.logs) this.#keysOf.set(origin, keys);
  }

  close(): Promise<SignerEnd> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<SignerEnd> {
    clearTimeout(this.#restart);
    await this.#starting;
    this.#failAll(new CodedError("evidence.signerUnavailable", { why: "closed" }));
    const child = this.#child;
    if (child === undefined) return this.#lastEnd;
    child.socket.destroy();
    return child.end();
  }

  async #ask(request: WithoutId<SignerRequest>): Promise<Extract<SignerAnswer, { ok: true }>> {
    if (this.#closed !== undefined) throw new CodedError("evidence.signerUnavailable", { why: "closed" });
    if (this.#pending.size >= (this.#options.maxPending ?? MAX_PENDING))
      throw new CodedError("evidence.signerBusy");
    const id = this.#nextId++;
    const line = formatRequest({ ...request, id });
    // The signer drops whoever sends it a malformed line, so a caller's mistake is found here: RangeError.
    parseRequest(line);
    const answer = await new Promise<SignerAnswer | CodedError>((resolve) => {
      const timer = setTimeout(
        () => settle(new CodedError("evidence.signerUnavailable", { why: "no answer in time" })),
        this.#options.requestMs ?? REQUEST_MS,
      );
      const settle = (result: SignerAnswer | CodedError): void => {
        clearTimeout(timer);
        this.#pending.delete(id);
        resolve(result);
      };
      this.#pending.set(id, { line, settle });
      this.#child?.socket.write(line);
    });
    if (answer instanceof CodedError) throw answer;
    if (!answer.ok) throw new CodedError(answer.code, { size: answer.size, why: answer.why });
    return answer;
  }

  #attach(child: SignerChild): void {
    this.#child = child;
    const cut = lineCutter((line) => {
      const answer = parseAnswer(line);
      // A process that answers has started well: the next restart is quick again.
      this.#backoffMs = FIRST_BACKOFF_MS;
      this.#pending.get(answer.id)?.settle(answer);
    });
    child.socket.on("data", (chunk: Buffer) => {
      try {
        cut(chunk);
      } catch {
        // Not an answer of the signer's protocol: its process is not to be relied on.
        void child.end();
      }
    });
    // A broken socket is a broken signer: the process ends, and `ended` starts the next one.
    child.socket.on("error", () => void child.end());
    child.socket.on("close", () => void child.end());
    for (const { line } of this.#pending.values()) child.socket.write(line);
    void this.#watch(child);
  }

  async #watch(child: SignerChild): Promise<void> {
    const end = await child.ended;
    child.socket.destroy();
    this.#child = undefined;
    this.#lastEnd = end;
    if (this.#closed !== undefined) return;
    this.#options.onDeath?.(end);
    this.#startAgain();
  }

  #startAgain(): void {
    this.#restart = setTimeout(() => {
      this.#starting = this.#startOnce();
    }, this.#backoffMs);
    this.#backoffMs = Math.min(MAX_BACKOFF_MS, this.#backoffMs * 2);
  }

  async #startOnce(): Promise<void> {
    try {
      const child = await startChild(this.#options.dataFolder, suiteOf(this.#options));
      if (this.#follows(child.ready)) this.#attach(child);
      else await this.#refuse(child);
    } catch {
      if (this.#closed === undefined) this.#startAgain();
    }
  }

  /**
   * Other keys than at the start sign nothing here, unless they took over while the process died: then they stand
   * behind the known ones in a log's succession.
   */
  #follows(ready: SignerReady): boolean {
    const known = this.#keys;
    const count = known.length;
    const tookOver = ready.logs.some(
      ({ keys }) => isSame(keys.slice(-2 * count, -count), known) && isSame(keys.slice(-count), ready.keys),
    );
    if (!isSame(ready.keys, known) && !tookOver) return false;
    this.#keys = ready.keys;
    this.#hear(ready);
    return true;
  }

  async #refuse(child: SignerChild): Promise<never> {
    child.socket.destroy();
    await child.end();
    throw new CodedError("evidence.signerUnavailable", { why: "another key" });
  }

  #failAll(error: CodedError): void {
    for (const { settle } of this.#pending.values()) settle(error);
  }
}
