/**
 * The log of a running gateway, asked for over its public `/log` routes. Invariant: everything is held against the
 * checkpoint that was served at the beginning, so entries that come meanwhile change nothing; bodies are not served
 * without a person's sign-in, so nothing is said of them.
 */
import { parseCheckpoint } from "../../evidence/checkpoint.ts";
import { parseNote } from "../../evidence/note.ts";
import { TILE_WIDTH, type Tile, decodeBundle, decodeTile, tilePath } from "../../evidence/tiles.ts";
import type {
  EvidenceSource,
  LogEvidence,
  SourceBody,
  SourceFault,
  SourceLeaf,
} from "../../evidence/verify/source.ts";

const ANSWER_MS = 30_000;

/** What a check of a running gateway leaves out, for the report. */
export const NOT_SEEN = {
  zh: "网关正在运行：只核对条目、哈希树和签名；内容（录像、记录）须在停止后或从档案副本核验",
  en: "the gateway is running: entries, tree and signatures were checked; contents need a stopped gateway or the archive's copy",
} as const;

/** Throws Error when the address is no gateway's. */
export async function openRunningGateway(address: string, signal?: AbortSignal): Promise<EvidenceSource> {
  const base = new URL(address);
  const get = async (path: string): Promise<Uint8Array | undefined> => {
    const limit = AbortSignal.timeout(ANSWER_MS);
    const response = await fetch(new URL(path, base), {
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  const listed = await get("/log");
  if (listed === undefined) throw new Error(`网关没有应答 · no gateway answers at ${base.host}`);
  const { origins, verifierKeys } = JSON.parse(new TextDecoder().decode(listed)) as {
    readonly origins: readonly { readonly logId: string }[];
    readonly verifierKeys: readonly string[];
  };
  const faults: SourceFault[] = [];
  const logs: LogEvidence[] = [];
  for (const { logId } of origins) logs.push(await ServedLog.open(logId, get, faults));
  return {
    holdsAllLogs: true,
    trust: async () => `${verifierKeys.map((key) => `log ${key}\n`).join("")}quorum none\n`,
    logs: async () => logs,
    faults: () => faults,
    close: async () => undefined,
  };
}

type Get = (path: string) => Promise<Uint8Array | undefined>;

class ServedLog implements LogEvidence {
  readonly label: string;
  readonly #get: Get;
  readonly #faults: SourceFault[];
  readonly #note: string | undefined;
  readonly #size: number;
  readonly #latest = new Map<number, { readonly index: number; readonly hashes: readonly Uint8Array[] }>();

  private constructor(label: string, get: Get, faults: SourceFault[], note: string | undefined) {
    this.label = label;
    this.#get = get;
    this.#faults = faults;
    this.#note = note;
    this.#size = note === undefined ? 0 : sizeOf(note);
  }

  static async open(logId: string, get: Get, faults: SourceFault[]): Promise<ServedLog> {
    const note = await get(`/log/${logId}/checkpoint`);
    return new ServedLog(logId, get, faults, note === undefined ? undefined : new TextDecoder().decode(note));
  }

  async checkpoint(): Promise<string | undefined> {
    return this.#note;
  }

  async *otherNotes(): AsyncGenerator<string, void, undefined> {
    // The gateway serves its newest checkpoint only.
  }

  async *leaves(from: number): AsyncGenerator<SourceLeaf, void, undefined> {
    for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < this.#size; index++) {
      const width = Math.min(TILE_WIDTH, this.#size - index * TILE_WIDTH);
      const entries = (await this.#read({ level: "entries", index, width }, decodeBundle)) ?? [];
      for (let i = Math.max(0, from - index * TILE_WIDTH); i < width; i++)
        yield { index: index * TILE_WIDTH + i, bytes: entries[i] };
    }
  }

  async tileHashes(
    level: number,
    start: number,
    count: number,
  ): Promise<readonly (Uint8Array | undefined)[]> {
    const held = Math.floor(this.#size / TILE_WIDTH ** level);
    const out: (Uint8Array | undefined)[] = [];
    for (let at = start; at < start + count; at++) {
      const index = Math.floor(at / TILE_WIDTH);
      const width = Math.min(TILE_WIDTH, held - index * TILE_WIDTH);
      let tile = this.#latest.get(level);
      if (tile?.index !== index) {
        const hashes =
          width <= 0 ? [] : await this.#read({ level, index, width }, (bytes) => decodeTile(bytes, width));
        tile = { index, hashes: hashes ?? [] };
        this.#latest.set(level, tile);
      }
      out.push(tile.hashes[at % TILE_WIDTH]);
    }
    return out;
  }

  async body(): Promise<SourceBody> {
    return { state: "absent" };
  }

  async #read<Content>(tile: Tile, decode: (bytes: Uint8Array) => Content): Promise<Content | undefined> {
    const place = `log/${this.label}/${tilePath(tile)}`;
    const bytes = await this.#get(`/${place}`);
    if (bytes === undefined) return undefined;
    try {
      return decode(bytes);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#faults.push({ place, why: error.message, unreadable: false });
      return undefined;
    }
  }
}

function sizeOf(note: string): number {
  try {
    return parseCheckpoint(parseNote(note).text).size;
  } catch (error) {
    if (error instanceof RangeError) return 0;
    throw error;
  }
}
