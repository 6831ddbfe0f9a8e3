/**
 * The archive's add-checkpoint in the text form of C2SP tlog-witness, for logs and tools that know nothing of its JSON.
 * Invariant: the same task as the JSON route behind it, so both share one head and one turn.
 */
import { CodedError } from "../../gateway/domain/errors.ts";
import {
  type WitnessAnswer,
  cosignedAnswer,
  parseAddCheckpoint,
  refusalAnswer,
} from "../../gateway/evidence/add-checkpoint.ts";
import { toBase64 } from "../../gateway/evidence/bytes.ts";
import { type Checkpoint, parseCheckpoint } from "../../gateway/evidence/checkpoint.ts";
import { parseNote } from "../../gateway/evidence/note.ts";
import type { Archive } from "./archive.ts";
import { LogHead } from "./contract.ts";
import { Value } from "typebox/value";

/** Beside the specification's: the archive co-signs only what it holds every entry of. */
const NOT_HERE = "the entries below this checkpoint have not arrived\n";

export type ArchiveAnswer =
  | WitnessAnswer
  | { readonly status: 503; readonly contentType: string; readonly body: string };

interface Parsed {
  readonly request: ReturnType<typeof parseAddCheckpoint>;
  readonly checkpoint: Checkpoint;
}

function parsed(body: string): Parsed | undefined {
  try {
    const request = parseAddCheckpoint(body);
    const checkpoint = parseCheckpoint(parseNote(request.checkpoint).text);
    return request.old > checkpoint.size ? undefined : { request, checkpoint };
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

/** The specification's answer to a refusal of the archive; undefined where it has none. */
function answerTo({ code, details }: CodedError, size: number): ArchiveAnswer | undefined {
  const witnessed = Value.Check(LogHead, details) ? details.witnessed : 0;
  if (code === "sync.unknownOrigin") return refusalAnswer({ why: "unknownOrigin" });
  if (code === "sync.badCheckpoint" || code === "sync.forbiddenPeer")
    return refusalAnswer({ why: "badSignature" });
  if (code === "sync.outOfStep") return refusalAnswer({ why: "outOfStep", size: witnessed });
  if (code === "sync.logRefused")
    return refusalAnswer({ why: size === witnessed ? "otherRoot" : "badProof", size: witnessed });
  if (code === "sync.entriesMissing")
    return { status: 503, contentType: "text/plain; charset=utf-8", body: NOT_HERE };
  return undefined;
}

/** `allowed` throws where the caller may not touch this log. */
export async function answerAddCheckpoint(
  archive: Archive,
  body: string,
  allowed: (origin: string) => void,
): Promise<ArchiveAnswer> {
  const call = parsed(body);
  if (call === undefined) return refusalAnswer({ why: "malformed" });
  const { request, checkpoint } = call;
  const { origin, size } = checkpoint;
  try {
    allowed(origin);
    const { old, proof } = request;
    const lines = await archive.addCheckpoint(origin, {
      old,
      proof: proof.map((hash) => toBase64(hash)),
      checkpoint: request.checkpoint,
    });
    return cosignedAnswer(lines);
  } catch (refusal) {
    if (!(refusal instanceof CodedError)) throw refusal;
    const known = answerTo(refusal, size);
    if (known === undefined) throw refusal;
    return known;
  }
}
