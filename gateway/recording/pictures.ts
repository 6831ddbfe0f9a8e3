/**
 * Looks into scanned pictures and makes small ones of them. Invariant: no more pixels are unfolded than the bound,
 * whatever the file claims, and a picture that decodes only in part is refused.
 */
import sharp from "sharp";

export const MOST_PIXELS = 100_000_000;
export const MOST_PAGES = 200;
const PROOF_PX = 32;
const FORMATS = ["jpeg", "png", "tiff"] as const;

type Found =
  | {
      readonly ok: true;
      readonly format: (typeof FORMATS)[number];
      readonly width: number;
      readonly height: number;
      readonly pages: number;
    }
  | { readonly ok: false; readonly problem: "notAPicture" | "tooLarge" };

const open = (bytes: Uint8Array) =>
  sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: "warning", sequentialRead: true });

export async function inspectPicture(bytes: Uint8Array): Promise<Found> {
  try {
    const { format, width, height, pages = 1 } = await open(bytes).metadata();
    const known = FORMATS.find((name) => name === format);
    if (known === undefined) return { ok: false, problem: "notAPicture" };
    if (width * height > MOST_PIXELS || pages > MOST_PAGES) return { ok: false, problem: "tooLarge" };
    // Only decoding shows that all of it is there.
    await open(bytes).resize({ width: PROOF_PX }).raw().toBuffer();
    return { ok: true, format: known, width, height, pages };
  } catch (error) {
    const isBomb = error instanceof Error && /pixel limit|exceeds/i.test(error.message);
    return { ok: false, problem: isBomb ? "tooLarge" : "notAPicture" };
  }
}

export async function pictureThumbnail(bytes: Uint8Array, widthPx: number): Promise<Uint8Array> {
  const jpeg = await open(bytes)
    .rotate()
    .resize({ width: widthPx, withoutEnlargement: true })
    .flatten({ background: "#fff" })
    .jpeg({ quality: 75 })
    .toBuffer();
  return new Uint8Array(jpeg);
}
