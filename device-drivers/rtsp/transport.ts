/**
 * The Transport header of SETUP (RFC 2326 12.39): what we offer and what the camera chose.
 * Invariant: any text gives an answer or undefined, and numbers are within their ranges.
 */

/** Order of choice: `automatic` takes TCP first and UDP where TCP is refused with 461. */
export type TransportChoice = "automatic" | "tcp" | "udp";

export type GivenTransport =
  | { readonly kind: "tcp"; readonly rtpChannel: number; readonly rtcpChannel: number }
  /** Ports of the camera, 0 where it named none. */
  | { readonly kind: "udp"; readonly rtpPort: number; readonly rtcpPort: number };

export function offerTcp(track: number): string {
  return `RTP/AVP/TCP;unicast;interleaved=${2 * track}-${2 * track + 1}`;
}

export function offerUdp(port: number): string {
  return `RTP/AVP;unicast;client_port=${port}-${port + 1}`;
}

/** Undefined for what is neither a unicast UDP pair nor channels of this connection. */
export function parseTransport(text: string): GivenTransport | undefined {
  // Where a camera repeats its choices the first is what it took.
  const parts = (text.split(",")[0] ?? "").split(";").map((part) => part.trim().toLowerCase());
  const channels = pair(parts, "interleaved", 255);
  if (channels !== undefined) return { kind: "tcp", rtpChannel: channels[0], rtcpChannel: channels[1] };
  const isUdp = parts[0] === "rtp/avp" || parts[0] === "rtp/avp/udp";
  if (!isUdp || parts.includes("multicast")) return undefined;
  const ports = pair(parts, "server_port", 65_535);
  return { kind: "udp", rtpPort: ports?.[0] ?? 0, rtcpPort: ports?.[1] ?? 0 };
}

function pair(parts: readonly string[], name: string, max: number): readonly [number, number] | undefined {
  const value = parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(value ?? "");
  if (match === null) return undefined;
  const first = Number(match[1]);
  const second = Number(match[2] ?? first + 1);
  return first <= max && second <= max && first !== second ? [first, second] : undefined;
}
