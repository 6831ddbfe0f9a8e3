/**
 * HLS media playlists for fragmented MP4 (RFC 8216 with EXT-X-GAP of its revision); pure.
 * Invariant: the target duration is never shorter than any segment, and text never breaks a line.
 */

export interface Segment {
  readonly uri: string;
  /** The init segment for this and following segments. */
  readonly initUri: string;
  readonly durationMs: number;
  /** Wall clock of the first picture, UTC ms. */
  readonly programDateTimeMs: number;
  /** Timestamps or parameters do not continue from the segment before. */
  readonly discontinuity?: boolean;
  /** The segment exists in the record but its bytes are gone (released or lost). */
  readonly gap?: boolean;
}

function line(uri: string): string {
  // oxlint-disable-next-line no-control-regex -- a line break in a URI would forge playlist lines
  if (/[\x00-\x20"\x7f]/.test(uri)) throw new RangeError("a playlist URI has no spaces, quotes or controls");
  return uri;
}

/** A closed (VOD) playlist. Throws RangeError on a URI that could break a line. */
export function writePlaylist(segments: readonly Segment[]): string {
  const target = Math.max(1, ...segments.map((segment) => Math.ceil(segment.durationMs / 1000)));
  const out = [
    "#EXTM3U",
    `#EXT-X-VERSION:${segments.some((segment) => segment.gap === true) ? 8 : 7}`,
    `#EXT-X-TARGETDURATION:${target}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:VOD",
  ];
  let map: string | undefined;
  segments.forEach((segment, i) => {
    if (segment.discontinuity === true) out.push("#EXT-X-DISCONTINUITY");
    if (segment.initUri !== map) {
      map = segment.initUri;
      out.push(`#EXT-X-MAP:URI="${line(map)}"`);
    }
    if (i === 0 || segment.discontinuity === true)
      out.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.programDateTimeMs).toISOString()}`);
    if (segment.gap === true) out.push("#EXT-X-GAP");
    out.push(`#EXTINF:${(segment.durationMs / 1000).toFixed(3)},`, line(segment.uri));
  });
  out.push("#EXT-X-ENDLIST", "");
  return out.join("\n");
}
