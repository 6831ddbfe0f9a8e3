/** A change of keys as the archive hears of it: followed from the log itself, and never by the old key alone. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CHECKPOINT_PATH, TRUST_PATH, turnoverPath } from "../../../gateway/evidence/folder.ts";
import { formatNote, parseNote } from "../../../gateway/evidence/note.ts";
import type { Suite } from "../../../gateway/evidence/suite.ts";
import { parseTrust } from "../../../gateway/evidence/trust.ts";
import {
  NOTE_SM2,
  formatVerifierKey,
  parseVerifierKey,
  signatureOf,
} from "../../../gateway/evidence/verifier-key.ts";
import { createSealedReader } from "../../../gateway/reader/client.ts";
import type { SealedReaderClient } from "../../../gateway/reader/contract.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import type { SignerClient } from "../../../gateway/signer/contract.ts";
import { nodeSha256 } from "../../../gateway/signer/ed25519.ts";
import { ArchiveSide } from "../../../sync/archive-side.ts";
import { GatewaySide } from "../../../sync/gateway-side.ts";
import { replicateLogs } from "../../../sync/replicate.ts";
import { HttpRefusal, Transport } from "../../../sync/transport.ts";
import { record } from "../../contract/store/opened-store.ts";
import { judged } from "../../unit/evidence/judged.ts";
import { type RunningArchive, startArchive } from "./archive-process.ts";
import { type SealingGateway, openSealingGateway } from "./sealing-gateway.ts";

let folder: string;
let signer: SignerClient;
let reader: SealedReaderClient;
let gateway: SealingGateway;
let archive: RunningArchive;
let transports: readonly Transport[] = [];
let ends: { readonly from: GatewaySide; readonly to: ArchiveSide };

async function openBox(dataFolder: string, suite: Suite): Promise<void> {
  signer = await startSigner({ dataFolder, suite });
  gateway = await openSealingGateway(new Set(), { box: { dataFolder, signer, sealedReader: reader, suite } });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "turnover-"));
  const dataFolder = join(folder, "box");
  reader = createSealedReader();
  await openBox(dataFolder, "ed25519-sha256");
  archive = await startArchive(join(folder, "archive"), gateway.origin);
  const peers = await gateway.enrol(archive.enrolment);
  await dial(peers.archive.url, peers);
});
afterEach(async () => {
  for (const transport of transports) await transport.close();
  await archive.close();
  await gateway.close();
  await signer.close();
  await reader.close();
  await rm(folder, { recursive: true });
});

let peersNow: Awaited<ReturnType<SealingGateway["enrol"]>>;
async function dial(archiveUrl: string, peers: typeof peersNow): Promise<void> {
  for (const transport of transports) await transport.close();
  peersNow = peers;
  const [own, other] = [
    new Transport(peers.gateway.url, peers.gateway.tls),
    new Transport(archiveUrl, peers.archive.tls),
  ];
  transports = [own, other];
  ends = { from: new GatewaySide(own), to: new ArchiveSide(other) };
}

const signal = (): AbortSignal => AbortSignal.timeout(20_000);

async function grow(): Promise<void> {
  const [entry] = await gateway.store.append([record({ grows: true })]);
  if (entry === undefined) throw new Error("appended");
  await gateway.store.covering(entry);
}

async function change(): Promise<string> {
  const now = signer.vkeys(gateway.origin);
  const keys = (await signer.nextVkeys(gateway.origin)).map((next) => {
    const from = now.findLast(({ type }) => type === next.type);
    if (from === undefined) throw new Error("each key replaces one");
    return { from: formatVerifierKey(from), to: formatVerifierKey(next) };
  });
  return (await gateway.store.changeKeys({ keys, why: "rotation", by: "t1" })).note;
}

const witnessed = async (): Promise<number> => (await ends.to.head(gateway.origin, signal())).witnessed;

describe("the archive", () => {
  it("follows changes of keys, several at once and across its own restart, and keeps what shows them", async () => {
    await replicateLogs(ends, signal());
    const notes = [await change()];
    await grow();
    notes.push(await change());
    await grow();
    const { size: grown } = gateway.store.stats();
    await replicateLogs(ends, signal());
    expect(await witnessed()).toBe(grown);
    await archive.close();
    archive = await startArchive(join(folder, "archive"), gateway.origin, archive.port);
    await dial(archive.url, peersNow);
    notes.push(await change());
    await grow();
    await replicateLogs(ends, signal());
    const trust = parseTrust(await readFile(join(archive.logFolder(), TRUST_PATH), "utf8"), nodeSha256);
    expect(trust.logs.map(formatVerifierKey)).toEqual(signer.vkeys(gateway.origin).map(formatVerifierKey));
    expect(trust.logs).toHaveLength(4);
    const turnovers = await gateway.store.turnovers(gateway.store.stats().logId);
    expect(turnovers.map(({ note }) => note)).toEqual(notes);
    for (const { size, note } of turnovers)
      expect(await readFile(join(archive.logFolder(), turnoverPath(size)), "utf8")).toBe(note);
    const registered = await readFile(join(folder, "archive", "gateways", "test-unit.g1.json"), "utf8");
    expect(registered).toContain(await signer.vkey(gateway.origin));
  });

  it("takes nothing that the old key signs alone after the change", async () => {
    const { origin, store } = gateway;
    await grow();
    const { logId } = store.stats();
    const older = store.checkpoint(logId);
    const old = parseVerifierKey(await signer.vkey(origin));
    await change();
    await replicateLogs(ends, signal());
    const [turnover] = await store.turnovers(logId);
    if (older === undefined || turnover === undefined) throw new Error("both were signed");
    const note = parseNote(turnover.note);
    const line = signatureOf(note, old);
    if (line === undefined) throw new Error("the old key signed it too");
    const { witnessed: size } = await ends.to.head(origin, signal());
    for (const checkpoint of [older.note, turnover.note.split("\n").slice(0, 5).join("\n") + "\n"]) {
      const refused = await ends.to
        .addCheckpoint(origin, size, [], checkpoint, signal())
        .catch((e: unknown) => e);
      expect(refused).toBeInstanceOf(HttpRefusal);
      expect((refused as HttpRefusal).status).toBe(403);
    }
  });

  it("learns the SM2 key of a national log from the gateway, follows it, and its folder is checked by it", async () => {
    await archive.close();
    await gateway.close();
    await signer.close();
    await openBox(join(folder, "national"), "sm2-sm3");
    archive = await startArchive(join(folder, "national-archive"), gateway.origin);
    const peers = await gateway.enrol(archive.enrolment);
    await dial(peers.archive.url, peers);
    await grow();
    await replicateLogs(ends, signal());
    const keys = (): readonly string[] => signer.vkeys(gateway.origin).map(formatVerifierKey).sort();
    const trusted = async (): Promise<readonly string[]> => {
      const trust = parseTrust(await readFile(join(archive.logFolder(), TRUST_PATH), "utf8"), nodeSha256);
      return trust.logs.map(formatVerifierKey).sort();
    };
    expect(await trusted()).toEqual(keys());
    await change();
    await grow();
    await replicateLogs(ends, signal());
    expect(await trusted()).toEqual(keys());
    expect(keys()).toHaveLength(4);
    const found = async (): Promise<readonly string[]> =>
      (await judged(archive.logFolder())).findings
        .filter(({ kind }) => kind !== "awaited")
        .map(({ code }) => code);
    expect(await found()).toEqual([]);
    const path = join(archive.logFolder(), CHECKPOINT_PATH);
    const note = parseNote(await readFile(path, "utf8"));
    const sm2 = signer.vkeys(gateway.origin).findLast(({ type }) => type === NOTE_SM2);
    const others = note.signatures.filter(({ keyId }) => keyId !== sm2?.keyId);
    expect(others).toHaveLength(note.signatures.length - 1);
    await writeFile(path, formatNote({ ...note, signatures: others }));
    expect(await found()).toContain("checkpoint.stripped");
    await grow();
    const { logId } = gateway.store.stats();
    const bare = parseNote(gateway.store.checkpoint(logId)?.note ?? "");
    const size = await witnessed();
    const proof = await ends.from.consistency(logId, size, Number(bare.text.split("\n")[1]), signal());
    const stripped = formatNote({
      ...bare,
      signatures: bare.signatures.filter(({ keyId }) => keyId !== sm2?.keyId),
    });
    const refused = await ends.to
      .addCheckpoint(gateway.origin, size, proof, stripped, signal())
      .catch((e: unknown) => e);
    expect((refused as HttpRefusal).status).toBe(403);
  });
});
