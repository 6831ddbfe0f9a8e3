/** Programs that are not ours verify our evidence: the Go team's note and tlog, and the openssl command. */
import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cosignedPath } from "../../../gateway/evidence/folder.ts";
import { parseNote } from "../../../gateway/evidence/note.ts";
import { tilePath } from "../../../gateway/evidence/tiles.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import { proves } from "../../law/proves.ts";
import { GO_INSTALL, type Program, hasGo, startGo } from "../../tamper/verifiers.ts";
import { ORIGIN, SampleLog, put } from "../../unit/evidence/sample-log.ts";

const run = promisify(execFile);
const OLDER = 300;
const SIZE = 530;

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

if (!hasGo()) console.warn(`SKIPPED: Go's note and tlog need ${GO_INSTALL}`);

describe.skipIf(!hasGo())("Go's note and tlog", () => {
  let go: Program;
  beforeAll(async () => {
    const log = new SampleLog().fill(OLDER);
    const older = await log.cosigned(await log.note());
    log.fill(SIZE - OLDER);
    await log.write(join(folder, "evidence"));
    await put(join(folder, "evidence"), cosignedPath(OLDER), older);
    go = await startGo();
  }, 120_000);
  afterAll(() => go.close());

  const check = async (): Promise<string> => (await go.ask({ folder: join(folder, "evidence") })).output;

  it("accept signature, cosignature, every leaf, inclusion and consistency", async () => {
    expect(await check()).toBe("RESULT ok\n");
  });

  it(proves(["S3-A-4", "S3-C-8"], "refuse the log after one entry was changed"), async () => {
    const path = join(folder, "evidence", tilePath({ level: "entries", index: 1, width: 256 }));
    const bytes = await readFile(path);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    await writeFile(path, bytes);
    expect(await check()).toBe("[invalid] entries of the block at 256 were altered\nRESULT invalid\n");
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
