/**
 * Exports: a matter's footage or an excerpt of a range, as MP4 files with the evidence that covers them, in one
 * tar that is made while it is read. Invariant: one runs at a time, it reads no faster than it is taken, and
 * nothing of it is left on disk or running when it ends, however it ends.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { CodedError, type ErrorCode } from "../../domain/errors.ts";
import type { CameraId, EntryRef, UserId } from "../../domain/ids.ts";
import { type Clock, beijingDateTime } from "../../domain/time.ts";
import { decodeBodyValue } from "../../evidence/body-value.ts";
import { OFFLINE_VERIFIER_FILES } from "../../evidence/offline-verifier/files.ts";
import type { Catalogue } from "../catalogue.ts";
import type { Coverage } from "../coverage.ts";
import { EvidenceFiles, type ExportFile } from "./evidence-files.ts";
import { type ExportAbout, manifestOf, readmeOf } from "./about.ts";
import { Mp4File } from "./mp4-file.ts";
import { type ExportPlan, type Stretch, planExport } from "./plan.ts";
import type { ExportLog } from "./ports.ts";
import { TAR_END, tarHead, tarPadding } from "./tar.ts";

export interface ExportSpan {
  readonly camera: CameraId;
  /** UTC ms, half-open. */
  readonly from: number;
  readonly to: number;
}

export interface ExportRequest extends Omit<ExportAbout, "exportedMs"> {
  readonly spans: readonly ExportSpan[];
  /** Small files that lie beside the evidence folder and stand in the manifest with their hashes. */
  readonly attached?: readonly ExportFile[];
}

export type ExportState = "waiting" | "running" | "done" | "cancelled" | "failed";

export interface Export {
  readonly id: string;
  readonly by: UserId;
  readonly fileName: string;
  readonly coverage: readonly { readonly camera: CameraId; readonly coverage: Coverage }[];
  progress(): { readonly state: ExportState; readonly doneBytes: number; readonly totalBytes: number };
  /** The archive, once. Throws `recording.exportGone`, `recording.exportBusy`, `recording.exportFailed`. */
  archive(): AsyncGenerator<Uint8Array, void, undefined>;
  /** What the archive's `manifest.json` says; undefined before it was written. */
  manifest(): string | undefined;
  /** Ends it; what was made is removed. */
  cancel(): void;
  /** Resolves once a cancelled export has no file open, however slowly it was being read. */
  letGo(): Promise<void>;
}

export interface Exports {
  /** Throws `recording.noFootage`, `recording.rangeTooLong`. */
  open(request: ExportRequest): Promise<Export>;
  find(id: string): Export | undefined;
  /** Cancels what runs and resolves when the work folder holds nothing of it, so that what was erased is gone there too. */
  endAll(): Promise<void>;
}

/** All spans of one export together. */
const LONGEST_MS = 24 * 3_600_000;
const SPANS_MAX = 256;
const FRAGMENTS_MAX = 60_000;
/** Exports that are remembered, so that their outcome can be asked for. */
const REMEMBERED = 32;
/** What has to stay free beside the file under way, so that recording never meets a full disk by an export. */
const FREE_BYTES_LEAST = 2 * 1024 ** 3;
const ID_BYTES = 16;
const READ_BYTES = 256 * 1024;

export interface ExportsOptions {
  readonly catalogue: Catalogue;
  readonly log: ExportLog;
  readonly clock: Clock;
  readonly random: { bytes(count: number): Uint8Array };
  /** For the one MP4 under way; emptied at the start. */
  readonly workFolder: string;
}

/** Removes what a crash left in the work folder. */
export async function openExports(options: ExportsOptions): Promise<Exports> {
  await rm(options.workFolder, { recursive: true, force: true });
  const known = new Map<string, OneExport>();
  const isBusy = (): boolean => [...known.values()].some((one) => one.progress().state === "running");
  return {
    async open(request) {
      const total = request.spans.reduce((sum, { from, to }) => sum + (to - from), 0);
      if (request.spans.length > SPANS_MAX || !(total > 0) || total > LONGEST_MS)
        throw new CodedError("recording.rangeTooLong", { longestMs: LONGEST_MS });
      const coverage = [];
      for (const { camera, from, to } of request.spans)
        coverage.push({ camera, coverage: await options.catalogue.coverage(camera, from, to) });
      const plan = planExport(coverage);
      if (plan.stretches.length === 0)
        throw new CodedError("recording.noFootage", { camera: request.spans[0]?.camera ?? "" });
      if (plan.stretches.reduce((sum, { fragments }) => sum + fragments.length, 0) > FRAGMENTS_MAX)
        throw new CodedError("recording.rangeTooLong", { longestMs: LONGEST_MS });
      const id = Buffer.from(options.random.bytes(ID_BYTES)).toString("hex");
      const one = new OneExport(id, options, { ...request, exportedMs: options.clock.wallMs() }, plan, {
        coverage,
        attached: request.attached ?? [],
        isBusy,
      });
      known.set(id, one);
      for (const [old, before] of known)
        if (known.size > REMEMBERED && old !== id && before.progress().state !== "running") known.delete(old);
      return one;
    },
    find: (id) => known.get(id),
    async endAll() {
      for (const one of known.values()) one.cancel();
      // A removed file's bytes stay on the disk for as long as anybody has it open.
      await Promise.all([...known.values()].map((one) => one.letGo()));
      await rm(options.workFolder, { recursive: true, force: true });
    },
  };
}

