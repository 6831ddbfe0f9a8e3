/**
 * One RTSP session over TCP, UDP or TLS: OPTIONS, DESCRIBE, SETUP, PLAY, keep-alive, TEARDOWN (RFC 2326).
 * Invariant: a session that was set up is torn down before its connection closes.
 */
import { randomInt } from "node:crypto";
import { Connection } from "./connection.ts";
import type { EventQueue } from "./event-queue.ts";
import { Requester } from "./requester.ts";
import { ReorderWindow } from "./reorder-window.ts";
import { RtspError, RtspRedirect, TransportRefused } from "./rtsp-error.ts";
import { parseSdp } from "./sdp.ts";
import type { SourceClock } from "./source-event.ts";
import type { TlsTrust } from "./tls.ts";
import { TrackReceiver } from "./track-receiver.ts";
import { type ChosenTrack, chooseTracks } from "./track-choice.ts";
import { type TransportChoice, offerTcp, offerUdp, parseTransport } from "./transport.ts";
import { UdpPair } from "./udp-pair.ts";
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
  readonly transport: TransportChoice;
  /** Packets over TCP are read together with all other cameras', which costs up to 20 ms and saves wake-ups. */
  readonly readInBeats: boolean;
  /** What an rtsps:// camera's certificate is held against. */
  readonly tls: TlsTrust;
}

const DEFAULT_SESSION_TIMEOUT_S = 60;
const TEARDOWN_WAIT_MS = 500;
const RECEIVER_REPORT_MS = 5000;
const MAX_REDIRECTS = 3;

