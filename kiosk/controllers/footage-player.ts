/**
 * Plays stored footage in a video element by MediaSource, on the time line of `FootageLine`. Invariant: each picture
 * lies where its fragment says, so a seek finds the very picture of that moment; the buffer holds one unbroken row
 * of fragments, and not much.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { FootageSegment } from "../../gateway/http/contract/playback.ts";
import { FootageLine } from "./footage-line.ts";
import { type InitTrack, timesOf, tracksOf } from "./fragment-times.ts";
import { silence } from "./silence.ts";

/** idle: nothing to play; unplayable: `codec` is one this browser lacks; failed: footage did not come. */
export type FootageState = "idle" | "loading" | "ready" | "unplayable" | "failed";

export interface FootageRange {
  /** Folder of the segments' addresses, with a slash at its end. */
  readonly base: string;
  readonly segments: readonly FootageSegment[];
}

const AHEAD_S = 20;
const BEHIND_S = 30;
/** Fragments are moved against each other only when their own times differ more than this from the log's. */
const MOVE_S = 0.008;
/** A hole in the sound that is longer would stop the picture. */
const SILENCE_S = 0.03;
/** Into a picture, so that rounding never finds the one before. */
const INSIDE_S = 0.002;

interface Loaded {
  readonly source: MediaSource;
  readonly url: string;
  buffer?: SourceBuffer;
}

export class FootagePlayer implements ReactiveController {
  state: FootageState = "idle";
  /** RFC 6381, of what can't be played. */
  codec = "";
  /** Why it failed, for a technician. */
  problem = "";
  readonly #host: ReactiveControllerHost;
  readonly #video: () => HTMLVideoElement | null;
  #line: FootageLine | undefined;
  #base = "";
  #media: Loaded | undefined;
  #abort = new AbortController();
  /** Indexes of the first and the last fragment in the buffer, and of what is asked for now. */
  #first = 0;
  #next = 0;
  #busy = false;
  #initUri = "";
  #tracks: readonly InitTrack[] = [];
  /** What is added to the times of the fragment under way. */
  #offsetS = 0;
  /** Where the sound in the buffer ends, media time in seconds. */
  #heardS = 0;
  /** Starts of the pictures in the buffer, media time in seconds, by fragment. */
  readonly #pictures = new Map<number, readonly number[]>();
  readonly #inits = new Map<string, Promise<Uint8Array>>();

  constructor(host: ReactiveControllerHost, video: () => HTMLVideoElement | null) {
    this.#host = host;
    this.#video = video;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.close();
  }

