/**
 * What the archive acknowledged, by the `ack` entries of the logs. Invariant: a released body is in
 * order only when it lies in packs that an acknowledgement before it lists, signed by a witness the verifier trusts;
 * where the trust file names no witness, the list alone is checked.
 */
import { type Ack, parseAck } from "../ack.ts";
import type { Absence } from "../absence.ts";
import { toHex } from "../bytes.ts";
import { logIdOfOrigin } from "../checkpoint.ts";
import { noteKeyOfWitness } from "../cosignature.ts";
import type { Entry } from "../entry.ts";
import { parseNote } from "../note.ts";
import { type SeqRange, joinRanges } from "../ranges.ts";
import { decodeRecord } from "../record.ts";
import type { Sha256, VerifyEd25519 } from "../suite.ts";
import type { Trust } from "../trust.ts";
import { checkNote } from "../verifier-key.ts";
import type { LogEvidence } from "./source.ts";

export interface AcksOptions {
  readonly trust: Trust | undefined;
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
}

export class Acks {
  readonly #options: AcksOptions;
  /** Acknowledged ranges of a pack, by log id and pack. */
  readonly #packs = new Map<string, readonly SeqRange[]>();
  #unread = false;

  constructor(options: AcksOptions) {
    this.#options = options;
  }

  /** Takes an `ack` entry in the order of the logs; one that can't be believed backs nothing. */
  async take(log: LogEvidence, entry: Entry): Promise<void> {
    const body = await log.body(entry.seq);
    if (body.state !== "found") {
      // A copy that grows by packs, or a disk error: then a release can't be held against it.
      this.#unread = true;
      return;
    }
    if (toHex(this.#options.sha256(body.body)) !== entry.sha256) return;
    const ack = await this.#ackIn(body.body);
    if (ack === undefined) return;
    const logId = logIdOfOrigin(ack.checkpoint.origin);
    for (const { sha256, ranges } of ack.packs) this.#packs.set(`${logId} ${sha256}`, ranges);
  }

  /** What the packs of a release hold by their acknowledgements. */
  ackedOf({ logId, ranges, packs }: Absence): readonly SeqRange[] {
    if (this.#unread) return ranges;
    const acked = (packs ?? []).map((name) => this.#packs.get(`${logId} ${name}`) ?? []);
    return acked.reduce<readonly SeqRange[]>((joined, pack) => joinRanges(joined, pack), []);
  }

  async #ackIn(bytes: Uint8Array): Promise<Ack | undefined> {
    const { trust, sha256, verify } = this.#options;
    try {
      const text = decodeRecord(bytes).json["note"];
      if (typeof text !== "string") return undefined;
      const note = parseNote(text);
      const ack = parseAck(note.text);
      const keys = (trust?.witnesses ?? []).map(({ key }) => noteKeyOfWitness(sha256, key));
      if (keys.length === 0) return ack;
      for (const key of keys) if ((await checkNote(note, key, verify)) === "good") return ack;
      return undefined;
    } catch (error) {
      if (error instanceof RangeError || error instanceof SyntaxError || error instanceof TypeError)
        return undefined;
      throw error;
    }
  }
}
