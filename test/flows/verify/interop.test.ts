/** Programs that are not ours verify our evidence: the Go team's note and tlog, and the openssl command. */
import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cosignedPath } from "../../../gateway/evidence/folder.ts";
import { parseNote } from "../../../gateway/evidence/note.ts";
import { tilePath } from "../../../gateway/evidence/tiles.ts";
import { formatVerifierKey } from "../../../gateway/evidence/verifier-key.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import { proves } from "../../law/proves.ts";
import { ORIGIN, SampleLog, put } from "../../unit/evidence/sample-log.ts";

const run = promisify(execFile);
const CHECK = new URL("../../peers/tlog/check.go", import.meta.url).pathname;
const OLDER = 300;
const SIZE = 530;

function hasGo(): boolean {
  try {
    execFileSync("go", ["version"], { stdio: "ignore" });
    if (existsSync("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")) return true;
  } catch {
    // Said below: a skip must be seen.
  }
  console.warn("SKIPPED: Go's note and tlog need apt-get install golang-go golang-golang-x-mod-dev");
  return false;
}

function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("SKIPPED: the openssl check needs apt-get install openssl");
    return false;
  }
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "interop-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(!hasGo())("Go's note and tlog", () => {
  let log: SampleLog;
  let program: string;
  beforeAll(async () => {
    log = new SampleLog().fill(OLDER);
    const older = await log.cosigned(await log.note());
    log.fill(SIZE - OLDER);
    await log.write(join(folder, "evidence"));
    await put(join(folder, "evidence"), cosignedPath(OLDER), older);
    program = join(folder, "check");
    await run("go", ["build", "-o", program, CHECK], {
      env: {
        ...process.env,
        GO111MODULE: "off",
        GOFLAGS: "",
        GOPATH: "/usr/share/gocode",
        GOCACHE: join(folder, "gocache"),
      },
    });
  }, 120_000);

  const check = (): Promise<{ stdout: string }> =>
    run(program, [
      join(folder, "evidence"),
      formatVerifierKey(log.key),
      formatVerifierKey(log.witness),
      `${OLDER}`,
    ]);

  it("accept signature, cosignature, every leaf, inclusion and consistency", async () => {
    expect((await check()).stdout).toBe(`OK ${SIZE} entries, consistent with ${OLDER}\n`);
  });

  it(proves(["S3-A-4", "S3-C-8"], "refuse the log after one entry was changed"), async () => {
    const path = join(folder, "evidence", tilePath({ level: "entries", index: 1, width: 256 }));
    const bytes = await readFile(path);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    await writeFile(path, bytes);
    await expect(check()).rejects.toMatchObject({ stdout: expect.stringContaining("FAIL") });
  });
});

describe.skipIf(!hasOpenssl())("the openssl command", () => {
  it("verifies a checkpoint of the signer process with the public key it leaves", async () => {
    const dataFolder = join(folder, "data");
    const signer = await startSigner({ dataFolder });
    const log = new SampleLog().fill(10);
    const tree = { origin: ORIGIN, size: 10, root: log.frontier.root(), fromSize: 0, proof: [] };
    const note = parseNote(await signer.sign(tree));
    await signer.close();
    await writeFile(join(folder, "text"), note.text);
    await writeFile(join(folder, "sig"), note.signatures[0]?.bytes ?? new Uint8Array());
    const verify = (): Promise<{ stdout: string }> =>
      run("openssl", [
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        join(dataFolder, "secrets", "signer.pub"),
        "-rawin",
        "-in",
        join(folder, "text"),
        "-sigfile",
        join(folder, "sig"),
      ]);
    expect((await verify()).stdout).toContain("Signature Verified Successfully");
    await writeFile(join(folder, "text"), note.text.replace("\n10\n", "\n11\n"));
    await expect(verify()).rejects.toMatchObject({ code: 1 });
  });
});
