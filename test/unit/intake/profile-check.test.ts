/** The command that lists the profiles, run as people run it. */
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../../..");
const COMMAND = join(ROOT, "gateway/commands/profile-check.ts");
const CHANGLI = join(ROOT, "firmware-configs/profiles/changli-mr.json");

describe("profile-check", () => {
  it("says of each profile what it rules, from which article, and where it is silent", async () => {
    const { stdout } = await run(process.execPath, [COMMAND], { timeout: 20_000 });
    expect(stdout).toMatch(/S1 changli-mr 2026\.1 .*昌黎县/);
    expect(stdout).toMatch(/notice\.localLimit +2 +S1-6\(4\)/);
    expect(stdout).toMatch(/notice\.deemedAcceptance +true +silent, national 行政许可法 32\(4\)/);
    expect(stdout.match(/says \d+ of \d+, silent on \d+/g)).toHaveLength(5);
  });

  it("ends with status 1 and names the parameter when a file is looser than the law", async () => {
    const folder = await mkdtemp(join(tmpdir(), "profiles-"));
    try {
      await copyFile(CHANGLI, join(folder, "changli-mr.json"));
      const text = await readFile(CHANGLI, "utf8");
      const looser = text.replace(/"notice.localLimit": \{\s*"value": 2/, '"notice.localLimit": {"value": 9');
      await writeFile(join(folder, "looser.json"), looser);
      const failed = await run(process.execPath, [COMMAND, folder], { timeout: 20_000 }).then(
        () => undefined,
        (error: unknown) => error as { code: number; stderr: string },
      );
      expect(failed).toMatchObject({ code: 1 });
      expect(failed?.stderr).toContain("notice.localLimit");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
