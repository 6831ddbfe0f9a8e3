/** The C2SP formats and our own, against published samples and hostile input. */
import { describe, expect, it } from "vitest";
import { sha256Hex } from "../../../gateway/domain/ids.ts";
import { formatAck, parseAck } from "../../../gateway/evidence/ack.ts";
import { fromBase32, fromBase64, toBase32, toHex } from "../../../gateway/evidence/bytes.ts";
import { decodeBodyValue, encodeBodyValue } from "../../../gateway/evidence/body-value.ts";
import { formatCheckpoint, parseCheckpoint } from "../../../gateway/evidence/checkpoint.ts";
import { checkCosignature } from "../../../gateway/evidence/cosignature.ts";
import { turnoverPath } from "../../../gateway/evidence/folder.ts";
import { formatNote, parseNote } from "../../../gateway/evidence/note.ts";
import {
  checkPaperCheckpoint,
  paperCheckpoint,
  parsePaperCheckpoint,
} from "../../../gateway/evidence/paper.ts";
import { parseTilePath, tilePath, tilesReplaced, tilesToWrite } from "../../../gateway/evidence/tiles.ts";
import { parseTrust, quorumMet } from "../../../gateway/evidence/trust.ts";
import { checkNote, formatVerifierKey, parseVerifierKey } from "../../../gateway/evidence/verifier-key.ts";
import { nodeSha256, nodeVerify } from "../../../gateway/signer/ed25519.ts";
import { ORIGIN, SampleLog } from "./sample-log.ts";

