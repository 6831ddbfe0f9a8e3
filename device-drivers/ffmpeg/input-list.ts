/**
 * What ffmpeg is told through its standard input: the camera's address as a list of one (its ffconcat format).
 * Invariant: credentials stand here and nowhere else; no command line, environment or file holds them.
 */
import type { RtspCredentials } from "../rtsp/url.ts";
import { RtspError } from "../rtsp/rtsp-error.ts";

const SCHEMES: readonly string[] = ["rtsp:", "http:"];

/** Throws RtspError `badAddress`; its text never repeats what was given. */
export function inputList(url: string, credentials: RtspCredentials | undefined, timeoutMs: number): string {
  const scheme = /^([a-z]+:)\/\//i.exec(url)?.[1]?.toLowerCase() ?? "";
  if (!SCHEMES.includes(scheme) || !URL.canParse(url.replace(/^[a-z]+:/i, "http:")))
    throw new RtspError("badAddress", "not an address that can be read through ffmpeg");
  // oxlint-disable-next-line no-control-regex -- a line break would begin another directive
  if (/[\x00-\x20\x7f]/.test(url)) throw new RtspError("badAddress", "not an address");
  const address =
    credentials === undefined
      ? url
      : url.replace(/^([a-z]+:\/\/)(?:[^@/?]*@)?/i, `$1${userInfo(credentials)}@`);
  const options =
    scheme === "rtsp:"
      ? ["option rtsp_transport tcp", `option timeout ${timeoutMs * 1000}`]
      : [`option timeout ${timeoutMs * 1000}`];
  return ["ffconcat version 1.0", `file '${address.replaceAll("'", String.raw`'\''`)}'`, ...options, ""].join(
    "\n",
  );
}

/** Escaped beyond what `encodeURIComponent` does, so that neither the address nor the list can be left. */
function userInfo({ user, password }: RtspCredentials): string {
  const escaped = (text: string): string =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
    );
  return `${escaped(user)}:${escaped(password)}`;
}
