/**
 * A small, complete evidence log for tests: two cameras, an intake, a gap; signed, cosigned, packed and written
 * as an evidence folder. Deterministic but for its keys.
 */
import { type KeyObject, generateKeyPairSync } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Sha256Hex, seq, sha256Hex, streamId } from "../../../gateway/domain/ids.ts";
import { formatAck } from "../../../gateway/evidence/ack.ts";
import { concatBytes, toHex } from "../../../gateway/evidence/bytes.ts";
import { formatCheckpoint } from "../../../gateway/evidence/checkpoint.ts";
import { cosign, noteKeyOfWitness } from "../../../gateway/evidence/cosignature.ts";
import { type Entry, encodeEntry } from "../../../gateway/evidence/entry.ts";
import {
  CHECKPOINT_PATH,
  TRUST_PATH,
  cosignedPath,
  packPath,
  treeFiles,
} from "../../../gateway/evidence/folder.ts";
import { Frontier, type TileHash } from "../../../gateway/evidence/merkle/frontier.ts";
import { leafHash } from "../../../gateway/evidence/merkle/hash.ts";
import type { ReadTileHashes } from "../../../gateway/evidence/merkle/proof.ts";
import { addSignature, formatNote, parseNote } from "../../../gateway/evidence/note.ts";
import { encodeFrame, encodePackHeader } from "../../../gateway/evidence/pack.ts";
import type { SeqRange } from "../../../gateway/evidence/ranges.ts";
import { encodeRecord } from "../../../gateway/evidence/record.ts";
import { formatTrust } from "../../../gateway/evidence/trust.ts";
import {
  COSIGNATURE_V1,
  NOTE_ED25519,
  type VerifierKey,
  signNote,
  verifierKey,
} from "../../../gateway/evidence/verifier-key.ts";
import { nodeSha256, nodeSign, publicKeyBytes } from "../../../gateway/signer/ed25519.ts";

export const ORIGIN = "changli.hall/gw-1/2026";
/** 2026-03-02 09:00:00 in Beijing. */
export const START_MS = Date.UTC(2026, 2, 2, 1, 0, 0);
const FRAGMENT_MS = 2000;

export interface SampleItem {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
  readonly body: Uint8Array;
}

type Draft = Pick<Entry, "type" | "stream"> & { readonly body: Uint8Array; readonly dur?: number };

/** Keeps the counters as a gateway does; `add` may be told to deviate. */
export class SampleLog {
  readonly items: SampleItem[] = [];
  readonly tileHashes = new Map<string, Uint8Array>();
  readonly frontier = new Frontier(nodeSha256);
  readonly origin: string;
  readonly privateKey: KeyObject;
  readonly key: VerifierKey;
  readonly witnessKey: KeyObject;
  readonly witness: VerifierKey;
  readonly #n = new Map<string, number>();

  constructor(origin: string = ORIGIN) {
    this.origin = origin;
    this.privateKey = generateKeyPairSync("ed25519").privateKey;
    this.key = verifierKey(nodeSha256, {
      name: origin,
      type: NOTE_ED25519,
      publicKey: publicKeyBytes(this.privateKey),
    });
    this.witnessKey = generateKeyPairSync("ed25519").privateKey;
    this.witness = verifierKey(nodeSha256, {
      name: "archive.example/w1",
      type: COSIGNATURE_V1,
      publicKey: publicKeyBytes(this.witnessKey),
    });
  }

  add(draft: Draft, deviation: Partial<Entry> = {}): SampleItem {
    const place = this.items.length;
    const n = this.#n.get(draft.stream) ?? 0;
    this.#n.set(draft.stream, n + 1);
    const entry: Entry = {
      v: 1,
      seq: seq(place),
      type: draft.type,
      stream: draft.stream,
      n,
      t: START_MS + place * (FRAGMENT_MS / 2),
      dur: draft.dur ?? 0,
      boot: "boot-1",
      mono: 5000 + place * (FRAGMENT_MS / 2),
      ntp: "synced",
      len: draft.body.length,
      sha256: sha256Hex(toHex(nodeSha256(draft.body))),
      ...deviation,
    };
    const item: SampleItem = { entry, bytes: encodeEntry(entry), body: draft.body };
    this.items.push(item);
    this.#keep(this.frontier.append(leafHash(nodeSha256, item.bytes)));
    return item;
  }

  addFragment(camera: string, deviation: Partial<Entry> = {}): SampleItem {
    const place = this.items.length;
    const body = Uint8Array.from({ length: 40 + (place % 17) }, (_, i) => (place * 31 + i * 7) % 256);
    return this.add(
      { type: "fragment", stream: streamId(`camera/${camera}/main`), body, dur: FRAGMENT_MS },
      deviation,
    );
  }

