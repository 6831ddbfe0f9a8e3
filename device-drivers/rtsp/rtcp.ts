/**
 * RTCP: reads sender reports and BYE, writes receiver reports (RFC 3550 6.4).
 * Invariant: a malformed compound packet gives what was readable before the fault, never an error.
 */

export interface SenderReport {
  readonly ssrc: number;
  /** The sender's wall clock, UTC ms; NTP era 0 and 1 are told apart by being before or after 2036. */
  readonly wallMs: number;
  /** Middle 32 bits of the NTP time, to be echoed. */
  readonly ntpMiddle: number;
  readonly rtpTimestamp: number;
}

export interface RtcpContent {
  readonly reports: readonly SenderReport[];
  readonly bye: boolean;
}

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const GOODBYE = 203;
const NTP_TO_UNIX_S = 2_208_988_800;
const ERA_S = 0x1_0000_0000;

/** Seconds with the top bit clear belong to era 1 (from 2036 on), as RFC 4330 3 suggests. */
function wallOf(seconds: number, fraction: number): number {
  const era = seconds < 0x8000_0000 ? ERA_S : 0;
  return (seconds + era - NTP_TO_UNIX_S) * 1000 + (fraction / ERA_S) * 1000;
}

export function parseRtcp(bytes: Uint8Array): RtcpContent {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reports: SenderReport[] = [];
  let bye = false;
  let at = 0;
  while (at + 4 <= bytes.length) {
    const size = 4 * (view.getUint16(at + 2) + 1);
    if (view.getUint8(at) >> 6 !== 2 || at + size > bytes.length) break;
    const type = view.getUint8(at + 1);
    if (type === GOODBYE) bye = true;
    if (type === SENDER_REPORT && size >= 28) {
      const seconds = view.getUint32(at + 8);
      const fraction = view.getUint32(at + 12);
      // All zero means that the sender has no wall clock.
      if (seconds !== 0 || fraction !== 0)
        reports.push({
          ssrc: view.getUint32(at + 4),
          wallMs: wallOf(seconds, fraction),
          ntpMiddle: view.getUint32(at + 10),
          rtpTimestamp: view.getUint32(at + 16),
        });
    }
    at += size;
  }
  return { reports, bye };
}

export interface ReceiverReport {
  readonly ssrc: number;
  readonly senderSsrc: number;
  readonly fractionLost: number;
  readonly lost: number;
  readonly highest: number;
  readonly jitterTicks: number;
  readonly lastReportNtpMiddle: number;
  /** Since the last sender report, in 1/65536 s. */
  readonly delay: number;
}

export function encodeReceiverReport(report: ReceiverReport): Uint8Array {
  const out = new Uint8Array(32);
  const view = new DataView(out.buffer);
  view.setUint8(0, 0x81);
  view.setUint8(1, RECEIVER_REPORT);
  view.setUint16(2, out.length / 4 - 1);
  view.setUint32(4, report.ssrc);
  view.setUint32(8, report.senderSsrc);
  view.setUint32(12, (report.fractionLost << 24) | (report.lost & 0xff_ffff));
  view.setUint32(16, report.highest);
  view.setUint32(20, report.jitterTicks);
  view.setUint32(24, report.lastReportNtpMiddle);
  view.setUint32(28, report.delay);
  return out;
}
