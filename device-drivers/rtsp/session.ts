/**
 * One RTSP session over interleaved TCP: OPTIONS, DESCRIBE, SETUP, PLAY, keep-alive, TEARDOWN (RFC 2326).
 * Invariant: a session that was set up is torn down before its connection closes.
 */
import { randomInt } from "node:crypto";
import { Connection } from "./connection.ts";
import type { EventQueue } from "./event-queue.ts";
import { Requester } from "./requester.ts";
import { RtspError } from "./rtsp-error.ts";
import { parseSdp } from "./sdp.ts";
import type { SourceClock } from "./source-event.ts";
import { TrackReceiver } from "./track-receiver.ts";
import { type ChosenTrack, chooseTracks } from "./track-choice.ts";
import type { RtspUrl } from "./url.ts";
import { type RtspMessage, header } from "./wire-reader.ts";

export interface SessionOptions {
  readonly url: RtspUrl;
  readonly clock: SourceClock;
  readonly withAudio: boolean;
  /** Limit of connecting and of each request. */
  readonly timeoutMs: number;
  /** Without a whole picture for so long the session ends as `stalled`. */
  readonly stallMs: number;
}

const DEFAULT_SESSION_TIMEOUT_S = 60;
const TEARDOWN_WAIT_MS = 500;
const RECEIVER_REPORT_MS = 5000;

export class Session {
  readonly #options: SessionOptions;
  readonly #queue: EventQueue;
  readonly #byChannel = new Map<number, (payload: Uint8Array) => void>();
  readonly #receivers: { readonly receiver: TrackReceiver; readonly rtcpChannel: number }[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #ssrc = randomInt(1, 0xffff_ffff);
  #connection: Connection | undefined;
  #requester: Requester | undefined;
  #sessionId: string | undefined;
  #aggregate = "";
  #keepAliveMethod = "OPTIONS";
  #lastPictureMs = 0;
  #lastWatchMs = 0;
  #closing: Promise<void> | undefined;

  constructor(options: SessionOptions, queue: EventQueue) {
    this.#options = options;
    this.#queue = queue;
  }

