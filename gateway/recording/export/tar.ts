/**
 * Writes a tar archive (POSIX.1-1988 ustar) piece by piece. Invariant: a file's size is known before its first byte,
 * and the archive is readable by any tar; names are ASCII.
 */

const BLOCK = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;
/** Eleven octal digits. */
const SIZE_MAX = 8 ** 11 - 1;

export interface TarEntry {
  /** Relative, with forward slashes, ASCII. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** Throws RangeError on a name or size that the format can't carry. */
export function tarHead({ path, sizeBytes, modifiedMs }: TarEntry): Uint8Array {
  if (!/^[\x21-\x7e]+$/.test(path) || path.startsWith("/")) throw new RangeError("a tar name is plain ASCII");
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || sizeBytes > SIZE_MAX)
    throw new RangeError("a file in a tar is at most 8 GiB");
  const [prefix, name] = splitName(path);
  const head = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number): void =>
    void head.write(`${value.toString(8).padStart(digits, "0")}\0`, at, "latin1");
  head.write(name, 0, "latin1");
  octal(0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(sizeBytes, 124, 11);
  octal(Math.floor(modifiedMs / 1000), 136, 11);
  head.fill(0x20, 148, 156);
  head.write("0", 156, "latin1");
  head.write("ustar\u000000", 257, "latin1");
  head.write(prefix, 345, "latin1");
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return head;
}

function splitName(path: string): readonly [prefix: string, name: string] {
  if (path.length <= NAME_BYTES) return ["", path];
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1))
    if (at <= PREFIX_BYTES && path.length - at - 1 <= NAME_BYTES)
      return [path.slice(0, at), path.slice(at + 1)];
  throw new RangeError("a tar name is too long");
}

/** Zeros after a file's content, up to the next block. */
export function tarPadding(sizeBytes: number): Uint8Array {
  return new Uint8Array((BLOCK - (sizeBytes % BLOCK)) % BLOCK);
}

/** What ends an archive. */
export const TAR_END: Uint8Array = new Uint8Array(2 * BLOCK);
