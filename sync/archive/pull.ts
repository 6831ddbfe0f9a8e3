/**
 * The nightly pull: the same replication as the box's push, run at the archive for every enrolled gateway.
 * Invariant: one gateway that is away or slow never keeps another from its turn.
 */
import { ArchiveSide } from "../archive-side.ts";
import { UNLIMITED } from "../byte-rate.ts";
import { GatewaySide } from "../gateway-side.ts";
import { PackLane } from "../replicate-packs.ts";
import { type PassResult, replicate } from "../replicate.ts";
import { Transport } from "../transport.ts";
import type { ArchiveAuthority } from "./authority.ts";
import type { Enrolled } from "./registry.ts";

export interface PullOptions {
  readonly authority: ArchiveAuthority;
  /** Address of this archive's own server. */
  readonly ownUrl: string;
}

export type PullResult = { readonly gateway: string } & (
  | { readonly done: PassResult }
  | { readonly failed: unknown }
);

async function pullOne(options: PullOptions, gateway: Enrolled, signal: AbortSignal): Promise<PassResult> {
  const { authority, ownUrl } = options;
  const own = { certificate: authority.self.certificate, key: authority.self.key };
  const from = new Transport(gateway.pullUrl, { ...own, ca: gateway.gatewayCa }, 8);
  const to = new Transport(ownUrl, { ...own, ca: authority.caCertificate }, 8);
  try {
    const ends = { from: new GatewaySide(from), to: new ArchiveSide(to) };
    const lanes = (["papers", "footage"] as const).map(
      (lane) => new PackLane({ ...ends, name: lane, rate: UNLIMITED, monotonicMs: () => performance.now() }),
    );
    return await replicate(ends, lanes, signal);
  } finally {
    await Promise.all([from.close(), to.close()]);
  }
}

/** Pulls from all gateways at once; the result names what went wrong where. */
export async function pullAll(
  options: PullOptions,
  gateways: readonly Enrolled[],
  signal: AbortSignal,
): Promise<readonly PullResult[]> {
  return Promise.all(
    gateways.map(async (gateway): Promise<PullResult> => {
      const name = `${gateway.unit}/${gateway.gateway}`;
      try {
        return { gateway: name, done: await pullOne(options, gateway, signal) };
      } catch (failed) {
        return { gateway: name, failed };
      }
    }),
  );
}
