/**
 * Where the judge reads evidence from: a folder of plain files or a stopped gateway's stores look the same.
 * Invariant: a source reports what is there and judges nothing; everything it hands over may be forged.
 */

/** One leaf as the source has it, at its place. */
export interface SourceLeaf {
  /** Place in the log, from the file or key it was found under, not from the entry's own text. */
  readonly index: number;
  /** Exact entry bytes; undefined where the source holds none for this place. */
  readonly bytes: Uint8Array | undefined;
}

/** What a source holds as the body of one entry. */
export type SourceBody =
  /** `entryBytes` is the copy of the entry that lies beside the body. */
  | { readonly state: "found"; readonly entryBytes: Uint8Array; readonly body: Uint8Array }
  /** No body; the copy of the entry where one lies there alone. */
  | { readonly state: "absent"; readonly entryBytes?: Uint8Array }
  /** Something lies there but can't be read: disk error, torn value. `why` has no personal data. */
  | { readonly state: "unreadable"; readonly why: string };

/** A body that was hashed where it lies, or what is known instead. */
export type SourceDigest =
  | ({
      readonly state: "found";
      readonly entryBytes: Uint8Array;
      readonly bodyBytes: number;
    } & BodyDigest)
  | Exclude<SourceBody, { readonly state: "found" }>;

/** What became of one body by hashing it. */
export interface BodyDigest {
  readonly sha256: Uint8Array;
  /** Where it was asked for. */
  readonly sm3?: Uint8Array;
}

/** Hashes bodies, on as many cores as it likes. It takes the bodies: whoever gives them may not read them again. */
export type HashBodies = (bodies: readonly Uint8Array[], withSm3: boolean) => Promise<readonly BodyDigest[]>;

/** What makes a source an excerpt: the file that says so, and which entry bundles it holds. */
export interface HeldExcerpt {
  readonly text: string;
  /** Indexes of the bundles, 256 entries each. */
  readonly bundles: readonly number[];
}

/** One log of a source. */
export interface LogEvidence {
  /**
   * True for a copy to which bodies come in packs as the gateway hands them over: one that no seal lists yet is
   * awaited there, not missing.
   */
  readonly growsByPacks?: boolean;
  /** How reports name the log before its origin is known: folder or log id. */
  readonly label: string;
  /** The log's newest own checkpoint as a signed note; undefined if there is none. */
  checkpoint(): Promise<string | undefined>;
  /** Other notes of this log in any order: older checkpoints, cosigned ones. */
  otherNotes(): AsyncIterable<string>;
  /**
   * Leaves by ascending index from `from` to the end of what is held, without holes: a place inside the log for
   * which nothing is held comes with `bytes` undefined.
   */
  leaves(from: number): AsyncIterable<SourceLeaf>;
  /**
   * As `leaves(0)`, many at a time: waiting for each costs more than its check. Not there where the source has no
   * faster way.
   */
  leafGroups?(): AsyncIterable<readonly SourceLeaf[]>;
  /**
   * Stored tile hashes (see TileHash) `start` to `start + count - 1` of a tile level; undefined at a place where
   * none is stored.
   */
  tileHashes(level: number, start: number, count: number): Promise<readonly (Uint8Array | undefined)[]>;
  /** Undefined where the source is meant to be the whole log; not there where it can't be anything else. */
  excerpt?(): Promise<HeldExcerpt | undefined>;
  /** Asked by ascending index but for a few, so a source may keep its place. */
  body(index: number): Promise<SourceBody>;
  /**
   * The bodies of these entries (ascending), hashed with SHA-256 (and SM3) by the source itself, on as many cores as it likes.
   * Several calls may be under way at once. Not there where the source only hands over bodies.
   */
  digests?(indexes: readonly number[], withSm3: boolean): Promise<readonly SourceDigest[]>;
}

export interface EvidenceSource {
  /** True where every log of a gateway has to be: one that another log tells of and that is not here is missing. */
  readonly holdsAllLogs?: boolean;
  /** Trust file that lies in the source itself; a caller who has one from elsewhere uses that. */
  trust(): Promise<string | undefined>;
  /** Every log of the source, oldest first. */
  logs(): Promise<readonly LogEvidence[]>;
  /** Faults of the container itself, such as a pack that can't be decoded; known after the bodies were read. */
  faults(): readonly SourceFault[];
  close(): Promise<void>;
}

export interface SourceFault {
  /** File or key range, relative to the source. */
  readonly place: string;
  readonly why: string;
  /** True where the source could not read (`cannot tell`); false where what it read is malformed (`invalid`). */
  readonly unreadable: boolean;
}