describe("signed notes", () => {
  // From the documentation of golang.org/x/mod/sumdb/note.
  const vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  const note =
    "If you think cryptography is the answer to your problem,\n" +
    "then you don't know what your problem is.\n" +
    "\n" +
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

  it("verify a note that the Go implementation signed", async () => {
    const key = parseVerifierKey(vkey, nodeSha256);
    expect(formatVerifierKey(key)).toBe(vkey);
    const parsed = parseNote(note);
    expect(formatNote(parsed)).toBe(note);
    expect(await checkNote(parsed, key, nodeVerify)).toBe("good");
    expect(await checkNote({ ...parsed, text: parsed.text.replace("your", "my") }, key, nodeVerify)).toBe(
      "wrong",
    );
  });

  it("refuse malformed keys as Go's tests list them", () => {
    for (const bad of [
      "",
      "PeterNeumann+c74f20a3",
      `${vkey}A`,
      vkey.replace("c74f20a3", "c74f20a4"),
      vkey.replace("c74f20a3", "C74F20A3"),
      "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
      "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ])
      expect(() => parseVerifierKey(bad, nodeSha256), bad).toThrow(RangeError);
  });

  it("refuse what is no note", () => {
    for (const bad of [
      "",
      "text\n",
      "text\n\n",
      note.slice(0, -1),
      note.replace("— ", "- "),
      note.replace("PeterNeumann ", "Peter+Neumann "),
      note.replace("problem,", "problem\u0000"),
      `${note}\n`,
      note.replace("x08go/", "x08go!"),
      `a\n\n${"— k AAAAAAA=\n".repeat(65)}`,
      "a".repeat(2_000_000),
    ])
      expect(() => parseNote(bad)).toThrow(RangeError);
  });
});

describe("an evidence folder", () => {
  it("keeps a checkpoint of two keys beside the newest", () => {
    expect(turnoverPath(5)).toBe("checkpoints/5");
  });
});

describe("checkpoints", () => {
  const text = `${ORIGIN}\n256\n${"A".repeat(43)}=\n`;

  it("have one text", () => {
    const checkpoint = parseCheckpoint(text);
    expect(checkpoint).toMatchObject({ origin: ORIGIN, size: 256 });
    expect(formatCheckpoint(checkpoint)).toBe(text);
  });

  it("refuse extension lines, other origins and numbers in another form", () => {
    for (const bad of [
      `${text}extra\n`,
      text.slice(0, -1),
      text.replace("256", "0256"),
      text.replace("256", "-1"),
      text.replace("256", "99999999999999999"),
      text.replace(ORIGIN, "example.com/log"),
      text.replace(ORIGIN, "UNIT/gw/2026"),
      text.replace("A=", "B="),
      text.replace("AAAA", ""),
    ])
      expect(() => parseCheckpoint(bad), bad).toThrow(RangeError);
  });
});

describe("tiles", () => {
  it("have the paths of the specification", () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe("tile/0/x001/x234/067");
    expect(tilePath({ level: 3, index: 0, width: 17 })).toBe("tile/3/000.p/17");
    expect(tilePath({ level: "entries", index: 1000, width: 256 })).toBe("tile/entries/x001/000");
    for (const path of ["tile/0/x001/x234/067", "tile/3/000.p/17", "tile/entries/x001/000.p/1"]) {
      const tile = parseTilePath(path);
      expect(tile === undefined ? undefined : tilePath(tile)).toBe(path);
    }
    for (const bad of [
      "tile/64/000",
      "tile/00/000",
      "tile/0/1",
      "tile/0/x000/001",
      "tile/0/001.p/256",
      "tile/0/001.p/0",
      "tile/0/001/002",
      "tile/0/../001",
      "tiles/0/001",
    ])
      expect(parseTilePath(bad), bad).toBeUndefined();
  });

  it("are those the specification counts for 70,000 and 256 entries", () => {
    const at = (size: number): Record<string, number> => {
      const counts: Record<string, number> = {};
      for (const { level, width } of tilesToWrite(0, size)) {
        const name = `${level}${width === 256 ? "" : `.${width}`}`;
        counts[name] = (counts[name] ?? 0) + 1;
      }
      return counts;
    };
    expect(at(70_000)).toEqual({
      entries: 273,
      "entries.112": 1,
      "0": 273,
      "0.112": 1,
      "1": 1,
      "1.17": 1,
      "2.1": 1,
    });
    expect(at(256)).toEqual({ entries: 1, "0": 1, "1.1": 1 });
    expect(at(0)).toEqual({});
  });

  it("name the partial tiles that a longer tree replaced", () => {
    expect(tilesReplaced(300, 600).map(tilePath)).toEqual([
      "tile/entries/001.p/44",
      "tile/0/001.p/44",
      "tile/1/000.p/1",
    ]);
    expect(tilesReplaced(256, 256)).toEqual([]);
  });
});

describe("acknowledgements", () => {
  const ack = {
    checkpoint: { origin: ORIGIN, size: 300, root: new Uint8Array(32).fill(7) },
    timeS: 1_772_413_200,
    packs: [
      {
        sha256: sha256Hex("ab".repeat(32)),
        ranges: [[0, 256] as const, [258, 300] as const],
        retainUntilS: 1_900_000_000,
      },
    ],
  };

  it("read back as written", () => {
    expect(parseAck(formatAck(ack))).toEqual(ack);
    expect(parseAck(formatAck({ ...ack, packs: [] }))).toEqual({ ...ack, packs: [] });
  });

  it("refuse a pack beyond the checkpoint, a checkpoint in their place and torn lines", () => {
    const text = formatAck(ack);
    for (const bad of [
      text.replace("258-300", "258-301"),
      text.replace("0-256", "0-256,256-257"),
      text.replace("time ", "time 0"),
      text.slice(0, -1),
      `${text}pack\n`,
      formatCheckpoint(ack.checkpoint),
    ])
      expect(() => parseAck(bad)).toThrow(RangeError);
  });
});

describe("paper", () => {
  it("carries a checkpoint in one alphanumeric line that verifies offline", async () => {
    const log = new SampleLog().fill(30);
    const line = paperCheckpoint(parseNote(await log.note()), log.key, 29);
    expect(line).toMatch(/^[0-9A-Z $%*+\-./:]+$/);
    expect(line.length).toBeLessThanOrEqual(175);
    const checked = await checkPaperCheckpoint(parsePaperCheckpoint(line), [log.key], nodeVerify);
    expect(checked).toMatchObject({ state: "good", index: 29, checkpoint: { origin: ORIGIN, size: 30 } });
    expect(checked.state === "good" && checked.note).toBe(await log.note());
    const forged = line.replace("C1:U.T", "C1:V.T");
    expect(await checkPaperCheckpoint(parsePaperCheckpoint(forged), [log.key], nodeVerify)).toEqual({
      state: "wrong",
    });
    const other = new SampleLog();
    expect(await checkPaperCheckpoint(parsePaperCheckpoint(line), [other.key], nodeVerify)).toEqual({
      state: "unknownKey",
    });
    for (const bad of [
      "",
      line.slice(1),
      `${line}A`,
      line.replace(".", ":"),
      line.replace("C1:U.T", "C1:T.U"),
    ])
      expect(() => parsePaperCheckpoint(bad)).toThrow(RangeError);
  });
});

describe("trust files", () => {
  it("give logs, witnesses and a quorum of groups", () => {
    const log = new SampleLog();
    const [a, b, c] = [new SampleLog(), new SampleLog(), new SampleLog()].map((one) =>
      formatVerifierKey(one.witness),
    );
    const text = [
      "# who is believed",
      `log ${formatVerifierKey(log.key)} https://gw.example/log`,
      `witness archive ${a}`,
      `witness\tneighbour-1 ${b}`,
      `witness neighbour-2 ${c}`,
      "group neighbours any neighbour-1 neighbour-2",
      "group both all archive neighbours",
      "quorum both",
      "",
    ].join("\n");
    const trust = parseTrust(text, nodeSha256);
    expect(trust.logs).toEqual([log.key]);
    expect(quorumMet(trust, new Set(["archive"]))).toBe(false);
    expect(quorumMet(trust, new Set(["archive", "neighbour-2"]))).toBe(true);
    for (const bad of [
      text.replace("quorum both", ""),
      text.replace("quorum both", "quorum nobody"),
      text.replace("group both all archive", "group both 3 archive"),
      text.replace("group both all archive", "group both all neighbour-1"),
      text.replace("witness archive", "log archive"),
      `${text}hello\n`,
    ])
      expect(() => parseTrust(bad, nodeSha256)).toThrow(RangeError);
  });

  it("tell a good cosignature with its time from a wrong one", async () => {
    const log = new SampleLog().fill(3);
    const note = parseNote(await log.cosigned(await log.note(), 1_772_413_200));
    expect(await checkCosignature(note, log.witness, nodeVerify)).toEqual({
      state: "good",
      timeS: 1_772_413_200,
    });
    const later = note.signatures.map((line) => {
      const bytes = line.bytes.slice();
      if (line.keyName === log.witness.name) bytes[7] = (bytes[7] ?? 0) ^ 1;
      return { ...line, bytes };
    });
    expect(await checkCosignature({ ...note, signatures: later }, log.witness, nodeVerify)).toEqual({
      state: "wrong",
    });
    expect(await checkCosignature(note, new SampleLog().witness, nodeVerify)).toEqual({ state: "absent" });
  });
});

describe("bytes", () => {
  it("have one base64 and one base32 text", () => {
    expect(() => fromBase64("AB==")).toThrow(RangeError);
    expect(() => fromBase64("AA=")).toThrow(RangeError);
    expect(toBase32(new TextEncoder().encode("foobar"))).toBe("MZXW6YTBOI");
    expect(toHex(fromBase32("MZXW6YTBOI"))).toBe("666f6f626172");
    expect(() => fromBase32("MZXW6YTBOJ")).toThrow(RangeError);
    expect(() => fromBase32("mzxw")).toThrow(RangeError);
  });

  it("of a body value split where they were joined", () => {
    const value = encodeBodyValue({ entryBytes: Uint8Array.of(1, 2, 3), body: Uint8Array.of(9) });
    expect(toHex(value)).toBe("000301020309");
    expect(toHex(decodeBodyValue(value).body)).toBe("09");
    for (const bad of ["", "00", "0000", "000401", "0002ff"])
      expect(() => decodeBodyValue(Buffer.from(bad, "hex"))).toThrow(RangeError);
  });
});
