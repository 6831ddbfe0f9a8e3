/** `npm test`: every check, then every test; arguments go on to vitest. The set-up before it has built the kiosk. */
import { spawnSync } from "node:child_process";

function step(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

const filters = process.argv.slice(2);
if (filters.length === 0) {
  step(process.execPath, ["test/check.ts"]);
}
step("node_modules/.bin/vitest", ["run", "--config", "test/vitest.config.ts", ...filters]);
