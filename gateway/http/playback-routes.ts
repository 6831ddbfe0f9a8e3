/**
 * Footage: what there is, and looking at it within a viewing. Invariant: the access entry is durable before the
 * viewing exists, and a viewing gives out nothing beyond the range that its entry names.
 */
import { CONTIGUOUS_MS } from "../evidence/coverage/span.ts";
import type { Coverage } from "../recording/coverage.ts";
import type { PlaylistRequest, Sound } from "../recording/playback.ts";
import { type CameraId, type EntryRef, type UserId, seq } from "../domain/ids.ts";
import { CodedError } from "../domain/errors.ts";
import { type CoverageView, playbackRoutes } from "./contract/playback.ts";
import type { PersonCaller } from "./caller.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";

const VIEWING_LIFE_MS = 4 * 3_600_000;
const VIEWINGS_PER_PERSON = 16;
const VIEWING_ID_BYTES = 16;
/** Fragments of a recording never change, and the hash was checked when they were read. */
const KEEP = "private, max-age=3600, immutable";

interface Viewing {
  readonly by: UserId;
  readonly cameraId: CameraId;
  readonly fromMs: number;
  readonly toMs: number;
  readonly untilMonoMs: number;
  /** What the playlist names: the only entries that are given out. */
  readonly refs: ReadonlySet<string>;
}

const MARKS: Readonly<Record<Sound, string>> = { asStored: "", flac: ".flac" };

const keyOf = (ref: EntryRef): string => `${ref.logId}/${ref.seq}`;
export function coverageView(cameraId: CameraId, coverage: Coverage): CoverageView {
  const spans: { fromMs: number; toMs: number; first: EntryRef; last: EntryRef }[] = [];
  for (const { t, durMs, ref } of coverage.fragments) {
    const open = spans.at(-1);
    if (open !== undefined && t - open.toMs <= CONTIGUOUS_MS) {
      open.toMs = Math.max(open.toMs, Math.round(t + durMs));
      open.last = ref;
    } else spans.push({ fromMs: Math.round(t), toMs: Math.round(t + durMs), first: ref, last: ref });
  }
  return {
    cameraId,
    fromMs: coverage.from,
    toMs: coverage.to,
    spans,
    gaps: coverage.gaps.map(({ from, to, causes, ref }) => ({
      cameraId,
      fromMs: Math.round(from),
      toMs: to === undefined ? null : Math.round(to),
      causes: [...causes],
      ...(ref === undefined ? {} : { ref }),
    })),
    complete: coverage.complete,
  };
}

/** The range of a viewing, with addresses beside its playlist. */
function requestOf({ cameraId, fromMs, toMs }: Viewing): PlaylistRequest {
  return {
    camera: cameraId,
    from: fromMs,
    to: toMs,
    initUri: (ref, sound) => `${ref.logId}/${ref.seq}${MARKS[sound]}.mp4`,
    fragmentUri: (ref, sound) => `${ref.logId}/${ref.seq}${MARKS[sound]}.m4s`,
  };
}

export function mountPlayback(mount: Mount, deps: HttpDeps): void {
  const { playback, access, clock, random } = deps;
  const viewings = new Map<string, Viewing>();

  function find(id: string, caller: PersonCaller): Viewing {
    const viewing = viewings.get(id);
    // Somebody else's viewing is not theirs to look into: the entry names who looked.
    if (viewing === undefined || viewing.by !== caller.userId || viewing.untilMonoMs < clock.monotonicMs())
      throw new CodedError("http.notFound");
    return viewing;
  }
  function makeRoom(by: UserId): void {
    const now = clock.monotonicMs();
    for (const [id, viewing] of viewings) if (viewing.untilMonoMs < now) viewings.delete(id);
    const own = [...viewings].filter(([, viewing]) => viewing.by === by);
    const oldest = own[0];
    if (own.length >= VIEWINGS_PER_PERSON && oldest !== undefined) viewings.delete(oldest[0]);
  }

  function bytesOf(kind: string, ref: EntryRef): Promise<Uint8Array> {
    switch (kind) {
      case "mp4":
        return playback.init(ref);
      case "flac.mp4":
        return playback.audibleInit(ref);
      case "flac.m4s":
        return playback.audibleFragment(ref);
      default:
        return playback.fragment(ref);
    }
  }

  mount.route(playbackRoutes.coverage, async ({ params, query }) =>
    coverageView(params.id, await playback.coverage(params.id, query.fromMs, query.toMs)),
  );
  mount.route(playbackRoutes.openViewing, async ({ caller, body }) => {
    const { cameraId, fromMs, toMs, reason, applicationId, requestId } = body;
    const coverage = await playback.coverage(cameraId, fromMs, toMs);
    makeRoom(caller.userId);
    await access.open({
      caller,
      act: "playback",
      subject: `camera/${cameraId}`,
      reason,
      footage: { cameraId, fromMs, toMs },
      ...(applicationId === undefined ? {} : { matterId: applicationId }),
      ...(requestId === undefined ? {} : { requestId }),
    });
    const viewingId = Buffer.from(random.bytes(VIEWING_ID_BYTES)).toString("hex");
    viewings.set(viewingId, {
      by: caller.userId,
      cameraId,
      fromMs,
      toMs,
      untilMonoMs: clock.monotonicMs() + VIEWING_LIFE_MS,
      refs: new Set(coverage.fragments.flatMap(({ ref, init }) => [keyOf(ref), keyOf(init)])),
    });
    return {
      viewingId,
      playlist: `/api/viewings/${viewingId}/playlist.m3u8`,
      coverage: coverageView(cameraId, coverage),
      until: Math.round(clock.wallMs() + VIEWING_LIFE_MS),
    };
  });
  mount.route(playbackRoutes.playlist, async ({ caller, params }) => {
    const text = await playback.playlist(requestOf(find(params.viewingId, caller)));
    return new TextEncoder().encode(text);
  });
  mount.route(playbackRoutes.segments, async ({ caller, params }) => {
    const viewing = find(params.viewingId, caller);
    const segments = await playback.segments(requestOf(viewing));
    return segments
      .filter(({ row }) => viewing.refs.has(keyOf(row.ref)))
      .map(({ row, initUri, uri, codec }) => ({
        fromMs: Math.round(row.t),
        durationMs: Math.round(row.durMs),
        initUri,
        uri,
        codec,
        keyFrame: !row.cont,
      }));
  });
  mount.route(playbackRoutes.thumbnail, async ({ caller, params, reply }) => {
    const { cameraId, fromMs, toMs } = find(params.viewingId, caller);
    const atMs = Number(params.atMs);
    if (atMs < fromMs || atMs >= toMs) throw new CodedError("http.notFound");
    const bytes = await deps.recorders.thumbnail(cameraId, atMs);
    reply.header("cache-control", KEEP);
    return bytes;
  });
  mount.route(playbackRoutes.footage, async ({ caller, params, reply }) => {
    const viewing = find(params.viewingId, caller);
    const [index, ...marks] = params.name.split(".");
    const kind = marks.join(".");
    const ref: EntryRef = { logId: params.logId, seq: seq(Number(index)) };
    if (!viewing.refs.has(keyOf(ref))) throw new CodedError("http.notFound");
    const bytes = await bytesOf(kind, ref);
    reply.header("cache-control", KEEP);
    return bytes;
  });
}
