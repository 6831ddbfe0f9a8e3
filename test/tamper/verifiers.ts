/**
 * The three verifiers on one evidence folder: ours, the Python file, Go's note and tlog. Invariant: the two others
 * run as programs that know nothing of our code.
 */
import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findEvidenceFolders, openFolderSource } from "../../gateway/commands/evidence-folder-source.ts";
import { isDataFolder, openDataFolder } from "../../gateway/commands/verify/data-folder.ts";
import { EXIT_CODES } from "../../gateway/commands/verify/report.ts";
import { checkPaperCheckpoint, parsePaperCheckpoint } from "../../gateway/evidence/paper.ts";
import { parseTrust } from "../../gateway/evidence/trust.ts";
import type { VerdictResult } from "../../gateway/evidence/verify/finding.ts";
import { type Verdict, judge } from "../../gateway/evidence/verify/judge.ts";
import { nodeSha256, nodeVerify } from "../../gateway/signer/ed25519.ts";
import { nodeSm3, nodeVerifySm2 } from "../../gateway/signer/sm2.ts";

export const GO_INSTALL = "apt-get install golang-go golang-golang-x-mod-dev";
const PYTHON = fileURLToPath(new URL("../../gateway/evidence/offline-verifier/verify.py", import.meta.url));
const GO_SOURCE = fileURLToPath(new URL("../peers/tlog/check.go", import.meta.url));
const LIMIT_MS = 60_000;

export interface Question {
  readonly folder: string;
  /** Undefined: the trust file in the folder is used. */
  readonly trustText?: string;
  readonly seen?: readonly string[];
}

export async function ours({ folder, trustText, seen = [] }: Question): Promise<Verdict> {
  const source = (await isDataFolder(folder))
    ? await openDataFolder(folder)
    : await openFolderSource(folder, await findEvidenceFolders(folder), nodeSha256);
  try {
    const trust = trustText === undefined ? {} : { trustText };
    const national = { sm3: nodeSm3, verifySm2: nodeVerifySm2 };
    return await judge({
      source,
      sha256: nodeSha256,
      verify: nodeVerify,
      national,
      bodies: true,
      seen,
      ...trust,
    });
  } finally {
    await source.close();
  }
}

/** A verifier that is a program; both take the same arguments and end with the same exit codes. */
export interface Program {
  ask(question: Question): Promise<{ readonly result: VerdictResult; readonly output: string }>;
  close(): Promise<void>;
}

async function startProgram(command: string, first: readonly string[], folder: string): Promise<Program> {
  let nth = 0;
  const put = async (text: string): Promise<string> => {
    const path = join(folder, `text-${nth++}`);
    await writeFile(path, text);
    return path;
  };
  return {
    async ask({ folder: evidence, trustText, seen = [] }) {
      const args = [...first, evidence];
      if (trustText !== undefined) args.push("--trust", await put(trustText));
      for (const text of seen)
        args.push("--seen", await put(await asNote(text, trustText ?? "quorum none\n")));
      const { code, output } = await run(command, args);
      const result = Object.entries(EXIT_CODES).find(([, each]) => each === code)?.[0] as
        | VerdictResult
        | undefined;
      if (result === undefined) throw new Error(`${command} ended with ${code}\n${output}`);
      return { result, output };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

function run(
  command: string,
  args: readonly string[],
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { timeout: LIMIT_MS }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== "number") reject(error);
      else resolve({ code: typeof error?.code === "number" ? error.code : 0, output: stdout + stderr });
    });
  });
}

/** The checkpoint of a paper as the note that it stands for: the two programs read notes. */
async function asNote(seen: string, trustText: string): Promise<string> {
  if (!seen.startsWith("C1:")) return seen;
  const state = await checkPaperCheckpoint(
    parsePaperCheckpoint(seen),
    parseTrust(trustText, nodeSha256).logs,
    nodeVerify,
  );
  if (state.state !== "good") throw new RangeError("a paper of another log");
  return state.note;
}

const temporary = (): Promise<string> => mkdtemp(join(tmpdir(), "verifier-"));

export async function startPython(): Promise<Program> {
  return startProgram("python3", [PYTHON], await temporary());
}

export function hasGo(): boolean {
  try {
    execFileSync("go", ["version"], { stdio: "ignore" });
    return existsSync("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog");
  } catch {
    return false;
  }
}

/** Builds the glue; needs Debian's packages, see GO_INSTALL. */
export async function startGo(): Promise<Program> {
  const folder = await temporary();
  const program = join(folder, "check");
  execFileSync("go", ["build", "-o", program, GO_SOURCE], {
    env: {
      ...process.env,
      GO111MODULE: "off",
      GOFLAGS: "",
      GOPATH: "/usr/share/gocode",
      GOCACHE: join(folder, "cache"),
    },
  });
  return startProgram(program, [], folder);
}
