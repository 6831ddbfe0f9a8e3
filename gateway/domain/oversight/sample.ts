/**
 * A random sample nobody can choose 随机抽取: its seed is the log's own root after the period ended and the draw was
 * asked for, so whoever has the signed checkpoint draws the same. Pure; the hash is a parameter.
 */

type Sha256 = (bytes: Uint8Array) => Uint8Array;

export interface DrawnFrom {
  /** Origin of the log (C2SP tlog-checkpoint). */
  readonly origin: string;
  /** Tree size right behind the entry that asked for the draw. */
  readonly size: number;
  /** Root of that tree, lower-case hex. */
  readonly rootHex: string;
  /** Such as `2026-10`. */
  readonly period: string;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Hex of SHA-256 over five lines: what it is, origin, size, root, period. */
export function sampleSeed(sha256: Sha256, { origin, size, rootHex, period }: DrawnFrom): string {
  return hex(sha256(utf8(`oversight-sample-v1\n${origin}\n${size}\n${rootHex}\n${period}\n`)));
}

/** The `count` candidates whose SHA-256 over seed, newline and name is lowest, in that order. */
export function drawSample(
  sha256: Sha256,
  seed: string,
  candidates: readonly string[],
  count: number,
): readonly string[] {
  return [...new Set(candidates)]
    .map((name) => ({ name, rank: hex(sha256(utf8(`${seed}\n${name}`))) }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

/** The first moment after a month `YYYY-MM` in Beijing, UTC ms; undefined where it is no month. */
export function monthEndMs(month: string): number | undefined {
  const parts = /^(20\d\d)-(0[1-9]|1[0-2])$/.exec(month);
  if (parts === null) return undefined;
  // Beijing midnight is 16:00 UTC of the day before.
  return Date.UTC(Number(parts[1]), Number(parts[2]), 1) - 8 * 3_600_000;
}
