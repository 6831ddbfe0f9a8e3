/**
 * The central archive's use cases: one copy, witness and pack intake for each log of each enrolled gateway.
 * Invariant: whatever changes one log runs one at a time, so compare and persist can't be parted.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { CodedError } from "../../gateway/domain/errors.ts";
import { sha256Hex } from "../../gateway/domain/ids.ts";
import { type AckedPack, formatAck } from "../../gateway/evidence/ack.ts";
import { checkOrigin, parseCheckpoint } from "../../gateway/evidence/checkpoint.ts";
import { noteKeyOfWitness } from "../../gateway/evidence/cosignature.ts";
import { COPY_PATH, COPY_TEXT, TRUST_PATH } from "../../gateway/evidence/folder.ts";
import { OFFLINE_VERIFIER_FILES } from "../../gateway/evidence/offline-verifier/files.ts";
import { formatNote, parseNote } from "../../gateway/evidence/note.ts";
import type { Sha256 } from "../../gateway/evidence/suite.ts";
import { formatTrust, parseTrust } from "../../gateway/evidence/trust.ts";
import {
  NOTE_ED25519,
  NOTE_SM2,
  type VerifierKey,
  formatVerifierKey,
  parseVerifierKey,
  signNote,
  verifierKey,
} from "../../gateway/evidence/verifier-key.ts";
import { nodeVerifySm2 } from "../../gateway/signer/sm2.ts";
import { writeDurably } from "../durable-file.ts";
import type { AddCheckpoint, LogHead, OfferAnswer, PackOffer, PackOffset } from "./contract.ts";
import { LogCopy } from "./log-copy.ts";
import { PackIntake } from "./pack-intake.ts";
import type { Registry } from "./registry.ts";
import { type WitnessKey, addCheckpoint } from "./witness.ts";
import { verifyEd25519 } from "./witness-key.ts";

const sha256: Sha256 = (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** How long the archive promises to keep a pack, by what it holds. */
export interface Retention {
  readonly footageDays: number;
  readonly recordDays: number;
}

interface OpenLog {
  readonly copy: LogCopy;
  readonly intake: PackIntake;
  /** Oldest first; the last of each type is in force. */
  readonly logKeys: VerifierKey[];
  /** The last task on this log; the next one waits for it. */
  tail: Promise<unknown>;
}

export interface ArchiveOptions {
  readonly folder: string;
  readonly registry: Registry;
  readonly witness: WitnessKey;
  readonly retention: Retention;
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
  /** Told of a log that shrank or forked; the checkpoint that shows it is in `refused/` of the log's folder. */
  readonly onLogRefused: (origin: string) => void;
}

/** Enough to show what happened; a gateway that repeats itself fills no disk. */
const MOST_PROOFS = 100;

/** Keeps a signed checkpoint that contradicts a co-signed one: the two together prove the fork to anybody. False when it was there. */
async function keepProof(folder: string, note: string): Promise<boolean> {
  const refused = join(folder, "refused");
  await mkdir(refused, { recursive: true });
  const name = createHash("sha256").update(note).digest("hex");
  const kept = await readdir(refused);
  if (kept.includes(name) || kept.length >= MOST_PROOFS) return false;
  await writeDurably(join(refused, name), note, 0o644);
  return true;
}

