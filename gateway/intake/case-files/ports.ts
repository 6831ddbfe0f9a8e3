/** What case files need beside the log: proofs of it, footage, and whether the archive has a copy. */
import type { EntryRef } from "../../domain/ids.ts";
import type { Clock } from "../../domain/time.ts";
import type { StoredCheckpoint } from "../../evidence/append.ts";
import type { Sha256, VerifyEd25519 } from "../../evidence/suite.ts";
import type { Append, Calendars, FootageCoverage, LogReader, Profiles, Random, Views } from "../ports.ts";
import type { Records } from "../records/records.ts";

/** How an entry is proven to stand in a tree that is signed. */
export interface TreeProofs {
  /** Signs at once if need be. */
  covering(ref: EntryRef): Promise<StoredCheckpoint>;
  inclusion(ref: EntryRef, size: number): Promise<readonly Uint8Array[]>;
  /** The entry's exact bytes. */
  entryBytes(ref: EntryRef): Promise<Uint8Array>;
  /** Verifier keys that signed for the log with this origin, oldest first (C2SP signed-note). */
  vkeysOf(origin: string): readonly string[];
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
}

/** Footage of a case as the catalogue knows it. */
export interface CaseFootage {
  coverage(cameraIds: readonly string[], fromMs: number, toMs: number): Promise<readonly FootageCoverage[]>;
  /** Fragments with their init segments, in order, at most `limit`. */
  fragments(
    cameraId: string,
    fromMs: number,
    toMs: number,
  ): Promise<readonly { readonly ref: EntryRef; readonly init: EntryRef }[]>;
  /** What the probe said of a body camera's file; undefined where none is stored. */
  file(fileId: string): Promise<
    | {
        readonly ref: EntryRef;
        readonly sha256: string;
        readonly probed: boolean;
        readonly bytes: () => AsyncIterable<Uint8Array>;
      }
    | undefined
  >;
}

export interface CaseFilesOptions {
  readonly append: Append;
  readonly reader: LogReader;
  readonly views: Views;
  readonly clock: Clock;
  readonly random: Random;
  readonly profiles: Profiles;
  readonly calendars: Calendars;
  readonly proofs: TreeProofs;
  readonly footage: CaseFootage;
  /** Whether the central archive has acknowledged this entry's body. */
  readonly acknowledged: (ref: EntryRef) => Promise<boolean>;
}

export type RecordsOfCase = Pick<Records, "list">;
