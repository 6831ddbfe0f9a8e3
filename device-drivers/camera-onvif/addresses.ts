/**
 * Addresses a camera names are bent back to the host that was dialled: behind NAT or on a second card a camera
 * names hosts that are not it. Invariant: no user name or password is in any address returned.
 */
import { CameraProblem } from "./camera.ts";

/** Throws CameraProblem `badAddress` unless it is a plain http address without credentials. */
export function dialledAddress(xaddr: string): URL {
  if (!URL.canParse(xaddr)) throw new CameraProblem("badAddress");
  const url = new URL(xaddr);
  if (url.protocol !== "http:" || url.hostname === "" || url.username !== "" || url.password !== "")
    throw new CameraProblem("badAddress");
  url.hash = "";
  return url;
}

export interface Pinned {
  readonly uri: string;
  readonly rewritten: boolean;
}

/**
 * A service or snapshot address on the dialled host. The port is kept where the camera named its own host, since
 * it may serve media on another port; else it is the dialled one.
 */
export function pinHttp(claimed: unknown, dialled: URL): Pinned | undefined {
  const url = parse(claimed, ["http:", "https:"]);
  if (url === undefined) return undefined;
  const same = url.hostname === dialled.hostname;
  const port = same && url.protocol === "http:" ? url.port : dialled.port;
  const uri = `http://${dialled.hostname}${port === "" ? "" : `:${port}`}${url.pathname}${url.search}`;
  return { uri, rewritten: !same };
}

/** A stream address on the dialled host; RTSP has its own port, which is kept. */
export function pinRtsp(claimed: unknown, dialled: URL): Pinned | undefined {
  const url = parse(claimed, ["rtsp:", "rtsps:"]);
  if (url === undefined) return undefined;
  const port = url.port === "" ? "" : `:${url.port}`;
  const uri = `${url.protocol}//${dialled.hostname}${port}${url.pathname}${url.search}`;
  return { uri, rewritten: url.hostname !== dialled.hostname };
}

function parse(claimed: unknown, protocols: readonly string[]): URL | undefined {
  if (typeof claimed !== "string" || claimed.length > 2048) return undefined;
  const text = claimed.trim();
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return protocols.includes(url.protocol) ? url : undefined;
}
