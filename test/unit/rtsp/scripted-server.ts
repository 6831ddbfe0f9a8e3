/**
 * An RTSP server in a test's hand: answers by a script, keeps every request it saw, sends packets on demand.
 * Invariant: it speaks over a real socket on 127.0.0.1.
 */
import { once } from "node:events";
import { type AddressInfo, type Socket, createServer } from "node:net";

export interface SeenRequest {
  readonly method: string;
  readonly uri: string;
  readonly text: string;
}

export type Script = (request: SeenRequest, seen: readonly SeenRequest[]) => string | undefined;

const SDP = [
  "v=0",
  "m=video 0 RTP/AVP 96",
  "a=rtpmap:96 H264/90000",
  "a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z01ADeygoP2AiAAAAwAIAAADAZB4oUyw,aOvjyyA=",
  "a=control:track1",
  "",
].join("\r\n");

/** Header lines (and body) of the usual answer; without the status line and CSeq. */
export function usual({ method }: SeenRequest): string {
  if (method === "OPTIONS") return "Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN\r\n\r\n";
  if (method === "DESCRIBE")
    return `Content-Type: application/sdp\r\nContent-Length: ${SDP.length}\r\n\r\n${SDP}`;
  if (method === "SETUP") return "Session: 42;timeout=2\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n\r\n";
  return "Session: 42\r\n\r\n";
}

export interface ScriptedServer {
  readonly url: string;
  readonly port: number;
  readonly seen: SeenRequest[];
  /** How many connections are open. */
  connections(): number;
  /** Sends an RTP packet to every connection. */
  rtp(packet: {
    readonly sequence: number;
    readonly timestamp: number;
    readonly payload: readonly number[];
    readonly marker?: boolean;
  }): void;
  /** Sends raw bytes. */
  raw(bytes: Uint8Array): void;
  close(): Promise<void>;
}

/** `script` gives the answer's lines after CSeq; a first line `401` and so on sets the status; undefined: silence. */
export async function startScriptedServer(script: Script = usual): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  const seen: SeenRequest[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    let rest = "";
    socket.setEncoding("latin1").on("data", (piece: string) => {
      rest += piece;
      for (let end = rest.indexOf("\r\n\r\n"); end >= 0; end = rest.indexOf("\r\n\r\n")) {
        const text = rest.slice(0, end);
        rest = rest.slice(end + 4);
        const [, method = "", uri = ""] = /([A-Z_]+) (\S+) RTSP/.exec(text) ?? [];
        const request = { method, uri, text };
        seen.push(request);
        const answer = script(request, seen);
        if (answer === undefined) continue;
        const status = /^(\d{3})\r\n/.exec(answer)?.[1];
        const sequence = /CSeq: (\d+)/.exec(text)?.[1] ?? "0";
        const lines = status === undefined ? answer : answer.slice(5);
        socket.write(`RTSP/1.0 ${status ?? "200"} X\r\nCSeq: ${sequence}\r\n${lines}`);
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const raw = (bytes: Uint8Array): void => sockets.forEach((socket) => socket.write(bytes));
  return {
    url: `rtsp://127.0.0.1:${port}/live`,
    port,
    seen,
    raw,
    connections: () => sockets.size,
    rtp({ sequence, timestamp, payload, marker }) {
      const packet = Buffer.alloc(16 + payload.length);
      packet.set([0x24, 0]);
      packet.writeUInt16BE(12 + payload.length, 2);
      packet.set([0x80, 96 | (marker === false ? 0 : 0x80)], 4);
      packet.writeUInt16BE(sequence, 6);
      packet.writeUInt32BE(timestamp, 8);
      packet.writeUInt32BE(7, 12);
      packet.set(payload, 16);
      raw(packet);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
