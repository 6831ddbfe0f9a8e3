/**
 * Playback of stored footage: HLS playlists over the catalogue and the exact stored bytes behind them.
 * Invariant: bytes are served as they were logged; a hash that does not match is an error, never a picture.
 */
import type { CameraId, EntryRef } from "../domain/ids.ts";
import { CodedError } from "../domain/errors.ts";
import { audibleFragment, audibleInit, lawOf } from "../media/audible.ts";
import { type Segment, writePlaylist } from "../media/playlist.ts";
import { type Catalogue, cameraOfStream } from "./catalogue.ts";
import { CONTIGUOUS_MS } from "../evidence/coverage/span.ts";
import type { Coverage, FragmentRow } from "./coverage.ts";
import type { LogReader } from "./ports.ts";

/** One playlist covers at most this much. */
export const LONGEST_RANGE_MS = 6 * 3_600_000;

export interface PlaylistRequest {
  readonly camera: CameraId;
  /** UTC ms, half-open. */
  readonly from: number;
  readonly to: number;
  /** Where a player finds the bytes; default `init/<logId>/<seq>.mp4` and `fragment/<logId>/<seq>.m4s`. */
  readonly initUri?: (ref: EntryRef, sound: Sound) => string;
  readonly fragmentUri?: (ref: EntryRef, sound: Sound) => string;
}

export interface Playback {
  /** What exists in the range and what is missing. Throws `recording.rangeTooLong`. */
  coverage(camera: CameraId, from: number, to: number): Promise<Coverage>;
  /** HLS media playlist (RFC 8216, fMP4). Throws `recording.noFootage`, `recording.rangeTooLong`. */
  playlist(request: PlaylistRequest): Promise<string>;
  /** Fragments of a range with the addresses that `playlist` would name. Throws as `playlist`. */
  segments(request: PlaylistRequest): Promise<readonly PlayableSegment[]>;
  /** The init segment's exact bytes. Throws `recording.notFootage` and what LogReader throws. */
  init(ref: EntryRef): Promise<Uint8Array>;
  /** The fragment's exact bytes; errors as `init`. */
  fragment(ref: EntryRef): Promise<Uint8Array>;
  /** The init segment with G.711 as FLAC, made for this look at it; errors as `init`. */
  audibleInit(ref: EntryRef): Promise<Uint8Array>;
  /** The fragment with G.711 as FLAC; errors as `init`. */
  audibleFragment(ref: EntryRef): Promise<Uint8Array>;
}

/** A fragment as a player takes it. */
export interface PlayableSegment {
  readonly row: FragmentRow;
  readonly initUri: string;
  readonly uri: string;
  /** RFC 6381, of what the addresses give: G.711 comes as FLAC. */
  readonly codec: string;
}

/** How a row's sound has to be given out for a browser to hear it. */
export type Sound = "asStored" | "flac";

const defaultInitUri = (ref: EntryRef): string => `init/${ref.logId}/${ref.seq}.mp4`;
const defaultFragmentUri = (ref: EntryRef): string => `fragment/${ref.logId}/${ref.seq}.m4s`;
const same = (a: EntryRef, b: EntryRef): boolean => a.logId === b.logId && a.seq === b.seq;

function checkRange(from: number, to: number): void {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || to <= from || to - from > LONGEST_RANGE_MS)
    throw new CodedError("recording.rangeTooLong", { longestMs: LONGEST_RANGE_MS });
}

const soundOf = (row: FragmentRow): Sound => (lawOf(row.codec) === undefined ? "asStored" : "flac");

function playable(row: FragmentRow, request: PlaylistRequest): PlayableSegment {
  const sound = soundOf(row);
  return {
    row,
    initUri: (request.initUri ?? defaultInitUri)(row.init, sound),
    uri: (request.fragmentUri ?? defaultFragmentUri)(row.ref, sound),
    codec: sound === "flac" ? (row.codec ?? "").replace(/,[^,]*$/, ",flac") : (row.codec ?? ""),
  };
}

/** Segments of a playlist for what the coverage found; a new run, init or hole makes a discontinuity. */
function segmentsOf(coverage: Coverage, request: PlaylistRequest): Segment[] {
  return coverage.fragments.map((row, i) => {
    const before = coverage.fragments[i - 1];
    const joined =
      before !== undefined &&
      same(before.run, row.run) &&
      same(before.init, row.init) &&
      row.t - (before.t + before.durMs) <= CONTIGUOUS_MS;
    const { uri, initUri } = playable(row, request);
    return {
      uri,
      initUri,
      durationMs: row.durMs,
      programDateTimeMs: row.t,
      discontinuity: before !== undefined && !joined,
    };
  });
}

/** Stored bytes that are not what our recorder writes are not footage that can be shown. */
async function readable(ref: EntryRef, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await make();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new CodedError("recording.badMedia", { seq: ref.seq }, { cause });
  }
}

export function createPlayback(parts: { readonly catalogue: Catalogue; readonly log: LogReader }): Playback {
  const { catalogue, log } = parts;
  async function bytesOf(ref: EntryRef, type: "init" | "fragment"): Promise<Uint8Array> {
    const entry = await log.readEntry(ref);
    if (entry.type !== type || cameraOfStream(entry.stream) === undefined)
      throw new CodedError("recording.notFootage", { seq: ref.seq });
    return (await log.readFootage(ref)).bytes;
  }
  async function footageIn(request: PlaylistRequest): Promise<Coverage> {
    checkRange(request.from, request.to);
    const coverage = await catalogue.coverage(request.camera, request.from, request.to);
    if (coverage.fragments.length === 0)
      throw new CodedError("recording.noFootage", { camera: request.camera });
    return coverage;
  }
  return {
    async coverage(camera, from, to) {
      checkRange(from, to);
      return catalogue.coverage(camera, from, to);
    },
    playlist: async (request) => writePlaylist(segmentsOf(await footageIn(request), request)),
    segments: async (request) => (await footageIn(request)).fragments.map((row) => playable(row, request)),
    init: (ref) => bytesOf(ref, "init"),
    fragment: (ref) => bytesOf(ref, "fragment"),
    audibleInit: async (ref) => readable(ref, async () => audibleInit(await bytesOf(ref, "init"))),
    audibleFragment: async (ref) =>
      readable(ref, async () => {
        const law = lawOf((await log.readEntry(ref)).codec);
        const bytes = await bytesOf(ref, "fragment");
        return law === undefined ? bytes : audibleFragment(bytes, law);
      }),
  };
}