class OneExport implements Export {
  readonly id: string;
  readonly by: UserId;
  readonly fileName: string;
  readonly coverage: Export["coverage"];
  readonly #options: ExportsOptions;
  readonly #about: ExportAbout;
  readonly #plan: ExportPlan;
  readonly #isBusy: () => boolean;
  readonly #attached: readonly ExportFile[];
  readonly #root: string;
  readonly #files: { path: string; sizeBytes: number; sha256: string }[] = [];
  readonly #missing: EntryRef[] = [];
  readonly #abort = new AbortController();
  /** Ends of what has a file of this export open. */
  readonly #holding = new Set<Promise<unknown>>();
  #state: ExportState = "waiting";
  #doneBytes = 0;
  #manifest: string | undefined;

  constructor(
    id: string,
    options: ExportsOptions,
    about: ExportAbout,
    plan: ExportPlan,
    more: {
      readonly coverage: Export["coverage"];
      readonly attached: readonly ExportFile[];
      readonly isBusy: () => boolean;
    },
  ) {
    this.id = id;
    this.by = about.by;
    this.coverage = more.coverage;
    this.#isBusy = more.isBusy;
    this.#attached = more.attached;
    this.#options = options;
    this.#about = about;
    this.#plan = plan;
    const from = Math.min(...plan.stretches.map(({ fragments }) => fragments[0]?.t ?? Infinity));
    this.#root = `${about.excerpt ? "excerpt" : "matter"}-${stampOf(from)}`;
    this.fileName = `${this.#root}.tar`;
  }

