/** Reads the QR out of a picture, on this machine alone. */
import { decodeQR } from "qr/decode.js";

const LONGEST_SIDE_PX = 2400;
const LIMIT_MS = 4000;

/** The text of the QR; undefined when there is none that can be read. Throws when the file is no picture. */
export async function textInPicture(file: Blob): Promise<string | undefined> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(picture.width, picture.height));
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  const brush = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (brush === null) return undefined;
  brush.drawImage(picture, 0, 0, width, height);
  picture.close();
  const { data } = brush.getImageData(0, 0, width, height);
  try {
    return decodeQR({ width, height, data }, { effort: 9, timeLimit: LIMIT_MS });
  } catch {
    // The decoder tells by a throw that it found nothing.
    return undefined;
  }
}
