/** A counter with the register of service, officers, scans, guides and the bureau's link beside it, on the real store. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import sharp from "sharp";
import { createScans, type Scans } from "../../../gateway/docks/scans/scans.ts";
import {
  type ApplicationId,
  type DocumentId,
  commandId,
  sha256Hex,
  userId,
} from "../../../gateway/domain/ids.ts";
import type { ScanMedia, ScanPurpose } from "../../../gateway/domain/scan.ts";
import type { EvidenceKind, EvidencePiece } from "../../../gateway/domain/service/service.ts";
import { type Bureau, createBureau } from "../../../gateway/intake/bureau/bureau.ts";
import { type Guides, createGuides } from "../../../gateway/intake/guides/guides.ts";
import { type OfficerRegistry, createOfficers } from "../../../gateway/intake/officers/officers.ts";
import type { AttemptAsked } from "../../../gateway/intake/service/attempt.ts";
import { type ServiceView, type Services, createServices } from "../../../gateway/intake/service/services.ts";
import { inspectPicture, pictureThumbnail } from "../../../gateway/recording/pictures.ts";
import { probeMedia } from "../../../gateway/recording/probe.ts";
import { CLERK, COLLEAGUE, type Counter, type CounterOptions, openCounter } from "../intake/counter.ts";

export const fresh = () => commandId(randomUUID());
export const BY = userId("clerk-1");

export interface Register extends Counter {
  readonly services: Services;
  readonly registry: OfficerRegistry;
  readonly scans: Scans;
  readonly guides: Guides;
  readonly bureau: Bureau;
  readonly owed: unknown[];
  /** From now on the counter's intake asks the registry of officers and the published guides, as the gateway does. */
  useRegistry(): void;
  /** The decoder dies in the middle of its work. */
  breakPictures(broken: boolean): void;
  /** A scan of this paper, uploaded and linked. */
  scan(documentId: string, purpose: ScanPurpose): Promise<string>;
  upload(mediaType: ScanMedia, bytes: Uint8Array): Promise<string>;
  evidence(documentId: string, ...kinds: EvidenceKind[]): Promise<readonly EvidencePiece[]>;
  attempt(id: DocumentId, asked: Partial<AttemptAsked> & Pick<AttemptAsked, "method">): Promise<ServiceView>;
  supply(id: DocumentId, evidence: readonly EvidencePiece[]): Promise<ServiceView>;
  complete(id: DocumentId, deliveredOn?: string): Promise<ServiceView>;
  fail(
    id: DocumentId,
    why: "absent" | "refused" | "moved" | "returned",
    account?: string,
  ): Promise<ServiceView>;
  /** The paper of this kind that an application has. */
  paperOf(id: ApplicationId, kind: string): Promise<DocumentId>;
}

