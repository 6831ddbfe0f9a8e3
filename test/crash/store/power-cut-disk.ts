/**
 * A disk whose power can be cut: ext4 on a loop device of its own, stopped without flushing, then what the block
 * device saw mounted again. Invariant: it touches only the device and folder it made, and `close` takes both away.
 */
import { type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { promisify } from "node:util";

const run = promisify(execFile);
const PROGRAM_MS = 60_000;
const UNMOUNT_MS = 10_000;

/** EXT4_IOC_SHUTDOWN with NOLOGFLUSH: nothing more reaches the device, as when the power goes. */
const CUT = `
import fcntl, os, struct, sys
fd = os.open(sys.argv[1], os.O_RDONLY)
print("ready", flush=True)
sys.stdin.readline()
fcntl.ioctl(fd, 0x8004587d, struct.pack("I", 2))
print("cut", flush=True)
`;

/** Why a power cut can't be tried here; undefined when it can. */
export function whyNoPowerCut(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux";
  if (!existsSync("/dev/loop-control")) return "needs loop devices (modprobe loop)";
  const missing = ["/sbin/mkfs.ext4", "/sbin/losetup", "/usr/bin/python3"].filter(
    (path) => !existsSync(path),
  );
  return missing.length === 0
    ? undefined
    : `needs ${missing.join(", ")}: apt-get install e2fsprogs mount python3`;
}

export class PowerCutDisk {
  readonly #folder: string;
  readonly #mountPoint: string;
  #image = 0;
  #device: string | undefined;
  #cutter: ChildProcessByStdio<Writable, Readable, null> | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#mountPoint = join(folder, "mnt");
  }

  static async make(sizeMiB: number): Promise<PowerCutDisk> {
    const disk = new PowerCutDisk(await mkdtemp(join(tmpdir(), "power-cut-")));
    try {
      await mkdir(disk.#mountPoint);
      await run("/usr/bin/truncate", ["-s", `${sizeMiB}M`, disk.#imagePath]);
      await run("/sbin/mkfs.ext4", ["-q", "-F", disk.#imagePath], { timeout: PROGRAM_MS });
      await disk.#mount();
      return disk;
    } catch (cause) {
      await disk.close();
      throw cause;
    }
  }

  get dataFolder(): string {
    return join(this.#mountPoint, "data");
  }

  get #imagePath(): string {
    return join(this.#folder, `image-${this.#image}`);
  }

  async #mount(): Promise<void> {
    const { stdout } = await run("/sbin/losetup", ["--find", "--show", this.#imagePath]);
    this.#device = stdout.trim();
    await run("/bin/mount", ["-t", "ext4", this.#device, this.#mountPoint], { timeout: PROGRAM_MS });
    const cutter = spawn("/usr/bin/python3", ["-c", CUT, this.#mountPoint], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#cutter = cutter;
    await once(cutter.stdout, "data");
  }

  /** Cuts the power. Returns UTC ms: what was confirmed before it was confirmed with the power on. */
  async cut(): Promise<number> {
    const cutter = this.#cutter;
    if (cutter === undefined) throw new Error("the disk has no power");
    const done = once(cutter.stdout, "data");
    const atMs = Date.now();
    cutter.stdin.end("cut\n");
    await done;
    return atMs;
  }

  /** Power is back: a copy of what the device saw, on a fresh device. Whoever used the disk must be dead by now. */
  async restore(): Promise<void> {
    const before = this.#imagePath;
    this.#image++;
    // Copied before the unmount, which would write what a real cut never lets through.
    await run("/bin/cp", ["--sparse=always", before, this.#imagePath], { timeout: PROGRAM_MS });
    await this.#detach();
    await rm(before);
    await this.#mount();
  }

  async #detach(): Promise<void> {
    const cutter = this.#cutter;
    this.#cutter = undefined;
    if (cutter !== undefined && cutter.exitCode === null && cutter.signalCode === null) {
      const ended = once(cutter, "exit");
      cutter.kill("SIGKILL");
      await ended;
    }
    const device = this.#device;
    if (device === undefined) return;
    await this.#unmount();
    await run("/sbin/losetup", ["-d", device]);
    this.#device = undefined;
  }

  /** The dead processes' last descriptors may take a moment to be closed. */
  async #unmount(): Promise<void> {
    const end = performance.now() + UNMOUNT_MS;
    for (;;) {
      try {
        await run("/bin/umount", [this.#mountPoint], { timeout: PROGRAM_MS });
        return;
      } catch (cause) {
        if (cause instanceof Error && cause.message.includes("not mounted")) return;
        if (performance.now() > end) {
          await run("/bin/umount", ["-l", this.#mountPoint], { timeout: PROGRAM_MS });
          throw cause;
        }
      }
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
  }

  async close(): Promise<void> {
    try {
      await this.#detach();
    } finally {
      await rm(this.#folder, { recursive: true, force: true });
    }
  }
}
