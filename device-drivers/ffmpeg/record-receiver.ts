/**
 * Takes what ffmpeg sends: the server side of RTSP ANNOUNCE and RECORD (RFC 2326 10.3, 10.11) for one sender.
 * Invariant: it listens on the loopback alone, only the one who knows the path is heard, and only once.
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type Server, type Socket, createServer } from "node:net";
import type { EventQueue } from "../rtsp/event-queue.ts";
import { RtspError } from "../rtsp/rtsp-error.ts";
import { parseSdp } from "../rtsp/sdp.ts";
import type { SourceClock, SourceEvent } from "../rtsp/source-event.ts";
import { type ChosenTrack, chooseTracks } from "../rtsp/track-choice.ts";
import { TrackReceiver } from "../rtsp/track-receiver.ts";
import { parseTransport } from "../rtsp/transport.ts";
import { type RtspMessage, WireReader, header } from "../rtsp/wire-reader.ts";

export interface RecordReceiverOptions {
  readonly clock: SourceClock;
  readonly withAudio: boolean;
  readonly queue: EventQueue;
  /** Told of each picture. */
  readonly onPicture: () => void;
}

export class RecordReceiver {
  readonly #options: RecordReceiverOptions;
  readonly #server: Server;
  readonly #path = `/${randomBytes(16).toString("hex")}`;
  readonly #sockets = new Set<Socket>();
  readonly #receivers = new Map<number, TrackReceiver>();
  #chosen: readonly ChosenTrack[] = [];
  #sender: Socket | undefined;
  #isClosed = false;

  private constructor(options: RecordReceiverOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async listen(options: RecordReceiverOptions): Promise<RecordReceiver> {
    const receiver = new RecordReceiver(options);
    receiver.#server.listen(0, "127.0.0.1");
    await once(receiver.#server, "listening");
    return receiver;
  }

  /** Where ffmpeg has to send to. */
  get url(): string {
    const address = this.#server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    return `rtsp://127.0.0.1:${port}${this.#path}`;
  }

  /** What still comes is read and thrown away, so that ffmpeg isn't held up while it ends. */
  drain(): void {
    this.#receivers.clear();
    for (const socket of this.#sockets) socket.resume();
  }

  /** Resolves when nothing listens and no connection is left. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#receivers.clear();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    // The end of the sender is told by its process.
    socket.on("error", () => undefined);
    const reader = new WireReader({
      message: (message) => this.#message(socket, message),
      packet: (channel, payload) => {
        if (socket === this.#sender) this.#packet(channel, payload);
      },
    });
    socket.on("data", (bytes) => {
      try {
        reader.push(bytes);
      } catch (error) {
        socket.destroy();
        if (socket === this.#sender)
          this.#options.queue.fail(
            error instanceof RtspError ? error : new RtspError("badAnswer", "unreadable", { cause: error }),
          );
      }
    });
  }

  #message(socket: Socket, message: RtspMessage): void {
    if (message.kind !== "request") return;
    const isKnown = URL.canParse(message.uri) && new URL(message.uri).pathname.startsWith(this.#path);
    // Anyone on this machine may connect; without the path nothing is said.
    if (!isKnown || (this.#sender !== undefined && this.#sender !== socket)) {
      socket.destroy();
      return;
    }
    const answer = (status: string, lines: readonly string[] = []): void => {
      const head = [`RTSP/1.0 ${status}`, `CSeq: ${header(message, "cseq") ?? "0"}`, "Session: 1"];
      socket.write(`${[...head, ...lines].join("\r\n")}\r\n\r\n`, "latin1");
    };
    if (message.word === "ANNOUNCE") this.#announce(socket, message, answer);
    else if (message.word === "SETUP") this.#setUp(message, answer);
    else answer("200 OK", ["Public: ANNOUNCE, SETUP, RECORD, TEARDOWN"]);
  }

  #announce(socket: Socket, message: RtspMessage, answer: (status: string) => void): void {
    this.#sender = socket;
    const { queue, withAudio } = this.#options;
    queue.flow = {
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      recycle: () => {
        for (const receiver of this.#receivers.values()) receiver.recycle();
      },
    };
    try {
      this.#chosen = chooseTracks(parseSdp(message.body), withAudio);
    } catch (error) {
      answer("415 Unsupported Media Type");
      queue.fail(
        error instanceof RtspError ? error : new RtspError("badAnswer", "unreadable", { cause: error }),
      );
      return;
    }
    queue.push({ kind: "tracks", tracks: this.#chosen.map(({ track }) => track) });
    for (const { track, parameters } of this.#chosen)
      if (parameters !== undefined && track.media === "video")
        queue.push({ kind: "parameters", track: track.track, codec: track.codec, ...parameters });
    answer("200 OK");
  }

  #setUp(message: RtspMessage, answer: (status: string, lines?: readonly string[]) => void): void {
    const offered = header(message, "transport") ?? "";
    const given = parseTransport(offered);
    if (given?.kind !== "tcp") {
      answer("461 Unsupported Transport");
      return;
    }
    const chosen = this.#chosen.find(
      ({ control }) => control !== undefined && message.uri.endsWith(`/${control}`),
    );
    if (chosen !== undefined)
      this.#receivers.set(
        given.rtpChannel,
        new TrackReceiver(chosen, this.#options.clock, {
          push: (event) => this.#take(event),
          bye: () => undefined,
        }),
      );
    answer("200 OK", [`Transport: ${offered}`]);
  }

  #packet(channel: number, payload: Uint8Array): void {
    // RTCP is left out: its time is this machine's, not the camera's.
    this.#receivers.get(channel)?.rtp(payload);
  }

  #take(event: SourceEvent): void {
    if (event.kind === "unit" && event.track === 0) this.#options.onPicture();
    this.#options.queue.push(event);
  }
}
