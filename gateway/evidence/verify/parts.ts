/**
 * What each verifier of this evidence looks at. Invariant: on the parts that two of them see they reach the same
 * result; a test holds them against each other on every mutation of the tamper suite.
 */
import { FINDINGS, type Finding, type FindingCode, type VerdictResult, resultOf } from "./finding.ts";

export const PARTS = [
  /** Trust file, checkpoint notes, cosignatures and epochs of changing keys. */
  "notes",
  /** The SM2 line of the national suite. */
  "national",
  /** The tree of the entries hashed with SM3, and that all of them are of one suite. */
  "sm3",
  /** Entries, tiles and tree against every signed head. */
  "tree",
  /** Form, numbers and counters of the entries, and their monotonic clock. */
  "order",
  /** Bodies, and what the log says of absent ones. */
  "bodies",
  /** Releases against the archive's acknowledgements. */
  "acknowledgements",
  /** Foreign times, and heads that other logs' and this log's own records hold. */
  "testimony",
] as const;
export type Part = (typeof PARTS)[number];

export const PART_OF: Readonly<Record<FindingCode, Part>> = {
  "trust.none": "notes",
  "trust.malformed": "notes",
  "seen.unusable": "notes",
  "check.cancelled": "notes",
  "checkpoint.none": "notes",
  "checkpoint.malformed": "notes",
  "checkpoint.keyUnknown": "notes",
  "checkpoint.otherKey": "notes",
  "checkpoint.wrongSignature": "notes",
  "checkpoint.staleKey": "notes",
  "checkpoint.staleNational": "national",
  "checkpoint.stripped": "national",
  "checkpoint.wrongNational": "national",
  "checkpoint.otherLog": "notes",
  "cosignature.wrong": "notes",
  "cosignature.belowQuorum": "notes",
  "log.absent": "testimony",
  "log.misplaced": "testimony",
  "log.truncated": "tree",
  "log.unsigned": "tree",
  "log.rootDiffers": "tree",
  "log.forked": "tree",
  "log.sm3RootDiffers": "sm3",
  "sighting.differs": "testimony",
  "tile.altered": "tree",
  "tile.missing": "tree",
  "block.altered": "tree",
  "entry.altered": "tree",
  "entry.inserted": "tree",
  "entry.reordered": "tree",
  "entry.removed": "tree",
  "entry.malformed": "order",
  "entry.misnumbered": "order",
  "entry.otherSuite": "sm3",
  "stream.gap": "order",
  "stream.repeated": "order",
  "clock.backwards": "order",
  "clock.ahead": "testimony",
  "clock.behind": "testimony",
  "absence.malformed": "bodies",
  "release.unbacked": "acknowledgements",
  "excerpt.malformed": "tree",
  "body.altered": "bodies",
  "body.otherEntry": "bodies",
  "body.missing": "bodies",
  "body.released": "bodies",
  "body.erased": "bodies",
  "body.awaited": "bodies",
  "body.unreadable": "bodies",
  "source.malformed": "tree",
  "source.unreadable": "tree",
};

/** The verifiers and the parts that each sees. */
export const VERIFIERS = {
  /** `npm run verify`. */
  ours: PARTS,
  /** The single Python file that travels with every export. */
  python: ["notes", "national", "tree", "order", "bodies"],
  /** Go's note and tlog packages. */
  go: ["notes", "tree"],
} as const satisfies Readonly<Record<string, readonly Part[]>>;
export type Verifier = keyof typeof VERIFIERS;

/** A fault of a pack concerns bodies, of any other file the tree. */
function partOf({ code, log }: Finding): Part {
  return code.startsWith("source.") && /(?:^|\/)packs(?:\/|$)/.test(log) ? "bodies" : PART_OF[code];
}

/** The result of our own verdict, reduced to what this verifier sees. */
export function resultFor(verifier: Verifier, findings: readonly Finding[]): VerdictResult {
  const parts: readonly Part[] = VERIFIERS[verifier];
  const counts = { invalid: 0, missing: 0, cannotTell: 0, erased: 0, released: 0, awaited: 0 };
  for (const finding of findings) if (parts.includes(partOf(finding))) counts[FINDINGS[finding.code]]++;
  return resultOf(counts);
}
