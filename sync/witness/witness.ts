/**
 * A witness without a copy of the log (C2SP tlog-witness): it remembers the last tree and asks for a proof that the
 * next one extends it. Invariant: calls for one log run one after the other, so compare and persist are one step.
 */
import {
  type WitnessAnswer,
  cosignedAnswer,
  decideAddCheckpoint,
  parseAddCheckpoint,
  refusalAnswer,
} from "../../gateway/evidence/add-checkpoint.ts";
import { cosign } from "../../gateway/evidence/cosignature.ts";
import { addSignature, formatNote } from "../../gateway/evidence/note.ts";
import type { Sha256, VerifyEd25519 } from "../../gateway/evidence/suite.ts";
import { type VerifierKey, verifierKey } from "../../gateway/evidence/verifier-key.ts";
import type { WitnessKey } from "../archive/witness.ts";
import type { WitnessState } from "./witness-state.ts";

export interface WitnessOptions {
  /** A key serves all logs of its gateway: the last part of the name, the log's id, may be another. */
  readonly logKeys: readonly VerifierKey[];
  readonly state: WitnessState;
  readonly witness: WitnessKey;
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
  readonly wallMs: () => number;
  /** A log that shrank or forked by its own signature. */
  readonly onLogRefused: (origin: string) => void;
}

const gatewayOf = (origin: string): string => origin.slice(0, origin.lastIndexOf("/"));

export class Witness {
  readonly #options: WitnessOptions;
  /** The last call for each log; the next one waits for it. */
  readonly #tails = new Map<string, Promise<unknown>>();

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  /** `body` is that of an add-checkpoint request. */
  async add(body: string): Promise<WitnessAnswer> {
    const origin = originOf(body);
    if (this.#keysOf(origin) === undefined) return this.#decide(body);
    const result = (this.#tails.get(origin) ?? Promise.resolve()).then(() => this.#decide(body));
    this.#tails.set(
      origin,
      result.catch(() => undefined),
    );
    return result;
  }

  #keysOf(origin: string): readonly VerifierKey[] | undefined {
    const { logKeys, sha256 } = this.#options;
    const keys = logKeys
      .filter(({ name }) => gatewayOf(name) === gatewayOf(origin))
      .map(({ type, publicKey }) => verifierKey(sha256, { name: origin, type, publicKey }));
    return keys.length === 0 ? undefined : keys;
  }

  async #decide(body: string): Promise<WitnessAnswer> {
    const { state, witness, sha256, verify, wallMs, onLogRefused } = this.#options;
    let request: ReturnType<typeof parseAddCheckpoint>;
    try {
      request = parseAddCheckpoint(body);
    } catch (cause) {
      if (cause instanceof RangeError) return refusalAnswer({ why: "malformed" });
      throw cause;
    }
    const decision = await decideAddCheckpoint(request, {
      keysOf: (origin) => this.#keysOf(origin),
      lastOf: (origin) => state.last(origin),
      sha256,
      verify,
    });
    if (!decision.cosign) {
      if (decision.why === "otherRoot" || decision.why === "badProof") onLogRefused(originOf(body));
      return refusalAnswer(decision);
    }
    const { note, checkpoint } = decision;
    const timeS = Math.floor(wallMs() / 1000);
    const line = await cosign({ checkpointText: note.text, timeS, key: witness.key, sign: witness.sign });
    await state.put(checkpoint, formatNote(addSignature(note, line)));
    return cosignedAnswer(formatNote({ text: note.text, signatures: [line] }).slice(note.text.length + 1));
  }
}

/** First line behind the empty one; nothing is believed of it before the signature was checked. */
function originOf(body: string): string {
  const at = body.indexOf("\n\n") + 2;
  return body.slice(at, body.indexOf("\n", at));
}
