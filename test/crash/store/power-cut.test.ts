/** The power goes while cameras record: what was confirmed is there, little more than one fragment is lost. */
import { randomInt } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { PowerCutDisk, whyNoPowerCut } from "./power-cut-disk.ts";
import { powerCutRound } from "./power-cut-round.ts";

function canCut(): boolean {
  const why = whyNoPowerCut();
  if (why !== undefined) console.warn(`SKIPPED: a power cut ${why}`);
  return why === undefined;
}

describe.skipIf(!canCut())("a power cut", () => {
  let disk: PowerCutDisk | undefined;
  afterEach(async () => {
    await disk?.close();
    disk = undefined;
  });

  it("loses nothing that was confirmed, and at most the fragment that was not full, three times over", async () => {
    disk = await PowerCutDisk.make(512);
    const confirmed = new Map<number, string>();
    for (let round = 0; round < 3; round++) {
      const result = await powerCutRound({
        disk,
        round,
        cameras: 4,
        delayMs: randomInt(3000, 5500),
        confirmed,
      });
      expect(result).toMatchObject({ ackedLost: 0, holes: 0, verified: true });
      expect(Math.max(...result.lostMs)).toBeLessThan(4000);
    }
    expect(confirmed.size).toBeGreaterThan(5);
  });
});
