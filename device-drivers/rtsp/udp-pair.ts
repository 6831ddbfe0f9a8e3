/**
 * A pair of UDP sockets for one track, RTP on an even port and RTCP on the next (RFC 3550 11).
 * Invariant: only datagrams of the dialled camera come through, and after `close` none does.
 */
import { type Socket, createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import { RtspError } from "./rtsp-error.ts";

/** A key frame comes as hundreds of datagrams at once; the system may grant less. */
const RECEIVE_BYTES = 4 * 1024 * 1024;
const ATTEMPTS = 20;

export interface UdpSink {
  rtp(bytes: Uint8Array): void;
  rtcp(bytes: Uint8Array): void;
}

export class UdpPair {
  /** Local port of RTP; RTCP has the next. */
  readonly port: number;
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  #remote: { readonly address: string; readonly rtcpPort: number } | undefined;
  #closed = false;

  private constructor(port: number, rtp: Socket, rtcp: Socket) {
    this.port = port;
    this.#rtp = rtp;
    this.#rtcp = rtcp;
  }

  /** `local`: the address on which the camera is reached. Throws RtspError `unsupported` without a free pair. */
  static async open(local: string): Promise<UdpPair> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const rtp = await bound(local, 0);
      const port = rtp?.address().port ?? 0;
      const rtcp = rtp !== undefined && port % 2 === 0 ? await bound(local, port + 1) : undefined;
      if (rtp !== undefined && rtcp !== undefined) return new UdpPair(port, rtp, rtcp);
      if (rtp !== undefined) await closed(rtp);
    }
    throw new RtspError("unsupported", "no free pair of UDP ports");
  }

  /** Starts receiving from the camera; `rtpPort` and `rtcpPort` are 0 where it did not name them. */
  listen(remote: { address: string; rtpPort: number; rtcpPort: number }, sink: UdpSink): void {
    this.#remote = remote;
    const from =
      (expectedPort: number, take: (bytes: Uint8Array) => void) =>
      (bytes: Uint8Array, sender: { address: string; port: number }): void => {
        const isCamera =
          sender.address === remote.address && (expectedPort === 0 || sender.port === expectedPort);
        if (isCamera && !this.#closed) take(bytes);
      };
    this.#rtp.on(
      "message",
      from(remote.rtpPort, (bytes) => sink.rtp(bytes)),
    );
    this.#rtcp.on(
      "message",
      from(remote.rtcpPort, (bytes) => sink.rtcp(bytes)),
    );
  }

  /** Sends to the camera's RTCP port, where it named one. */
  sendRtcp(bytes: Uint8Array): void {
    const remote = this.#remote;
    if (remote === undefined || remote.rtcpPort === 0 || this.#closed) return;
    // A report that does not leave is made up for by the next one.
    this.#rtcp.send(bytes, remote.rtcpPort, remote.address, () => undefined);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([closed(this.#rtp), closed(this.#rtcp)]);
  }
}

/** Undefined when the port is taken. */
async function bound(address: string, port: number): Promise<Socket | undefined> {
  const socket = createSocket({ type: isIPv6(address) ? "udp6" : "udp4", recvBufferSize: RECEIVE_BYTES });
  try {
    socket.bind(port, address);
    await once(socket, "listening");
  } catch {
    await closed(socket);
    return undefined;
  }
  // A destination that refuses shows up as an error; the stall watch decides about silence.
  socket.on("error", () => undefined);
  return socket;
}

async function closed(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    socket.close(() => resolve());
  });
}
