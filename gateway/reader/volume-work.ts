/**
 * What the reader does to sealed volumes apart from reading: copying survivors, removing values, checking them.
 * Invariant: each piece of work may be repeated from its beginning, so the death of the process harms nothing.
 */
import { createHash } from "node:crypto";
import { decodeBodyValue } from "../evidence/body-value.ts";
import type { BadBody, ExpectedBody } from "./protocol.ts";
import { type SealedVolumes, type Volume, seqKey } from "./sealed-volumes.ts";

const sha256Hex = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Copies the values as they lie, synced. A value that is not there is left out; one that can't be read throws. */
export async function copyValues(
  volumes: SealedVolumes,
  from: string,
  to: string,
  seqs: readonly number[],
): Promise<void> {
  const source = await volumes.use(from);
  const values: (Uint8Array | undefined)[] = await source.getMany(seqs.map(seqKey), { fillCache: false });
  const target = await volumes.use(to, { create: true });
  const puts = seqs.flatMap((seq, i) => {
    const value = values[i];
    return value === undefined ? [] : [{ type: "put" as const, key: seqKey(seq), value }];
  });
  await target.batch(puts, { sync: true });
}

interface Compacting {
  compactRange(from: Uint8Array, to: Uint8Array): Promise<void>;
}
/** On Node `level` is LevelDB, whose types it does not repeat. */
const compacts = (volume: object): volume is Compacting => "compactRange" in volume;

/** Deletes the values and rewrites the tables that held them. */
export async function removeValues(
  volumes: SealedVolumes,
  path: string,
  seqs: readonly number[],
): Promise<void> {
  const volume: Volume = await volumes.use(path);
  const [first] = seqs;
  const last = seqs.at(-1);
  if (first === undefined || last === undefined || !compacts(volume)) return;
  // First out of memory: a deletion that reaches a table together with its value would stay there beside it.
  await volume.compactRange(seqKey(first), seqKey(last + 1));
  await volume.batch(
    seqs.map((seq) => ({ type: "del" as const, key: seqKey(seq) })),
    { sync: true },
  );
  await volume.compactRange(seqKey(first), seqKey(last + 1));
}

/** LevelDB checks nothing on get: the body's hash and its entry's say whether it is what was logged. */
export async function badValues(
  volumes: SealedVolumes,
  path: string,
  expected: readonly ExpectedBody[],
): Promise<readonly BadBody[]> {
  const bad: BadBody[] = [];
  for (const body of expected) {
    const why = await faultOf(volumes, path, body);
    if (why !== undefined) bad.push({ seq: body.seq, why });
  }
  return bad;
}

async function faultOf(
  volumes: SealedVolumes,
  path: string,
  expected: ExpectedBody,
): Promise<BadBody["why"] | undefined> {
  let value: Uint8Array | undefined;
  try {
    value = await volumes.read(path, expected.seq);
  } catch {
    // The caller names the volume and the place; LevelDB's own text adds nothing to that.
    return "unreadable";
  }
  if (value === undefined) return "missing";
  try {
    const { entryBytes, body } = decodeBodyValue(value);
    const sound =
      body.length === expected.lenBytes &&
      sha256Hex(body) === expected.sha256 &&
      sha256Hex(entryBytes) === expected.entrySha256;
    return sound ? undefined : "corrupt";
  } catch (cause) {
    if (cause instanceof RangeError) return "corrupt";
    throw cause;
  }
}
