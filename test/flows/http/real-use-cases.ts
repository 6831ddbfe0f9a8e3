/** Intake and documents as the product has them, over a test's store: shipped rules, typst, checkpoints on paper. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createDocuments } from "../../../gateway/documents/documents.ts";
import { checkpointQrText } from "../../../gateway/documents/qr-text.ts";
import { standingOf } from "../../../gateway/domain/intake/standing.ts";
import { nodeSha256, nodeVerify } from "../../../gateway/signer/ed25519.ts";
import { createRenderer } from "../../../gateway/documents/renderer/renderer.ts";
import { createIntake } from "../../../gateway/intake/create-intake.ts";
import { loadCalendars, loadCatalogue, loadProfiles } from "../../../gateway/intake/load-rules.ts";
import type { Parts, openTestApp } from "../../contract/http/test-app.ts";
import { parseVerifierKey } from "../../../gateway/evidence/verifier-key.ts";
import { testVerifierKey } from "../../contract/real-store.ts";

const CONFIGS = join(import.meta.dirname, "../../../firmware-configs");

type Make = Extract<NonNullable<Parameters<typeof openTestApp>[0]>, (parts: Parts) => unknown>;

export interface RealUseCases {
  readonly make: Make;
  close(): Promise<void>;
}

export function realUseCases(): RealUseCases {
  const closing: (() => Promise<void>)[] = [];
  const make = async ({ append: store, clock, people }: Parts) => {
    const renderer = createRenderer();
    const documents = createDocuments({
      append: store,
      reader: store,
      checkpoints: store,
      views: store,
      renderer,
      clock,
      log: store,
      trust: () => ({
        keys: store.logs().map(({ origin }) => parseVerifierKey(testVerifierKey(origin))),
        sha256: nodeSha256,
        verify: nodeVerify,
      }),
      standing: async ({ applicationId, documentId }) =>
        standingOf((await real.get(applicationId)).state, documentId),
      cosigned: async () => undefined,
      onDisagreement: () => {},
      qrText: checkpointQrText((origin) => [parseVerifierKey(testVerifierKey(origin))]),
    });
    closing.push(
      () => documents.close(),
      () => renderer.close(),
    );
    const real = createIntake({
      append: store,
      reader: store,
      views: store,
      clock,
      random: { bytes: randomBytes },
      papers: {
        draft: (facts) => documents.draft(facts),
        finish: async (ref, secret) => void (await documents.finish(ref, secret)),
      },
      officers: { of: (id) => people.accounts.officer(id) },
      footage: { coverage: async () => [] },
      profiles: await loadProfiles(join(CONFIGS, "profiles"), "changli-mr"),
      calendars: await loadCalendars(join(CONFIGS, "calendars")),
      catalogue: await loadCatalogue(join(CONFIGS, "demonstration/matters.json")),
      office: {
        gatewayCode: "a1",
        shortName: "示市监",
        authority: { name: { zh: "示范县市场监督管理局" }, code: "11130322MB0000000X" },
        phone: "0335-2022222",
        address: "示范县政务服务中心1号窗口",
        remedies: ["可以自收到之日起六十日内申请行政复议"],
        camerasOf: () => ["cam-1"],
      },
      claimKey: new Uint8Array(32).fill(7),
      onPaperUnfinished: () => {},
    });
    return { intake: real, documents };
  };
  return {
    make,
    close: async () => {
      for (const close of closing) await close();
    },
  };
}
