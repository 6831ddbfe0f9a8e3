/** The whole gateway under the suite `sm2-sm3`, with a neighbour for a witness and no archive: what its log shows then. */
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseCheckpoint } from "../../../gateway/evidence/checkpoint.ts";
import { type Entry, decodeEntry } from "../../../gateway/evidence/entry.ts";
import { Frontier } from "../../../gateway/evidence/merkle/frontier.ts";
import { leafHash } from "../../../gateway/evidence/merkle/hash.ts";
import { checkNational } from "../../../gateway/evidence/national.ts";
import { parseNote } from "../../../gateway/evidence/note.ts";
import { TILE_WIDTH, decodeBundle, tilePath } from "../../../gateway/evidence/tiles.ts";
import { NOTE_SM2, parseVerifierKey } from "../../../gateway/evidence/verifier-key.ts";
import { nodeSha256 } from "../../../gateway/signer/ed25519.ts";
import { nodeSm3, nodeVerifySm2 } from "../../../gateway/signer/sm2.ts";
import { verdictOn } from "../../contract/store/verdict.ts";
import { type RunningWitness, startWitness } from "../../contract/witness/witness-process.ts";
import { until } from "../children.ts";
import { type RunningGateway, startGatewayProcess } from "../running-gateway.ts";

const DEMONSTRATION = new URL("../../../firmware-configs/demonstration/", import.meta.url).pathname;

let folder: string;
let site: string;
let gateway: RunningGateway;
let witness: RunningWitness | undefined;

async function writeSite(more: object): Promise<void> {
  const shipped = JSON.parse(await readFile(join(DEMONSTRATION, "site.json"), "utf8")) as object;
  await writeFile(site, JSON.stringify({ ...shipped, suite: "sm2-sm3", ...more }));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "national-"));
  site = join(folder, "site.json");
  await copyFile(join(DEMONSTRATION, "matters.json"), join(folder, "matters.json"));
  await writeSite({});
  gateway = await startGatewayProcess({ dataFolder: join(folder, "data"), site });
});
afterAll(async () => {
  await gateway.kill();
  await witness?.close();
  await rm(folder, { recursive: true, force: true });
});

async function get(path: string): Promise<Response> {
  const answer = await fetch(`${gateway.url}${path}`, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

interface Logs {
  readonly origins: readonly { readonly logId: string; readonly origin: string }[];
  readonly verifierKeys: readonly string[];
}
const logs = async (): Promise<Logs> => (await get("/log")).json() as Promise<Logs>;

/** The newest checkpoint and every entry below it, by their public addresses. */
async function publicLog(): Promise<{ readonly note: string; readonly entries: readonly Uint8Array[] }> {
  const { logId } = (await logs()).origins.at(-1) ?? { logId: "" };
  const note = await (await get(`/log/${logId}/checkpoint`)).text();
  const { size } = parseCheckpoint(parseNote(note).text);
  const entries: Uint8Array[] = [];
  for (let index = 0; index * TILE_WIDTH < size; index++) {
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
    const bundle = await get(`/log/${logId}/${tilePath({ level: "entries", index, width })}`);
    entries.push(...decodeBundle(new Uint8Array(await bundle.arrayBuffer())));
  }
  return { note, entries };
}

const types = async (): Promise<readonly Entry["type"][]> =>
  (await publicLog()).entries.map((bytes) => decodeEntry(bytes).type);

describe("a gateway of the national suite", () => {
  it("records, and signs both trees of its public log", async () => {
    await until(
      "footage",
      30_000,
      async () => (await types()).filter((type) => type === "fragment").length > 2,
    );
    const { verifierKeys } = await logs();
    const keys = verifierKeys.map((text) => parseVerifierKey(text, nodeSha256));
    expect(keys).toHaveLength(2);
    const { note, entries } = await publicLog();
    const tree = new Frontier(nodeSm3);
    for (const bytes of entries) {
      expect(decodeEntry(bytes).sm3).toMatch(/^[0-9a-f]{64}$/);
      tree.append(leafHash(nodeSm3, bytes));
    }
    const sm2 = keys.find(({ type }) => type === NOTE_SM2);
    if (sm2 === undefined) throw new Error("the log has an SM2 key");
    const state = checkNational(parseNote(note), sm2, nodeVerifySm2);
    expect(state).toEqual({ state: "good", sm3Root: new Uint8Array(tree.root()) });
  });

  it("is seen by the neighbour that its site file names, and its data folder verifies afterwards", async () => {
    const { verifierKeys } = await logs();
    expect(await gateway.close()).toBe(0);
    const logKeys = verifierKeys.filter((text) => parseVerifierKey(text).type !== NOTE_SM2);
    witness = await startWitness({
      folder: join(folder, "witness"),
      logKeys,
      name: "demonstration/b1/witness",
    });
    const { url: witnessUrl, witnessKey } = witness;
    await writeSite({ neighbours: [{ logKeys, witnessUrl, witnessKey }] });
    gateway = await startGatewayProcess({
      dataFolder: join(folder, "data"),
      site,
      env: { GATEWAY_WITNESS_PORT: "0" },
    });
    await until("the neighbour's sighting", 40_000, async () => (await types()).includes("sighting"));
    expect(await gateway.close()).toBe(0);
    expect((await verdictOn(join(folder, "data"), verifierKeys)).counts.invalid).toBe(0);
  });
});
