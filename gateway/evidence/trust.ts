/**
 * The trust file: which logs and witnesses a verifier believes (C2SP tlog-policy). Invariant: a verdict is worth
 * as much as the way this file came to the verifier; one from inside the evidence only shows consistency.
 *
 * Beyond the specification one key may serve several logs, because a gateway's yearly logs share their signer. A
 * log may have several keys: of each type in use, and older and newer ones (succession.ts says which counts when).
 */
import type { Sha256 } from "./suite.ts";
import { COSIGNATURE_V1, type VerifierKey, formatVerifierKey, parseVerifierKey } from "./verifier-key.ts";

interface TrustedWitness {
  /** How groups and the quorum call it; has no meaning outside the file. */
  readonly name: string;
  readonly key: VerifierKey;
}

/** A checkpoint counts as witnessed when `threshold` of the members did so; members are witnesses or groups. */
interface WitnessGroup {
  readonly name: string;
  readonly threshold: number;
  readonly members: readonly string[];
}

export interface Trust {
  readonly logs: readonly VerifierKey[];
  readonly witnesses: readonly TrustedWitness[];
  readonly groups: readonly WitnessGroup[];
  /** Name of a witness or group, or `none`. */
  readonly quorum: string;
}

const MAX_TRUST_CHARS = 262_144;
const MAX_LINES = 4096;

/** Throws RangeError with the line's number when the text is not a trust file. */
export function parseTrust(text: string, sha256: Sha256): Trust {
  if (text.length > MAX_TRUST_CHARS) throw new RangeError("a trust file is too long");
  const lines = text.split("\n");
  if (lines.length > MAX_LINES) throw new RangeError("a trust file is too long");
  const reading = new TrustReading(sha256);
  lines.forEach((line, i) => {
    const words = line.split(/[ \t]+/).filter((word) => word !== "");
    if (words.length === 0 || line.trimStart().startsWith("#")) return;
    try {
      reading.take(words);
    } catch (cause) {
      const why = cause instanceof RangeError ? cause.message : "not readable";
      throw new RangeError(`trust file, line ${i + 1}: ${why}`, { cause });
    }
  });
  return reading.done();
}

class TrustReading {
  readonly #sha256: Sha256;
  readonly #logs: VerifierKey[] = [];
  readonly #witnesses: TrustedWitness[] = [];
  readonly #groups: WitnessGroup[] = [];
  readonly #members = new Set<string>();
  #quorum: string | undefined;

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
  }

  take([kind, ...rest]: readonly string[]): void {
    if (kind === "log") this.#log(rest);
    else if (kind === "witness") this.#witness(rest);
    else if (kind === "group") this.#group(rest);
    else if (kind === "quorum") this.#setQuorum(rest);
    else throw new RangeError("an unknown kind of line");
  }

  done(): Trust {
    if (this.#quorum === undefined) throw new RangeError("a trust file has one quorum line");
    return { logs: this.#logs, witnesses: this.#witnesses, groups: this.#groups, quorum: this.#quorum };
  }

  #log([vkey, _url, ...extra]: readonly string[]): void {
    if (vkey === undefined || extra.length > 0) throw new RangeError("log <vkey> [<url>]");
    const key = parseVerifierKey(vkey, this.#sha256);
    if (key.type === COSIGNATURE_V1) throw new RangeError("a log's key has type 0x01 or 0xff");
    this.#logs.push(key);
  }

  #witness([name, vkey, _url, ...extra]: readonly string[]): void {
    if (name === undefined || vkey === undefined || extra.length > 0)
      throw new RangeError("witness <name> <vkey> [<url>]");
    const key = parseVerifierKey(vkey, this.#sha256);
    if (key.type !== COSIGNATURE_V1) throw new RangeError("a witness's key has type 0x04");
    this.#define(name);
    this.#witnesses.push({ name, key });
  }

  #group([name, rule, ...members]: readonly string[]): void {
    if (name === undefined || rule === undefined || members.length === 0)
      throw new RangeError("group <name> all|any|<k> <member>...");
    const threshold = rule === "all" ? members.length : rule === "any" ? 1 : Number(rule);
    if (!Number.isInteger(threshold) || threshold < 1 || threshold > members.length)
      throw new RangeError("a group's threshold lies between 1 and its members");
    for (const member of members) {
      if (!this.#isDefined(member) || this.#members.has(member))
        throw new RangeError("a group's member is defined before and in one group only");
      this.#members.add(member);
    }
    this.#define(name);
    this.#groups.push({ name, threshold, members });
  }

  #setQuorum([name, ...extra]: readonly string[]): void {
    if (name === undefined || extra.length > 0 || this.#quorum !== undefined)
      throw new RangeError("a trust file has one quorum line");
    if (name !== "none" && !this.#isDefined(name)) throw new RangeError("the quorum is defined before");
    this.#quorum = name;
  }

  #isDefined(name: string): boolean {
    return [...this.#witnesses, ...this.#groups].some((known) => known.name === name);
  }

  #define(name: string): void {
    if (name === "none" || this.#isDefined(name)) throw new RangeError("a name is defined once");
  }
}

/** Throws RangeError when the result could not be read back. */
export function formatTrust(trust: Trust, sha256: Sha256): string {
  const text = [
    ...trust.logs.map((key) => `log ${formatVerifierKey(key)}`),
    ...trust.witnesses.map(({ name, key }) => `witness ${name} ${formatVerifierKey(key)}`),
    ...trust.groups.map(({ name, threshold, members }) => `group ${name} ${threshold} ${members.join(" ")}`),
    `quorum ${trust.quorum}`,
    "",
  ].join("\n");
  parseTrust(text, sha256);
  return text;
}

/** Whether the witnesses with these names make up the quorum. */
export function quorumMet(trust: Trust, witnessed: ReadonlySet<string>): boolean {
  if (trust.quorum === "none") return true;
  const met = new Set(trust.witnesses.filter(({ name }) => witnessed.has(name)).map(({ name }) => name));
  for (const { name, threshold, members } of trust.groups)
    if (members.filter((member) => met.has(member)).length >= threshold) met.add(name);
  return met.has(trust.quorum);
}

/**
 * One trust out of those of several evidence folders. Throws RangeError when they contradict each other: another
 * key under the same witness's name, or another quorum.
 */
export function mergeTrusts(trusts: readonly Trust[], sha256: Sha256): Trust {
  const logs = new Map(trusts.flatMap((trust) => trust.logs.map((key) => [formatVerifierKey(key), key])));
  const witnesses = new Map(
    trusts.flatMap((trust) =>
      trust.witnesses.map((one) => [`${one.name} ${formatVerifierKey(one.key)}`, one]),
    ),
  );
  const groups = new Map(trusts.flatMap((trust) => trust.groups.map((one) => [JSON.stringify(one), one])));
  const quorums = new Set(trusts.map((trust) => trust.quorum));
  const [quorum] = quorums;
  if (quorum === undefined || quorums.size > 1) throw new RangeError("trust files ask for different quorums");
  const merged: Trust = {
    logs: [...logs.values()],
    witnesses: [...witnesses.values()],
    groups: [...groups.values()],
    quorum,
  };
  return parseTrust(formatTrust(merged, sha256), sha256);
}
