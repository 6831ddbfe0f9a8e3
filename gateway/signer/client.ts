/**
 * The gateway's side of the signer: starts the process, starts it again when it dies, and repeats what it was
 * asked. Invariant: a request may be repeated safely, because the signer answers the same tree with the same
 * note; every request ends within its limit.
 */
import { CodedError } from "../domain/errors.ts";
import { equalBytes } from "../evidence/bytes.ts";
import type { TreeToSign } from "../evidence/tree-signer.ts";
import { NOTE_ED25519, formatVerifierKey, verifierKey } from "../evidence/verifier-key.ts";
import { type SignerChild, startChild } from "./child.ts";
import type { SignerClient, SignerEnd, SignerOptions } from "./contract.ts";
import { nodeSha256 } from "./ed25519.ts";
import {
  type SignerAnswer,
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
  return new RunningSigner(options, await startChild(options.dataFolder));
}

class RunningSigner implements SignerClient {
  readonly publicKey: Uint8Array;
  readonly keyCreated: boolean;
  readonly stateLost: boolean;
  readonly #options: SignerOptions;
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
    this.publicKey = child.ready.publicKey;
    this.keyCreated = child.ready.keyCreated;
    this.stateLost = child.ready.stateLost;
    this.#attach(child);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async sign(tree: TreeToSign): Promise<string> {
    const note = await this.#ask({ op: "sign", tree });
    if (note === undefined)
      throw new CodedError("evidence.signerUnavailable", { why: "an answer without note" });
    return note;
  }

  async last(origin: string): Promise<string | undefined> {
    return this.#ask({ op: "last", origin });
  }

  async vkey(origin: string): Promise<string> {
    const { publicKey } = this;
    return formatVerifierKey(verifierKey(nodeSha256, { name: origin, type: NOTE_ED25519, publicKey }));
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

  async #ask(request: WithoutId<SignerRequest>): Promise<string | undefined> {
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
    return answer.note;
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
      const child = await startChild(this.#options.dataFolder);
      // Another key than at the start: its signatures would not verify, and nobody was told of a key change.
      if (equalBytes(child.ready.publicKey, this.publicKey)) this.#attach(child);
      else await this.#refuse(child);
    } catch {
      if (this.#closed === undefined) this.#startAgain();
    }
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
