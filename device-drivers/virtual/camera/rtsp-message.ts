/** RTSP 1.0 requests and interleaved frames (RFC 2326 6, 10.12) cut out of a TCP stream, with hard limits. */

export interface RtspRequest {
  readonly method: string;
  readonly uri: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

export interface RtspListener {
  request(request: RtspRequest): void;
  /** A packet from the client on an interleaved channel. */
  interleaved(channel: number, packet: Buffer): void;
}

const LARGEST_HEAD_BYTES = 16 * 1024;
const LARGEST_BODY_BYTES = 64 * 1024;

/** Throws RangeError on what is no RTSP; the connection is to be closed then. */
export function rtspReader(listener: RtspListener): (piece: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (piece) => {
    rest = Buffer.concat([rest, piece]);
    for (;;) {
      if (rest[0] === 0x24) {
        if (rest.length < 4) return;
        const end = 4 + rest.readUInt16BE(2);
        if (rest.length < end) return;
        listener.interleaved(rest.readUInt8(1), rest.subarray(4, end));
        rest = rest.subarray(end);
        continue;
      }
      const headEnd = rest.indexOf("\r\n\r\n");
      if (headEnd < 0) {
        if (rest.length > LARGEST_HEAD_BYTES) throw new RangeError("the request's head is too long");
        return;
      }
      const request = parseHead(rest.subarray(0, headEnd).toString("latin1"));
      const length = Number(request.headers.get("content-length") ?? "0");
      if (!Number.isInteger(length) || length < 0 || length > LARGEST_BODY_BYTES)
        throw new RangeError("the request's body is too long");
      if (rest.length < headEnd + 4 + length) return;
      rest = rest.subarray(headEnd + 4 + length);
      listener.request(request);
    }
  };
}

function parseHead(head: string): RtspRequest {
  const [first = "", ...lines] = head.replace(/^[\r\n]+/, "").split("\r\n");
  const start = /^([A-Z_]+) (\S+) RTSP\/1\.0$/.exec(first);
  if (start === null) throw new RangeError("not an RTSP request");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { method: start[1] ?? "", uri: start[2] ?? "", headers };
}

/** One response's bytes; a header with several values becomes several lines. */
export function rtspResponse(
  status: string,
  cseq: string,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
  body = "",
): Buffer {
  const lines = [`RTSP/1.0 ${status}`, `CSeq: ${cseq}`, "Server: Virtual-Camera"];
  for (const [name, value] of Object.entries(headers))
    for (const one of typeof value === "string" ? [value] : value) lines.push(`${name}: ${one}`);
  if (body !== "") lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`, "utf8");
}

/** A packet framed for the TCP connection. */
export function interleavedFrame(channel: number, packet: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt8(0x24, 0);
  head.writeUInt8(channel, 1);
  head.writeUInt16BE(packet.length, 2);
  return Buffer.concat([head, packet]);
}
