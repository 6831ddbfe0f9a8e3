/**
 * One TCP or TLS connection to a camera: requests matched to answers by CSeq, interleaved packets passed on.
 * Invariant: every request has a time limit; after `close` nothing is called back and the socket is gone.
 */
import { type Socket, connect } from "node:net";
import { followBeat } from "./read-rhythm.ts";
import { RtspError } from "./rtsp-error.ts";
import { type TlsTrust, checkPin, tlsConnect } from "./tls.ts";
import { type RtspMessage, WireReader, header } from "./wire-reader.ts";

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
  /** Set: TLS, and what the camera's certificate is held against. */
  readonly tls?: TlsTrust;
  readonly onPacket: (channel: number, payload: Uint8Array) => void;
  /** The connection ended, called once at most, never after `close`. */
  readonly onEnd: (error: RtspError) => void;
}

interface Waiting {
  readonly resolve: (message: RtspMessage) => void;
  readonly reject: (error: RtspError) => void;
  readonly timer: NodeJS.Timeout;
}

/** Ties the socket, which has to be made first, to what reads it. */
interface Reading {
  /** Whether reading waits for the next beat once the socket is empty. */
  inBeats: boolean;
  message: (message: RtspMessage) => void;
  fail: (error: unknown) => void;
}

/** Faults of the network below TLS. */
const SOCKET_FAULT = /^(?:ECONN|EHOST|ENET|EADDR|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|EACCES)/;

