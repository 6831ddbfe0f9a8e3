/** `npm test`: every check, then every test; arguments go on to vitest. The set-up before it has built the kiosk. */
import { runTool } from "./tool.ts";

function step(tool: string, args: readonly string[]): void {
  const { status } = runTool(tool, args);
  if (status !== 0) process.exit(status ?? 1);
}

const filters = process.argv.slice(2);
if (filters.length === 0) step("node", ["test/check.ts"]);
step("vitest", ["run", "--config", "test/vitest.config.ts", ...filters]);
