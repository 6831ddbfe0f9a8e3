/**
 * The parts of a gateway that an archive sees, without cameras or people: real store, hand-over, certificates and
 * sync listener, and the enrolment program. A test seals as much footage as it wants in one go.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Suite } from "../../../gateway/evidence/suite.ts";
import {
  NOTE_SM2,
  type VerifierKey,
  formatVerifierKey,
  parseVerifierKey,
} from "../../../gateway/evidence/verifier-key.ts";
import type { Handover } from "../../../gateway/handover/contract.ts";
import { createHandover } from "../../../gateway/handover/create-handover.ts";
import { buildSyncApp } from "../../../gateway/http/sync-app.ts";
import { type Certificates, openCertificates } from "../../../gateway/people/certificates.ts";
import { createSecretFiles } from "../../../gateway/people/secret-files.ts";
import { nodeSha256, nodeVerify } from "../../../gateway/signer/ed25519.ts";
import type { SealedReaderClient } from "../../../gateway/reader/contract.ts";
import type { SignerClient } from "../../../gateway/signer/contract.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { startReady } from "../../../gateway/wiring/program.ts";
import type { Peer } from "../../../sync/replicator.ts";
import { openRealStore, testClock, testVerifierKey } from "../../contract/real-store.ts";
import { fragment, record } from "../../contract/store/opened-store.ts";

export interface SealingGateway {
  readonly store: Store;
  readonly handover: Handover;
  readonly origin: string;
  /** Address of its sync listener, and the authority of its certificates. */
  readonly url: string;
  readonly certificates: Certificates;
  /** Enrols by the line and gives both ends of a replication. */
  enrol(line: string): Promise<{ readonly gateway: Peer; readonly archive: Peer }>;
  /** What the enrolment program answered; for lines that are refused. */
  tryEnrol(line: string): Promise<Readonly<Record<string, string>>>;
  /** Appends a record and `fragments` bodies of this size, and seals them. */
  seal(fragments: number, sizeBytes: number): Promise<void>;
  close(): Promise<void>;
}

/** A data folder that stays, with the real signer and reader beside it. */
export interface SealingBox {
  readonly dataFolder: string;
  readonly signer: SignerClient;
  readonly sealedReader: SealedReaderClient;
  readonly suite?: Suite;
}

export interface SealingOptions {
  readonly code?: string;
  /** Others than the archive. */
  readonly witnesses?: () => readonly VerifierKey[];
  readonly box?: SealingBox;
  /** Whether a pack holds something of a sealed matter. */
  readonly withheld?: NonNullable<Parameters<typeof createHandover>[0]["withheld"]>;
}

/** `refuses`: packs whose bytes this gateway can't give. */
export async function openSealingGateway(
  refuses: ReadonlySet<string> = new Set(),
  options: SealingOptions = {},
): Promise<SealingGateway> {
  const { box } = options;
  const folder = box?.dataFolder ?? (await mkdtemp(join(tmpdir(), "sealing-")));
  const clock = testClock(Date.now());
  const store = await openRealStore(folder, clock, { gateway: options.code ?? "g1", ...box });
  const vkeyOf = async (of: string): Promise<string> => (await box?.signer.vkey(of)) ?? testVerifierKey(of);
  const vkeys = new Map<string, string>();
  for (const { origin } of store.logs()) vkeys.set(origin, await vkeyOf(origin));
  let witnessKey: string | undefined;
  const faults: unknown[] = [];
  const handover = createHandover({
    store,
    views: store,
    append: store,
    clock,
    sha256: nodeSha256,
    verify: nodeVerify,
    witnesses: () => [
      ...(witnessKey === undefined ? [] : [parseVerifierKey(witnessKey, nodeSha256)]),
      ...(options.witnesses?.() ?? []),
    ],
    onFault: (cause) => faults.push(cause),
    limits: { paperQuietMs: 60_000 },
    ...(options.withheld === undefined ? {} : { withheld: options.withheld }),
  });
  await store.catchUp();
  if (box === undefined) await store.append([record({ first: true })]);
  const certificates: Certificates = await openCertificates({
    secrets: createSecretFiles(join(folder, "secrets")),
    clock,
    random: { bytes: randomBytes },
    hosts: [],
  });
  const log = (): void => undefined;
  const { app, replaceAuthorities } = await buildSyncApp(
    {
      logger: { info: log, warn: log, error: log },
      log: store,
      handover: {
        ...handover,
        readPack: (sha256, range) => {
          if (refuses.has(sha256)) throw new Error("its volume is broken");
          return handover.readPack(sha256, range);
        },
      },
      verifierKeys: () => [...vkeys.values()],
      verifierKeyOf: vkeyOf,
      nationalKeyOf: (of) =>
        box?.signer.vkeys(of).flatMap((key) => (key.type === NOTE_SM2 ? formatVerifierKey(key) : []))[0],
    },
    { ...(await certificates.server()), clientAuthorities: [certificates.caCertificate] },
  );
  await app.listen({ host: "127.0.0.1", port: 0 });
  const address = app.server.address();
  const url = `https://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const origin = store.logs().at(-1)?.origin ?? "";
  const [unit = "", gateway = ""] = origin.split("/");
  const tryEnrol = async (line: string): Promise<Readonly<Record<string, string>>> => {
    const request = { line, unit, gateway, logKey: await vkeyOf(origin), pullUrl: url };
    const { program, ready } = await startReady({
      script: "sync/enrol.ts",
      firstLine: JSON.stringify({ ...request, gatewayCa: certificates.caCertificate }),
      closeStdin: true,
      readyMs: 20_000,
      onEnd: () => undefined,
    });
    await program.close();
    return ready as Readonly<Record<string, string>>;
  };
  return {
    store,
    handover,
    origin,
    url,
    certificates,
    tryEnrol,
    async enrol(line) {
      const { key = "", certificate = "", archiveCa = "", ...enrolled } = await tryEnrol(line);
      witnessKey = enrolled["witnessKey"];
      replaceAuthorities([certificates.caCertificate, archiveCa]);
      const own = await certificates.issueClient("replicator");
      return {
        gateway: { url, tls: { ca: certificates.caCertificate, ...own } },
        archive: { url: enrolled["url"] ?? "", tls: { ca: archiveCa, certificate, key } },
      };
    },
    async seal(fragments, sizeBytes) {
      await store.append([record({ sealed: fragments })]);
      for (let i = 0; i < fragments; i++) await store.append([fragment(sizeBytes)]);
      await handover.sealNow("demand");
    },
    async close() {
      await app.close();
      await handover.close();
      await store.close();
      if (box === undefined) await rm(folder, { recursive: true, force: true });
      if (faults.length > 0) throw faults[0];
    },
  };
}
