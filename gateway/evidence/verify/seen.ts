/**
 * What others saw of these logs and the verifier holds apart from the evidence: notes (an archive's co-signed
 * checkpoint) and checkpoints from papers. Invariant: a statement counts by its signature only, and each one is
 * either held against a log or named as unusable.
 */
import { parseCheckpoint } from "../checkpoint.ts";
import { parseNote } from "../note.ts";
import { checkPaperCheckpoint, parsePaperCheckpoint } from "../paper.ts";
import type { VerifyEd25519 } from "../suite.ts";
import type { Trust } from "../trust.ts";
import type { FindingList } from "./finding-list.ts";

const PAPER = /C1:[0-9A-Z]+\.[0-9A-Z]+\.[A-Z2-7]+/g;
const LABEL = "seen";

/** Notes by the origin of the log that they speak of. */
export type SeenNotes = ReadonlyMap<string, readonly string[]>;

export interface SeenOptions {
  /** Each a signed note, or text with one or more paper checkpoints in it. */
  readonly texts: readonly string[];
  readonly trust: Trust | undefined;
  readonly verify: VerifyEd25519;
  readonly findings: FindingList;
}

export async function readSeen(options: SeenOptions): Promise<SeenNotes> {
  const notes = new Map<string, string[]>();
  for (const text of options.texts)
    for (const note of await notesIn(options, text)) {
      const origin = originOf(note);
      if (origin === undefined) {
        options.findings.add("seen.unusable", LABEL, undefined, "neither a note nor a paper's checkpoint");
        continue;
      }
      notes.set(origin, [...(notes.get(origin) ?? []), note]);
    }
  return notes;
}

async function notesIn({ trust, verify, findings }: SeenOptions, text: string): Promise<readonly string[]> {
  const papers = text.match(PAPER) ?? [];
  if (papers.length === 0) return [text];
  const notes: string[] = [];
  for (const paper of papers) {
    const note = await paperNote(paper, trust, verify);
    if (note === undefined) findings.add("seen.unusable", LABEL, undefined, `${paper.slice(0, 20)}…`);
    else notes.push(note);
  }
  return notes;
}

async function paperNote(
  paper: string,
  trust: Trust | undefined,
  verify: VerifyEd25519,
): Promise<string | undefined> {
  try {
    const state = await checkPaperCheckpoint(parsePaperCheckpoint(paper), trust?.logs ?? [], verify);
    return state.state === "good" ? state.note : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Undefined where the text is no note of a checkpoint. */
export function originOf(note: string): string | undefined {
  try {
    return parseCheckpoint(parseNote(note).text).origin;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
