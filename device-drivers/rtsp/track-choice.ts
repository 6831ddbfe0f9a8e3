/**
 * Chooses the tracks to play from a session description and makes their depacketizers.
 * Invariant: one picture track, at most one sound track; what is not understood is refused by name.
 */
import type { Depacketizer, ParameterSets } from "./access-unit.ts";
import { AacDepacketizer, PlainAudioDepacketizer } from "./audio-depacketizer.ts";
import { NalDepacketizer, isUsable } from "./nal-depacketizer.ts";
import { type NalGrammar, type ParameterKind, h264Grammar, h265Grammar } from "./nal-grammar.ts";
import { RtspError, excerpt } from "./rtsp-error.ts";
import type { MediaDescription, SessionDescription } from "./sdp.ts";
import type { Track } from "./source-event.ts";

export interface ChosenTrack {
  readonly track: Track;
  readonly control: string | undefined;
  readonly payloadType: number;
  readonly depacketizer: Depacketizer;
  /** Parameter sets from the description, where they are complete. */
  readonly parameters?: ParameterSets;
}

const GRAMMARS: Readonly<Record<string, NalGrammar>> = { H264: h264Grammar, H265: h265Grammar };
const MAX_PARAMETER_BYTES = 4096;

/** The tracks, picture first. Throws RtspError `unsupported`. */
export function chooseTracks(description: SessionDescription, withAudio: boolean): ChosenTrack[] {
  const videos = description.media.filter((media) => media.media === "video");
  const video = videos.map((media) => videoTrack(media)).find((track) => track !== undefined);
  if (video === undefined) {
    const names = videos.map((media) => excerpt(media.encoding)).join(", ");
    throw new RtspError(
      "unsupported",
      names === "" ? "the camera offers no picture" : `no supported picture codec: ${names}`,
    );
  }
  if (!withAudio) return [video];
  const audio = description.media.map((media) => audioTrack(media)).find((track) => track !== undefined);
  return audio === undefined ? [video] : [video, audio];
}

function videoTrack(media: MediaDescription): ChosenTrack | undefined {
  const grammar = GRAMMARS[media.encoding];
  if (grammar === undefined || media.clockRate === 0) return undefined;
  if (
    media.format.get("packetization-mode") === "2" ||
    Number(media.format.get("sprop-max-don-diff") ?? 0) > 0
  )
    throw new RtspError("unsupported", "the camera interleaves its pictures");
  const parameters = announced(grammar, media);
  return {
    track: { track: 0, media: "video", codec: grammar.codec, clockRate: media.clockRate },
    control: media.control,
    payloadType: media.payloadType,
    depacketizer: new NalDepacketizer(grammar, parameters),
    ...(isUsable(grammar, parameters) ? { parameters } : {}),
  };
}

/** Parameter sets of the description, told apart by their own NAL type rather than by position. */
function announced(grammar: NalGrammar, media: MediaDescription): ParameterSets {
  const sets: Record<ParameterKind, Uint8Array[]> = { vps: [], sps: [], pps: [] };
  const texts = ["sprop-parameter-sets", "sprop-vps", "sprop-sps", "sprop-pps"].flatMap(
    (name) => media.format.get(name)?.split(",") ?? [],
  );
  for (const text of texts) {
    const nal = Uint8Array.from(Buffer.from(text, "base64"));
    if (nal.length <= grammar.headerBytes || nal.length > MAX_PARAMETER_BYTES) continue;
    const kind = grammar.parameterKind(grammar.typeOf(nal));
    if (kind !== undefined) sets[kind].push(nal);
  }
  return sets;
}

function audioTrack(media: MediaDescription): ChosenTrack | undefined {
  if (media.media !== "audio" || media.clockRate === 0) return undefined;
  const base = { track: 1, media: "audio", clockRate: media.clockRate, channels: media.channels } as const;
  const rest = { control: media.control, payloadType: media.payloadType };
  if (media.encoding === "PCMA" || media.encoding === "PCMU")
    return {
      track: { ...base, codec: media.encoding === "PCMA" ? "pcma" : "pcmu" },
      depacketizer: new PlainAudioDepacketizer(),
      ...rest,
    };
  const config = media.format.get("config") ?? "";
  if (media.encoding !== "MPEG4-GENERIC" || !/^aac-hbr$/i.test(media.format.get("mode") ?? ""))
    return undefined;
  if (!/^([0-9a-f]{2}){2,64}$/i.test(config)) return undefined;
  const sizeBits = Number(media.format.get("sizelength") ?? 13);
  const indexBits = Number(media.format.get("indexlength") ?? 3);
  if (!(sizeBits > 0 && indexBits >= 0 && sizeBits + indexBits <= 24)) return undefined;
  return {
    track: { ...base, codec: "aac", config: Uint8Array.from(Buffer.from(config, "hex")) },
    depacketizer: new AacDepacketizer({ sizeBits, indexBits }),
    ...rest,
  };
}