/** The keys of a log whose folder exists; undefined for a new one. */
async function readTrustedKeys(path: string, origin: string): Promise<VerifierKey[] | undefined> {
  let text: string;
  try {
    text = await readFile(join(path, TRUST_PATH), "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
  const keys = parseTrust(text, sha256).logs.filter(({ name }) => name === origin);
  return keys.length === 0 ? undefined : keys;
}

export class Archive {
  readonly #options: ArchiveOptions;
  readonly #logs = new Map<string, Promise<OpenLog>>();

  constructor(options: ArchiveOptions) {
    this.#options = options;
  }

  async #open(origin: string): Promise<OpenLog> {
    const { folder, registry, monotonicMs } = this.#options;
    try {
      checkOrigin(origin);
    } catch (cause) {
      throw new CodedError("sync.unknownOrigin", {}, { cause });
    }
    const [unit = "", gateway = ""] = origin.split("/");
    const enrolled = registry.find(unit, gateway);
    if (enrolled === undefined) throw new CodedError("sync.unknownOrigin");
    const { publicKey } = parseVerifierKey(enrolled.logKey, sha256);
    const logKey = verifierKey(sha256, { name: origin, type: NOTE_ED25519, publicKey });
    const path = join(folder, "logs", origin);
    const logKeys = (await readTrustedKeys(path, origin)) ?? [logKey];
    await this.#writeTrust(path, logKeys);
    await writeDurably(join(path, COPY_PATH), COPY_TEXT, 0o644);
    for (const { name, url } of OFFLINE_VERIFIER_FILES)
      await writeDurably(join(path, name), await readFile(url, "utf8"), 0o644);
    const copy = await LogCopy.open(path, origin, sha256);
    return { copy, intake: await PackIntake.open(copy, monotonicMs), logKeys, tail: Promise.resolve() };
  }

  /** The trust file of a log's folder is also where its keys are kept: a copy is judged by what was believed. */
  async #writeTrust(path: string, logs: readonly VerifierKey[]): Promise<void> {
    const witnesses = [{ name: "archive", key: this.#options.witness.key }];
    const trust = { logs, witnesses, groups: [], quorum: "archive" };
    await writeDurably(join(path, TRUST_PATH), formatTrust(trust, sha256), 0o644);
  }

  /** A key that took over in this log serves the gateway's next logs too. */
  async #turn(origin: string, { copy, logKeys }: OpenLog, key: VerifierKey): Promise<void> {
    if (logKeys.some(({ keyId }) => keyId === key.keyId)) return;
    const [unit = "", gateway = ""] = origin.split("/");
    const text = formatVerifierKey(key);
    const turned = key.type === NOTE_SM2 ? { nationalKey: text } : { logKey: text };
    await this.#options.registry.turnTo(unit, gateway, turned);
    await this.#writeTrust(copy.folder, [...logKeys, key]);
    logKeys.push(key);
  }

  /**
   * The SM2 key that a log may begin with: what the gateway shows at its first log of the suite, and from then on the
   * key that this archive knows of it. Throws `sync.badCheckpoint` when it shows another one.
   */
  #firstNational(origin: string, { logKeys }: OpenLog, shown: string | undefined): VerifierKey | undefined {
    if (logKeys.some(({ type }) => type === NOTE_SM2)) return undefined;
    const [unit = "", gateway = ""] = origin.split("/");
    const known = this.#options.registry.find(unit, gateway)?.nationalKey;
    const underOrigin = (text: string): VerifierKey => {
      const { type, publicKey } = parseVerifierKey(text, sha256);
      if (type !== NOTE_SM2) throw new RangeError("a national key is an SM2 key");
      return verifierKey(sha256, { name: origin, type, publicKey });
    };
    try {
      const first = (known ?? shown) === undefined ? undefined : underOrigin(known ?? shown ?? "");
      if (first !== undefined && shown !== undefined && shown !== formatVerifierKey(first))
        throw new RangeError("another SM2 key than the one known of this gateway");
      return first;
    } catch (cause) {
      if (cause instanceof RangeError) throw new CodedError("sync.badCheckpoint", {}, { cause });
      throw cause;
    }
  }

  /** Opens each log once; a failed opening is forgotten, so that the next call tries again. */
  async #log(origin: string): Promise<OpenLog> {
    let log = this.#logs.get(origin);
    if (log === undefined) {
      log = this.#open(origin);
      this.#logs.set(origin, log);
      log.catch(() => this.#logs.delete(origin));
    }
    return log;
  }

  async #inTurn<T>(origin: string, task: (log: OpenLog) => Promise<T>): Promise<T> {
    const log = await this.#log(origin);
    const result = log.tail.then(() => task(log));
    log.tail = result.catch(() => undefined);
    return result;
  }

  /** Throws `sync.unknownOrigin`. */
  async head(origin: string): Promise<LogHead> {
    return (await this.#log(origin)).copy.head;
  }

  /** See LogCopy.appendEntries. */
  async appendEntries(origin: string, from: number, framed: Uint8Array): Promise<LogHead> {
    return this.#inTurn(origin, (log) => log.copy.appendEntries(from, framed));
  }

  /** See witness.ts. */
  async addCheckpoint(origin: string, request: AddCheckpoint): Promise<string> {
    const { witness, wallMs } = this.#options;
    return this.#inTurn(origin, async (log) => {
      const { copy, logKeys } = log;
      const inForce = [NOTE_ED25519, NOTE_SM2].flatMap(
        (of) => logKeys.findLast(({ type }) => type === of) ?? [],
      );
      if (inForce.length === 0) throw new CodedError("sync.unknownOrigin");
      const parts = {
        copy,
        inForce,
        firstNational: this.#firstNational(origin, log, request.nationalKey),
        witness,
        sha256,
        verify: verifyEd25519,
        verifySm2: nodeVerifySm2,
        nowMs: wallMs,
        onTurn: (key: VerifierKey) => this.#turn(origin, log, key),
      };
      try {
        return await addCheckpoint(parts, request);
      } catch (refusal) {
        if (refusal instanceof CodedError && refusal.code === "sync.logRefused") {
          if (await keepProof(copy.folder, request.checkpoint)) this.#options.onLogRefused(origin);
        }
        throw refusal;
      }
    });
  }

  /** See PackIntake.offer. */
  async offer(origin: string, packs: readonly PackOffer[], sender?: string): Promise<OfferAnswer[]> {
    return this.#inTurn(origin, (log) => log.intake.offer(packs, sender));
  }

  /** See PackIntake.chunk; chunks of different packs go side by side. */
  async chunk(
    origin: string,
    sha256Text: string,
    lease: string,
    offset: number,
    bytes: Uint8Array,
  ): Promise<PackOffset> {
    return (await this.#log(origin)).intake.chunk(sha256Hex(sha256Text), lease, offset, bytes);
  }

  /** A signed acknowledgement over those of the packs that are kept; undefined when none is. */
  async acknowledge(origin: string, packs: readonly string[]): Promise<string | undefined> {
    const { witness, retention, wallMs } = this.#options;
    const { copy, intake } = await this.#log(origin);
    if (copy.checkpoint === "") return undefined;
    const nowS = Math.floor(wallMs() / 1000);
    const acked: AckedPack[] = [];
    for (const name of new Set(packs)) {
      const pack = await intake.stored(sha256Hex(name));
      if (pack === undefined) continue;
      const days = pack.holdsRecords ? retention.recordDays : retention.footageDays;
      acked.push({ sha256: pack.sha256, ranges: pack.ranges, retainUntilS: nowS + days * 86_400 });
    }
    if (acked.length === 0) return undefined;
    const checkpoint = parseCheckpoint(parseNote(copy.checkpoint).text);
    const key = noteKeyOfWitness(sha256, witness.key);
    return formatNote(
      await signNote(formatAck({ checkpoint, timeS: nowS, packs: acked }), key, witness.sign),
    );
  }

  async close(): Promise<void> {
    for (const opening of this.#logs.values()) {
      const log = await opening;
      await log.tail;
      await log.copy.close();
    }
    this.#logs.clear();
  }
}
