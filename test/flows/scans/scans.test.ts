/** Paper and sound that come back in, on the real store with sharp and ffprobe: resumed, checked, linked, refused. */
import { spawnSync } from "node:child_process";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256Hex } from "../../../gateway/domain/ids.ts";
import type { ScanMedia } from "../../../gateway/domain/scan.ts";
import { proves } from "../../law/proves.ts";
import { refused } from "../intake/counter.ts";
import { BY, type Register, fresh, openRegister } from "../service/register.ts";

let register: Register;
beforeEach(async () => {
  register = await openRegister({ profile: "changli-mr" });
});
afterEach(() => register.remove());

const hash = (bytes: Uint8Array) => sha256Hex(createHash("sha256").update(bytes).digest("hex"));
const announce = (mediaType: ScanMedia, bytes: Uint8Array) =>
  register.scans.announce({ by: BY, mediaType, sizeBytes: bytes.length, sha256: hash(bytes) });
const page = (width = 320, height = 200) =>
  sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } });

/** As a recorder writes it: into a file it can go back in. */
async function sound(format: string, ...args: string[]): Promise<Uint8Array> {
  const file = join(register.folder, `${randomUUID()}.sound`);
  const input = ["-v", "error", "-f", "lavfi", "-i", "sine=duration=2"];
  const { status, stderr } = spawnSync("ffmpeg", [...input, ...args, "-f", format, file]);
  expect(status, stderr.toString()).toBe(0);
  return new Uint8Array(await readFile(file));
}

