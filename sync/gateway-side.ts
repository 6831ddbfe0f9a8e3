/** The gateway as a replication sees it, pushed from or pulled from alike: its log, its packs, where acks go. */
import { tilePath } from "../gateway/evidence/tiles.ts";
import { Value } from "typebox/value";
import { type Static, Type } from "typebox";
import type { SyncPack } from "../gateway/http/contract/sync.ts";
import type { Transport } from "./transport.ts";

const Logs = Type.Object({
  logs: Type.Array(
    Type.Object({
      logId: Type.String(),
      origin: Type.String(),
      verifierKey: Type.String(),
      nationalKey: Type.Optional(Type.String()),
      turnovers: Type.Array(Type.String()),
    }),
  ),
});
export type GatewayLog = Static<typeof Logs>["logs"][number];

const Packs = Type.Object({
  packs: Type.Array(
    Type.Unsafe<SyncPack>(
      Type.Object({
        no: Type.Integer(),
        sha256: Type.String(),
        sizeBytes: Type.Integer(),
        class: Type.Integer(),
        origin: Type.String(),
        acked: Type.Boolean(),
      }),
    ),
  ),
});
const Proof = Type.Object({ proof: Type.Array(Type.String()) });

export class GatewaySide {
  readonly #transport: Transport;
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async logs(signal: AbortSignal): Promise<readonly GatewayLog[]> {
    return Value.Parse(Logs, await this.#transport.json({ method: "GET", path: "/sync/v1/logs", signal }))
      .logs;
  }

  /** The newest signed checkpoint; undefined while the log has none. */
  async checkpoint(logId: string, signal: AbortSignal): Promise<string> {
    return this.#transport.text({ method: "GET", path: `/log/${logId}/checkpoint`, signal });
  }

  /** `width` entries from entry `index * 256` on, each behind its u16 length. */
  async entryBundle(logId: string, index: number, width: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.#transport.bytes({
      method: "GET",
      path: `/log/${logId}/${tilePath({ level: "entries", index, width })}`,
      signal,
    });
  }

  async consistency(
    logId: string,
    from: number,
    to: number,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const path = `/sync/v1/logs/${logId}/consistency?from=${from}&to=${to}`;
    return Value.Parse(Proof, await this.#transport.json({ method: "GET", path, signal })).proof;
  }

  /** Sealed packs of one class with a number above `after`, in order. */
  async packs(
    asked: { readonly after: number; readonly class: number; readonly limit: number },
    signal: AbortSignal,
  ): Promise<readonly SyncPack[]> {
    const path = `/sync/v1/packs?after=${asked.after}&class=${asked.class}&limit=${asked.limit}`;
    return Value.Parse(Packs, await this.#transport.json({ method: "GET", path, signal })).packs;
  }

  /** Bytes `offset` to `offset + length - 1` of a pack. */
  async packBytes(sha256: string, offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    const headers = { range: `bytes=${offset}-${offset + length - 1}` };
    return this.#transport.bytes({ method: "GET", path: `/sync/v1/packs/${sha256}`, headers, signal });
  }

  async deliverAck(note: string, signal: AbortSignal): Promise<void> {
    await this.#transport.json({ method: "POST", path: "/sync/v1/acks", json: { note }, signal });
  }

  async deliverCosignature(note: string, signal: AbortSignal): Promise<void> {
    await this.#transport.json({ method: "POST", path: "/sync/v1/cosignatures", json: { note }, signal });
  }
}
