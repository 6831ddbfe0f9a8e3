/** The entry's exact bytes: one vector, and no second way to write the same entry. */
import { describe, expect, it } from "vitest";
import { seq, sha256Hex, streamId } from "../../../gateway/domain/ids.ts";
import { type Entry, decodeEntry, encodeEntry } from "../../../gateway/evidence/entry.ts";
import { toHex } from "../../../gateway/evidence/bytes.ts";
import { leafHash } from "../../../gateway/evidence/merkle/hash.ts";
import { decodeRecord, encodeRecord } from "../../../gateway/evidence/record.ts";
import { nodeSha256 } from "../../../gateway/signer/ed25519.ts";

const ENTRY: Entry = {
  v: 1,
  seq: seq(7),
  type: "fragment",
  stream: streamId("camera/cam-1/main"),
  n: 3,
  t: 1_772_413_200_123,
  dur: 2000,
  boot: "b7c1",
  mono: 6000,
  ntp: "synced",
  cam: 1_772_413_199_900,
  len: 3,
  sha256: sha256Hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  codec: "avc1.4d0028",
  cont: 1,
};
const TEXT =
  '{"v":1,"seq":7,"type":"fragment","stream":"camera/cam-1/main","n":3,"t":1772413200123,"dur":2000,' +
  '"boot":"b7c1","mono":6000,"ntp":"synced","cam":1772413199900,"len":3,' +
  '"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",' +
  '"codec":"avc1.4d0028","cont":1}';
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("an entry", () => {
  it("has these bytes and this leaf hash", () => {
    const bytes = encodeEntry(ENTRY);
    expect(new TextDecoder().decode(bytes)).toBe(TEXT);
    expect(decodeEntry(bytes)).toEqual(ENTRY);
    expect(toHex(leafHash(nodeSha256, bytes))).toBe(
      "8f786f6927fd307e18b17efbd338b825efefac83fd75c5a3a77d5fec4a3f4303",
    );
  });

  it("is refused in any other writing of the same content", () => {
    for (const other of [
      ` ${TEXT}`,
      `\ufeff${TEXT}`,
      TEXT.replace('{"v":1,"seq":7', '{"seq":7,"v":1'),
      TEXT.replace('"n":3', '"n":3.0'),
      TEXT.replace('"n":3', '"n":3,"n":3'),
      TEXT.replace('"dur":2000', '"dur":2e3'),
      TEXT.replace("cam-1", "cam\\u002d1"),
      TEXT.replace('"cont":1', '"cont":1,"more":2'),
      TEXT.replace("b7c1", "b7ç1"),
      TEXT.replace("fragment", "picture"),
      TEXT.slice(0, -1),
      TEXT.replace('"codec"', '"sm3":"66C7","codec"'),
      TEXT.replace('"cont":1', '"cont":1,"vkey":"hall/g1/2026+00000000+AQ=="'),
      TEXT.replace('"type":"fragment"', '"type":"key"'),
      "[]",
      "null",
    ])
      expect(() => decodeEntry(bytesOf(other)), other).toThrow(RangeError);
  });

  it("is refused when it can't be written in ASCII or is too long", () => {
    expect(() => encodeEntry({ ...ENTRY, boot: "é" })).toThrow(RangeError);
    expect(() => encodeEntry({ ...ENTRY, boot: "b".repeat(66_000) })).toThrow(RangeError);
  });
});

describe("a record", () => {
  it("reads back with its attachment and refuses a torn form", () => {
    const record = { json: { name: "张三", n: 1 }, attachment: Uint8Array.of(1, 2, 3) };
    const bytes = encodeRecord(record, new Uint8Array(32));
    expect(decodeRecord(bytes)).toEqual(record);
    for (const length of [0, 35, 40])
      expect(() => decodeRecord(bytes.subarray(0, length))).toThrow(RangeError);
  });
});
