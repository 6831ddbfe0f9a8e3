/**
 * Notes of others: acknowledgements and cosignatures. Invariant: one is logged only when an enrolled witness
 * signed it and the tree it speaks of is this log's own, so a forged or foreign note leaves no trace.
 */
import { CodedError, type ErrorCode } from "../domain/errors.ts";
import type { LogId } from "../domain/ids.ts";
import { type Ack, parseAck } from "../evidence/ack.ts";
import { equalBytes } from "../evidence/bytes.ts";
import { type Checkpoint, parseCheckpoint } from "../evidence/checkpoint.ts";
import { checkCosignature, noteKeyOfWitness } from "../evidence/cosignature.ts";
import { type SignedNote, parseNote } from "../evidence/note.ts";
import { formatRanges } from "../evidence/ranges.ts";
import { checkNote } from "../evidence/verifier-key.ts";
import type { PackTable } from "./pack-view.ts";
import type { HandoverOptions } from "./ports.ts";
import { HANDOVER_STREAM } from "./sealer.ts";

export class ForeignNotes {
  readonly #options: HandoverOptions;
  readonly #table: PackTable;
  #chain: Promise<unknown> = Promise.resolve();

  constructor(options: HandoverOptions, table: PackTable) {
    this.#options = options;
    this.#table = table;
  }

  async acceptAck(text: string): Promise<void> {
    await this.#inTurn(async () => {
      const note = parsed(() => parseNote(text), "sync.ackRefused");
      const by = await this.#ackSigner(note);
      const ack = parsed(() => parseAck(note.text), "sync.ackRefused");
      await this.#ownTree(ack.checkpoint, "sync.ackRefused");
      if (!(await this.#tellsMore(ack, by))) return;
      await this.#log("ack", { note: text, by, packs: ack.packs.map(({ sha256 }) => sha256) });
    });
  }

  async acceptCosignature(text: string): Promise<void> {
    await this.#inTurn(async () => {
      const code = "sync.cosignatureRefused";
      const note = parsed(() => parseNote(text), code);
      const checkpoint = parsed(() => parseCheckpoint(note.text), code);
      const { by, timeS } = await this.#cosigner(note);
      const log = await this.#ownTree(checkpoint, code);
      const { seen, last } = await this.#table.exposure();
      const known = seen !== undefined && seen.logId === log && seen.size >= checkpoint.size;
      // A later sighting of bookkeeping alone would be bookkeeping again, for ever.
      const nothingNew =
        seen !== undefined && last?.logId === seen.logId && seen.size > last.seq && log === seen.logId;
      if (known || nothingNew) return;
      await this.#log("sighting", { note: text, by, timeS, log, size: checkpoint.size });
    });
  }

  /** One note after the other, so that a repeat finds what the first one logged. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#chain.then(work);
    this.#chain = turn.catch(() => {
      // The caller has the error.
    });
    await turn;
  }

  async #log(
    type: "ack" | "sighting",
    json: Readonly<Record<string, string | number | readonly string[]>>,
  ): Promise<void> {
    const { append, views } = this.#options;
    const [entry] = await append.append([{ type, stream: HANDOVER_STREAM, record: { json } }]);
    if (entry !== undefined) await views.applied(entry);
  }

  async #ackSigner(note: SignedNote): Promise<string> {
    const { witnesses, sha256, verify } = this.#options;
    for (const witness of witnesses())
      if ((await checkNote(note, noteKeyOfWitness(sha256, witness), verify)) === "good") return witness.name;
    throw new CodedError("sync.ackRefused", { why: "not signed by an enrolled archive" });
  }

  async #cosigner(note: SignedNote): Promise<{ readonly by: string; readonly timeS: number }> {
    const { witnesses, verify } = this.#options;
    for (const witness of witnesses()) {
      const checked = await checkCosignature(note, witness, verify);
      if (checked.state === "good") return { by: witness.name, timeS: checked.timeS };
    }
    throw new CodedError("sync.cosignatureRefused", { why: "not signed by an enrolled witness" });
  }

  async #ownTree(checkpoint: Checkpoint, code: ErrorCode): Promise<LogId> {
    const { store } = this.#options;
    const log = store.logs().find(({ origin }) => origin === checkpoint.origin);
    if (log === undefined || checkpoint.size > log.size)
      throw new CodedError(code, { why: "not a tree of this gateway" });
    if (!equalBytes(await store.rootAt(log.logId, checkpoint.size), checkpoint.root))
      throw new CodedError(code, { why: "another tree than this gateway's" });
    return log.logId;
  }

  /** False when every pack is acknowledged for as long already. Throws when a pack is not one of ours. */
  async #tellsMore(ack: Ack, by: string): Promise<boolean> {
    const log = this.#options.store.logs().find(({ origin }) => origin === ack.checkpoint.origin);
    let more = false;
    for (const { sha256, ranges, retainUntilS } of ack.packs) {
      const pack = await this.#table.find(sha256);
      if (
        pack === undefined ||
        pack.logId !== log?.logId ||
        formatRanges(pack.ranges) !== formatRanges(ranges)
      )
        throw new CodedError("sync.ackRefused", {
          why: "lists a pack that is not one of this gateway's",
          by,
        });
      if ((pack.acked?.retainUntilMs ?? -1) < retainUntilS * 1000) more = true;
    }
    return more;
  }
}

function parsed<T>(read: () => T, code: ErrorCode): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof RangeError) throw new CodedError(code, { why: cause.message }, { cause });
    throw cause;
  }
}
