/**
 * Cuts the byte stream of an RTSP connection into messages and interleaved packets (RFC 2326 4, 10.12).
 * Invariant: what it holds back is bounded by the limits below, whatever the other side sends.
 */
import { RtspError, excerpt } from "./rtsp-error.ts";

export const MAX_HEAD_BYTES = 16_384;
export const MAX_HEADERS = 64;
export const MAX_BODY_BYTES = 262_144;

export interface RtspMessage {
  readonly kind: "response" | "request";
  /** Status of a response, 0 for a request. */
  readonly status: number;
  /** Reason phrase, or method of a request. */
  readonly word: string;
  /** Address of a request, empty for a response. */
  readonly uri: string;
  /** Names in lower case; a name may occur more than once. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

export interface WireSink {
  message(message: RtspMessage): void;
  /** An interleaved packet; the payload is a view of memory that the next read writes to. */
  packet(channel: number, payload: Uint8Array): void;
}

const DOLLAR = 0x24;
const CR = 0x0d;
const LF = 0x0a;
const PACKET_HEAD_BYTES = 4;

/** First value of a header by its lower-case name. */
export function header(message: RtspMessage, name: string): string | undefined {
  return message.headers.find(([key]) => key === name)?.[1];
}

/** What one read from the socket may fill at least; a key frame of 4 Mbit/s takes one or two. */
const READ_BYTES = 65_536;
const SLAB_BYTES = 2 * READ_BYTES;

/**
 * The socket reads straight into `space()` and tells `filled()`. The memory is used over and over, so whoever
 * keeps a payload copies it. `filled` throws RtspError `badAnswer` on anything that is not RTSP within the limits.
 */
export class WireReader {
  readonly #sink: WireSink;
  #slab: Buffer = Buffer.allocUnsafeSlow(SLAB_BYTES);
  /** From here to `#end` lies the start of one incomplete message or packet. */
  #start = 0;
  #end = 0;

  constructor(sink: WireSink) {
    this.#sink = sink;
  }

  /** Where the next bytes go: behind what is incomplete, which moves to the front when room runs out. */
  space(): Buffer {
    if (this.#slab.length - this.#end < READ_BYTES) {
      const rest = this.#slab.subarray(this.#start, this.#end);
      if (rest.length + READ_BYTES > this.#slab.length)
        this.#slab = Buffer.allocUnsafeSlow(rest.length + 2 * READ_BYTES);
      this.#slab.set(rest);
      this.#start = 0;
      this.#end = rest.length;
    }
    return this.#end === 0 ? this.#slab : this.#slab.subarray(this.#end);
  }

  /** `size` bytes were put into what `space` gave. */
  filled(size: number): void {
    this.#end += size;
    const bytes = this.#slab.subarray(0, this.#end);
    while (this.#start < bytes.length) {
      const used =
        bytes[this.#start] === DOLLAR ? this.#packet(bytes, this.#start) : this.#message(bytes, this.#start);
      if (used === 0) return;
      this.#start += used;
    }
    this.#start = 0;
    this.#end = 0;
  }

  /** For a source that has its own buffers: copies the chunk in. */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const space = this.space();
      const piece = chunk.subarray(at, at + space.length);
      space.set(piece);
      at += piece.length;
      this.filled(piece.length);
    }
  }

  #packet(bytes: Buffer, at: number): number {
    if (bytes.length - at < PACKET_HEAD_BYTES) return 0;
    const end = at + PACKET_HEAD_BYTES + bytes.readUInt16BE(at + 2);
    if (bytes.length < end) return 0;
    this.#sink.packet(bytes.readUInt8(at + 1), bytes.subarray(at + PACKET_HEAD_BYTES, end));
    return end - at;
  }

  #message(bytes: Buffer, at: number): number {
    // Some cameras put line breaks between messages; they mean nothing.
    const first = bytes[at];
    if (first === CR || first === LF) return 1;
    if (first === undefined || first < 0x41 || first > 0x5a)
      throw new RtspError("badAnswer", "the camera sent something that is not RTSP");
    const headEnd = bytes.indexOf("\r\n\r\n", at, "latin1");
    if (headEnd === -1 || headEnd - at > MAX_HEAD_BYTES) {
      if (bytes.length - at > MAX_HEAD_BYTES)
        throw new RtspError("badAnswer", `the camera's header is longer than ${MAX_HEAD_BYTES} bytes`);
      return 0;
    }
    const head = parseHead(bytes.toString("latin1", at, headEnd));
    const announced = head.headers.find(([name]) => name === "content-length")?.[1] ?? "0";
    if (!/^\d{1,9}$/.test(announced)) throw new RtspError("badAnswer", "Content-Length is not a number");
    const bodyBytes = Number(announced);
    if (bodyBytes > MAX_BODY_BYTES)
      throw new RtspError("badAnswer", `the camera's answer is longer than ${MAX_BODY_BYTES} bytes`);
    const bodyStart = headEnd + 4;
    if (bytes.length < bodyStart + bodyBytes) return 0;
    this.#sink.message({ ...head, body: Uint8Array.from(bytes.subarray(bodyStart, bodyStart + bodyBytes)) });
    return bodyStart + bodyBytes - at;
  }
}

function parseHead(text: string): Omit<RtspMessage, "body"> {
  const [start = "", ...lines] = text.split("\r\n");
  if (lines.length > MAX_HEADERS)
    throw new RtspError("badAnswer", `the camera sent more than ${MAX_HEADERS} headers`);
  const headers: [string, string][] = [];
  for (const line of lines) {
    const colon = line.indexOf(":");
    const last = headers.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) last[1] += ` ${line.trim()}`;
    else if (colon > 0)
      headers.push([line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]);
    else throw new RtspError("badAnswer", `not a header line: ${excerpt(line)}`);
  }
  const response = /^RTSP\/1\.\d (\d{3})(?: (.*))?$/.exec(start);
  if (response !== null)
    return { kind: "response", status: Number(response[1]), word: response[2] ?? "", uri: "", headers };
  const request = /^([A-Z_]{3,20}) (\S+) RTSP\/1\.\d$/.exec(start);
  if (request !== null)
    return { kind: "request", status: 0, word: request[1] ?? "", uri: request[2] ?? "", headers };
  throw new RtspError("badAnswer", `not an RTSP start line: ${excerpt(start)}`);
}
