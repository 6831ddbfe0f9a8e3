/** The few sealed volumes that the reader holds open. Invariant: at most `MAX_OPEN`, the one longest unused goes. */
import { Level } from "level";

const MAX_OPEN = 4;
const IDLE_MS = 10_000;
/** A gateway that was killed may hold its locks for a moment longer. */
const LOCKED_FOR_MS = 3000;
const LOCK_PAUSE_MS = 50;
const WRITE_BUFFER_BYTES = 32 * 1024 * 1024;
const FILE_BYTES = 64 * 1024 * 1024;

export type Volume = Level<Uint8Array, Uint8Array>;

export function seqKey(seq: number): Uint8Array {
  const key = new Uint8Array(8);
  new DataView(key.buffer).setBigUint64(0, BigInt(seq));
  return key;
}

function isLocked(cause: unknown): boolean {
  const inner = cause instanceof Error ? cause.cause : undefined;
  return inner instanceof Error && "code" in inner && inner.code === "LEVEL_LOCKED";
}

async function openVolume(path: string, create: boolean): Promise<Volume> {
  const give = performance.now() + LOCKED_FOR_MS;
  for (;;) {
    const level = new Level<Uint8Array, Uint8Array>(path, {
      keyEncoding: "view",
      valueEncoding: "view",
      createIfMissing: create,
      compression: false,
      writeBufferSize: WRITE_BUFFER_BYTES,
      maxFileSize: FILE_BYTES,
    });
    try {
      await level.open();
      return level;
    } catch (cause) {
      await level.close();
      if (!isLocked(cause) || performance.now() > give) throw cause;
    }
    await new Promise<void>((resolve) => {
      setTimeout(resolve, LOCK_PAUSE_MS);
    });
  }
}

export class SealedVolumes {
  /** In the order of last use, the oldest first. */
  readonly #open = new Map<string, Promise<Volume>>();
  readonly #idle = new Map<string, NodeJS.Timeout>();

  async read(path: string, seq: number): Promise<Uint8Array | undefined> {
    const volume = await this.use(path);
    const value: Uint8Array | undefined = await volume.get(seqKey(seq), { fillCache: false });
    return value;
  }

  /** The open volume, for one piece of work: it may be closed as soon as nobody has used it for a while. */
  async use(path: string, options: { readonly create?: boolean } = {}): Promise<Volume> {
    const opening = this.#open.get(path) ?? openVolume(path, options.create ?? false);
    this.#open.delete(path);
    this.#open.set(path, opening);
    clearTimeout(this.#idle.get(path));
    this.#idle.set(
      path,
      setTimeout(() => {
        void this.release(path);
      }, IDLE_MS),
    );
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MAX_OPEN) break;
      void this.release(oldest);
    }
    try {
      return await opening;
    } catch (cause) {
      this.#forget(path);
      throw cause;
    }
  }

  #forget(path: string): void {
    this.#open.delete(path);
    clearTimeout(this.#idle.get(path));
    this.#idle.delete(path);
  }

  /** Closes the volume if it is open; reads under way end first. A volume that never opened has nothing to close. */
  async release(path: string): Promise<void> {
    const opening = this.#open.get(path);
    if (opening === undefined) return;
    this.#forget(path);
    const [opened] = await Promise.allSettled([opening]);
    if (opened.status === "fulfilled") await opened.value.close();
  }

  async close(): Promise<void> {
    for (const path of this.#open.keys()) await this.release(path);
  }
}
