/**
 * The cable: a pty made by socat, with its device file in the slips' folder.
 * Invariant: a pulled cable ends the pty as a lost USB adapter does, and nothing is left running.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, existsSync, openSync, rmSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";

const APPEARS_MS = 5_000;
const LOOK_EVERY_MS = 20;

export interface Cable {
  /** Throws when socat is missing or makes no pty. */
  plug(): Promise<void>;
  unplug(): Promise<void>;
  send(bytes: Uint8Array): void;
  /** Takes no more bytes; whoever writes has to wait. */
  stall(): void;
  flow(): void;
}

export function createCable(path: string, onBytes: (bytes: Uint8Array) => void): Cable {
  let socat: ChildProcessByStdio<Writable, Readable, null> | undefined;
  let held: number | undefined;

  let last: Promise<void> = Promise.resolve();
  /** One after the other, so that a slow end never takes away what was just plugged in. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };

  async function pull(old: typeof socat): Promise<void> {
    if (old !== undefined && old.exitCode === null && old.signalCode === null) {
      const gone = once(old, "exit");
      old.kill("SIGKILL");
      await gone;
    }
    if (held !== undefined) closeSync(held);
    held = undefined;
    rmSync(path, { force: true });
  }

  const unplug = (): Promise<void> => {
    const old = socat;
    socat = undefined;
    return inTurn(() => pull(old));
  };

  async function connect(): Promise<void> {
    const fresh = spawn("socat", [`PTY,raw,echo=0,mode=600,link=${path}`, "STDIO"], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    let failed = false;
    fresh.once("error", () => (failed = true));
    fresh.stdin.on("error", () => undefined);
    // What still lies in the pipe of a pulled cable never arrived.
    fresh.stdout.on("data", (bytes: Uint8Array) => {
      if (socat === fresh) onBytes(bytes);
    });
    socat = fresh;
    const until = performance.now() + APPEARS_MS;
    while (!existsSync(path)) {
      if (failed || fresh.exitCode !== null || performance.now() > until)
        throw new Error("no pty: is socat installed? apt-get install socat");
      await wait(LOOK_EVERY_MS);
    }
    // Held open, so that the pty outlives each program that opens and closes it.
    held = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  }

  return {
    plug: async () => {
      await unplug();
      await inTurn(connect);
    },
    unplug,
    send: (bytes) => void socat?.stdin.write(bytes),
    stall: () => void socat?.stdout.pause(),
    flow: () => void socat?.stdout.resume(),
  };
}
