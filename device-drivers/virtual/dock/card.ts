/** A body camera's card: files named as products built to GA/T 947 name them, filmed by ffmpeg, wiped on command. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const BEIJING_OFFSET_MS = 8 * 3_600_000;
const FILM_LIMIT_MS = 60_000;

export interface CardFile {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** The camera's own clock. */
  readonly endMs: number;
  readonly startMs: number;
}

export interface Card {
  readonly camera: string;
  files(): Promise<CardFile[]>;
  /** Films for this long; the recording ended just now by the camera's clock. */
  film(options: {
    readonly officer: string;
    readonly seconds: number;
    readonly cameraNowMs: number;
  }): Promise<void>;
  /** Removes exactly this file; false where it is not there as described. */
  wipe(file: {
    readonly vendorName: string;
    readonly sizeBytes: number;
    readonly sha256: string;
  }): Promise<boolean>;
}

export async function openCard(folder: string, camera: string): Promise<Card> {
  const home = join(folder, camera);
  await mkdir(home, { recursive: true, mode: 0o700 });
  const files = async (): Promise<CardFile[]> => {
    const names = (await readdir(home)).filter((name) => name.endsWith(".mp4")).sort();
    return Promise.all(names.map((name) => describe(join(home, name), name)));
  };
  return {
    camera,
    files,
    async film({ officer, seconds, cameraNowMs }) {
      const startMs = Math.floor((cameraNowMs - seconds * 1000) / 1000) * 1000;
      const name = `${camera}_${officer}_${beijingDigits(startMs)}.mp4`;
      const part = join(home, `${name}.part`);
      await film(part, seconds, camera);
      await rename(part, join(home, name));
    },
    async wipe(file) {
      const found = (await files()).find(
        (one) =>
          one.name === file.vendorName && one.sizeBytes === file.sizeBytes && one.sha256 === file.sha256,
      );
      if (found === undefined) return false;
      await rm(found.path);
      return true;
    },
  };
}

async function describe(path: string, name: string): Promise<CardFile> {
  const { size } = await stat(path);
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) hash.update(piece);
  const digits = /_(\d{14})\.mp4$/.exec(name)?.[1] ?? "19700101080000";
  const startMs = fromBeijingDigits(digits);
  return {
    name,
    path,
    sizeBytes: size,
    sha256: hash.digest("hex"),
    startMs,
    endMs: startMs + (await secondsOf(path)) * 1000,
  };
}

function beijingDigits(atMs: number): string {
  return new Date(atMs + BEIJING_OFFSET_MS).toISOString().replaceAll(/[-:T]/g, "").slice(0, 14);
}

function fromBeijingDigits(digits: string): number {
  const [year, month, day, hour, minute, second] = [
    digits.slice(0, 4),
    ...(digits.slice(4).match(/../g) ?? []),
  ].map(Number);
  return (
    Date.UTC(year ?? 1970, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0) -
    BEIJING_OFFSET_MS
  );
}

/** Picture and sound, the index at the end of the file as cameras write it. */
async function film(path: string, seconds: number, caption: string): Promise<void> {
  const text = `drawtext=fontfile=/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf:text='${caption} %{n}':x=16:y=16:fontsize=28:fontcolor=white:box=1:boxcolor=black`;
  const picture = `-f lavfi -i testsrc2=size=640x360:rate=15 -f lavfi -i sine=frequency=440`.split(" ");
  const coding = `-c:v libx264 -preset ultrafast -c:a aac -b:a 64k -f mp4 -y`.split(" ");
  await run("ffmpeg", [
    "-v",
    "error",
    "-nostdin",
    ...picture,
    "-t",
    String(seconds),
    "-vf",
    text,
    ...coding,
    path,
  ]);
}

async function secondsOf(path: string): Promise<number> {
  const seconds = Number(
    await run("ffprobe", ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path]),
  );
  return Number.isFinite(seconds) ? seconds : 0;
}

async function run(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: FILM_LIMIT_MS,
    killSignal: "SIGKILL",
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    output += piece;
  });
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} ended with ${String(code)}`)),
    );
  });
  return output;
}
