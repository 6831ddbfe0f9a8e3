/** The archive's listener over real TLS: who may touch which log, and the status of each refusal. */
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seq } from "../../../gateway/domain/ids.ts";
import { formatAddCheckpoint } from "../../../gateway/evidence/add-checkpoint.ts";
import { formatCheckpoint } from "../../../gateway/evidence/checkpoint.ts";
import { formatNote } from "../../../gateway/evidence/note.ts";
import { NOTE_ED25519, signNote, verifierKey } from "../../../gateway/evidence/verifier-key.ts";
import { nodeSha256, nodeSign, publicKeyBytes } from "../../../gateway/signer/ed25519.ts";
import { ArchiveSide } from "../../../sync/archive-side.ts";
import { GatewaySide } from "../../../sync/gateway-side.ts";
import { replicateLogs } from "../../../sync/replicate.ts";
import { HttpRefusal, type TlsIdentity, Transport } from "../../../sync/transport.ts";
import { type RunningArchive, startArchive } from "../../flows/sync/archive-process.ts";
import { type SealingGateway, openSealingGateway } from "../../flows/sync/sealing-gateway.ts";

const signal = (): AbortSignal => AbortSignal.timeout(10_000);

describe("the archive's listener", () => {
  let folder: string;
  let gateway: SealingGateway;
  let archive: RunningArchive;
  let own: TlsIdentity;
  /** The replicator's identity at the box: of the box's authority, which the archive does not know. */
  let foreign: TlsIdentity;
  let transport: Transport;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "archive-server-"));
    gateway = await openSealingGateway();
    archive = await startArchive(folder, gateway.origin);
    const peers = await gateway.enrol(archive.enrolment);
    own = peers.archive.tls;
    foreign = peers.gateway.tls;
    transport = new Transport(archive.url, own);
  });
  afterAll(async () => {
    await transport.close();
    await archive.close();
    await gateway.close();
    await rm(folder, { recursive: true });
  });

  const refusal = async (
    call: Omit<Parameters<Transport["json"]>[0], "signal">,
    by = transport,
  ): Promise<HttpRefusal> => {
    try {
      await by.json({ ...call, signal: signal() });
    } catch (error) {
      if (error instanceof HttpRefusal) return error;
      throw error;
    }
    throw new Error("it was not refused");
  };
  const log = (origin = gateway.origin): string => `/sync/v1/logs/${origin}`;

  it("takes an enrolment code once, and only from who comes to the right archive", async () => {
    expect(await gateway.tryEnrol(archive.enrolment)).toEqual({ refused: "sync.enrolRefused" });
    const [address = "", rest = ""] = archive.enrolment.split("#");
    const other = `${address}#${"0".repeat(64)}${rest.slice(64)}`;
    expect(await gateway.tryEnrol(other)).toEqual({ refused: "sync.archiveNotRecognised" });
    const nobody = `https://127.0.0.1:1#${rest}`;
    expect(await gateway.tryEnrol(nobody)).toEqual({ refused: "sync.archiveNotReached" });
  });

  it("lets a gateway reach its own logs alone", async () => {
    expect(await transport.json({ method: "GET", path: log(), signal: signal() })).toEqual({
      entries: 0,
      witnessed: 0,
    });
    for (const origin of ["test-unit/g2/2026", "other-unit/g1/2026", "test-unit/g1x/2026"]) {
      const refused = await refusal({ method: "GET", path: log(origin) });
      expect(refused).toMatchObject({ status: 403, code: "sync.forbiddenPeer" });
    }
    const calls = [
      { method: "PUT", path: `${log("test-unit/g2/2026")}/entries?from=0`, bytes: Uint8Array.of(0, 1, 1) },
      { method: "POST", path: `${log("test-unit/g2/2026")}/ack`, json: { packs: ["0".repeat(64)] } },
    ] as const;
    for (const call of calls) expect((await refusal(call)).status).toBe(403);
  });

  it("gives who shows no certificate, or one of another authority, nothing but enrolment", async () => {
    const { key, certificate } = foreign;
    for (const identity of [
      { ca: own.ca, certificate: "", key: "" },
      { ca: own.ca, certificate, key },
    ]) {
      const stranger = new Transport(archive.url, identity);
      try {
        const refused = await refusal({ method: "GET", path: log() }, stranger);
        expect(refused).toMatchObject({ status: 403, code: "sync.forbiddenPeer" });
        expect((await refusal({ method: "POST", path: "/sync/v1/enrol", json: {} }, stranger)).status).toBe(
          400,
        );
      } finally {
        await stranger.close();
      }
    }
  });

  it("answers each refusal with its status: 400, 403, 404, 409 with its size, 423", async () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const publicKey = publicKeyBytes(privateKey);
    const key = verifierKey(nodeSha256, { name: gateway.origin, type: NOTE_ED25519, publicKey });
    const text = formatCheckpoint({ origin: gateway.origin, size: 1, root: new Uint8Array(32) });
    const checkpoint = formatNote(await signNote(text, key, nodeSign(privateKey)));
    const witness = { method: "POST", path: `${log()}/add-checkpoint` } as const;
    expect(await refusal({ ...witness, json: { old: 0, proof: [], checkpoint } })).toMatchObject({
      status: 403,
      code: "sync.badCheckpoint",
    });
    const [{ logId } = { logId: undefined }] = gateway.store.logs();
    const real = (logId === undefined ? undefined : gateway.store.checkpoint(logId)?.note) ?? "";
    expect(await refusal({ ...witness, json: { old: 0, proof: [], checkpoint: real } })).toMatchObject({
      status: 409,
      code: "sync.entriesMissing",
      body: { entries: 0, witnessed: 0 },
    });
    const entries = {
      method: "PUT",
      path: `${log()}/entries?from=7`,
      bytes: Uint8Array.of(0, 1, 1),
    } as const;
    expect(await refusal(entries)).toMatchObject({
      status: 409,
      code: "sync.outOfStep",
      body: { entries: 0 },
    });
    expect(await refusal({ ...witness, json: { old: -1 } })).toMatchObject({
      status: 400,
      code: "http.badRequest",
    });
    expect(await refusal({ method: "GET", path: "/sync/v1/nothing" })).toMatchObject({
      status: 404,
      code: "http.notFound",
    });
    const chunk = { method: "PATCH", path: `${log()}/packs/${"0".repeat(64)}` } as const;
    const headers = { "upload-offset": "0", "upload-lease": "none" };
    expect(await refusal({ ...chunk, headers, bytes: Uint8Array.of(1) })).toMatchObject({
      status: 423,
      code: "sync.leaseLost",
    });
    expect((await refusal({ ...chunk, bytes: Uint8Array.of(1) })).status).toBe(400);
  });

  it("speaks add-checkpoint in the text of C2SP tlog-witness too, with its statuses and its own head", async () => {
    const { origin, store } = gateway;
    const from = new Transport(gateway.url, foreign);
    const add = async (old: number, checkpoint: string, proof: readonly Uint8Array[] = []): Promise<string> =>
      transport.text({
        method: "POST",
        path: "/add-checkpoint",
        headers: { "content-type": "text/plain; charset=utf-8" },
        bytes: new TextEncoder().encode(formatAddCheckpoint({ old, proof, checkpoint })),
        signal: signal(),
      });
    const refused = async (work: Promise<string>): Promise<{ status: number; body: unknown }> =>
      work.then(
        () => Promise.reject(new Error("it was not refused")),
        (error: unknown) => {
          if (!(error instanceof HttpRefusal)) throw error;
          return { status: error.status, body: error.body };
        },
      );
    try {
      const { logId, size } = store.stats();
      const note = (await store.covering({ logId, seq: seq(size - 1) })).note;
      expect((await refused(add(0, note))).status).toBe(503);
      await replicateLogs({ from: new GatewaySide(from), to: new ArchiveSide(transport) }, signal());
      const { witnessed } = await new ArchiveSide(transport).head(origin, signal());
      expect(witnessed).toBe(size);
      expect(await add(size, note)).toMatch(/^— \S+ [A-Za-z0-9+/]+=*\n$/);
      expect(await refused(add(1, note))).toEqual({ status: 409, body: size });
      expect((await refused(add(size + 1, note))).status).toBe(400);
      expect((await refused(add(size, note, [new Uint8Array(32)]))).status).toBe(409);
      expect((await refused(add(size, "no note\n"))).status).toBe(400);
      const forged = note.replace(/\n— .*\n$/, `\n— ${origin} ${"A".repeat(92)}\n`);
      expect((await refused(add(size, forged))).status).toBe(403);
      const other = note.replace(origin, "test-unit/g2/2026");
      expect((await refused(add(0, other))).status).toBe(403);
    } finally {
      await from.close();
    }
  });
});
