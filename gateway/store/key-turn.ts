/**
 * Keys that entries of a log announce until a checkpoint of old and new ones puts them in force. Invariant: the mark
 * of an announcement is written with its entry and goes with that checkpoint, so a crash between leaves it pending.
 */
import { parseCheckpoint } from "../evidence/checkpoint.ts";
import type { Entry } from "../evidence/entry.ts";
import { parseNote } from "../evidence/note.ts";
import { parseVerifierKey } from "../evidence/verifier-key.ts";
import { type Database, type Write, del, put } from "./database.ts";
import { ANNOUNCED_KEYS, announcedKey, seqOfKey, turnoverKey } from "./keys.ts";

const utf8 = new TextEncoder();
const text = new TextDecoder();

export class KeyTurn {
  /** By sequence number, ascending. */
  readonly #announced: Map<number, string>;

  private constructor(announced: Map<number, string>) {
    this.#announced = announced;
  }

  static async open(database: Database): Promise<KeyTurn> {
    const announced = new Map<number, string>();
    for await (const [key, value] of database.rows(ANNOUNCED_KEYS))
      announced.set(seqOfKey(key.subarray(1)), text.decode(value));
    return new KeyTurn(announced);
  }

  /** Verifier keys that wait to come into force. */
  get announced(): readonly string[] {
    return [...this.#announced.values()];
  }

  /** What entries of type `key` add to their batch. */
  writesFor(entries: readonly { readonly entry: Entry }[]): readonly Write[] {
    return entries.flatMap(({ entry }) =>
      entry.vkey === undefined ? [] : [put(announcedKey(entry.seq), utf8.encode(entry.vkey))],
    );
  }

  /** To be called once those entries are durable. */
  heard(entries: readonly { readonly entry: Entry }[]): void {
    for (const { entry } of entries) if (entry.vkey !== undefined) this.#announced.set(entry.seq, entry.vkey);
  }

  /** Whether this note is the first that the announced keys signed. */
  isTurnover(note: string): boolean {
    const { signatures } = parseNote(note);
    return this.announced.some((vkey) => {
      const { name, keyId } = parseVerifierKey(vkey);
      return signatures.some((line) => line.keyName === name && line.keyId === keyId);
    });
  }

  /** What goes with the checkpoint of old and new keys: it stays for ever and is found by its size. */
  writesOfTurnover(note: string): readonly Write[] {
    const { size } = parseCheckpoint(parseNote(note).text);
    return [
      ...this.#below(size).map((seq) => del(announcedKey(seq))),
      put(turnoverKey(size), new Uint8Array()),
    ];
  }

  /** What was announced while a tree of this size was signed and stored is not in it, and waits on. */
  turned(size: number): void {
    for (const seq of this.#below(size)) this.#announced.delete(seq);
  }

  writesOfDrop(size: number): readonly Write[] {
    return this.#below(size).map((seq) => del(announcedKey(seq)));
  }

  #below(size: number): readonly number[] {
    return [...this.#announced.keys()].filter((seq) => seq < size);
  }
}