  progress(): { readonly state: ExportState; readonly doneBytes: number; readonly totalBytes: number } {
    return { state: this.#state, doneBytes: this.#doneBytes, totalBytes: this.#plan.totalBytes };
  }

  manifest(): string | undefined {
    return this.#manifest;
  }

  cancel(): void {
    if (this.#state !== "waiting" && this.#state !== "running") return;
    this.#state = "cancelled";
    this.#abort.abort();
  }

  async letGo(): Promise<void> {
    if (this.#isCancelled()) await Promise.all(this.#holding);
  }

  #holds(end: Promise<unknown>): void {
    const known = end.finally(() => this.#holding.delete(known));
    this.#holding.add(known);
  }

  async *archive(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#state !== "waiting") throw new CodedError("recording.exportGone");
    if (this.#isBusy()) throw new CodedError("recording.exportBusy");
    this.#state = "running";
    let folder: string | undefined;
    try {
      await mkdir(this.#options.workFolder, { recursive: true, mode: 0o700 });
      folder = await mkdtemp(join(this.#options.workFolder, "export-"));
      yield* this.#content(folder);
      this.#state = "done";
    } catch (error) {
      if (this.#isCancelled()) throw new CodedError("recording.exportGone");
      this.#state = "failed";
      throw error;
    } finally {
      // A reader that went away ends here without an error.
      if (this.#state === "running") this.#state = "cancelled";
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    }
  }

  async *#content(folder: string): AsyncGenerator<Uint8Array, void, undefined> {
    const evidence = new EvidenceFiles(this.#options.log);
    yield* this.#small("README.txt", new TextEncoder().encode(readmeOf(this.#about)));
    for (const { path, bytes } of this.#attached) yield* this.#small(path, bytes);
    for (const { name, url } of OFFLINE_VERIFIER_FILES) yield* this.#small(name, await readFile(url));
    const inits = new Map<string, Uint8Array>();
    for (const ref of this.#plan.records) {
      const value = await this.#value(ref);
      if (value === undefined) continue;
      inits.set(keyOf(ref), decodeBodyValue(value).body);
      yield* this.#packed(evidence.take(ref, value));
    }
    for (const [i, stretch] of this.#plan.stretches.entries()) {
      const init = inits.get(keyOf(stretch.init));
      yield* this.#stretch(join(folder, `${i}.mp4`), stretch, init, evidence);
    }
    yield* this.#packed(evidence.flush());
    for await (const file of evidence.proofs()) yield* this.#packed(file);
    const manifest = manifestOf(this.#about, this.coverage, this.#files, this.#missing);
    this.#manifest = manifest;
    yield* this.#small("manifest.json", new TextEncoder().encode(manifest));
    this.#goOn();
    yield TAR_END;
  }

  /** Feeds one MP4 while its fragments go into packs; without its init segment only the packs. */
  async *#stretch(
    path: string,
    stretch: Stretch,
    init: Uint8Array | undefined,
    evidence: EvidenceFiles,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const first = stretch.fragments[0]?.t ?? 0;
    const mp4 = init === undefined ? undefined : await this.#open(path, stretch, first);
    try {
      if (init !== undefined) await mp4?.write(init);
      let written = 0;
      for (const row of stretch.fragments) {
        const value = await this.#value(row.ref);
        this.#doneBytes += row.sizeBytes;
        if (value === undefined) continue;
        await mp4?.write(decodeBodyValue(value).body);
        written += 1;
        yield* this.#packed(evidence.take(row.ref, value));
      }
      if (mp4 === undefined || written === 0) return;
      await mp4.finish();
      const mark = this.#about.excerpt ? "_excerpt" : "";
      yield* this.#large(`video/${stretch.camera}_${stampOf(first)}${mark}.mp4`, path);
    } finally {
      await mp4?.close();
      await rm(path, { force: true });
    }
  }

  async #open(path: string, stretch: Stretch, firstMs: number): Promise<Mp4File> {
    const { bavail, bsize } = await statfs(this.#options.workFolder);
    const needed = stretch.fragments.reduce((sum, row) => sum + row.sizeBytes, 0);
    if (bavail * bsize < needed + FREE_BYTES_LEAST) throw new CodedError("recording.exportNoRoom");
    const mark = this.#about.excerpt ? "节选 excerpt · " : "";
    const title = `${mark}${stretch.camera} · ${beijingDateTime(firstMs)} (北京 Beijing)`;
    this.#goOn();
    const mp4 = new Mp4File({ path, codec: stretch.codec, title, signal: this.#abort.signal });
    this.#holds(mp4.ended);
    return mp4;
  }

  /** Undefined where the body is not on this gateway any more; the manifest names it. */
  async #value(ref: EntryRef): Promise<Uint8Array | undefined> {
    this.#goOn();
    try {
      return await this.#options.log.bodyValue(ref);
    } catch (error) {
      if (!(error instanceof CodedError) || !GONE.has(error.code)) throw error;
      this.#missing.push(ref);
      return undefined;
    }
  }

  /** Throws `recording.exportGone` once somebody cancelled. */
  #goOn(): void {
    if (this.#isCancelled()) throw new CodedError("recording.exportGone");
  }

  #isCancelled(): boolean {
    return this.#abort.signal.aborted;
  }

  async *#packed(file: ExportFile | undefined): AsyncGenerator<Uint8Array, void, undefined> {
    if (file !== undefined) yield* this.#small(`evidence/${file.path}`, file.bytes);
  }

  async *#small(path: string, bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    this.#files.push({
      path,
      sizeBytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
    yield this.#head(path, bytes.length);
    yield bytes;
    yield tarPadding(bytes.length);
  }

  async *#large(path: string, from: string): AsyncGenerator<Uint8Array, void, undefined> {
    const { size } = await stat(from);
    const hash = createHash("sha256");
    yield this.#head(path, size);
    this.#goOn();
    const file = createReadStream(from, { highWaterMark: READ_BYTES, signal: this.#abort.signal });
    this.#holds(once(file, "close").catch(() => undefined));
    for await (const chunk of file) {
      const bytes = chunk as Buffer;
      hash.update(bytes);
      this.#goOn();
      yield bytes;
    }
    yield tarPadding(size);
    this.#files.push({ path, sizeBytes: size, sha256: hash.digest("hex") });
  }

  #head(path: string, sizeBytes: number): Uint8Array {
    this.#goOn();
    return tarHead({ path: `${this.#root}/${path}`, sizeBytes, modifiedMs: this.#about.exportedMs });
  }
}

const GONE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["evidence.bodyMissing"]);

const keyOf = (ref: EntryRef): string => `${ref.logId}/${ref.seq}`;

/** `20260302-090000`, Beijing time. */
function stampOf(ms: number): string {
  return beijingDateTime(ms).replaceAll(/[-:]/g, "").replace(" ", "-");
}
