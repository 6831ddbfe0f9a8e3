/** The Python file that travels with the evidence: small, on its own, and with the same verdicts and exit codes as ours. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EXIT_CODES } from "../../../gateway/commands/verify/report.ts";
import { logId } from "../../../gateway/domain/ids.ts";
import { encodeAbsence } from "../../../gateway/evidence/absence.ts";
import { COPY_PATH, COPY_TEXT, TRUST_PATH } from "../../../gateway/evidence/folder.ts";
import { OFFLINE_VERIFIER_FILES } from "../../../gateway/evidence/offline-verifier/files.ts";
import { SampleLog, put } from "../../unit/evidence/sample-log.ts";

const COMMAND = new URL("../../../gateway/commands/verify.ts", import.meta.url).pathname;
const PYTHON = OFFLINE_VERIFIER_FILES[0]?.url ?? new URL(import.meta.url);

let folder: string;
let log: SampleLog;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "offline-"));
  log = new SampleLog().fill(40);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function run(
  command: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string }> {
  return new Promise((resolve) => {
    execFile(command, args, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : 0;
      resolve({ code, out: stdout + stderr });
    });
  });
}
const ours = (...args: readonly string[]) => run(process.execPath, COMMAND, ...args);
const python = (...args: readonly string[]) => run("python3", PYTHON.pathname, ...args);

describe("the offline verifier", () => {
  it("is one file of at most 250 lines that imports the standard library only", async () => {
    const text = await readFile(PYTHON, "utf8");
    expect(text.split("\n").length - 1).toBeLessThanOrEqual(250);
    const imported = [...text.matchAll(/^\s*(?:import|from) (.+?)(?: import .*)?$/gm)].flatMap(
      ([, names = ""]) => names.split(", "),
    );
    const standard = "argparse base64 collections hashlib json os pathlib re subprocess sys tempfile".split(
      " ",
    );
    expect(imported.sort()).toEqual(standard.sort());
  });

  it("says why it could not run, with exit code 1", async () => {
    const { code, out } = await python(folder);
    expect(code).toBe(1);
    expect(out).toContain("这里没有证据");
  });
});

describe("both verifiers give the same exit code and the same word", () => {
  const cases: readonly (readonly [result: keyof typeof EXIT_CODES, make: () => Promise<void>])[] = [
    ["ok", async () => log.write(folder)],
    [
      "invalid",
      async () => {
        log.addFragment("cam-1", { n: 3 });
        await log.write(folder);
      },
    ],
    ["missing", async () => log.write(folder, new Set([20]))],
    [
      "cannotTell",
      async () => {
        await log.write(folder);
        await rm(join(folder, TRUST_PATH));
      },
    ],
    [
      "released",
      async () => {
        const packs = [await log.acknowledge([[0, 40]])];
        const absence = { logId: logId("2026"), ranges: [[20, 21]] as const, of: "footage" as const };
        log.addRecord("release", "retention", { absence: encodeAbsence({ ...absence, basis: "x", packs }) });
        await log.write(folder, new Set([20]));
      },
    ],
    [
      "erased",
      async () => {
        const absence = {
          logId: logId("2026"),
          ranges: [[20, 21]] as const,
          of: "all" as const,
          basis: "list 1",
        };
        log.addRecord("erase", "retention", { absence: encodeAbsence(absence) });
        await log.write(folder, new Set([20]));
      },
    ],
    [
      "awaited",
      async () => {
        await log.write(folder, new Set([20]));
        await put(folder, COPY_PATH, COPY_TEXT);
      },
    ],
  ];

  it.each(cases)("%s", async (result, make) => {
    await make();
    const [one, other] = [await ours(folder), await python(folder)];
    expect(one.code, one.out).toBe(EXIT_CODES[result]);
    expect(other.code, other.out).toBe(EXIT_CODES[result]);
    expect(other.out).toContain(`· ${result}\n`);
  });

  it("has all of them, each once", () => {
    expect(cases.map(([result]) => result).sort()).toEqual(Object.keys(EXIT_CODES).sort());
    expect(new Set(Object.values(EXIT_CODES)).size).toBe(cases.length);
  });
});