export class Session {
  readonly #options: SessionOptions;
  readonly #queue: EventQueue;
  readonly #byChannel = new Map<number, (payload: Uint8Array) => void>();
  readonly #receivers: { readonly receiver: TrackReceiver; readonly report: (bytes: Uint8Array) => void }[] =
    [];
  readonly #pairs: UdpPair[] = [];
  readonly #windows: ReorderWindow[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #ssrc = randomInt(1, 0xffff_ffff);
  #url: RtspUrl;
  #transport: TransportChoice;
  /** True while the reader is behind: datagrams can't wait, so they are dropped and their loss is told. */
  #dropping = false;
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
    this.#url = options.url;
    this.#transport = options.transport;
  }

  /** Connects and plays; events go to the queue from here on. Throws RtspError. */
  async start(signal: AbortSignal): Promise<void> {
    const { requester, answer } = await this.#describe(signal);
    const description = parseSdp(answer.body);
    const base = header(answer, "content-base") ?? header(answer, "content-location");
    this.#aggregate = this.#url.control(base, description.control);
    const chosen = chooseTracks(description, this.#options.withAudio);
    this.#queue.push({ kind: "tracks", tracks: chosen.map(({ track }) => track) });
    let timeoutS = DEFAULT_SESSION_TIMEOUT_S;
    for (const track of chosen)
      timeoutS = await this.#setUp(requester, track, this.#url.control(base, track.control));
    this.#lastPictureMs = this.#options.clock.monotonicMs();
    await requester.send("PLAY", this.#aggregate, [...this.#sessionHeader(), ["Range", "npt=0.000-"]]);
    if (this.#options.readInBeats) this.#connection?.readInBeats();
    this.#every(Math.max(1000, (timeoutS * 1000) / 2), () => this.#keepAlive());
    this.#every(RECEIVER_REPORT_MS, () => this.#reportReception());
    const watchMs = Math.max(50, this.#options.stallMs / 8);
    this.#lastWatchMs = this.#options.clock.monotonicMs();
    this.#every(watchMs, () => this.#watch(watchMs));
  }

  /** Asks for the description, where the camera redirects on a new connection to where it says. */
  async #describe(signal: AbortSignal): Promise<{ requester: Requester; answer: RtspMessage }> {
    for (let redirects = 0; ; redirects++) {
      const requester = new Requester(await this.#connect(signal), this.#url);
      this.#requester = requester;
      const uri = this.#url.requestUri;
      try {
        const options = await requester.send("OPTIONS", uri);
        if (/\bGET_PARAMETER\b/i.test(header(options, "public") ?? ""))
          this.#keepAliveMethod = "GET_PARAMETER";
        return { requester, answer: await requester.send("DESCRIBE", uri, [["Accept", "application/sdp"]]) };
      } catch (error) {
        if (!(error instanceof RtspRedirect) || redirects === MAX_REDIRECTS) throw error;
        this.#url = this.#url.redirected(error.location);
        await this.#connection?.close();
      }
    }
  }

  async #connect(signal: AbortSignal): Promise<Connection> {
    const { host, port, secure } = this.#url;
    const connection = await Connection.open(
      {
        host,
        port,
        timeoutMs: this.#options.timeoutMs,
        ...(secure ? { tls: this.#options.tls } : {}),
        onPacket: (channel, payload) => this.#byChannel.get(channel)?.(payload),
        onEnd: (error) => this.#queue.fail(error),
      },
      signal,
    );
    this.#connection = connection;
    this.#queue.flow = {
      pause: () => {
        this.#dropping = true;
        if (this.#pairs.length === 0) connection.pause();
      },
      resume: () => {
        this.#dropping = false;
        connection.resume();
      },
      recycle: () => {
        for (const { receiver } of this.#receivers) receiver.recycle();
      },
    };
    return connection;
  }

  /** Sets up one track and returns the announced session timeout in seconds. */
  async #setUp(requester: Requester, chosen: ChosenTrack, uri: string): Promise<number> {
    const { track } = chosen.track;
    const { answer, pair } = await this.#negotiate(requester, track, uri);
    this.#sessionId = sessionIdOf(answer);
    const given = parseTransport(header(answer, "transport") ?? "");
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
    if (given?.kind === "tcp" && pair === undefined) {
      this.#receivers.push({
        receiver,
        report: (bytes) => this.#connection?.send(given.rtcpChannel, bytes),
      });
      this.#byChannel.set(given.rtpChannel, (payload) => receiver.rtp(payload));
      this.#byChannel.set(given.rtcpChannel, (payload) => receiver.rtcp(payload));
    } else if (given?.kind === "udp" && pair !== undefined) {
      const window = new ReorderWindow((bytes) => this.#guard(() => receiver.rtp(bytes)));
      this.#windows.push(window);
      this.#receivers.push({ receiver, report: (bytes) => pair.sendRtcp(bytes) });
      // Packets come from the host that was dialled, whatever `source` says.
      const address = this.#connection?.addresses.remote ?? "";
      pair.listen(
        { address, rtpPort: given.rtpPort, rtcpPort: given.rtcpPort },
        {
          rtp: (bytes) => {
            if (!this.#dropping) window.push(bytes);
          },
          rtcp: (bytes) => this.#guard(() => receiver.rtcp(bytes)),
        },
      );
    } else throw new RtspError("unsupported", "the camera chose a transport that was not offered");
    const timeout = /;\s*timeout\s*=\s*(\d{1,6})/i.exec(header(answer, "session") ?? "")?.[1];
    return timeout === undefined || Number(timeout) === 0 ? DEFAULT_SESSION_TIMEOUT_S : Number(timeout);
  }

  /** TCP first; UDP where TCP is refused. Over TLS there is no UDP, since its packets would go in clear. */
  async #negotiate(
    requester: Requester,
    track: number,
    uri: string,
  ): Promise<{ answer: RtspMessage; pair?: UdpPair }> {
    const setUp = (transport: string): Promise<RtspMessage> =>
      requester.send("SETUP", uri, [...this.#sessionHeader(), ["Transport", transport]]);
    if (this.#transport !== "udp" || this.#url.secure)
      try {
        return { answer: await setUp(offerTcp(track)) };
      } catch (error) {
        const mayTurn = this.#transport === "automatic" && !this.#url.secure;
        if (!(error instanceof TransportRefused) || !mayTurn) throw error;
        this.#transport = "udp";
      }
    const pair = await UdpPair.open(this.#connection?.addresses.local ?? "");
    this.#pairs.push(pair);
    if (this.#closing !== undefined) {
      await pair.close();
      throw new RtspError("closed", "closed");
    }
    return { answer: await setUp(offerUdp(pair.port)), pair };
  }

  /** What a datagram's content throws ends the session, as it does on the connection. */
  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#queue.fail(
        error instanceof RtspError ? error : new RtspError("badAnswer", "unreadable", { cause: error }),
      );
    }
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
    for (const { receiver, report } of this.#receivers) {
      const bytes = receiver.receiverReport(this.#ssrc);
      if (bytes !== undefined) report(bytes);
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
    for (const window of this.#windows) window.close();
    await Promise.all(this.#pairs.map((pair) => pair.close()));
    if (this.#connection === undefined) return;
    if (this.#sessionId !== undefined && this.#requester !== undefined) {
      this.#connection.readAtOnce();
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