/** What a request waits in line behind when the camera does not read: more is a camera that hangs. */
const MAX_UNSENT_BYTES = 65_536;

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  readonly #reading: Reading;
  readonly #waiting = new Map<number, Waiting>();
  #isPaused = false;
  #leaveBeat: (() => void) | undefined;
  #sequence = 0;
  #ended: RtspError | undefined;

  private constructor(options: ConnectionOptions, socket: Socket, reading: Reading) {
    this.#options = options;
    this.#socket = socket;
    this.#reading = reading;
    reading.message = (message) => this.#message(message);
    reading.fail = (error) =>
      this.#end(
        error instanceof RtspError ? error : new RtspError("badAnswer", "unreadable", { cause: error }),
      );
    socket.on("error", (cause: NodeJS.ErrnoException) =>
      this.#end(new RtspError("disconnected", `the connection broke (${cause.code ?? "unknown"})`)),
    );
    socket.on("close", () => this.#end(new RtspError("disconnected", "the camera closed the connection")));
  }

  /** Throws RtspError `unreachable` or `closed`. */
  static async open(options: ConnectionOptions, signal: AbortSignal): Promise<Connection> {
    const reading: Reading = { inBeats: false, message: () => undefined, fail: () => undefined };
    const reader = new WireReader({
      message: (message) => reading.message(message),
      packet: options.onPacket,
    });
    let spaceBytes = 0;
    const dial = {
      host: options.host,
      port: options.port,
      noDelay: true,
      // Reading into our own memory spares a stream event and a buffer for each packet of the camera.
      onread: {
        buffer: () => {
          const space = reader.space();
          spaceBytes = space.length;
          return space;
        },
        callback: (size: number) => {
          try {
            reader.filled(size);
          } catch (error) {
            reading.fail(error);
          }
          // A read that filled all there was room for has left something behind.
          return !reading.inBeats || size === spaceBytes;
        },
      },
    };
    const { tls } = options;
    const socket = tls === undefined ? connect(dial) : tlsConnect(dial, tls);
    const connected = tls === undefined ? "connect" : "secureConnect";
    await new Promise<void>((resolve, reject) => {
      const fail = (code: "unreachable" | "refused" | "closed", detail: string): void => {
        settle();
        socket.destroy();
        reject(new RtspError(code, detail));
      };
      const timer = setTimeout(() => fail("unreachable", "no connection in time"), options.timeoutMs);
      const onError = (cause: NodeJS.ErrnoException): void => {
        const isTls = tls !== undefined && !SOCKET_FAULT.test(cause.code ?? "");
        const code = cause.code ?? "unknown";
        if (isTls) fail("refused", `no TLS with the camera (${code})`);
        else fail("unreachable", `no connection (${code})`);
      };
      const onClose = (): void => fail("unreachable", "the camera closed the connection");
      const onAbort = (): void => fail("closed", "closed while connecting");
      const onConnect = (): void => {
        try {
          if (tls !== undefined) checkPin(socket, tls);
        } catch (error) {
          settle();
          socket.destroy();
          reject(error);
          return;
        }
        settle();
        resolve();
      };
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        socket.off(connected, onConnect);
        socket.off("error", onError);
        socket.off("close", onClose);
        // A destroyed socket may still report; nobody is interested any more.
        socket.on("error", () => undefined);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      socket.once(connected, onConnect);
      socket.once("error", onError);
      socket.once("close", onClose);
      if (signal.aborted) onAbort();
    });
    return new Connection(options, socket, reading);
  }

  /** Sends and waits for the answer, whatever its status. Throws RtspError `timeout` or what ended the connection. */
  request(
    method: string,
    uri: string,
    headers: readonly (readonly [string, string])[],
  ): Promise<RtspMessage> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    this.#sequence += 1;
    const sequence = this.#sequence;
    const lines = [`${method} ${uri} RTSP/1.0`, `CSeq: ${sequence}`];
    for (const [name, value] of headers) lines.push(`${name}: ${value}`);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(sequence);
        reject(new RtspError("timeout", `no answer to ${method} in time`));
      }, this.#options.timeoutMs);
      this.#waiting.set(sequence, { resolve, reject, timer });
      this.#socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
    });
  }

  /** Both ends' addresses, for packets that come beside this connection. */
  get addresses(): { readonly local: string; readonly remote: string } {
    return { local: this.#socket.localAddress ?? "", remote: this.#socket.remoteAddress ?? "" };
  }

  /** Sends an interleaved packet; left out when the camera does not read what was sent before. */
  send(channel: number, payload: Uint8Array): void {
    if (this.#ended !== undefined || this.#socket.writableLength > MAX_UNSENT_BYTES) return;
    const head = Buffer.alloc(4);
    head[0] = 0x24;
    head[1] = channel;
    head.writeUInt16BE(payload.length, 2);
    this.#socket.write(Buffer.concat([head, payload]));
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#socket.resume();
  }

  /** For a connection that plays: what comes is read in beats with all others. */
  readInBeats(): void {
    if (this.#ended !== undefined) return;
    this.#reading.inBeats = true;
    this.#leaveBeat ??= followBeat({
      beat: () => {
        if (!this.#isPaused) this.#socket.resume();
      },
    });
  }

  /** What comes is read at once again. */
  readAtOnce(): void {
    this.#reading.inBeats = false;
    this.#leaveBeat?.();
    this.#leaveBeat = undefined;
    if (!this.#isPaused) this.#socket.resume();
  }

  /** Resolves when the socket is closed. */
  async close(): Promise<void> {
    this.#ended ??= new RtspError("closed", "closed");
    this.#leaveBeat?.();
    this.#rejectWaiting(this.#ended);
    if (this.#socket.closed) return;
    await new Promise<void>((resolve) => {
      this.#socket.once("close", () => resolve());
      this.#socket.destroy();
    });
  }

  #message(message: RtspMessage): void {
    const sequence = Number(header(message, "cseq") ?? Number.NaN);
    if (message.kind === "request") {
      const status =
        message.word === "OPTIONS" || message.word === "GET_PARAMETER" ? "200 OK" : "501 Not Implemented";
      if (Number.isSafeInteger(sequence) && this.#socket.writableLength <= MAX_UNSENT_BYTES)
        this.#socket.write(`RTSP/1.0 ${status}\r\nCSeq: ${sequence}\r\n\r\n`, "latin1");
      return;
    }
    const waiting = this.#waiting.get(sequence);
    if (waiting === undefined) return;
    this.#waiting.delete(sequence);
    clearTimeout(waiting.timer);
    waiting.resolve(message);
  }

  #end(error: RtspError): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    this.#leaveBeat?.();
    this.#rejectWaiting(error);
    this.#socket.destroy();
    this.#options.onEnd(error);
  }

  #rejectWaiting(error: RtspError): void {
    for (const waiting of this.#waiting.values()) {
      clearTimeout(waiting.timer);
      waiting.reject(error);
    }
    this.#waiting.clear();
  }
}
