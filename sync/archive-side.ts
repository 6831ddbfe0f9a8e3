/** The central archive as a replication sees it; it alone says what it holds and from which byte on it wants more. */
import type { Static, TSchema } from "typebox";
import { Value } from "typebox/value";
import {
  Ack,
  Cosignature,
  LogHead,
  OfferAnswers,
  type OfferAnswer,
  type PackOffer,
  PackOffset,
} from "./archive/contract.ts";
import type { Call, Transport } from "./transport.ts";

export class ArchiveSide {
  readonly #transport: Transport;
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async #json<S extends TSchema>(schema: S, call: Call): Promise<Static<S>> {
    return Value.Parse(schema, await this.#transport.json(call));
  }

  async head(origin: string, signal: AbortSignal): Promise<LogHead> {
    return this.#json(LogHead, { method: "GET", path: `/sync/v1/logs/${origin}`, signal });
  }

  /** Appends framed entries from `from` on; answers the new head, also where `from` was not the archive's own (409). */
  async sendEntries(origin: string, from: number, framed: Uint8Array, signal: AbortSignal): Promise<LogHead> {
    return this.#json(LogHead, {
      method: "PUT",
      path: `/sync/v1/logs/${origin}/entries?from=${from}`,
      bytes: framed,
      signal,
    });
  }

  /** tlog-witness add-checkpoint; answers the cosignature line. Throws HttpRefusal 403, 404, 409 (body: head) or 422. */
  async addCheckpoint(
    origin: string,
    old: number,
    proof: readonly string[],
    checkpoint: string,
    signal: AbortSignal,
    nationalKey?: string,
  ): Promise<string> {
    const json = { old, proof, checkpoint, ...(nationalKey === undefined ? {} : { nationalKey }) };
    return (
      await this.#json(Cosignature, {
        method: "POST",
        path: `/sync/v1/logs/${origin}/add-checkpoint`,
        json,
        signal,
      })
    ).cosignature;
  }

  async offer(
    origin: string,
    sender: string,
    packs: readonly PackOffer[],
    signal: AbortSignal,
  ): Promise<readonly OfferAnswer[]> {
    return (
      await this.#json(OfferAnswers, {
        method: "POST",
        path: `/sync/v1/logs/${origin}/offers`,
        json: { sender, packs },
        signal,
      })
    ).packs;
  }

  /** Sends a chunk from `offset` on; answers the durable offset, which may be another one (409). */
  async sendChunk(
    origin: string,
    sha256: string,
    lease: string,
    offset: number,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<PackOffset> {
    const headers = { "upload-offset": String(offset), "upload-lease": lease };
    return this.#json(PackOffset, {
      method: "PATCH",
      path: `/sync/v1/logs/${origin}/packs/${sha256}`,
      bytes,
      headers,
      signal,
    });
  }

  /** A signed acknowledgement over those of the packs that are durably stored; null when none is. */
  async acknowledge(origin: string, packs: readonly string[], signal: AbortSignal): Promise<string | null> {
    const call = { method: "POST", path: `/sync/v1/logs/${origin}/ack`, json: { packs }, signal } as const;
    return (await this.#json(Ack, call)).ack;
  }
}
