/**
 * From which of the box's own addresses cameras are searched. Invariant: a demonstration probes loopback alone, so
 * nothing of it leaves the machine; a real box probes every card, since cameras often hang on one of their own.
 */
import { networkInterfaces } from "node:os";

const LOOPBACK = "127.0.0.1";

export function probeInterfaces(isDemonstration: boolean): readonly string[] {
  if (isDemonstration) return [LOOPBACK];
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => address);
}
