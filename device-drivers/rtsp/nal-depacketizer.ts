/**
 * H.264 and H.265 access units from RTP: single NAL units, aggregation packets, fragmentation units.
 * Invariant: NAL units come out bit-exact and in order, SEI and parameter sets included; nothing of a packet's
 * memory is held on to.
 */
import {
  type AccessUnit,
  type Depacketizer,
  MAX_UNIT_BYTES,
  MAX_UNIT_NALS,
  type ParameterSets,
  nalOf,
} from "./access-unit.ts";
import type { NalGrammar, ParameterKind } from "./nal-grammar.ts";
import type { RtpPacket } from "./rtp.ts";
import { RtspError } from "./rtsp-error.ts";
import type { Nal } from "./source-event.ts";
import { UnitMemory } from "./unit-memory.ts";

const START = 0x80;
const END = 0x40;

export class NalDepacketizer implements Depacketizer {
  readonly #grammar: NalGrammar;
  #known: ParameterSets;
  #nals: Nal[] = [];
  #unitBytes = 0;
  #timestamp = 0;
  #hasSlice = false;
  #keyFrame = false;
  #found: Record<ParameterKind, Uint8Array[]> = { vps: [], sps: [], pps: [] };
  readonly #memory = new UnitMemory();
  /** A fragmentation unit is being put together in the memory. */
  #isFragment = false;
  /** Set after a loss until the next unit's first slice was seen. */
  #afterLoss = false;
  /** Timestamp of a damaged unit, whose remaining packets are dropped. */
  #damaged: number | undefined;

  /** `known`: the parameter sets that were announced out of band. */
  constructor(grammar: NalGrammar, known: ParameterSets) {
    this.#grammar = grammar;
    this.#known = known;
  }

  push(packet: RtpPacket): readonly AccessUnit[] {
    const done: AccessUnit[] = [];
    if (packet.timestamp !== this.#timestamp) {
      if (this.#hasSlice) this.#complete(done);
      this.#timestamp = packet.timestamp;
    }
    if (this.#damaged === packet.timestamp) return done;
    this.#damaged = undefined;
    if (!this.#take(packet.payload)) this.lost();
    // Some cameras mark parameter sets too; a unit is whole only with its slices.
    else if (packet.marker && this.#hasSlice) this.#complete(done);
    return done;
  }

  recycle(): void {
    this.#memory.recycle();
  }

  lost(): void {
    if (this.#nals.length > 0 || this.#isFragment) this.#damaged = this.#timestamp;
    this.#clear();
    this.#afterLoss = true;
  }

  /** False when the payload is malformed or belongs to a unit whose start is missing. */
  #take(payload: Uint8Array): boolean {
    const grammar = this.#grammar;
    if (payload.length <= grammar.headerBytes) return payload.length === 0;
    const type = grammar.typeOf(payload);
    if (type === grammar.aggregation) return this.#takeAggregate(payload);
    if (type === grammar.fragmentation) return this.#takeFragment(payload);
    if (type > grammar.lastSingle) return false;
    return !this.#isFragment && this.#add(payload);
  }

  #takeAggregate(payload: Uint8Array): boolean {
    let at = this.#grammar.headerBytes;
    while (at + 2 <= payload.length) {
      const size = ((payload[at] ?? 0) << 8) | (payload[at + 1] ?? 0);
      at += 2;
      if (size <= this.#grammar.headerBytes - 1 || at + size > payload.length) return false;
      if (this.#isFragment || !this.#add(payload.subarray(at, at + size))) return false;
      at += size;
    }
    return at === payload.length;
  }

  #takeFragment(payload: Uint8Array): boolean {
    const { headerBytes } = this.#grammar;
    const flags = payload[headerBytes] ?? 0;
    if ((flags & START) !== 0) {
      if (this.#isFragment) return false;
      this.#isFragment = true;
      this.#memory.add(this.#grammar.rebuiltHeader(payload), 0);
    }
    if (!this.#isFragment) return false;
    this.#memory.add(payload, headerBytes + 1);
    this.#checkBounds(this.#memory.sizeBytes);
    if ((flags & END) === 0) return true;
    this.#isFragment = false;
    return this.#keep();
  }

  #add(nal: Uint8Array): boolean {
    this.#memory.add(nal, 0);
    return this.#keep();
  }

  /** Takes the NAL unit that is whole in the memory. False when it belongs to a picture whose start is missing. */
  #keep(): boolean {
    const grammar = this.#grammar;
    const nal = this.#memory.take();
    const type = grammar.typeOf(nal);
    if (grammar.isSlice(type)) {
      // first_mb_in_slice = 0 and first_slice_segment_in_pic_flag both show as a set top bit.
      const isFirst = ((nal[grammar.headerBytes] ?? 0) & 0x80) !== 0;
      if (this.#afterLoss && !this.#hasSlice && !isFirst) return false;
      this.#afterLoss = false;
      this.#hasSlice = true;
      this.#keyFrame ||= grammar.isKey(type);
    }
    const kind = grammar.parameterKind(type);
    if (kind !== undefined) this.#found[kind].push(Uint8Array.from(nal));
    this.#nals.push(nalOf(nal));
    this.#unitBytes += nal.length;
    this.#checkBounds(this.#unitBytes);
    return true;
  }

  #checkBounds(bytes: number): void {
    if (bytes > MAX_UNIT_BYTES || this.#nals.length > MAX_UNIT_NALS)
      throw new RtspError("badAnswer", "the camera sent a picture larger than any camera makes");
  }

  #complete(done: AccessUnit[]): void {
    // An unfinished fragmentation unit at the end of a unit means that it is damaged.
    if (!this.#isFragment) {
      const parameters = this.#newParameters();
      done.push({
        nals: this.#nals,
        keyFrame: this.#keyFrame,
        timestamp: this.#timestamp,
        ...(parameters === undefined ? {} : { parameters }),
      });
    }
    this.#clear();
  }

  /** The sets of this unit take the place of the known ones of their kind; undefined when nothing changed. */
  #newParameters(): ParameterSets | undefined {
    const next = {
      vps: this.#found.vps.length > 0 ? distinct(this.#found.vps) : this.#known.vps,
      sps: this.#found.sps.length > 0 ? distinct(this.#found.sps) : this.#known.sps,
      pps: this.#found.pps.length > 0 ? distinct(this.#found.pps) : this.#known.pps,
    };
    if (same(next.vps, this.#known.vps) && same(next.sps, this.#known.sps) && same(next.pps, this.#known.pps))
      return undefined;
    this.#known = next;
    return isUsable(this.#grammar, next) ? next : undefined;
  }

  #clear(): void {
    this.#nals = [];
    this.#unitBytes = 0;
    this.#hasSlice = false;
    this.#keyFrame = false;
    this.#isFragment = false;
    this.#memory.drop();
    if (this.#found.vps.length + this.#found.sps.length + this.#found.pps.length > 0)
      this.#found = { vps: [], sps: [], pps: [] };
  }
}

/** Whether a decoder could be set up from these sets. */
export function isUsable(grammar: NalGrammar, sets: ParameterSets): boolean {
  return sets.sps.length > 0 && sets.pps.length > 0 && (grammar.codec === "h264" || sets.vps.length > 0);
}

function distinct(nals: readonly Uint8Array[]): Uint8Array[] {
  return nals.filter((nal, i) => nals.findIndex((other) => Buffer.compare(nal, other) === 0) === i);
}

function same(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((nal, i) => Buffer.compare(nal, b[i] ?? new Uint8Array()) === 0);
}
