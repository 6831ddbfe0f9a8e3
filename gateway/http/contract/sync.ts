/**
 * What the central archive (pulling) or the box's own replicator (pushing) asks of the gateway, over mutual TLS.
 * Invariant: nothing here changes a record; acknowledgements and cosignatures are checked before they are kept.
 */
import { type Static, Type } from "typebox";
import { LogIdField, Sha256Field, SizeBytes, TimeMs, closed, list } from "./fields.ts";
import { route } from "./route.ts";

const Whole = Type.Integer({ minimum: 0 });
const Note = Type.String({ minLength: 1, maxLength: 65_536 });

export const SyncLog = closed({
  logId: LogIdField,
  origin: Type.String(),
  verifierKey: Type.String(),
  /** The SM2 key that the log began with, where its suite has one. */
  nationalKey: Type.Optional(Type.String()),
  /** The checkpoints at which its keys changed: a witness has to see each, or it knows none of the later keys. */
  turnovers: Type.Array(Type.String()),
});

const PackClassField = Type.Union([Type.Literal(0), Type.Literal(1), Type.Literal(2), Type.Literal(3)], {
  description: "0 goes first: documents, holds, other records",
});

export const SyncPack = closed({
  no: Type.Integer({ minimum: 1 }),
  logId: LogIdField,
  origin: Type.String(),
  class: PackClassField,
  sha256: Sha256Field,
  sizeBytes: SizeBytes,
  ranges: list(closed({ from: Whole, to: Whole }), 100_000),
  sealedMs: TimeMs,
  acked: Type.Boolean(),
});
export type SyncPack = Static<typeof SyncPack>;

export const syncRoutes = {
  syncLogs: route({
    method: "GET",
    url: "/sync/v1/logs",
    tag: "sync",
    summary: "The logs of this gateway, oldest first, with their verifier keys",
    audience: ["archive"],
    answer: closed({ logs: list(SyncLog) }),
    errors: [],
  }),
  syncConsistency: route({
    method: "GET",
    url: "/sync/v1/logs/:logId/consistency",
    tag: "sync",
    summary: "RFC 6962 consistency proof between two sizes, base64 hashes",
    audience: ["archive"],
    params: closed({ logId: LogIdField }),
    query: closed({ from: Whole, to: Whole }),
    answer: closed({ proof: list(Type.String(), 64) }),
    errors: ["evidence.noSuchEntry"],
  }),
  syncPacks: route({
    method: "GET",
    url: "/sync/v1/packs",
    tag: "sync",
    summary: "Sealed packs with a number above `after`, in order; of one class if asked",
    audience: ["archive"],
    query: closed({
      after: Whole,
      class: Type.Optional(PackClassField),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    }),
    answer: closed({ packs: list(SyncPack, 500) }),
    errors: [],
  }),
  syncPack: route({
    method: "GET",
    url: "/sync/v1/packs/:sha256",
    tag: "sync",
    summary: "The bytes of a pack; a single range from an offset is answered with 206",
    audience: ["archive"],
    params: closed({ sha256: Sha256Field }),
    answer: { mediaType: "application/octet-stream", description: "pack (gateway/evidence/pack.ts)" },
    errors: ["sync.noSuchPack", "sync.badRange", "sync.packWithheld"],
  }),
  syncAck: route({
    method: "POST",
    url: "/sync/v1/acks",
    tag: "sync",
    summary: "Hands over the archive's signed acknowledgement",
    audience: ["archive"],
    // A pack's line has up to 1024 ranges of sequence numbers.
    body: closed({ note: Type.String({ minLength: 1, maxLength: 1_048_576 }) }),
    answer: closed({ done: Type.Literal(true) }),
    bodyLimitBytes: 2 * 1024 * 1024,
    errors: ["sync.ackRefused"],
  }),
  syncCosignature: route({
    method: "POST",
    url: "/sync/v1/cosignatures",
    tag: "sync",
    summary: "Hands over a checkpoint with the archive's cosignature",
    audience: ["archive"],
    body: closed({ note: Note }),
    answer: closed({ done: Type.Literal(true) }),
    bodyLimitBytes: 128 * 1024,
    errors: ["sync.cosignatureRefused"],
  }),
} as const;
