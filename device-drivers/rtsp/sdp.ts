/**
 * The parts of a session description (RFC 4566) that say which tracks a camera offers.
 * Invariant: bounded and total: any text gives a description or an RtspError, never another error.
 */
import { RtspError } from "./rtsp-error.ts";

export const MAX_SDP_BYTES = 65_536;
const MAX_MEDIA = 16;

export interface MediaDescription {
  readonly media: string;
  /** RTP payload type of the first format. */
  readonly payloadType: number;
  /** Encoding name in upper case, such as `H264`; of static types as RFC 3551 gives it. */
  readonly encoding: string;
  readonly clockRate: number;
  readonly channels: number;
  /** Format parameters, names in lower case. */
  readonly format: ReadonlyMap<string, string>;
  readonly control?: string;
}

export interface SessionDescription {
  readonly control?: string;
  readonly media: readonly MediaDescription[];
}

/** RFC 3551 section 6: the static types a camera may use. */
const STATIC_TYPES: Readonly<Record<number, readonly [encoding: string, clockRate: number]>> = {
  0: ["PCMU", 8000],
  8: ["PCMA", 8000],
  26: ["JPEG", 90_000],
};

interface Section {
  readonly line: string;
  readonly attributes: string[];
}

/** Throws RtspError `badAnswer`. */
export function parseSdp(bytes: Uint8Array): SessionDescription {
  if (bytes.length > MAX_SDP_BYTES)
    throw new RtspError("badAnswer", `the session description is longer than ${MAX_SDP_BYTES} bytes`);
  const lines = Buffer.from(bytes)
    .toString("latin1")
    .split(/\r\n|\r|\n/);
  const session: string[] = [];
  const sections: Section[] = [];
  for (const line of lines) {
    if (line.startsWith("m=")) sections.push({ line: line.slice(2), attributes: [] });
    else if (line.startsWith("a=")) (sections.at(-1)?.attributes ?? session).push(line.slice(2));
  }
  if (sections.length === 0) throw new RtspError("badAnswer", "the session description has no media");
  if (sections.length > MAX_MEDIA)
    throw new RtspError("badAnswer", `the session description has more than ${MAX_MEDIA} media`);
  const control = attribute(session, "control");
  return {
    ...(control === undefined ? {} : { control }),
    media: sections.map(mediaOf).filter((media) => media !== undefined),
  };
}

function attribute(attributes: readonly string[], name: string): string | undefined {
  return attributes
    .find((text) => text.toLowerCase().startsWith(`${name}:`))
    ?.slice(name.length + 1)
    .trim();
}

/** Undefined for a media line without a numeric format (such as a T.38 or metadata line). */
function mediaOf(section: Section): MediaDescription | undefined {
  const [media = "", , , type = ""] = section.line.trim().split(/\s+/);
  if (!/^\d{1,3}$/.test(type)) return undefined;
  const payloadType = Number(type);
  const known = STATIC_TYPES[payloadType];
  const map = section.attributes
    .map((text) => /^rtpmap:(\d+)\s+([^/\s]+)\/(\d{1,9})(?:\/(\d{1,2}))?/i.exec(text))
    .find((match) => Number(match?.[1]) === payloadType);
  const control = attribute(section.attributes, "control");
  return {
    media: media.toLowerCase(),
    payloadType,
    encoding: map?.[2]?.toUpperCase() ?? known?.[0] ?? "",
    clockRate: Number(map?.[3] ?? known?.[1] ?? 0),
    channels: Number(map?.[4] ?? 1),
    format: formatOf(section.attributes, type),
    ...(control === undefined ? {} : { control }),
  };
}

function formatOf(attributes: readonly string[], type: string): Map<string, string> {
  const format = new Map<string, string>();
  const text = attributes.map((line) => /^fmtp:(\d+)\s+(.*)$/i.exec(line)).find((m) => m?.[1] === type)?.[2];
  for (const part of (text ?? "").split(";")) {
    const at = part.indexOf("=");
    if (at > 0) format.set(part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim());
  }
  return format;
}