  /** Loads the range and stands at its first picture. */
  open({ base, segments }: FootageRange): void {
    this.close();
    const video = this.#video();
    const [first] = segments;
    if (video === null || first === undefined) return;
    const playable = segments.filter(({ codec }) => canPlay(codec));
    if (playable.length === 0) {
      this.codec = first.codec;
      this.#show("unplayable");
      return;
    }
    const line = new FootageLine(playable);
    this.#line = line;
    this.#base = base;
    this.#abort = new AbortController();
    this.#show("loading");
    const source = new MediaSource();
    const media: Loaded = { source, url: URL.createObjectURL(source) };
    this.#media = media;
    source.addEventListener(
      "sourceopen",
      () => {
        if (this.#media !== media) return;
        source.duration = line.lengthS;
        media.buffer = source.addSourceBuffer(typeOf(playable[0]?.codec ?? first.codec));
        void this.#fill();
      },
      { once: true },
    );
    const { signal } = this.#abort;
    for (const event of ["timeupdate", "waiting", "seeking", "stalled"])
      video.addEventListener(event, () => void this.#fill(), { signal });
    video.addEventListener("error", () => this.#show("failed"), { signal });
    video.src = media.url;
  }

  close(): void {
    this.#abort.abort();
    const media = this.#media;
    this.#media = undefined;
    this.#line = undefined;
    this.#busy = false;
    this.#forget(0);
    this.#inits.clear();
    this.#initUri = "";
    if (media !== undefined) {
      URL.revokeObjectURL(media.url);
      const video = this.#video();
      video?.removeAttribute("src");
      video?.load();
    }
    this.#show("idle");
  }

  /** To the picture of this moment (UTC ms), or to the next one that was recorded. */
  seek(atMs: number): void {
    const [mediaS, video] = [this.#line?.mediaOf(atMs), this.#video()];
    if (mediaS !== undefined && video !== null) video.currentTime = mediaS + INSIDE_S;
  }

  /** One picture on (1) or back (-1). */
  step(by: 1 | -1): void {
    const video = this.#video();
    if (video === null) return;
    video.pause();
    const all = [...this.#pictures.values()].flat();
    const shown = all.findLastIndex((start) => start <= video.currentTime);
    const to = all[shown + by];
    if (to !== undefined) video.currentTime = to + INSIDE_S;
  }

  /** The moment (UTC ms) of what is shown. */
  get atMs(): number | undefined {
    const video = this.#video();
    return video === null ? undefined : this.#line?.momentAt(video.currentTime);
  }

  /** Appends what is missing around the place that is shown; one fragment at a time. */
  async #fill(): Promise<void> {
    const [line, media] = [this.#line, this.#media];
    if (this.#busy || line === undefined || media?.buffer === undefined) return;
    this.#busy = true;
    const { signal } = this.#abort;
    try {
      while (!signal.aborted && (await this.#appendNext(line, media.buffer, signal)));
      // Only then the decoder gives out the last pictures.
      if (!signal.aborted && this.#next === line.segments.length && media.source.readyState === "open")
        media.source.endOfStream();
    } catch (error) {
      if (!signal.aborted) {
        this.problem = error instanceof Error ? error.message : "";
        this.#show("failed");
      }
    } finally {
      if (this.#line === line) this.#busy = false;
    }
  }

  /** False when enough is there. */
  async #appendNext(line: FootageLine, buffer: SourceBuffer, signal: AbortSignal): Promise<boolean> {
    const nowS = this.#video()?.currentTime ?? 0;
    const wanted = line.indexAt(nowS);
    if (wanted < this.#first || wanted > this.#next) {
      await emptied(buffer, 0, Infinity);
      this.#forget(line.startFor(wanted));
    }
    const segment = line.segments[this.#next];
    if (segment === undefined || line.placeS(this.#next) > nowS + AHEAD_S) return false;
    const [init, bytes] = await Promise.all([
      this.#init(this.#base + segment.initUri, signal),
      fetched(this.#base + segment.uri, signal),
    ]);
    if (segment.initUri !== this.#initUri) {
      buffer.changeType(typeOf(segment.codec));
      await appended(buffer, init);
      this.#initUri = segment.initUri;
      this.#tracks = tracksOf(init);
    }
    await this.#append(buffer, segment, line.placeS(this.#next), bytes);
    await this.#forgetOld(line, buffer, nowS);
    this.#show("ready");
    return true;
  }

  async #append(
    buffer: SourceBuffer,
    { codec, durationMs }: FootageSegment,
    placeS: number,
    bytes: Uint8Array,
  ): Promise<void> {
    const [picture, sound] = this.#tracks;
    if (picture === undefined) throw new RangeError("an init segment without a track");
    const times = timesOf(bytes, picture, sound);
    const offset = placeS - (times.pictures[0] ?? 0);
    const isNewRow = !this.#pictures.has(this.#next - 1);
    if (isNewRow) this.#heardS = placeS;
    const isMoved = isNewRow || Math.abs(offset - this.#offsetS) > MOVE_S;
    if (isMoved) this.#offsetS = offset;
    if (sound !== undefined) {
      const soundS =
        times.sound === undefined ? placeS + durationMs / 1000 : times.sound.from + this.#offsetS;
      if (soundS - this.#heardS > SILENCE_S) {
        const filler = silence(codec, sound, soundS - this.#heardS);
        buffer.timestampOffset = this.#heardS;
        if (filler !== undefined) await appended(buffer, filler);
      }
      this.#heardS = times.sound === undefined ? soundS : times.sound.to + this.#offsetS;
    }
    if (buffer.timestampOffset !== this.#offsetS) buffer.timestampOffset = this.#offsetS;
    await appended(buffer, bytes);
    this.#pictures.set(
      this.#next,
      times.pictures.map((start) => start + this.#offsetS),
    );
    this.#next += 1;
  }

  async #forgetOld(line: FootageLine, buffer: SourceBuffer, nowS: number): Promise<void> {
    if (nowS - line.placeS(this.#first) < 2 * BEHIND_S) return;
    const keepFrom = line.startFor(line.indexAt(nowS - BEHIND_S));
    const end = this.#pictures.get(keepFrom)?.[0];
    if (keepFrom <= this.#first || end === undefined) return;
    await emptied(buffer, 0, end);
    for (; this.#first < keepFrom; this.#first++) this.#pictures.delete(this.#first);
  }

  #forget(start: number): void {
    this.#first = start;
    this.#next = start;
    this.#pictures.clear();
  }

  #init(url: string, signal: AbortSignal): Promise<Uint8Array> {
    const known = this.#inits.get(url) ?? fetched(url, signal);
    this.#inits.set(url, known);
    return known;
  }

  #show(state: FootageState): void {
    if (this.state === state) return;
    this.state = state;
    this.#host.requestUpdate();
  }
}

function typeOf(codec: string): string {
  return `video/mp4; codecs="${codec}"`;
}

function canPlay(codec: string): boolean {
  return "MediaSource" in globalThis && MediaSource.isTypeSupported(typeOf(codec));
}

async function fetched(url: string, signal: AbortSignal): Promise<Uint8Array> {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

function appended(buffer: SourceBuffer, bytes: Uint8Array): Promise<void> {
  return updated(buffer, () => buffer.appendBuffer(bytes as Uint8Array<ArrayBuffer>));
}

function emptied(buffer: SourceBuffer, from: number, to: number): Promise<void> {
  return updated(buffer, () => buffer.remove(from, to));
}

async function updated(buffer: SourceBuffer, change: () => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    buffer.addEventListener("updateend", () => resolve(), { once: true });
    buffer.addEventListener("error", () => reject(new Error("the browser refused the footage")), {
      once: true,
    });
    change();
  });
}
