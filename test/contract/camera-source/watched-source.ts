/**
 * Reads a camera source into memory for a test and looks at the numbered pictures of the GStreamer camera.
 * Invariant: what it says about SEI units is by their exact bytes.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyOf } from "../../../gateway/recording/live/group-memory.ts";
import type {
  EndEvent,
  ParametersEvent,
  SourceEvent,
  UnitEvent,
} from "../../../device-drivers/rtsp/source-event.ts";

export const clock = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };

export interface WatchedSource {
  readonly events: readonly SourceEvent[];
  pictures(): UnitEvent[];
  parameters(): ParametersEvent[];
  end(): EndEvent | undefined;
  /** Waits until so many pictures came; throws with what came instead. */
  untilPictures(count: number, limitMs?: number): Promise<void>;
  /** Waits for the end by itself. */
  untilEnd(limitMs?: number): Promise<EndEvent>;
  /** Aborts and waits until the source is through. */
  stop(): Promise<void>;
}

export function watchSource(open: (signal: AbortSignal) => AsyncIterable<SourceEvent>): WatchedSource {
  const events: SourceEvent[] = [];
  const abort = new AbortController();
  let heard: (() => void) | undefined;
  const done = (async () => {
    for await (const event of open(abort.signal)) {
      // The source uses a unit's memory again.
      events.push(event.kind === "unit" ? copyOf(event) : event);
      heard?.();
    }
    heard?.();
  })();
  const pictures = (): UnitEvent[] =>
    events.filter((event): event is UnitEvent => event.kind === "unit" && event.track === 0);
  const end = (): EndEvent | undefined => events.find((event): event is EndEvent => event.kind === "end");
  async function until(what: string, limitMs: number, holds: () => boolean): Promise<void> {
    const limit = performance.now() + limitMs;
    while (!holds()) {
      const left = limit - performance.now();
      const ended = end();
      if (left <= 0 || ended !== undefined)
        throw new Error(`waited in vain: ${what}; ${pictures().length} pictures, ${JSON.stringify(ended)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        heard = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
  return {
    events,
    pictures,
    parameters: () => events.filter((event): event is ParametersEvent => event.kind === "parameters"),
    end,
    untilPictures: (count, limitMs = 15_000) =>
      until(`${count} pictures`, limitMs, () => pictures().length >= count),
    async untilEnd(limitMs = 15_000) {
      const timer = setTimeout(() => abort.abort(), limitMs);
      await done;
      clearTimeout(timer);
      const ended = end();
      if (ended === undefined) throw new Error("the source ended without a word");
      return ended;
    },
    async stop() {
      abort.abort();
      await done;
    },
  };
}

/** The SEI unit that carries this number, byte for byte as the camera made it. */
function seiOf(number: number, codec: "h264" | "h265"): Buffer {
  const text = Buffer.from(`PICTURE-NUMBER::${String(number).padStart(10, "0")}`);
  const head = codec === "h264" ? [0x06] : [0x4e, 0x01];
  return Buffer.concat([Buffer.from([...head, 0x05, text.length]), text, Buffer.from([0x80])]);
}

/** Each picture's number, or NaN where it holds no SEI unit that is right to the last byte. */
export function numbersOf(pictures: readonly UnitEvent[], codec: "h264" | "h265"): number[] {
  return pictures.map(({ nals }) => {
    for (const { pieces } of nals) {
      const bytes = Buffer.concat(pieces);
      const found = /PICTURE-NUMBER::(\d{10})/.exec(bytes.toString("latin1"))?.[1];
      if (found !== undefined && bytes.equals(seiOf(Number(found), codec))) return Number(found);
    }
    return Number.NaN;
  });
}

/** Numbers that go up by one each from the first. */
export function consecutive(numbers: readonly number[]): number[] {
  return numbers.map((_, i) => (numbers[0] ?? Number.NaN) + i);
}

export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** A self-signed certificate for 127.0.0.1. */
export function selfSigned(): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), "camera-tls-"));
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  try {
    const subject = ["-subj", "/CN=camera", "-addext", "subjectAltName=IP:127.0.0.1"];
    const make = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    execFileSync("openssl", [...make, "-days", "2", "-keyout", key, "-out", certificate, ...subject], {
      stdio: "pipe",
    });
    return { key: readFileSync(key, "utf8"), certificate: readFileSync(certificate, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Child processes of a process, by Linux' own list. */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
}
