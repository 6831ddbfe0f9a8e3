/** Pictures that carry their number in their bytes, so that what was kept can be counted without decoding. */

export const FRAME_MS = 40;
const MARK = "PICTURE-NUMBER::";
const DIGITS = 10;

export const pictureMark = (number: number): Buffer =>
  Buffer.from(`${MARK}${String(number).padStart(DIGITS, "0")}`);

/** Numbers in the order they lie in the bytes. */
export function pictureNumbers(bytes: Uint8Array): readonly number[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: number[] = [];
  for (let at = buffer.indexOf(MARK); at >= 0; at = buffer.indexOf(MARK, at + MARK.length))
    found.push(Number(buffer.toString("latin1", at + MARK.length, at + MARK.length + DIGITS)));
  return found;
}
