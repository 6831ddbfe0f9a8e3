/** `npm run check`: format, type-aware lint, both TypeScript programs, dead code, import table; stops at the first that fails. */
import { runTool } from "./tool.ts";

const CODE = ["gateway", "device-drivers", "sync", "kiosk", "test"];
const steps: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ["format", "oxfmt", "--check", ...CODE],
  ["lint", "oxlint", "--type-aware", "--deny-warnings", ...CODE],
  ["types", "tsc", "-p", "."],
  ["types of the kiosk", "tsc", "-p", "kiosk"],
  ["dead code", "knip"],
  ["import table", "vitest", "run", "--config", "test/vitest.config.ts", "test/architecture.test.ts"],
];

for (const [name, command, ...args] of steps) {
  const started = performance.now();
  const { status } = runTool(command, args);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`check: ${name}: ${status === 0 ? "ok" : "failed"} (${seconds} s)`);
  if (status !== 0) process.exit(status ?? 1);
}
