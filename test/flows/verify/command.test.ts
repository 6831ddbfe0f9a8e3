/** `npm run verify -- <folder>` as people run it: its words, and an exit code for each result. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TRUST_PATH } from "../../../gateway/evidence/folder.ts";
import { EXIT_CODES } from "../../../gateway/commands/verify/report.ts";
import { RESULT_WORDS } from "../../../gateway/commands/verify/texts.ts";
import { proves } from "../../law/proves.ts";
import { SampleLog, put } from "../../unit/evidence/sample-log.ts";

const COMMAND = new URL("../../../gateway/commands/verify.ts", import.meta.url).pathname;

let folder: string;
let log: SampleLog;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "verify-"));
  log = new SampleLog().fill(40);
  await log.write(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function verify(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, ...args], (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : 0;
      resolve({ code, out: stdout + stderr });
    });
  });
}

async function flipBody(index: number): Promise<void> {
  const body = log.items[index]?.body ?? new Uint8Array();
  for (const name of await readdir(join(folder, "packs"))) {
    const path = join(folder, "packs", name);
    const bytes = await readFile(path);
    const at = bytes.indexOf(body);
    if (at < 0) continue;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(path, bytes);
  }
}

describe("npm run verify", () => {
  it("says that clean evidence is whole, and exits with 0", async () => {
    const trust = join(folder, "elsewhere");
    await writeFile(trust, log.trust());
    const { code, out } = await verify(folder, "--trust", trust);
    expect(out).toContain("结论 RESULT · 完好：未发现问题 · OK: nothing wrong was found");
    expect(out).toContain(
      "changli.hall/gw-1/2026: 条目 entries 40, 已签名 signed 40, 完好内容 contents intact 40",
    );
    expect(out).toContain("信任文件：由核验人提供");
    expect(code).toBe(0);
  });

  it(
    proves(
      ["S3-A-4", "S3-C-8", "S0-37(3)", "S1-22(3)", "S2-31(3)", "S3-A-19(3)", "S4-34(3)"],
      "names camera and Beijing time of an altered fragment, and exits with 2",
    ),
    async () => {
      await flipBody(25);
      const { code, out } = await verify(folder);
      expect(out).toContain(
        "[不可信 invalid] body.altered 摄像机 camera cam-2 2026-03-02 09:00:25.000 至 to 2026-03-02 09:00:27.000 #25 fragment",
      );
      expect(out).toContain("内容被改动 · the content was altered");
      expect(code).toBe(2);
    },
  );

  it("names what is missing, and exits with 3", async () => {
    await rm(join(folder, "packs"), { recursive: true });
    await put(
      folder,
      `packs/${"0".repeat(64)}.pack`,
      log.pack([
        [0, 20],
        [21, 40],
      ]),
    );
    const { code, out } = await verify(folder);
    expect(out).toContain("[缺失 missing] body.missing 摄像机 camera cam-1 2026-03-02 09:00:20.000");
    expect(code).toBe(3);
    expect((await verify(folder, "--index-only")).code).toBe(0);
  });

  it("says when it can't tell, and exits with 4", async () => {
    await rm(join(folder, TRUST_PATH));
    const { code, out } = await verify(folder);
    expect(out).toContain("[无法判定 cannot tell] trust.none");
    expect(code).toBe(4);
  });

  it("tells its exit codes and options in --help", async () => {
    const { code, out } = await verify("--help");
    expect(code).toBe(0);
    for (const [result, exit] of Object.entries(EXIT_CODES))
      expect(out).toContain(`  ${exit}  ${RESULT_WORDS[result as keyof typeof RESULT_WORDS].zh}`);
    for (const option of ["--trust", "--seen", "--index-only", "--jobs", "--json"])
      expect(out).toContain(option);
  });

  it("holds a checkpoint that somebody else kept against the log", async () => {
    const kept = join(folder, "kept");
    await put(folder, "kept", await new SampleLog().fill(60).note());
    expect((await verify(folder, "--seen", kept)).out).toContain("seen.unusable");
    await put(folder, "kept", await log.fill(20).note());
    const { code, out } = await verify(folder, "--seen", kept);
    expect(out).toContain("[缺失 missing] log.truncated");
    expect(code).toBe(3);
  });

  it("gives the same verdict on one core and on two", async () => {
    await flipBody(25);
    const [one, two] = await Promise.all([verify(folder, "--jobs", "1"), verify(folder, "--jobs", "2")]);
    expect(two).toEqual(one);
    expect(one.code).toBe(2);
  });

  it("gives the verdict as JSON", async () => {
    await flipBody(25);
    const { code, out } = await verify(folder, "--json");
    expect(JSON.parse(out)).toMatchObject({
      result: "invalid",
      findings: [{ code: "body.altered", seq: 25 }],
    });
    expect(code).toBe(2);
  });

  it("exits with 1 where there is no evidence, without a stack trace", async () => {
    const empty = await mkdtemp(join(tmpdir(), "verify-"));
    for (const args of [[empty], [join(empty, "nothing")], [], [folder, "--trust", join(empty, "none")]]) {
      const { code, out } = await verify(...args);
      expect(code).toBe(1);
      expect(out).not.toMatch(/\n\s+at /);
    }
    await rm(empty, { recursive: true });
  });
});