  addRecord(
    type: Entry["type"],
    stream: string,
    json: Parameters<typeof encodeRecord>[0]["json"],
  ): SampleItem {
    const salt = new Uint8Array(32).fill(this.items.length % 256);
    return this.add({ type, stream: streamId(stream), body: encodeRecord({ json }, salt) });
  }

  /** Logs the archive's acknowledgement of one pack with these ranges; returns the pack's name. */
  async acknowledge(ranges: readonly SeqRange[]): Promise<Sha256Hex> {
    const pack = sha256Hex(toHex(nodeSha256(Uint8Array.from(ranges.flat()))));
    const { origin } = this;
    const text = formatAck({
      checkpoint: { origin, size: this.items.length, root: this.frontier.root() },
      timeS: START_MS / 1000,
      packs: [{ sha256: pack, ranges, retainUntilS: START_MS / 500 }],
    });
    const key = noteKeyOfWitness(nodeSha256, this.witness);
    const note = formatNote(await signNote(text, key, nodeSign(this.witnessKey)));
    this.addRecord("ack", "handover", { note, by: key.name, packs: [pack] });
    return pack;
  }

  /** `count` entries: two cameras in turn, every tenth entry a record. */
  fill(count: number): this {
    for (let i = 0; i < count; i++) {
      const place = this.items.length;
      if (place % 10 === 9) this.addRecord("intake", "intake", { step: "registered", place });
      else this.addFragment(place % 2 === 0 ? "cam-1" : "cam-2");
    }
    return this;
  }

  readonly readHashes: ReadTileHashes = async (level, start, count) =>
    Array.from({ length: count }, (_, i) => {
      const hash = this.tileHashes.get(`${level}/${start + i}`);
      if (hash === undefined) throw new RangeError("no such tile hash");
      return hash;
    });

  /** The signed checkpoint of the log as it is now. */
  async note(): Promise<string> {
    const { origin } = this;
    const text = formatCheckpoint({ origin, size: this.items.length, root: this.frontier.root() });
    return formatNote(await signNote(text, this.key, nodeSign(this.privateKey)));
  }

  async cosigned(note: string, timeS: number = START_MS / 1000 + 60): Promise<string> {
    const parsed = parseNote(note);
    const line = await cosign({
      checkpointText: parsed.text,
      timeS,
      key: this.witness,
      sign: nodeSign(this.witnessKey),
    });
    return formatNote(addSignature(parsed, line));
  }

  trust(): string {
    const witnesses = [{ name: "archive", key: this.witness }];
    return formatTrust({ logs: [this.key], witnesses, groups: [], quorum: "none" }, nodeSha256);
  }

  /** The pack of these ranges; `alone` are numbers whose body is left out. */
  pack(ranges: readonly SeqRange[], alone: ReadonlySet<number> = new Set()): Uint8Array {
    const parts: Uint8Array[] = [encodePackHeader({ origin: this.origin, ranges })];
    for (const [from, to] of ranges)
      for (const item of this.items.slice(from, to))
        parts.push(
          ...encodeFrame({
            entryBytes: item.bytes,
            body: alone.has(item.entry.seq) ? undefined : item.body,
          }),
        );
    return concatBytes(parts);
  }

  /** Writes the whole evidence folder; bodies of `alone` are left out. */
  async write(folder: string, alone: ReadonlySet<number> = new Set()): Promise<void> {
    const size = this.items.length;
    const reads = {
      tileHashes: this.readHashes,
      entries: async (start: number, count: number) =>
        this.items.slice(start, start + count).map((item) => item.bytes),
    };
    for await (const { path, bytes } of treeFiles(reads, 0, size)) await put(folder, path, bytes);
    const half = Math.ceil(size / 2);
    for (const range of [[0, half] as const, [half, size] as const]) {
      if (range[0] === range[1]) continue;
      const bytes = this.pack([range], alone);
      await put(folder, packPath(sha256Hex(toHex(nodeSha256(bytes)))), bytes);
    }
    const note = await this.note();
    await put(folder, CHECKPOINT_PATH, note);
    await put(folder, cosignedPath(size), await this.cosigned(note));
    await put(folder, TRUST_PATH, this.trust());
  }

  #keep(completed: readonly TileHash[]): void {
    for (const { level, index, hash } of completed) this.tileHashes.set(`${level}/${index}`, hash);
  }
}

export async function put(folder: string, path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}
