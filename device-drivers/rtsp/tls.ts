/**
 * RTSP over TLS: a camera's certificate is held against a pinned fingerprint or a certificate authority.
 * Invariant: no byte of RTSP is sent before the certificate passed, and there is no way around the check.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Socket, TcpNetConnectOpts } from "node:net";
import { isIP } from "node:net";
import { TLSSocket, connect } from "node:tls";
import { RtspError } from "./rtsp-error.ts";

export interface TlsTrust {
  /** SHA-256 of the camera's own certificate (DER) in hex, colons allowed. Name, issuer and dates then don't count. */
  readonly pinnedSha256?: string;
  /** PEM of the authorities that are trusted; without it, and without a pin, those that came with Node. */
  readonly authorities?: readonly string[];
}

/** Begins a TLS connection; it emits `secureConnect` once the certificate passed (a pin is checked by `checkPin`). */
export function tlsConnect(dial: TcpNetConnectOpts, trust: TlsTrust): Socket {
  return connect({
    ...dial,
    minVersion: "TLSv1.2",
    // A pinned certificate is mostly self-signed; `checkPin` decides instead.
    rejectUnauthorized: trust.pinnedSha256 === undefined,
    ...(trust.authorities === undefined ? {} : { ca: [...trust.authorities] }),
    ...(isIP(dial.host ?? "") === 0 && dial.host !== undefined ? { servername: dial.host } : {}),
  });
}

/** Throws RtspError `refused` when the camera's certificate is not the pinned one. */
export function checkPin(socket: Socket, trust: TlsTrust): void {
  if (trust.pinnedSha256 === undefined) return;
  const pinned = Buffer.from(trust.pinnedSha256.replaceAll(":", ""), "hex");
  const raw = socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.raw : undefined;
  const shown = createHash("sha256")
    .update(raw ?? "")
    .digest();
  if (raw === undefined || pinned.length !== shown.length || !timingSafeEqual(pinned, shown))
    throw new RtspError("refused", "the camera's certificate is not the pinned one");
}