  /** Connects and plays; events go to the queue from here on. Throws RtspError. */
  async start(signal: AbortSignal): Promise<void> {
    const { url, timeoutMs } = this.#options;
    const connection = await Connection.open(
      {
        host: url.host,
        port: url.port,
        timeoutMs,
        onPacket: (channel, payload) => this.#byChannel.get(channel)?.(payload),
        onEnd: (error) => this.#queue.fail(error),
      },
      signal,
    );
    this.#connection = connection;
    this.#queue.flow = connection;
    const requester = new Requester(connection, url);
    this.#requester = requester;
    const options = await requester.send("OPTIONS", url.requestUri);
    if (/\bGET_PARAMETER\b/i.test(header(options, "public") ?? "")) this.#keepAliveMethod = "GET_PARAMETER";
    const answer = await requester.send("DESCRIBE", url.requestUri, [["Accept", "application/sdp"]]);
    const description = parseSdp(answer.body);
    const base = header(answer, "content-base") ?? header(answer, "content-location");
    this.#aggregate = url.control(base, description.control);
    const chosen = chooseTracks(description, this.#options.withAudio);
    this.#queue.push({ kind: "tracks", tracks: chosen.map(({ track }) => track) });
    let timeoutS = DEFAULT_SESSION_TIMEOUT_S;
    for (const track of chosen)
      timeoutS = await this.#setUp(requester, track, url.control(base, track.control));
    this.#lastPictureMs = this.#options.clock.monotonicMs();
    await requester.send("PLAY", this.#aggregate, [...this.#sessionHeader(), ["Range", "npt=0.000-"]]);
    this.#every(Math.max(1000, (timeoutS * 1000) / 2), () => this.#keepAlive());
    this.#every(RECEIVER_REPORT_MS, () => this.#reportReception());
    const watchMs = Math.max(50, this.#options.stallMs / 8);
    this.#lastWatchMs = this.#options.clock.monotonicMs();
    this.#every(watchMs, () => this.#watch(watchMs));
  }

  /** Sets up one track and returns the announced session timeout in seconds. */
  async #setUp(requester: Requester, chosen: ChosenTrack, uri: string): Promise<number> {
    const { track } = chosen.track;
    const wanted = `RTP/AVP/TCP;unicast;interleaved=${2 * track}-${2 * track + 1}`;
    const answer = await requester.send("SETUP", uri, [...this.#sessionHeader(), ["Transport", wanted]]);
    this.#sessionId = sessionIdOf(answer);
    const given = /interleaved=(\d{1,3})(?:-(\d{1,3}))?/i.exec(header(answer, "transport") ?? "");
    if (given === null) throw new RtspError("unsupported", "the camera does not send over this connection");
    const rtpChannel = Number(given[1]);
    const rtcpChannel = Number(given[2] ?? rtpChannel + 1);
    const receiver = new TrackReceiver(chosen, this.#options.clock, {
      push: (event) => {
        if (event.kind === "unit" && chosen.track.media === "video")
          this.#lastPictureMs = event.arrivalMonoMs;
        this.#queue.push(event);
      },
      bye: () => this.#queue.fail(new RtspError("disconnected", "the camera said goodbye")),
    });
    if (chosen.parameters !== undefined && chosen.track.media === "video")
      this.#queue.push({ kind: "parameters", track, codec: chosen.track.codec, ...chosen.parameters });
    this.#receivers.push({ receiver, rtcpChannel });
    this.#byChannel.set(rtpChannel, (payload) => receiver.rtp(payload));
    this.#byChannel.set(rtcpChannel, (payload) => receiver.rtcp(payload));
    const timeout = /;\s*timeout\s*=\s*(\d{1,6})/i.exec(header(answer, "session") ?? "")?.[1];
    return timeout === undefined || Number(timeout) === 0 ? DEFAULT_SESSION_TIMEOUT_S : Number(timeout);
  }

  #sessionHeader(): [string, string][] {
    return this.#sessionId === undefined ? [] : [["Session", this.#sessionId]];
  }

  #every(ms: number, run: () => void): void {
    // Closing may overtake a set-up whose last answer was on its way.
    if (this.#closing === undefined) this.#timers.add(setInterval(run, ms));
  }

  #keepAlive(): void {
    // A camera that does not answer but sends pictures is alive; silence is the stall watch's business.
    this.#requester
      ?.send(this.#keepAliveMethod, this.#aggregate, this.#sessionHeader())
      .catch((error: unknown) => {
        if (error instanceof RtspError && error.code === "disconnected") this.#queue.fail(error);
        else this.#keepAliveMethod = "OPTIONS";
      });
  }

  #reportReception(): void {
    for (const { receiver, rtcpChannel } of this.#receivers) {
      const report = receiver.receiverReport(this.#ssrc);
      if (report !== undefined) this.#connection?.send(rtcpChannel, report);
    }
  }

  #watch(everyMs: number): void {
    const now = this.#options.clock.monotonicMs();
    // Time in which this process itself stood still is not the camera's silence.
    const overslept = Math.max(0, now - this.#lastWatchMs - 2 * everyMs);
    this.#lastWatchMs = now;
    this.#lastPictureMs += overslept;
    if (this.#queue.paused) this.#lastPictureMs = now;
    else if (now - this.#lastPictureMs >= this.#options.stallMs)
      this.#queue.fail(
        new RtspError("stalled", `no picture for ${Math.round(now - this.#lastPictureMs)} ms`),
      );
  }

  /** TEARDOWN with a short wait, then the socket; resolves when it is closed. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#byChannel.clear();
    if (this.#connection === undefined) return;
    if (this.#sessionId !== undefined && this.#requester !== undefined) {
      this.#connection.resume();
      let timer: NodeJS.Timeout | undefined;
      const wait = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, TEARDOWN_WAIT_MS);
      });
      // The session ends with the connection anyway; a camera that does not answer can't hold us here.
      const torn = this.#requester.send("TEARDOWN", this.#aggregate, this.#sessionHeader()).then(
        () => undefined,
        () => undefined,
      );
      await Promise.race([torn, wait]);
      clearTimeout(timer);
    }
    await this.#connection.close();
  }
}

function sessionIdOf(answer: RtspMessage): string {
  const id = /^\s*([^\s;]{1,256})/.exec(header(answer, "session") ?? "")?.[1];
  if (id === undefined) throw new RtspError("badAnswer", "the camera gave no session");
  return id;
}
