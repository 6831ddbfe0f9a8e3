/** An export of a log whose keys changed: whoever was given keys long ago can still judge it, by what travels with it. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EXIT_CODES } from "../../../gateway/commands/verify/report.ts";
import type { Appended } from "../../../gateway/evidence/append.ts";
import { turnoverPath } from "../../../gateway/evidence/folder.ts";
import { OFFLINE_VERIFIER_FILES } from "../../../gateway/evidence/offline-verifier/files.ts";
import { formatVerifierKey } from "../../../gateway/evidence/verifier-key.ts";
import { createSealedReader } from "../../../gateway/reader/client.ts";
import type { SealedReaderClient } from "../../../gateway/reader/contract.ts";
import { EvidenceFiles } from "../../../gateway/recording/export/evidence-files.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import type { SignerClient } from "../../../gateway/signer/contract.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { openStore } from "../../../gateway/store/open-store.ts";
import { MovableClock, SMALL, fragment, record } from "../../contract/store/opened-store.ts";

const COMMAND = new URL("../../../gateway/commands/verify.ts", import.meta.url).pathname;
const PYTHON = (OFFLINE_VERIFIER_FILES[0]?.url ?? new URL(import.meta.url)).pathname;

let folder: string;
let reader: SealedReaderClient;
let signer: SignerClient;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "export-rotation-"));
});
afterEach(async () => {
  await store.close();
  await signer.close();
  await reader.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(suite: "ed25519-sha256" | "sm2-sm3"): Promise<void> {
  const dataFolder = join(folder, "data");
  reader = createSealedReader();
  signer = await startSigner({ dataFolder, suite });
  store = await openStore({
    dataFolder,
    clock: new MovableClock(),
    randomBytes,
    unit: "unit",
    gateway: "g1",
    suite,
    signer,
    sealedReader: reader,
    onNotice: () => {},
    limits: SMALL,
  });
}

async function fragments(count: number): Promise<Appended[]> {
  const all = await Promise.all(
    Array.from({ length: count }, (_, i) => store.append([fragment(5000), record({ i })])),
  );
  return all.flat().filter(({ entry }) => entry.type === "fragment");
}

async function changeKeys(origin: string): Promise<void> {
  const now = signer.vkeys(origin);
  const keys = (await signer.nextVkeys(origin)).map((next) => {
    const from = now.findLast(({ type }) => type === next.type);
    if (from === undefined) throw new Error("each key replaces one");
    return { from: formatVerifierKey(from), to: formatVerifierKey(next) };
  });
  await store.changeKeys({ keys, why: "rotation", by: "technician-1" });
}

async function exported(footage: readonly Appended[]): Promise<string> {
  const files = new EvidenceFiles(
    Object.assign(Object.create(store) as Store, {
      verifierKeys: () => store.logs().flatMap(({ origin }) => signer.vkeys(origin).map(formatVerifierKey)),
    }),
  );
  const place = join(folder, "evidence");
  const write = async (file: { readonly path: string; readonly bytes: Uint8Array } | undefined) => {
    if (file === undefined) return;
    await mkdir(dirname(join(place, file.path)), { recursive: true });
    await writeFile(join(place, file.path), file.bytes);
  };
  for (const ref of footage) await write(files.take(ref, await store.bodyValue(ref)));
  await write(files.flush());
  for await (const file of files.proofs()) await write(file);
  return join(place, store.stats().logId);
}

function exitCode(command: string, ...args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    execFile(command, args, (error) => resolve(typeof error?.code === "number" ? error.code : 0));
  });
}
const ours = (...args: readonly string[]) => exitCode(process.execPath, COMMAND, ...args);
const python = (...args: readonly string[]) => exitCode("python3", PYTHON, ...args);

describe.each(["ed25519-sha256", "sm2-sm3"] as const)(
  "an export over two changes of keys under %s",
  (suite) => {
    it("is good by its own trust file and by the first keys alone, and not without the notes of the changes", async () => {
      await open(suite);
      const { origin, logId } = store.logs()[0] ?? {};
      if (origin === undefined || logId === undefined) throw new Error("there is a log");
      const first = signer.vkeys(origin);
      const before = await fragments(140);
      await changeKeys(origin);
      // Far from everything that the export is about, so that the announcements have to be brought along.
      await fragments(300);
      await changeKeys(origin);
      await fragments(300);
      const place = await exported([...before.slice(0, 3), ...(await fragments(3))]);
      expect(await ours(place)).toBe(EXIT_CODES.ok);
      expect(await python(place)).toBe(EXIT_CODES.ok);
      const trust = join(folder, "first-keys");
      await writeFile(
        trust,
        `${first.map((key) => `log ${formatVerifierKey(key)}\n`).join("")}quorum none\n`,
      );
      expect(await ours(place, "--trust", trust)).toBe(EXIT_CODES.ok);
      expect(await python(place, "--trust", trust)).toBe(EXIT_CODES.ok);
      const [turnover] = await store.turnovers(logId);
      await rm(join(place, turnoverPath(turnover?.size ?? 0)));
      expect(await ours(place, "--trust", trust)).toBe(EXIT_CODES.invalid);
      expect(await python(place, "--trust", trust)).toBe(EXIT_CODES.invalid);
      expect(await ours(place)).toBe(EXIT_CODES.ok);
      expect(await python(place)).toBe(EXIT_CODES.ok);
    });
  },
);
