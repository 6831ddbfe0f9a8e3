/**
 * One playing track: RTP and RTCP of its two channels into source events, and its receiver reports.
 * Invariant: a loss is told before the first unit after it; a repeated packet changes nothing.
 */
import { encodeReceiverReport, parseRtcp } from "./rtcp.ts";
import { SequenceTracker, TickExtender, parseRtp } from "./rtp.ts";
import type { SourceClock, SourceEvent } from "./source-event.ts";
import type { ChosenTrack } from "./track-choice.ts";

export interface TrackSink {
  push(event: SourceEvent): void;
  /** The camera said that it stops. */
  bye(): void;
}

export class TrackReceiver {
  readonly #chosen: ChosenTrack;
  readonly #clock: SourceClock;
  readonly #sink: TrackSink;
  readonly #ticks = new TickExtender();
  #sequence = new SequenceTracker();
  #source: number | undefined;
  #lost = 0;
  #lastReport: { readonly ntpMiddle: number; readonly monoMs: number } | undefined;
  /** A report that came before the first packet. */
  #earlyReport: { readonly timestamp: number; readonly wallMs: number } | undefined;
  #started = false;

  constructor(chosen: ChosenTrack, clock: SourceClock, sink: TrackSink) {
    this.#chosen = chosen;
    this.#clock = clock;
    this.#sink = sink;
  }

  get isVideo(): boolean {
    return this.#chosen.track.media === "video";
  }

  rtp(bytes: Uint8Array): void {
    const packet = parseRtp(bytes);
    if (packet === undefined || packet.payloadType !== this.#chosen.payloadType) return;
    if (this.#source !== packet.ssrc) {
      // A new source has its own numbers; what the old one left incomplete is lost.
      if (this.#source !== undefined) this.#miss(1);
      this.#source = packet.ssrc;
      this.#sequence = new SequenceTracker();
    }
    const arrival = this.#sequence.accept(packet.sequence);
    if (arrival.kind === "repeat") return;
    if (arrival.lost > 0) this.#miss(arrival.lost);
    const { track, clockRate } = this.#chosen.track;
    const monoMs = this.#clock.monotonicMs();
    if (packet.marker) this.#sequence.timing(packet.timestamp, Math.round((monoMs * clockRate) / 1000));
    for (const unit of this.#chosen.depacketizer.push(packet)) {
      if (this.#lost > 0) {
        this.#sink.push({ kind: "loss", track, packets: this.#lost });
        this.#lost = 0;
      }
      if (unit.parameters !== undefined && this.#chosen.track.media === "video")
        this.#sink.push({ kind: "parameters", track, codec: this.#chosen.track.codec, ...unit.parameters });
      const ticks = this.#ticks.extend(unit.timestamp);
      this.#flushEarlyReport();
      this.#sink.push({
        kind: "unit",
        track,
        nals: unit.nals,
        keyFrame: unit.keyFrame,
        ticks,
        arrivalWallMs: this.#clock.wallMs(),
        arrivalMonoMs: monoMs,
      });
    }
  }

  rtcp(bytes: Uint8Array): void {
    const content = parseRtcp(bytes);
    for (const report of content.reports) {
      if (this.#source !== undefined && report.ssrc !== this.#source) continue;
      this.#lastReport = { ntpMiddle: report.ntpMiddle, monoMs: this.#clock.monotonicMs() };
      this.#earlyReport = { timestamp: report.rtpTimestamp, wallMs: report.wallMs };
      if (this.#started) this.#flushEarlyReport();
    }
    if (content.bye) this.#sink.bye();
  }

  /** The reader has every unit pushed so far and is done with those it had before. */
  recycle(): void {
    this.#chosen.depacketizer.recycle();
  }

  /** A receiver report (RFC 3550 6.4.2); undefined before the first packet. */
  receiverReport(ownSsrc: number): Uint8Array | undefined {
    if (this.#source === undefined) return undefined;
    const last = this.#lastReport;
    const delayMs = last === undefined ? 0 : this.#clock.monotonicMs() - last.monoMs;
    const figures = this.#sequence.report();
    return encodeReceiverReport({
      ssrc: ownSsrc,
      senderSsrc: this.#source,
      fractionLost: figures.fractionLost,
      lost: figures.lost,
      highest: figures.highest,
      jitterTicks: figures.jitterTicks,
      lastReportNtpMiddle: last?.ntpMiddle ?? 0,
      delay: Math.min(0xffff_ffff, Math.round(delayMs * 65.536)),
    });
  }

  #flushEarlyReport(): void {
    this.#started = true;
    const report = this.#earlyReport;
    if (report === undefined) return;
    const ticks = this.#ticks.near(report.timestamp);
    if (ticks === undefined) return;
    this.#earlyReport = undefined;
    this.#sink.push({
      kind: "report",
      track: this.#chosen.track.track,
      ticks,
      senderWallMs: report.wallMs,
    });
  }

  #miss(packets: number): void {
    this.#lost += packets;
    this.#chosen.depacketizer.lost();
  }
}
