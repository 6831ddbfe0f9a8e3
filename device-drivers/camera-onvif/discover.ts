/**
 * WS-Discovery through node-onvif: one probe at a time, only when asked, with hard limits. Invariant: answers are
 * claims; nothing is dialled and no credential is used here.
 */
import onvif from "node-onvif";
import { listOf, text } from "./answer.ts";
import { CameraProblem, type FoundCamera } from "./camera.ts";

export interface DiscoverOptions {
  /** How long to listen, from 1500 to 10000 ms: the probe is sent nine times in the first 1.4 s. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Local IPv4 addresses to probe from, one after the other; none: the system's choice. */
  readonly interfaces?: readonly string[];
}

const LEAST_MS = 1500;
const MOST_MS = 10_000;
const MOST_INTERFACES = 8;
const MOST_CAMERAS = 256;

let running: Promise<unknown> | undefined;
const forget = (): void => {
  running = undefined;
};

/** Throws CameraProblem `cancelled`, `refused` while another search runs, `unreachable` without a socket. */
export async function discover(options: DiscoverOptions): Promise<readonly FoundCamera[]> {
  if (running !== undefined) throw new CameraProblem("refused");
  const { signal } = options;
  if (signal?.aborted === true) throw new CameraProblem("cancelled");
  const listenMs = Math.min(MOST_MS, Math.max(LEAST_MS, Math.round(options.timeoutMs)));
  const interfaces = options.interfaces?.slice(0, MOST_INTERFACES) ?? [];
  const search = probeAll(interfaces.length === 0 ? [undefined] : interfaces, listenMs, signal);
  // The probe can't be stopped midway without risk (its timers use a closed socket), so it ends by itself.
  running = search;
  void search.then(forget, forget);
  return signal === undefined ? search : Promise.race([search, cancelled(signal, search)]);
}

async function probeAll(
  interfaces: readonly (string | undefined)[],
  listenMs: number,
  signal: AbortSignal | undefined,
): Promise<readonly FoundCamera[]> {
  const found = new Map<string, FoundCamera>();
  for (const local of interfaces) {
    if (signal?.aborted === true) break;
    for (const camera of await probe(local, listenMs))
      if (found.size < MOST_CAMERAS) found.set(camera.endpoint, camera);
  }
  return [...found.values()];
}

async function probe(local: string | undefined, listenMs: number): Promise<FoundCamera[]> {
  // oxlint-disable-next-line no-underscore-dangle -- the library offers no option for how long it listens
  onvif._DISCOVERY_WAIT = listenMs;
  const answers = onvif.startProbe();
  // oxlint-disable-next-line no-underscore-dangle -- nor a way to choose the interface or to hear of errors
  const socket = onvif._udp;
  // Ahead of its own listener, so that the first probe already leaves by this interface; it drops all error
  // listeners once bound, and an error without one would end the process.
  socket?.prependOnceListener("listening", () => {
    if (local !== undefined) {
      try {
        socket.setMulticastInterface(local);
      } catch {
        // A name that is no interface of ours: the system's choice is probed instead.
      }
    }
    setImmediate(() => socket.on("error", () => undefined));
  });
  try {
    return (await answers).flatMap(readMatch);
  } catch {
    throw new CameraProblem("unreachable");
  }
}

function readMatch(match: object): FoundCamera[] {
  const claim = match as Record<string, unknown>;
  const endpoint = text(claim["urn"]);
  const xaddrs = listOf(claim["xaddrs"])
    .map(text)
    .filter((xaddr) => URL.canParse(xaddr) && /^https?:$/.test(new URL(xaddr).protocol));
  if (endpoint === "" || xaddrs.length === 0) return [];
  return [
    {
      endpoint,
      name: decoded(text(claim["name"])),
      hardware: decoded(text(claim["hardware"])),
      location: decoded(text(claim["location"])),
      xaddrs,
    },
  ];
}

/** Scopes are percent-encoded; a maker that does not encode is shown as it is. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function cancelled(signal: AbortSignal, search: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(new CameraProblem("cancelled"));
    signal.addEventListener("abort", abort, { once: true });
    const unhear = (): void => signal.removeEventListener("abort", abort);
    void search.then(unhear, unhear);
  });
}
