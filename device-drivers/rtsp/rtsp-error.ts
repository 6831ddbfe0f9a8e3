/**
 * The errors of this driver: a closed set of codes and a text for technicians.
 * Invariant: no text holds a credential or more than a short, printable piece of what a camera sent.
 */
import type { EndCause } from "./source-event.ts";

export type RtspErrorCode =
  | "badAddress"
  | "unreachable"
  | "unauthorized"
  | "notFound"
  | "refused"
  | "badAnswer"
  | "unsupported"
  | "timeout"
  | "stalled"
  | "disconnected"
  | "closed";

export class RtspError extends Error {
  readonly code: RtspErrorCode;
  constructor(code: RtspErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = "RtspError";
    this.code = code;
  }
  /** The cause that the end event carries. */
  get endCause(): EndCause {
    return this.code === "badAddress" ? "unsupported" : this.code;
  }
}

/** The camera answered that the stream is at another address (RFC 2326 11.3); followed or refused by the session. */
export class RtspRedirect extends RtspError {
  /** As the camera wrote it. */
  readonly location: string;
  constructor(location: string) {
    super("refused", "the camera sends us on again and again");
    this.location = location;
  }
}

/** The camera takes none of the transports that were offered (RFC 2326 11.3, status 461). */
export class TransportRefused extends RtspError {
  constructor() {
    super("unsupported", "the camera refuses this transport");
  }
}

/** At most 60 printable ASCII characters of foreign text, for an error's detail. */
export function excerpt(text: string): string {
  return text.slice(0, 60).replace(/[^\x20-\x7e]/g, "?");
}
