/**
 * Starts one signer process and connects to it. Invariant: a child that did not become ready is proven to be
 * gone before the start is reported as failed.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { constants, open } from "node:fs/promises";
import { type Socket, connect } from "node:net";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { CodedError } from "../domain/errors.ts";
import type { Suite } from "../evidence/suite.ts";
import type { SignerEnd } from "./contract.ts";
import { MAX_READY_BYTES, type SignerReady, lineCutter, parseReady } from "./protocol.ts";

const READY_LIMIT_MS = 15_000;
const END_LIMIT_MS = 2000;

/** Small limits for heap and threads: the process holds a key and one request. */
const NODE_FLAGS = ["--max-old-space-size=32", "--max-semi-space-size=1", "--v8-pool-size=0"];

export interface SignerChild {
  readonly pid: number;
  readonly ready: SignerReady;
  readonly socket: Socket;
  /** Resolves when the process is gone. */
  readonly ended: Promise<SignerEnd>;
  /** Orders it to end, kills it after 2 s, resolves when it is gone. */
  end(): Promise<SignerEnd>;
}

/** Rejects with `evidence.signerUnavailable` when the process does not get ready in 15 s. */
export async function startChild(dataFolder: string, suite: Suite): Promise<SignerChild> {
  const program = fileURLToPath(new URL("process.ts", import.meta.url));
  const child = spawn(process.execPath, [...NODE_FLAGS, program, dataFolder, suite], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { MALLOC_ARENA_MAX: "1" },
  });
  const ended = new Promise<SignerEnd>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: null, signal: null }));
  });
  // Writing to a child that is gone is no fault of its own: `ended` tells.
  child.stdin.on("error", () => {});
  const end = async (): Promise<SignerEnd> => {
    child.stdin.end();
    const timer = setTimeout(() => child.kill("SIGKILL"), END_LIMIT_MS);
    return ended.finally(() => clearTimeout(timer));
  };
  try {
    const ready = await readyLine(child, ended);
    const socket = await connectTo(join(dataFolder, "secrets"));
    const { pid } = child;
    if (pid === undefined) throw new Error("a signer without a process id");
    return { pid, ready, socket, ended, end };
  } catch (cause) {
    child.kill("SIGKILL");
    await ended;
    throw cause instanceof CodedError
      ? cause
      : new CodedError("evidence.signerUnavailable", { why: "start" }, { cause });
  }
}

function readyLine(
  child: ChildProcessByStdio<Writable, Readable, null>,
  ended: Promise<SignerEnd>,
): Promise<SignerReady> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new CodedError("evidence.signerUnavailable", { why }));
    };
    const timer = setTimeout(() => fail("not ready in time"), READY_LIMIT_MS);
    const cut = lineCutter((line) => {
      clearTimeout(timer);
      try {
        resolve(parseReady(line));
      } catch {
        fail("not a signer's first line");
      }
    }, MAX_READY_BYTES);
    child.stdout.on("data", (chunk: Buffer) => {
      try {
        cut(chunk);
      } catch {
        fail("not a signer's first line");
      }
    });
    void ended.then(({ code, signal }) => fail(`ended (${code ?? signal ?? "not started"})`));
  });
}

/** A socket path is at most 107 bytes, so a long data folder is reached through its open descriptor. */
async function connectTo(folder: string): Promise<Socket> {
  const handle = await open(folder, constants.O_DIRECTORY);
  try {
    return await new Promise((resolve, reject) => {
      const socket = connect(`/proc/self/fd/${handle.fd}/signer.sock`);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(socket);
      });
      socket.once("error", reject);
    });
  } finally {
    await handle.close();
  }
}
