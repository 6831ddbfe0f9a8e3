/**
 * RTP packets (RFC 3550 5.1) and the sequence of one source: extended numbers, loss, repeats, jitter.
 * Invariant: a packet that is not whole RTP gives undefined; a repeated one is never handed on.
 */

export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

const HEAD_BYTES = 12;

/** Undefined when the bytes are not a whole RTP packet of version 2. */
export function parseRtp(bytes: Uint8Array): RtpPacket | undefined {
  if (bytes.length < HEAD_BYTES) return undefined;
  // Read byte by byte: a view for each packet would cost more than the packet's own work.
  const at = (i: number): number => bytes[i] ?? 0;
  const u16 = (i: number): number => (at(i) << 8) | at(i + 1);
  const u32 = (i: number): number => ((at(i) << 24) | (at(i + 1) << 16) | u16(i + 2)) >>> 0;
  const first = at(0);
  if (first >> 6 !== 2) return undefined;
  let start = HEAD_BYTES + 4 * (first & 0x0f);
  if ((first & 0x10) !== 0) {
    if (bytes.length < start + 4) return undefined;
    start += 4 + 4 * u16(start + 2);
  }
  let end = bytes.length;
  if ((first & 0x20) !== 0) {
    const padding = at(end - 1);
    if (padding === 0) return undefined;
    end -= padding;
  }
  if (start > end) return undefined;
  return {
    payloadType: at(1) & 0x7f,
    marker: (at(1) & 0x80) !== 0,
    sequence: u16(2),
    timestamp: u32(4),
    ssrc: u32(8),
    payload: bytes.subarray(start, end),
  };
}

const SEQUENCES = 0x1_0000;
const TIMESTAMPS = 0x1_0000_0000;
/** A jump backwards by less than this is a late or repeated packet, not a new start (RFC 3550 A.1). */
const MAX_MISORDER = 100;

export type Arrival = { readonly kind: "next"; readonly lost: number } | { readonly kind: "repeat" };

/** Follows one SSRC; over TCP order is kept, so anything older than the newest is a repeat. */
export class SequenceTracker {
  #first: number | undefined;
  #highest = 0;
  #received = 0;
  #receivedAtReport = 0;
  #expectedAtReport = 0;
  #transit: number | undefined;
  #jitterTicks = 0;

  accept(sequence: number): Arrival {
    if (this.#first === undefined) {
      this.#first = sequence;
      this.#highest = sequence;
      this.#received = 1;
      return { kind: "next", lost: 0 };
    }
    const ahead = (sequence - (this.#highest % SEQUENCES) + SEQUENCES) % SEQUENCES;
    if (ahead === 0 || ahead > SEQUENCES - MAX_MISORDER) return { kind: "repeat" };
    this.#highest += ahead;
    this.#received += 1;
    return { kind: "next", lost: ahead - 1 };
  }

  /** Interarrival jitter (RFC 3550 A.8); `arrivalTicks` in units of the RTP clock. */
  timing(timestamp: number, arrivalTicks: number): void {
    const transit = arrivalTicks - timestamp;
    if (this.#transit !== undefined) {
      const change = Math.abs(transit - this.#transit) % TIMESTAMPS;
      this.#jitterTicks += (change - this.#jitterTicks) / 16;
    }
    this.#transit = transit;
  }

  /** Figures for a receiver report (RFC 3550 6.4.1); starts a new interval. */
  report(): { highest: number; lost: number; fractionLost: number; jitterTicks: number } {
    const expected = this.#first === undefined ? 0 : this.#highest - this.#first + 1;
    const lost = Math.max(0, expected - this.#received);
    const expectedNow = expected - this.#expectedAtReport;
    const lostNow = expectedNow - (this.#received - this.#receivedAtReport);
    this.#expectedAtReport = expected;
    this.#receivedAtReport = this.#received;
    const fractionLost = expectedNow <= 0 || lostNow <= 0 ? 0 : Math.floor((lostNow * 256) / expectedNow);
    return {
      highest: this.#highest % TIMESTAMPS,
      lost: Math.min(lost, 0x7f_ffff),
      fractionLost: Math.min(fractionLost, 255),
      jitterTicks: Math.min(Math.round(this.#jitterTicks), TIMESTAMPS - 1),
    };
  }
}

/** Extends 32-bit RTP timestamps to numbers that do not wrap (a step back may lead below zero). */
export class TickExtender {
  #last: number | undefined;

  extend(timestamp: number): number {
    if (this.#last === undefined) {
      this.#last = timestamp;
      return timestamp;
    }
    let delta = (timestamp - (this.#last % TIMESTAMPS) + TIMESTAMPS) % TIMESTAMPS;
    if (delta >= TIMESTAMPS / 2) delta -= TIMESTAMPS;
    const ticks = this.#last + delta;
    this.#last = ticks;
    return ticks;
  }

  /** The extended value of a timestamp near the newest one, without moving on. */
  near(timestamp: number): number | undefined {
    if (this.#last === undefined) return undefined;
    let delta = (timestamp - (this.#last % TIMESTAMPS) + TIMESTAMPS) % TIMESTAMPS;
    if (delta >= TIMESTAMPS / 2) delta -= TIMESTAMPS;
    return this.#last + delta;
  }
}
