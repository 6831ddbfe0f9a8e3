/**
 * What travels between a gateway's side and the central archive over HTTP: schemas and their types.
 * Invariant: every number of bytes and every offset is the archive's word; a sender never finishes by its own count.
 */
import { type Static, Type } from "typebox";

const Sha256 = Type.String({ pattern: "^[0-9a-f]{64}$" });
const Note = Type.String({ minLength: 1, maxLength: 8192 });
const Whole = Type.Integer({ minimum: 0 });

/** What the archive durably holds of one log. */
export const LogHead = Type.Object({
  /** Entries received and synced, covered by a checkpoint or not. */
  entries: Whole,
  /** Size of the newest checkpoint that the archive co-signed; 0 before the first. */
  witnessed: Whole,
});
export type LogHead = Static<typeof LogHead>;

/** tlog-witness add-checkpoint, as JSON members: old size, consistency proof (base64 hashes), checkpoint. */
export const AddCheckpoint = Type.Object({
  old: Whole,
  proof: Type.Array(Type.String({ pattern: "^[A-Za-z0-9+/]{43}=$" }), { maxItems: 63 }),
  checkpoint: Note,
  /** Of a log of the suite `sm2-sm3`: the SM2 verifier key it began with. */
  nationalKey: Type.Optional(Type.String({ maxLength: 512 })),
});
export type AddCheckpoint = Static<typeof AddCheckpoint>;

export const Cosignature = Type.Object({ cosignature: Type.String({ maxLength: 1024 }) });
export type Cosignature = Static<typeof Cosignature>;

export const PackOffer = Type.Object({ sha256: Sha256, sizeBytes: Whole });
export type PackOffer = Static<typeof PackOffer>;

export const Offers = Type.Object({
  /** Names this run of the sender: what it was given before, it is given again at once. */
  sender: Type.String({ minLength: 8, maxLength: 64 }),
  packs: Type.Array(PackOffer, { maxItems: 256 }),
});
export type Offers = Static<typeof Offers>;

/** The archive's answer for one offered pack: nothing missing, or from where on, or somebody else is sending it. */
export const OfferAnswer = Type.Object({
  sha256: Sha256,
  state: Type.Union([Type.Literal("complete"), Type.Literal("missing"), Type.Literal("busy")]),
  /** First byte that is missing, when `missing`. */
  offset: Whole,
  /** Names the sender's right to write this pack; it runs out when unused. */
  lease: Type.Optional(Type.String({ maxLength: 64 })),
});
export type OfferAnswer = Static<typeof OfferAnswer>;

export const OfferAnswers = Type.Object({ packs: Type.Array(OfferAnswer) });

/** The durable offset after a chunk, or at a refusal. */
export const PackOffset = Type.Object({ offset: Whole, complete: Type.Boolean() });
export type PackOffset = Static<typeof PackOffset>;

/** The packs of one log that the caller wants acknowledged; the archive signs for those that it holds. */
export const AckRequest = Type.Object({ packs: Type.Array(Sha256, { minItems: 1, maxItems: 1024 }) });
export type AckRequest = Static<typeof AckRequest>;

/** The archive's signed acknowledgement, a signed note (gateway/evidence/ack.ts): a line of up to 1024 ranges a pack. */
export const Ack = Type.Object({
  ack: Type.Union([Type.String({ minLength: 1, maxLength: 1_048_576 }), Type.Null()]),
});
export type Ack = Static<typeof Ack>;

export const EnrolRequest = Type.Object({
  code: Type.String({ minLength: 16, maxLength: 64 }),
  unit: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,31}$" }),
  gateway: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,31}$" }),
  /** PKCS #10 request, PEM. */
  certificateRequest: Type.String({ maxLength: 8192 }),
  /** The log's verifier key (C2SP signed-note vkey). */
  logKey: Type.String({ maxLength: 512 }),
  /** Where the archive may pull, and the CA that the gateway's listener shows; PEM. */
  pullUrl: Type.String({ maxLength: 200 }),
  gatewayCa: Type.String({ maxLength: 16_384 }),
});
export type EnrolRequest = Static<typeof EnrolRequest>;

export const EnrolAnswer = Type.Object({
  /** Client certificate for the gateway and the CA that issued it; PEM. */
  certificate: Type.String(),
  archiveCa: Type.String(),
  /** The archive's verifier key for cosignatures and acknowledgements. */
  witnessKey: Type.String(),
});
export type EnrolAnswer = Static<typeof EnrolAnswer>;
