/**
 * The driver's door: opens an RTSP camera and yields what it sends until it ends.
 * Invariant: the last event is `end`, and by then the session is torn down and the connection closed.
 */
import { EventQueue } from "./event-queue.ts";
import { RtspError } from "./rtsp-error.ts";
import { Session } from "./session.ts";
import type { EndEvent, SourceClock, SourceEvent } from "./source-event.ts";
import type { TlsTrust } from "./tls.ts";
import type { TransportChoice } from "./transport.ts";
import { type RtspCredentials, RtspUrl } from "./url.ts";

export type { RtspCredentials } from "./url.ts";

export interface RtspSourceOptions {
  /** rtsp:// or rtsps:// address; credentials in it are taken out and never shown. */
  readonly url: string;
  readonly credentials?: RtspCredentials;
  readonly clock: SourceClock;
  /** Sound is taken too where the camera offers AAC or G.711; default false. */
  readonly withAudio?: boolean;
  /** Default 3500, so that a stall is told within 5 s, the goodbye included. */
  readonly stallMs?: number;
  /** Limit of connecting and of each request; default 4000. */
  readonly timeoutMs?: number;
  /** Default `automatic`: TCP, and UDP where the camera refuses TCP. rtsps:// is always TCP. */
  readonly transport?: TransportChoice;
  /** For rtsps://; default: the authorities that came with Node. */
  readonly tls?: TlsTrust;
  /** Default true; false where each ms counts, as for a picture that somebody watches. */
  readonly readInBeats?: boolean;
  /** Bytes held for a reader that is slow, above which the camera is made to wait; default 8 MiB. */
  readonly queueBytesMax?: number;
}

const DEFAULT_STALL_MS = 3500;
const DEFAULT_TIMEOUT_MS = 4000;
const DEFAULT_QUEUE_BYTES = 8 * 1024 * 1024;

/**
 * Yields the camera's events; a fault is the `end` event, never an exception. Ends when the signal aborts or
 * the reader leaves the loop.
 */
export async function* openRtsp(
  options: RtspSourceOptions,
  signal: AbortSignal,
): AsyncGenerator<SourceEvent, void, void> {
  const queue = new EventQueue(options.queueBytesMax ?? DEFAULT_QUEUE_BYTES);
  let session: Session | undefined;
  const onAbort = (): void => {
    queue.fail(new RtspError("closed", "closed"));
    // A set-up under way ends with its connection; the end of closing is awaited below.
    session?.close().catch((error: unknown) => queue.fail(asError(error)));
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    let end: EndEvent;
    try {
      session = new Session(
        {
          url: new RtspUrl(options.url, options.credentials),
          clock: options.clock,
          withAudio: options.withAudio ?? false,
          timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
          stallMs: options.stallMs ?? DEFAULT_STALL_MS,
          transport: options.transport ?? "automatic",
          tls: options.tls ?? {},
          readInBeats: options.readInBeats ?? true,
        },
        queue,
      );
      await session.start(signal);
      for (;;) for (const event of await queue.read()) yield event;
    } catch (error) {
      if (!(error instanceof RtspError)) throw error;
      end = { kind: "end", cause: error.endCause, detail: error.message };
    }
    await session?.close();
    yield end;
  } finally {
    signal.removeEventListener("abort", onAbort);
    await session?.close();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new RtspError("disconnected", "closing failed", { cause: error });
}
