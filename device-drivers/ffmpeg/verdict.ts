/**
 * Why ffmpeg ended, from what it wrote. Invariant: none of its words goes on, since they hold the address with its
 * credentials; only causes and our own texts do.
 */
import { RtspError, type RtspErrorCode } from "../rtsp/rtsp-error.ts";

const SIGNS: readonly (readonly [sign: RegExp, code: RtspErrorCode, detail: string])[] = [
  [/\b401 Unauthorized/i, "unauthorized", "the camera refuses user or password"],
  [/\b404 Not Found/i, "notFound", "the camera does not have this stream"],
  [
    /Connection refused|timed out|No route to host|unreachable|Failed to resolve/i,
    "unreachable",
    "ffmpeg finds no camera there",
  ],
  [/\b[45]\d\d [A-Z]|Server returned/, "refused", "the camera refuses ffmpeg"],
  [
    /Unsupported codec|not currently supported|Could not write header|matches no streams|Invalid data found|not implemented/i,
    "unsupported",
    "ffmpeg can't take this camera's picture as it is",
  ],
];

/** `hadPicture`: after a picture every end is a broken connection, since ffmpeg ends with 0 then too. */
export function verdictOf(text: string, hadPicture: boolean): RtspError {
  if (!hadPicture)
    for (const [sign, code, detail] of SIGNS) if (sign.test(text)) return new RtspError(code, detail);
  return new RtspError("disconnected", "ffmpeg ended");
}

/** RTP packets that ffmpeg says it missed; 0 for any other line. */
export function missedPackets(line: string): number {
  const packets = Number(/RTP: missed (-?\d{1,6}) packets/.exec(line)?.[1] ?? 0);
  return packets > 0 ? packets : 0;
}
