/**
 * The numbers that the camera put into its pictures, read back from the footage of a stopped gateway.
 * Invariant: footage is read as the gateway reads it, hash checked.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { cameraId } from "../../gateway/domain/ids.ts";
import { createSealedReader } from "../../gateway/reader/client.ts";
import { catalogueProjection, createCatalogue } from "../../gateway/recording/catalogue.ts";
import { startSigner } from "../../gateway/signer/client.ts";
import { openStore } from "../../gateway/store/open-store.ts";

const MARK = Buffer.from("PICTURE-NUMBER::");
const DIGITS = 10;

export interface PictureCount {
  readonly pictures: number;
  /** Numbers missing between the first and the last. */
  readonly lost: number;
  readonly repeated: number;
}

/** Over all cameras together. Throws when a camera has no footage. */
export async function countPictures(
  dataFolder: string,
  site: { readonly unit: string; readonly gateway: string },
  cameras: readonly string[],
): Promise<PictureCount> {
  const signer = await startSigner({ dataFolder });
  const reader = createSealedReader();
  const store = await openStore({
    ...site,
    dataFolder,
    clock: {
      boot: randomUUID(),
      wallMs: () => Date.now(),
      monotonicMs: () => performance.now(),
      ntp: () => "unknown",
    },
    randomBytes: (size) => randomBytes(size),
    signer,
    sealedReader: reader,
    onNotice: ({ kind }) => console.error(`bench: store: ${kind}`),
  });
  try {
    const catalogue = createCatalogue(store.register(catalogueProjection));
    await store.catchUp();
    const sum = { pictures: 0, lost: 0, repeated: 0 };
    for (const camera of cameras) {
      const { fragments } = await catalogue.coverage(cameraId(camera), 0, Date.now() + 60_000);
      const numbers: number[] = [];
      for (const { ref } of fragments) numbers.push(...numbersIn((await store.readFootage(ref)).bytes));
      const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
      if (!Number.isFinite(first)) throw new Error(`${camera} has no footage`);
      const distinct = new Set(numbers).size;
      sum.pictures += numbers.length;
      sum.lost += last - first + 1 - distinct;
      sum.repeated += numbers.length - distinct;
    }
    return sum;
  } finally {
    await store.close();
    await signer.close();
    await reader.close();
  }
}

function numbersIn(fragment: Uint8Array): number[] {
  const bytes = Buffer.from(fragment.buffer, fragment.byteOffset, fragment.byteLength);
  const numbers: number[] = [];
  for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, at + 1))
    numbers.push(Number(bytes.toString("latin1", at + MARK.length, at + MARK.length + DIGITS)));
  return numbers;
}
