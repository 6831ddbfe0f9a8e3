/** Runs one of the project's own tools with the pinned runtime first in PATH, whatever Node the machine has. */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const BIN = resolve("node_modules/.bin");
const OUTPUT_LIMIT_BYTES = 64 * 1024 * 1024;

export interface ToolOptions {
  /** Collects what it prints instead of showing it. */
  readonly collect?: boolean;
}

/** Throws when the tool can't be started; its status is the caller's to judge. */
export function runTool(
  name: string,
  args: readonly string[],
  { collect = false }: ToolOptions = {},
): SpawnSyncReturns<string> {
  const result = spawnSync(join(BIN, name), args, {
    encoding: "utf8",
    env: { ...process.env, PATH: `${BIN}:${process.env["PATH"] ?? ""}` },
    maxBuffer: OUTPUT_LIMIT_BYTES,
    stdio: collect ? ["ignore", "pipe", "inherit"] : "inherit",
  });
  if (result.error !== undefined) throw result.error;
  return result;
}
