/** How tests run: real processes and disks, so few at once and with generous limits; TZ is set to a foreign zone on purpose. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "test/fixtures/**"],
    env: { TZ: "America/Los_Angeles" },
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Real processes on a busy machine can miss a time limit once; whoever needs the second try is named at the end.
    retry: 1,
    reporters: ["default", "./test/closing-line.ts"],
  },
});