async function all(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe("what comes in", () => {
  it(
    proves(
      ["S0-3", "S1-12", "S3-A-3"],
      "scans, photos and stand-alone audio stand beside footage, and are found from their matter",
    ),
    async () => {
      const id = await register.received();
      const paper = await register.paperOf(id, "materialReceipt");
      const given: readonly (readonly [ScanMedia, Uint8Array])[] = [
        ["image/jpeg", new Uint8Array(await page().jpeg().toBuffer())],
        ["image/png", new Uint8Array(await page().png().toBuffer())],
        ["image/tiff", new Uint8Array(await page().tiff().toBuffer())],
        ["application/pdf", Buffer.from(PDF)],
        ["audio/wav", await sound("wav")],
        ["audio/mpeg", await sound("mp3")],
        ["audio/mp4", await sound("ipod", "-c:a", "aac")],
      ];
      for (const [mediaType, bytes] of given) {
        const scanId = await register.upload(mediaType, bytes);
        const purpose = mediaType.startsWith("audio") ? "audioMinutes" : "material";
        const link = { commandId: fresh(), by: BY, scanId, purpose } as const;
        await register.scans.link({ ...link, link: { kind: "application", id } });
        await register.scans.link({ ...link, commandId: fresh(), link: { kind: "document", id: paper } });
        expect((await all(register.scans.bytes(scanId))).equals(bytes)).toBe(true);
      }
      const found = await register.scans.of({ kind: "application", id });
      expect(found.map(({ mediaType }) => mediaType).sort()).toEqual(given.map(([type]) => type).sort());
      expect(await register.scans.of({ kind: "document", id: paper })).toHaveLength(given.length);
      for (const scan of found.filter(({ group }) => group === "audio"))
        expect(scan.content.durationMs).toBeGreaterThan(1500);
      // One graph: the matter's documents, its counter footage and what came back in, all from this box alone.
      const matter = await register.intake.get(id);
      expect(matter.papers.map(({ documentId }) => documentId)).toContain(paper);
      expect((await register.intake.footageOf(id)).sessions).toHaveLength(1);
      const [picture] = found.filter(({ group }) => group === "picture");
      expect(picture?.content).toMatchObject({ width: 320, height: 200, pages: 1 });
      const small = await sharp(await register.scans.thumbnail(picture?.scanId ?? "")).metadata();
      expect(small).toMatchObject({ format: "jpeg", width: 320 });
    },
  );

  it("goes on after any cut at the durable offset, also after a restart, and is one scan whoever sends it again", async () => {
    const bytes = new Uint8Array(await page(900, 700).png().toBuffer());
    const { uploadId } = await announce("image/png", bytes);
    const half = Math.floor(bytes.length / 2);
    await register.scans.addChunk(uploadId, 0, bytes.subarray(0, half));
    expect((await refused(register.scans.addChunk(uploadId, 0, bytes.subarray(0, 10)))).details).toEqual({
      offset: half,
    });
    const { folder } = register;
    await register.close();
    const earlier = register;
    register = await openRegister({ profile: "changli-mr", folder });
    expect(await register.scans.uploadState(uploadId)).toMatchObject({ offset: half, state: "open" });
    await register.scans.addChunk(uploadId, half, bytes.subarray(half));
    expect(await announce("image/png", bytes)).toMatchObject({ state: "stored", offset: bytes.length });
    expect((await all(register.scans.bytes(uploadId))).equals(bytes)).toBe(true);
    await register.close();
    await earlier.remove();
  });

  it("finishes at the start what a crash left between the last byte and its record", async () => {
    const bytes = new Uint8Array(await page().png().toBuffer());
    const { uploadId } = await announce("image/png", bytes);
    register.breakPictures(true);
    await expect(register.scans.addChunk(uploadId, 0, bytes)).rejects.toThrow("the decoder died");
    register.breakPictures(false);
    await register.scans.recover();
    expect((await register.scans.find(uploadId))?.sizeBytes).toBe(bytes.length);
  });
});

describe("what is refused", () => {
  /** A small PNG that claims to be huge. */
  function bomb(): Uint8Array {
    const crcOf = (data: Buffer): number => {
      let crc = 0xffffffff;
      for (const byte of data) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
      }
      return (crc ^ 0xffffffff) >>> 0;
    };
    const chunk = (type: string, data: Buffer): Buffer => {
      const body = Buffer.concat([Buffer.from(type), data]);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(data.length);
      const crc = Buffer.alloc(4);
      crc.writeUInt32BE(crcOf(body));
      return Buffer.concat([length, body, crc]);
    };
    const head = Buffer.alloc(13);
    head.writeUInt32BE(50_000, 0);
    head.writeUInt32BE(50_000, 4);
    head.set([8, 0, 0, 0, 0], 8);
    const data = deflateSync(Buffer.alloc(5000));
    const end = Buffer.alloc(0);
    const signature = Buffer.from("89504e470d0a1a0a", "hex");
    return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", data), chunk("IEND", end)]);
  }

  it.each([
    ["a picture that unfolds to billions of pixels", "image/png", async () => bomb(), "scans.bomb"],
    [
      "half a picture",
      "image/jpeg",
      async () => new Uint8Array(await page(800, 800).jpeg().toBuffer()).subarray(0, 20_000),
      "scans.notReadable",
    ],
    ["text that calls itself a picture", "image/png", async () => Buffer.from("hello"), "scans.notReadable"],
    [
      "a PNG announced as JPEG",
      "image/jpeg",
      async () => new Uint8Array(await page().png().toBuffer()),
      "scans.otherKind",
    ],
    [
      "a PDF with a script",
      "application/pdf",
      async () => Buffer.from(PDF.replace("/Pages 2 0 R", "/Pages 2 0 R /OpenAction << /S /JavaScript >>")),
      "scans.activeContent",
    ],
    ["a PDF cut short", "application/pdf", async () => Buffer.from(PDF.slice(0, 120)), "scans.notReadable"],
    ["a wave file announced as MP3", "audio/mpeg", async () => sound("wav"), "scans.otherKind"],
    ["noise announced as sound", "audio/wav", async () => randomBytes(4000), "scans.notReadable"],
    [
      "a film announced as sound",
      "audio/mp4",
      async () =>
        sound(
          "ipod",
          "-f",
          "lavfi",
          "-i",
          "color=size=64x64:duration=1",
          "-c:v",
          "mpeg4",
          "-c:a",
          "aac",
          "-movflags",
          "frag_keyframe+empty_moov",
        ),
      "scans.otherKind",
    ],
  ] as const)("%s: the upload begins again and nothing is recorded", async (_what, mediaType, make, code) => {
    const bytes = new Uint8Array(await make());
    const { uploadId } = await announce(mediaType, bytes);
    expect(await refused(register.scans.addChunk(uploadId, 0, bytes))).toMatchObject({
      code,
      details: { offset: 0 },
    });
    expect(await register.scans.find(uploadId)).toBeUndefined();
    expect(await register.scans.uploadState(uploadId)).toMatchObject({ offset: 0, state: "open" });
  });

  it("other bytes than announced, other sizes, unknown ids and links to nothing", async () => {
    const bytes = new Uint8Array(await page().png().toBuffer());
    const { uploadId } = await announce("image/png", bytes);
    const other = new Uint8Array(bytes);
    other[100] = (other[100] ?? 0) ^ 1;
    expect((await refused(register.scans.addChunk(uploadId, 0, other))).code).toBe("scans.hashMismatch");
    await register.scans.addChunk(uploadId, 0, bytes);
    const tooLarge = register.scans.announce({
      by: BY,
      mediaType: "image/png",
      sizeBytes: 41 * 1024 * 1024,
      sha256: hash(randomBytes(4)),
    });
    expect((await refused(tooLarge)).code).toBe("scans.tooLarge");
    expect((await refused(register.scans.uploadState(`s${"0".repeat(40)}`))).code).toBe("docks.noSuchUpload");
    const link = { commandId: fresh(), by: BY, scanId: uploadId, purpose: "other" } as const;
    const nowhere = { ...link, link: { kind: "application", id: "nothing" } } as const;
    expect((await refused(register.scans.link(nowhere))).code).toBe("scans.noSuchTarget");
    const unknown = {
      ...link,
      scanId: `s${"0".repeat(40)}`,
      link: { kind: "document", id: "a.d1" },
    } as const;
    expect((await refused(register.scans.link(unknown))).code).toBe("scans.noSuchScan");
    const foreign = { ...link, link: { kind: "caseFile", id: "x" } } as const;
    expect((await refused(register.scans.link(foreign))).code).toBe("scans.noSuchTarget");
  });
});

/** The smallest whole PDF of one empty page. */
const PDF = `%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >> endobj
trailer << /Root 1 0 R >>
startxref
0
%%EOF
`;
