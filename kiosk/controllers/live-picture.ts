/**
 * Plays a camera's live stream in a video element by MediaSource. Invariant: it stays at the live edge, keeps a few
 * seconds at most, dials again for ever while it is wanted, and frees everything when it is not.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { LiveMessage } from "../../gateway/http/contract/live.ts";

/** connecting: no picture yet; playing; away: the line or the camera is lost; unplayable: a codec this browser lacks. */
export type LivePictureState = "connecting" | "playing" | "away" | "unplayable";

const RETRY_MS = 1_000;
/** Silence for longer than this means that the camera sends nothing any more. */
const SILENT_MS = 4_000;
const KEEP_S = 6;
/** Up to this far behind the newest picture is as close as a browser gets. */
const NEAR_S = 0.06;
/** So far behind, playing faster takes too long: jump. */
const JUMP_S = 0.6;
const FASTEST = 1.25;
const QUEUE_MAX = 250;

interface OpenMedia {
  readonly source: MediaSource;
  readonly url: string;
  buffer?: SourceBuffer;
}

export class LivePlayer implements ReactiveController {
  state: LivePictureState = "connecting";
  /** RFC 6381, as the gateway said it. */
  codec = "";
  readonly #host: ReactiveControllerHost;
  readonly #video: () => HTMLVideoElement | null;
  #path: string | undefined;
  #socket: WebSocket | undefined;
  #media: OpenMedia | undefined;
  #queue: ArrayBuffer[] = [];
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, video: () => HTMLVideoElement | null) {
    this.#host = host;
    this.#video = video;
    host.addController(this);
  }

  /** Plays what this path streams; undefined ends it. */
  play(path: string | undefined): void {
    if (path === this.#path) return;
    this.#path = path;
    this.#hangUp();
    this.#show("connecting");
    if (path !== undefined) this.#dial(path);
  }

  hostDisconnected(): void {
    this.play(undefined);
  }

  #dial(path: string): void {
    const url = new URL(path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (this.#socket !== socket) return;
      if (data instanceof ArrayBuffer) this.#take(data);
      else if (typeof data === "string") this.#hear(JSON.parse(data) as LiveMessage);
    });
    socket.addEventListener("close", () => {
      if (this.#socket !== socket) return;
      this.#hangUp();
      this.#show("away");
      this.#retry = setTimeout(() => this.#dial(path), RETRY_MS * (0.75 + Math.random() * 0.5));
    });
  }

  #hear(message: LiveMessage): void {
    if (message.kind !== "init") return;
    this.codec = message.codec;
    this.#close();
    const type = `video/mp4; codecs="${message.codec}"`;
    if (!("MediaSource" in globalThis) || !MediaSource.isTypeSupported(type)) {
      this.#show("unplayable");
      return;
    }
    this.#open(type);
  }

  /** A new MediaSource for each init segment: its times begin anew. */
  #open(type: string): void {
    const video = this.#video();
    if (video === null) return;
    const source = new MediaSource();
    const media: OpenMedia = { source, url: URL.createObjectURL(source) };
    this.#media = media;
    source.addEventListener(
      "sourceopen",
      () => {
        if (this.#media !== media) return;
        source.duration = Number.POSITIVE_INFINITY;
        const buffer = source.addSourceBuffer(type);
        media.buffer = buffer;
        buffer.addEventListener("updateend", () => this.#appended(buffer));
        this.#feed(buffer);
      },
      { once: true },
    );
    video.src = media.url;
  }

  #take(bytes: ArrayBuffer): void {
    if (this.#media === undefined) return;
    // A page that decodes slower than this starts again at a key frame instead of falling behind for ever.
    if (this.#queue.length >= QUEUE_MAX) {
      this.#socket?.close();
      return;
    }
    this.#queue.push(bytes);
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#show("away"), SILENT_MS);
    if (this.#media.buffer !== undefined) this.#feed(this.#media.buffer);
  }

  #feed(buffer: SourceBuffer): void {
    if (buffer.updating || this.#media?.buffer !== buffer) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    try {
      buffer.appendBuffer(next);
    } catch {
      // The element refused the stream (a decoding error): what follows can only play from a fresh start.
      this.#socket?.close();
    }
  }

  #appended(buffer: SourceBuffer): void {
    if (this.#media?.buffer !== buffer || this.#media.source.readyState !== "open") return;
    this.#chase(buffer);
    const { buffered } = buffer;
    const oldest = buffered.length === 0 ? 0 : buffered.start(0);
    const now = this.#video()?.currentTime ?? 0;
    if (this.#queue.length === 0 && now - oldest > 2 * KEEP_S) buffer.remove(oldest, now - KEEP_S);
    else this.#feed(buffer);
  }

  #chase(buffer: SourceBuffer): void {
    const video = this.#video();
    const { buffered } = buffer;
    if (video === null || buffered.length === 0) return;
    const edge = buffered.end(buffered.length - 1);
    const behind = edge - video.currentTime;
    if (behind > JUMP_S || behind < 0)
      video.currentTime = Math.max(buffered.start(buffered.length - 1), edge - NEAR_S);
    video.playbackRate = behind > 2 * NEAR_S ? Math.min(FASTEST, 1 + (behind - NEAR_S)) : 1;
    if (video.paused) video.play().catch(() => undefined);
    this.#show("playing");
  }

  #close(): void {
    clearTimeout(this.#silence);
    this.#queue = [];
    const media = this.#media;
    this.#media = undefined;
    if (media === undefined) return;
    URL.revokeObjectURL(media.url);
    const video = this.#video();
    video?.removeAttribute("src");
    video?.load();
  }

  #hangUp(): void {
    clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#close();
  }

  #show(state: LivePictureState): void {
    if (this.state === state) return;
    this.state = state;
    this.#host.requestUpdate();
  }
}
