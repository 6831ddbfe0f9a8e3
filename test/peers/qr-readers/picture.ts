/** A grey picture with a QR in it: where the symbol lies, damage done to a tenth of it, and who can still read it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FinderPoints, decodeQR } from "qr/decode.js";
import sharp from "sharp";

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0 black to 255 white, one byte a pixel. */
  readonly grey: Uint8Array;
}

/** The square of the symbol in pixels, without its quiet zone. */
export interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

export async function readPicture(file: string | Uint8Array): Promise<Picture> {
  const { data, info } = await sharp(file).flatten({ background: "#fff" }).greyscale().raw().toBuffer({
    resolveWithObject: true,
  });
  return { width: info.width, height: info.height, grey: new Uint8Array(data) };
}

function rgba({ grey }: Picture): Uint8Array {
  const data = new Uint8Array(grey.length * 4).fill(255);
  for (const [i, value] of grey.entries()) data.fill(value, i * 4, i * 4 + 3);
  return data;
}

/** The decoder that the pages use; undefined when it finds nothing. */
export function readByPages(
  picture: Picture,
): { readonly text: string; readonly square: Square } | undefined {
  let points: FinderPoints | undefined;
  try {
    const text = decodeQR(
      { width: picture.width, height: picture.height, data: rgba(picture) },
      { effort: 9, timeLimit: 2000, pointsOnDetect: (found) => (points = found) },
    );
    if (points === undefined) return undefined;
    const { x, y, width, height } = points.boundingBox;
    return {
      text,
      square: { x: Math.round(x), y: Math.round(y), side: Math.round(Math.max(width, height)) },
    };
  } catch {
    return undefined;
  }
}

/** zbar, which is not ours, over many pictures at once: the texts it found. */
export function readByZbar(pictures: readonly Picture[]): ReadonlySet<string> {
  const folder = mkdtempSync(join(tmpdir(), "qr-"));
  try {
    const files = pictures.map(({ width, height, grey }, i) => {
      const file = join(folder, `${i}.pgm`);
      writeFileSync(file, Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), grey]));
      return file;
    });
    const said = execFileSync("zbarimg", ["-q", "--raw", ...files], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return new Set(said.trim().split("\n"));
  } catch (error) {
    // Exit code 4: some picture had none in it; what the others had is on its output all the same.
    const { status, stdout } = error as { readonly status?: number; readonly stdout?: string };
    if (status !== 4) throw error;
    return new Set((stdout ?? "").trim().split("\n"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What happens to a paper; each takes a tenth of the symbol's area. `random` gives numbers in [0, 1). */
export const DAMAGES = {
  /** A round stain somewhere on it, dark or bleached. */
  stain: ({ x, y, side }, random) => {
    const radius = side * Math.sqrt(0.1 / Math.PI);
    const cx = x + radius + random() * (side - 2 * radius);
    const cy = y + radius + random() * (side - 2 * radius);
    const ink = random() < 0.5 ? 0 : 255;
    return (px, py) => ((px - cx) ** 2 + (py - cy) ** 2 < radius ** 2 ? ink : undefined);
  },
  /** The corner without a finder pattern is torn off. */
  corner: ({ x, y, side }) => {
    const leg = side * Math.sqrt(0.2);
    return (px, py) => (x + side - px + (y + side - py) < leg ? 255 : undefined);
  },
  /** A fold rubbed off right across it, anywhere, finder patterns included. */
  band: ({ y, side }, random) => {
    const from = y + random() * side * 0.9;
    return (_, py) => (py >= from && py < from + side * 0.1 ? 255 : undefined);
  },
  /** Dead heating elements of the printer: white lines along the paper, anywhere. */
  lines: ({ x, side }, random) => {
    const dead = new Set<number>();
    while (dead.size < Math.round(side * 0.1)) dead.add(Math.floor(x + random() * side));
    return (px) => (dead.has(px) ? 255 : undefined);
  },
} as const satisfies Record<
  string,
  (square: Square, random: () => number) => (px: number, py: number) => number | undefined
>;
export type Damage = keyof typeof DAMAGES;

export function damaged(picture: Picture, square: Square, how: Damage, random: () => number): Picture {
  const at = DAMAGES[how](square, random);
  const grey = picture.grey.slice();
  for (let py = 0; py < picture.height; py++)
    for (let px = 0; px < picture.width; px++) {
      const ink = at(px, py);
      if (ink !== undefined) grey[py * picture.width + px] = ink;
    }
  return { ...picture, grey };
}

/** Numbers that are the same on every run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