export async function openRegister(options: CounterOptions): Promise<Register> {
  let built: Pick<Register, "services" | "registry" | "scans" | "guides" | "bureau"> | undefined;
  const owed: unknown[] = [];
  let broken = false;
  let asked: { readonly registry: OfficerRegistry; readonly guides: Guides } | undefined;
  const counter = await openCounter({
    ...options,
    rules: (given) => ({
      officers: { of: async (id) => (asked?.registry ?? given.officers).of(id) },
      catalogue: {
        matters: () => (asked?.guides ?? given.catalogue).matters(),
        find: (code, version) => (asked?.guides ?? given.catalogue).find(code, version),
      },
    }),
    atCounter: ({ store, clock, intake, shipped: given, options: { profiles, calendars, random } }) => {
      const parts = { append: store, views: store, reader: store, clock };
      const registry = createOfficers({ ...parts, accounts: given.officers });
      const scans = createScans({
        ...parts,
        pictures: {
          async inspect(bytes) {
            if (broken) throw new Error("the decoder died");
            return inspectPicture(bytes);
          },
          thumbnail: pictureThumbnail,
        },
        probe: { probe: probeMedia },
        targets: {
          document: async (id) => id.includes(".d") || id.includes(".x"),
          application: async (id) =>
            intake.get(id as ApplicationId).then(
              () => true,
              () => false,
            ),
        },
      });
      const services = createServices({
        ...parts,
        profiles,
        officers: registry,
        intake,
        linked: async (link) => {
          if (link.in === "scan") return (await scans.find(link.scanId)) !== undefined;
          return link.in === "signature" || link.in === "camera";
        },
        onOwed: (error) => void owed.push(error),
      });
      const guides = createGuides({ ...parts, shipped: given.catalogue });
      const bureau = createBureau({
        ...parts,
        random,
        profiles,
        calendars,
        catalogue: guides,
        intake,
        services,
      });
      built = { services, registry, scans, guides, bureau };
    },
  });
  if (built === undefined) throw new Error("the register was not built");
  const { services, scans, registry, guides } = built;
  await guides.takeUp();
  const now = () => beijingNow(counter);

  const register: Register = {
    ...counter,
    ...built,
    owed,
    breakPictures(now) {
      broken = now;
    },
    useRegistry() {
      asked = { registry, guides };
    },
    async upload(mediaType, bytes) {
      const sha256 = sha256Hex(createHash("sha256").update(bytes).digest("hex"));
      const { uploadId } = await scans.announce({ by: BY, mediaType, sizeBytes: bytes.length, sha256 });
      await scans.addChunk(uploadId, 0, bytes);
      return uploadId;
    },
    async scan(id, purpose) {
      const width = 200 + randomBytes(1).readUInt8();
      const page = sharp(randomBytes(width * 50 * 3), { raw: { width, height: 50, channels: 3 } });
      const scanId = await register.upload("image/png", new Uint8Array(await page.png().toBuffer()));
      await scans.link({ commandId: fresh(), by: BY, scanId, purpose, link: { kind: "document", id } });
      return scanId;
    },
    async evidence(id, ...kinds) {
      const date = now().slice(0, 10) as `${number}-${number}-${number}`;
      return Promise.all(
        kinds.map(async (kind): Promise<EvidencePiece> => {
          if (kind.endsWith("Signature")) return { kind, mode: "ink", date };
          if (kind === "footage")
            return { kind, link: { in: "camera", cameraId: "cam-1", fromMs: 1000, toMs: 2000 } };
          const purpose = kind as ScanPurpose;
          return { kind, link: { in: "scan", scanId: await register.scan(id, purpose) } };
        }),
      );
    },
    async attempt(id, asked) {
      const { state } = await services.get(id);
      return services.attempt({
        commandId: fresh(),
        by: CLERK.userId,
        documentId: id,
        expectedVersion: state.version,
        attempt: {
          servers: [CLERK.userId, COLLEAGUE.userId],
          happenedMs: Date.parse(`${now().replace(" ", "T")}+08:00`),
          placeKind: "domicile",
          place: "示范县人民路1号",
          credentialsShown: true,
          ...asked,
        } as AttemptAsked,
      });
    },
    async supply(id, evidence) {
      const { state } = await services.get(id);
      const attemptId = state.attempts.at(-1)?.attemptId ?? "";
      return services.supply({
        commandId: fresh(),
        by: BY,
        documentId: id,
        expectedVersion: state.version,
        attemptId,
        evidence,
      });
    },
    async complete(id, deliveredOn) {
      const { state } = await services.get(id);
      const attemptId = state.attempts.at(-1)?.attemptId ?? "";
      const base = { commandId: fresh(), by: BY, documentId: id, expectedVersion: state.version, attemptId };
      return services.complete({ ...base, ...(deliveredOn === undefined ? {} : { deliveredOn }) });
    },
    async fail(id, why, account = "两次上门均无人应答，邻居称其外出务工。") {
      const { state } = await services.get(id);
      const attemptId = state.attempts.at(-1)?.attemptId ?? "";
      return services.fail({
        commandId: fresh(),
        by: BY,
        documentId: id,
        expectedVersion: state.version,
        attemptId,
        why,
        onDate: now().slice(0, 10),
        account,
      });
    },
    async paperOf(id, kind) {
      const paper = (await counter.intake.get(id)).papers.find((one) => one.kind === kind);
      if (paper === undefined) throw new Error(`no ${kind}`);
      return paper.documentId;
    },
  };
  return register;
}

/** The counter's clock as Beijing reads it. */
function beijingNow(counter: Counter): string {
  return new Date(counter.nowMs() + 8 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");
}
