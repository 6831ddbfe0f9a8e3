/** kill -9 in the middle of an erasure: either nothing was said and all is there, or it is finished at the next start. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { logId, seq } from "../../../gateway/domain/ids.ts";
import { decodeEntry } from "../../../gateway/evidence/entry.ts";
import { createSealedReader } from "../../../gateway/reader/client.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import { openStore } from "../../../gateway/store/open-store.ts";
import { freshFolder } from "../../contract/real-store.ts";
import { filesWith } from "../../contract/store/on-disk.ts";
import { MovableClock, until } from "../../contract/store/opened-store.ts";

const PROGRAM = fileURLToPath(new URL("erase-and-die.ts", import.meta.url));
const GOING = "name-that-must-go-0";
const STAYING = "name-that-must-go-1";

async function killed(folder: string, moment: string, afterMs: number): Promise<readonly number[]> {
  const child = spawn(process.execPath, [PROGRAM, folder, moment, String(afterMs)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (said += piece));
  const [, signal] = (await once(child, "close")) as [unknown, string | null];
  expect(signal).toBe("SIGKILL");
  return JSON.parse(said.split("\n")[0] ?? "[]") as readonly number[];
}

it.each([
  ["entry", 0],
  ["after", 2],
  ["after", 15],
  ["after", 40],
  ["after", 120],
])("finishes at the next start what was said (%s, %d ms)", async (moment, afterMs) => {
  const folder = await freshFolder();
  try {
    const going = await killed(folder.path, moment, afterMs);
    expect(going).toHaveLength(150);
    const signer = await startSigner({ dataFolder: folder.path });
    const reader = createSealedReader();
    const notices: string[] = [];
    const store = await openStore({
      dataFolder: folder.path,
      clock: new MovableClock(),
      randomBytes,
      unit: "unit",
      gateway: "g1",
      signer,
      sealedReader: reader,
      onNotice: ({ kind }) => notices.push(kind),
      limits: { reserveBytes: 65_536, lowWaterBytes: 1024, checkpointMs: 50 },
    });
    const [log] = store.logs();
    const entries = await store.entries(log?.logId ?? logId("2026"), 0, 1000);
    const said = entries.some(({ bytes }) => decodeEntry(bytes).type === "erase");
    if (moment === "entry") expect(said, "the entry was durable").toBe(true);
    const refs = going.map((at) => ({ logId: log?.logId ?? logId("2026"), seq: seq(at) }));
    if (said) {
      for (const ref of refs.slice(0, 3))
        await expect(store.readRecord(ref)).rejects.toMatchObject({ details: { why: "erased" } });
      await until(
        "the bytes to be gone",
        async () => (await filesWith(folder.path, [GOING])).length === 0,
        20_000,
      );
    } else for (const ref of refs) await store.readRecord(ref);
    expect((await filesWith(folder.path, [STAYING])).length).toBeGreaterThan(0);
    expect(notices).not.toContain("absenceUnfinished");
    await store.close();
    await reader.close();
    await signer.close();
    if (said) expect(await filesWith(folder.path, [GOING])).toEqual([]);
  } finally {
    await folder.remove();
  }
});
