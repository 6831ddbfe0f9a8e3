/**
 * Starts the reader process at the first read, asks it, and starts it again when it dies. Invariant: every
 * request ends, by an answer, by its limit or by the process's second death.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { CodedError } from "../domain/errors.ts";
import type { SealedReaderClient, SealedReaderOptions } from "./contract.ts";
import {
  type BadBody,
  type ExpectedBody,
  type ReaderAnswer,
  type ReaderRequest,
  type ReaderTask,
  readAnswer,
} from "./protocol.ts";

const PROGRAM = fileURLToPath(new URL("process.ts", import.meta.url));
const REQUEST_MS = 10_000;
/** Work on a few MiB of a disk that is busy, and rewriting the tables of a whole volume. */
const BATCH_MS = 30_000;
const REMOVE_MS = 600_000;
const MAX_PENDING = 64;
const END_MS = 2000;

interface Pending {
  readonly request: ReaderRequest;
  readonly resolve: (answer: ReaderAnswer) => void;
  readonly reject: (cause: unknown) => void;
  readonly timer: NodeJS.Timeout;
  /** How often it was sent: a read that kills the process is not sent a third time. */
  sent: number;
}

export function createSealedReader(options: SealedReaderOptions = {}): SealedReaderClient {
  return new ReaderProcess(options);
}

class ReaderProcess implements SealedReaderClient {
  readonly #options: SealedReaderOptions;
  readonly #pending = new Map<number, Pending>();
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #nextId = 1;
  #closed = false;

  constructor(options: SealedReaderOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async read(volume: string, seq: number): Promise<Uint8Array | undefined> {
    return (await this.#done({ op: "read", volume, seq })).value;
  }

  async release(volume: string): Promise<void> {
    if (this.#child !== undefined) await this.#done({ op: "release", volume });
  }

  async copy(volume: string, to: string, seqs: readonly number[]): Promise<void> {
    await this.#done({ op: "copy", volume, to, seqs }, BATCH_MS);
  }

  async remove(volume: string, seqs: readonly number[]): Promise<void> {
    await this.#done({ op: "remove", volume, seqs }, REMOVE_MS);
  }

  async check(volume: string, expected: readonly ExpectedBody[]): Promise<readonly BadBody[]> {
    return (await this.#done({ op: "check", volume, expected }, BATCH_MS)).bad ?? [];
  }

  async #done(task: ReaderTask, limitMs = REQUEST_MS): Promise<Extract<ReaderAnswer, { ok: true }>> {
    const answer = await this.#ask(task, this.#options.requestMs ?? limitMs);
    if (answer.ok) return answer;
    throw new CodedError("store.volumeUnreadable", { volume: task.volume, why: answer.why });
  }

  async #ask(asked: ReaderTask, limitMs: number): Promise<ReaderAnswer> {
    if (this.#closed) throw new CodedError("store.closed");
    if (this.#pending.size >= (this.#options.maxPending ?? MAX_PENDING))
      throw new CodedError("store.readerAway", { why: "too many requests" });
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<ReaderAnswer>();
    const timer = setTimeout(() => {
      this.#pending.delete(id);
      reject(new CodedError("store.readerAway", { why: "no answer in time" }));
      // It hangs on its disk: only a new process can be asked again.
      this.#child?.kill("SIGKILL");
    }, limitMs);
    const pending: Pending = { request: { ...asked, id }, resolve, reject, timer, sent: 0 };
    this.#pending.set(id, pending);
    this.#send(pending);
    return promise;
  }

  #send(pending: Pending): void {
    pending.sent++;
    this.#running().send(pending.request, (cause) => {
      // The exit that follows sends it again or refuses it.
      if (cause !== null) this.#child?.kill("SIGKILL");
    });
  }

  #running(): ChildProcess {
    if (this.#child !== undefined) return this.#child;
    const child = fork(PROGRAM, {
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.on("message", (message) => {
      this.#settle(readAnswer(message));
    });
    child.on("error", () => {
      // A failed start or send; the exit or the request's limit says the rest.
    });
    this.#ended = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        this.#gone(child, { code, signal });
        resolve();
      });
    });
    this.#child = child;
    return child;
  }

  #settle(answer: ReaderAnswer | undefined): void {
    const pending = answer === undefined ? undefined : this.#pending.get(answer.id);
    if (answer === undefined || pending === undefined) return;
    this.#pending.delete(answer.id);
    clearTimeout(pending.timer);
    pending.resolve(answer);
  }

  #gone(child: ChildProcess, end: { readonly code: number | null; readonly signal: string | null }): void {
    if (this.#child === child) this.#child = undefined;
    if (this.#closed) return;
    this.#options.onDeath?.(end);
    for (const [id, pending] of this.#pending) {
      if (pending.sent < 2) this.#send(pending);
      else {
        this.#pending.delete(id);
        clearTimeout(pending.timer);
        pending.reject(new CodedError("store.readerAway", { why: "the reader died twice" }));
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new CodedError("store.closed"));
    }
    this.#pending.clear();
    const child = this.#child;
    if (child === undefined) return;
    if (child.connected) child.disconnect();
    const timers = [
      setTimeout(() => child.kill("SIGTERM"), END_MS),
      setTimeout(() => child.kill("SIGKILL"), 2 * END_MS),
    ];
    await this.#ended;
    for (const timer of timers) clearTimeout(timer);
  }
}
