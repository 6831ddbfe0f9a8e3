/** A file system that is really full: nothing confirmed is lost, records go on or fail with a code, room heals it. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, open, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Appended } from "../../../gateway/evidence/append.ts";
import { createSealedReader } from "../../../gateway/reader/client.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { openStore } from "../../../gateway/store/open-store.ts";
import type { StoreNotice } from "../../../gateway/store/ports.ts";
import { MovableClock, fragment, record, until } from "../../contract/store/opened-store.ts";
import { MemorySigner } from "../../contract/store/memory-signer.ts";

function canMount(): boolean {
  if (process.getuid?.() === 0 && process.platform === "linux") return true;
  console.warn(
    "SKIPPED: a full disk needs root to mount a small tmpfs (run as root, util-linux: apt-get install mount)",
  );
  return false;
}

describe.skipIf(!canMount())("a full disk", () => {
  let mountPoint = "";
  const clock = new MovableClock();
  const notices: StoreNotice[] = [];
  let signer = new MemorySigner();
  let reader = createSealedReader();

  beforeEach(async () => {
    // What an earlier test signed is another folder's log.
    signer = new MemorySigner();
    reader = createSealedReader();
    notices.length = 0;
    mountPoint = await mkdtemp(join(tmpdir(), "full-"));
    execFileSync("/bin/mount", ["-t", "tmpfs", "-o", "size=48m", "tmpfs", mountPoint]);
  });
  afterEach(async () => {
    await reader.close();
    execFileSync("/bin/umount", ["-l", mountPoint]);
    await rm(mountPoint, { recursive: true, force: true });
  });

  const openHere = (lowWaterBytes: number): Promise<Store> =>
    openStore({
      dataFolder: join(mountPoint, "data"),
      clock,
      randomBytes,
      unit: "unit",
      gateway: "g1",
      signer,
      sealedReader: reader,
      onNotice: (notice) => notices.push(notice),
      limits: { reserveBytes: 4 * 1024 * 1024, lowWaterBytes, checkpointMs: 50 },
    });

  /** Another program takes all the room at once, so that no look at the disk comes in time. */
  async function fill(leaveBytes = 0): Promise<string> {
    const path = join(mountPoint, "ballast");
    const file = await open(path, "w");
    const block = randomBytes(256 * 1024);
    try {
      for (;;) await file.write(block);
    } catch {
      // Full now: this much of it is given back.
      const { size } = await file.stat();
      await file.truncate(Math.max(0, size - leaveBytes));
      return path;
    } finally {
      await file.close();
    }
  }

  it("refuses with a code, keeps what it confirmed, and goes on when there is room again", async () => {
    const store = await openHere(1024);
    const confirmed: Appended[] = [];
    for (let i = 0; i < 10; i++) confirmed.push(...(await store.append([fragment(700_000), record({ i })])));
    const ballast = await fill();
    let refusal: unknown;
    for (let i = 0; i < 50 && refusal === undefined; i++) {
      try {
        confirmed.push(...(await store.append([fragment(700_000), record({ i })])));
      } catch (cause) {
        refusal = cause;
      }
    }
    expect(refusal).toMatchObject({ code: expect.stringMatching(/^store\.disk(Failed|Full)$/) });
    await rm(ballast);
    let after: readonly Appended[] = [];
    await until("writing again", async () => {
      try {
        after = await store.append([record({ again: true }), fragment(1000)]);
        return true;
      } catch {
        return false;
      }
    });
    const kinds = notices.map(({ kind }) => kind);
    expect(kinds).toContain("ioError");
    expect(kinds).toContain("ioRecovered");
    expect(kinds).not.toContain("volumeDamaged");
    expect(after[0]?.seq).toBe((confirmed.at(-1)?.seq ?? 0) + 1);
    await store.close();
    const again = await openHere(1024);
    for (const ref of confirmed)
      if (ref.entry.type === "fragment") expect((await again.readFootage(ref)).bytes).toHaveLength(700_000);
      else await again.readRecord(ref);
    await again.close();
  });

  it("stops footage before records when room gets short", async () => {
    await writeFile(join(mountPoint, "ballast"), randomBytes(8 * 1024 * 1024));
    const store = await openHere(20 * 1024 * 1024);
    let refusal: unknown;
    for (let i = 0; i < 100 && refusal === undefined; i++) {
      try {
        await store.append([fragment(500_000)]);
      } catch (cause) {
        refusal = cause;
      }
      await until("a fresh look at the disk", async () => {
        await store.append([record({ i })]);
        return true;
      });
    }
    await until("footage refused", async () => {
      await store.append([record({ tick: true })]);
      return store.append([fragment(10)]).then(
        () => false,
        () => true,
      );
    });
    await expect(store.append([fragment(500_000)])).rejects.toMatchObject({ code: "store.diskFull" });
    expect(await store.append([record({ still: true })])).toHaveLength(1);
    await store.close();
  });

  it("drops a volume where nothing more can be written, and records again", async () => {
    const store = await openHere(8 * 1024 * 1024);
    const [one] = await store.append([fragment(1_000_000)]);
    for (let i = 0; i < 8; i++) await store.append([fragment(1_000_000)]);
    clock.monotonicOffsetMs += 3_600_001;
    await store.append([fragment(1000)]);
    const [volume] = await store.volumes();
    if (volume === undefined || one === undefined) throw new Error("no sealed volume");
    await fill(256 * 1024);
    expect(await store.lookAtSpace()).toBe("full");
    await expect(store.append([fragment(1000)])).rejects.toMatchObject({ code: "store.diskFull" });
    expect(await store.append([record({ still: true })])).toHaveLength(1);
    const before = (await statfs(mountPoint)).bfree;
    await store.release({ ...volume, going: [[0, volume.endSeq]], basis: "test", packs: [] });
    const { bfree, bsize } = await statfs(mountPoint);
    expect((bfree - before) * bsize).toBeGreaterThan(8_000_000);
    expect(await store.lookAtSpace()).not.toBe("full");
    await store.append([fragment(1000)]);
    const levels = notices.map(({ kind }) => kind).filter((kind) => kind.startsWith("space"));
    expect(levels.slice(-2)).toEqual(["spaceFull", "spaceLow"]);
    await store.close();
  });
});
