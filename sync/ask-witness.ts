/**
 * One log shown to one witness (C2SP tlog-witness): checkpoint and proof go there, the cosignature comes home.
 * Invariant: the witness says what it saw last; what is remembered of that here only saves a question.
 */
import { request } from "undici";
import { formatAddCheckpoint } from "../gateway/evidence/add-checkpoint.ts";
import { fromBase64 } from "../gateway/evidence/bytes.ts";
import type { GatewayLog, GatewaySide } from "./gateway-side.ts";
import { onlyBookkeeping, sizeOf } from "./replicate-log.ts";
import { HttpRefusal } from "./transport.ts";

const LIMIT_MS = 8000;
/** A size, or signature lines of a witness with several keys. */
const MAX_ANSWER_CHARS = 65_536;
const PATH = "/add-checkpoint";

export interface NeighbourWitness {
  /** Submission prefix, without a slash at its end. */
  readonly url: string;
  /** Size last co-signed of each log, by origin, as far as known. */
  readonly seen: Map<string, number>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function post(url: string, body: string, signal: AbortSignal): Promise<Answer> {
  const { statusCode, body: answer } = await request(`${url}${PATH}`, {
    method: "POST",
    body,
    headers: { "content-type": "text/plain; charset=utf-8" },
    signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
  });
  const text = await answer.text();
  if (text.length > MAX_ANSWER_CHARS) throw new HttpRefusal("POST", PATH, statusCode, undefined);
  return { status: statusCode, body: text };
}

/** True when a cosignature came home. Throws HttpRefusal where the witness refuses the log (409 with a larger size, 422). */
export async function askWitness(
  from: GatewaySide,
  witness: NeighbourWitness,
  log: GatewayLog,
  signal: AbortSignal,
): Promise<boolean> {
  const checkpoint = await from.checkpoint(log.logId, signal);
  const size = sizeOf(checkpoint);
  const call = async (old: number): Promise<Answer> => {
    const hashes = old === 0 || old === size ? [] : await from.consistency(log.logId, old, size, signal);
    const proof = hashes.map((hash) => fromBase64(hash));
    return post(witness.url, formatAddCheckpoint({ old, proof, checkpoint }), signal);
  };
  const known = witness.seen.get(log.origin) ?? 0;
  if (size === known || (await onlyBookkeeping(from, log.logId, known, size, signal))) return false;
  let answer = await call(known);
  if (answer.status === 409) {
    const seen = Number(/^(0|[1-9][0-9]{0,15})\n$/.exec(answer.body)?.[1]);
    if (!Number.isSafeInteger(seen) || seen > size || seen === known)
      throw new HttpRefusal("POST", PATH, answer.status, { code: "sync.logRefused" });
    witness.seen.set(log.origin, seen);
    if (seen === size) return false;
    answer = await call(seen);
  }
  if (answer.status !== 200)
    throw new HttpRefusal("POST", PATH, answer.status, {
      code: answer.status === 422 || answer.status === 409 ? "sync.logRefused" : "sync.witnessRefused",
    });
  witness.seen.set(log.origin, size);
  await from.deliverCosignature(`${checkpoint}${answer.body}`, signal);
  return true;
}
