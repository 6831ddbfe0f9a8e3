/**
 * Free space and the reserve file. Invariant: recovery from a full disk can always write its tables, because the
 * reserve is given back first; footage stops before records do.
 */
import { open, rm, statfs } from "node:fs/promises";
import type { Clock } from "../domain/time.ts";
import type { SpaceLevel, StoreLimits } from "./contract.ts";
import { reserveFile } from "./folders.ts";

const CHECK_MS = 500;
const BLOCK = new Uint8Array(1024 * 1024);

export interface SpaceOptions {
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly limits: Pick<StoreLimits, "reserveBytes" | "lowWaterBytes" | "wantedFreeBytes">;
  /** The reserve could not be written; it is tried again. */
  readonly onFault: (cause: unknown) => void;
  /** The level changed, as a look at the disk or what was spent since tells. */
  readonly onLevel: (level: SpaceLevel, freeBytes: number) => void;
}

export class Space {
  readonly #dataFolder: string;
  readonly #clock: Clock;
  readonly #limits: Pick<StoreLimits, "reserveBytes" | "lowWaterBytes" | "wantedFreeBytes">;
  readonly #onFault: (cause: unknown) => void;
  readonly #onLevel: (level: SpaceLevel, freeBytes: number) => void;
  #level: SpaceLevel = "enough";
  #freeBytes = 0;
  #checkedMs = Number.NEGATIVE_INFINITY;
  #reserved = false;
  #reserving: Promise<void> | undefined;

  constructor(options: SpaceOptions) {
    this.#dataFolder = options.dataFolder;
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#onFault = options.onFault;
    this.#onLevel = options.onLevel;
  }

  /** Bytes that this process may still use, as of the last look. */
  get freeBytes(): number {
    return this.#freeBytes;
  }

  /** Counts body bytes that are about to be written, twice as LevelDB does, until the next look knows better. */
  spend(bodyBytes: number): void {
    this.#freeBytes = Math.max(0, this.#freeBytes - 2 * bodyBytes);
  }

  /** As of the last look. */
  get level(): SpaceLevel {
    return this.#level;
  }

  get footageAllowed(): boolean {
    return this.#freeBytes > this.#limits.lowWaterBytes;
  }

  /** Looks again if the last look is old; makes the reserve again when there is room for it. Never rejects. */
  async look(): Promise<void> {
    const now = this.#clock.monotonicMs();
    if (now - this.#checkedMs < CHECK_MS) return;
    this.#checkedMs = now;
    try {
      await this.#measure();
    } catch (cause) {
      this.#onFault(cause);
      return;
    }
    if (!this.#reserved && this.#freeBytes > this.#limits.lowWaterBytes + this.#limits.reserveBytes)
      this.#reserving ??= this.#reserve().finally(() => {
        this.#reserving = undefined;
      });
  }

  /** Looks again whenever the last look was. Never rejects. */
  async lookNow(): Promise<SpaceLevel> {
    this.#checkedMs = Number.NEGATIVE_INFINITY;
    await this.look();
    return this.#level;
  }

  async #measure(): Promise<void> {
    const { bavail, bsize } = await statfs(this.#dataFolder);
    this.#freeBytes = bavail * bsize;
    const level = this.#levelNow();
    if (level === this.#level) return;
    this.#level = level;
    this.#onLevel(level, this.#freeBytes);
  }

  #levelNow(): SpaceLevel {
    if (!this.footageAllowed) return "full";
    return this.#freeBytes > this.#limits.wantedFreeBytes ? "enough" : "low";
  }

  async #reserve(): Promise<void> {
    try {
      await this.#write(reserveFile(this.#dataFolder), this.#limits.reserveBytes);
      this.#reserved = true;
    } catch (cause) {
      this.#onFault(cause);
    }
  }

  async #write(path: string, reserveBytes: number): Promise<void> {
    const file = await open(path, "a", 0o600);
    try {
      if ((await file.stat()).size >= reserveBytes) return;
      // Written, not only sized: a hole in a file keeps no space.
      for (let at = (await file.stat()).size; at < reserveBytes; at += BLOCK.length)
        await file.write(BLOCK, 0, Math.min(BLOCK.length, reserveBytes - at));
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Gives the reserve back to the file system, before databases are opened again on a full disk. */
  async giveBack(): Promise<void> {
    await this.#measure();
    if (this.footageAllowed) return;
    await rm(reserveFile(this.#dataFolder), { force: true });
    this.#reserved = false;
  }

  /** Ends after a reserve that is being written. */
  async close(): Promise<void> {
    await this.#reserving;
  }
}
