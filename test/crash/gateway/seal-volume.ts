/**
 * Seals the open volume of a stopped gateway's data folder, which by itself takes an hour or 16 GiB: opens the store
 * with a small limit and appends a stream of another camera.
 */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { streamId } from "../../../gateway/domain/ids.ts";
import { createSealedReader } from "../../../gateway/reader/client.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import { openStore } from "../../../gateway/store/open-store.ts";
import { systemClock } from "../../../gateway/wiring/system-clock.ts";

const SITE = new URL("../../../firmware-configs/demonstration/site.json", import.meta.url);
const STREAM = streamId("camera/elsewhere/main");

export async function sealVolume(dataFolder: string): Promise<void> {
  const { unit, gateway } = JSON.parse(await readFile(SITE, "utf8")) as { unit: string; gateway: string };
  const signer = await startSigner({ dataFolder });
  const sealedReader = createSealedReader();
  try {
    const store = await openStore({
      dataFolder,
      clock: systemClock(),
      randomBytes,
      unit,
      gateway,
      signer,
      sealedReader,
      onNotice: () => undefined,
      limits: { volumeBytes: 1 },
    });
    try {
      for (let time = 0; time < 2; time += 1)
        await store.append([
          { type: "run", stream: STREAM, record: { json: { why: "start" } } },
          { type: "init", stream: STREAM, bytes: randomBytes(700) },
        ]);
    } finally {
      await store.close();
    }
  } finally {
    await Promise.all([signer.close(), sealedReader.close()]);
  }
}
