/** An office on the real store: records, case files, docks with ffprobe, a camera's footage as fMP4, a clock that moves. */
import { execFileSync } from "node:child_process";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import sharp from "sharp";
import { loadVendorNames } from "../../../device-drivers/dock/vendor-names.ts";
import { createDocks } from "../../../gateway/docks/create-docks.ts";
import type { Docks } from "../../../gateway/docks/docks.ts";
import { type Scans, createScans } from "../../../gateway/docks/scans/scans.ts";
import { CodedError } from "../../../gateway/domain/errors.ts";
import type { ScanLink, ScanPurpose } from "../../../gateway/domain/scan.ts";
import { commandId, dockId, seq, sha256Hex, streamId, userId } from "../../../gateway/domain/ids.ts";
import type { ActivityKind, DocumentKinds } from "../../../gateway/domain/records/document-kinds.ts";
import type { Role } from "../../../gateway/domain/roles.ts";
import type { EntryDraft } from "../../../gateway/evidence/append.ts";
import type { CaseBook } from "../../../gateway/intake/case-files/case-book.ts";
import type { CaseFiles } from "../../../gateway/intake/case-files/case-files.ts";
import { loadCalendars, loadProfiles } from "../../../gateway/intake/load-rules.ts";
import type { Profiles } from "../../../gateway/intake/ports.ts";
import { loadDocumentKinds } from "../../../gateway/intake/records/load-kinds.ts";
import type { MeansPorts } from "../../../gateway/intake/oversight/ports.ts";
import type { MakeRecord, Records, RecordView } from "../../../gateway/intake/records/records.ts";
import { writeFragment } from "../../../gateway/media/fragment-writer.ts";
import {
  type Catalogue,
  catalogueProjection,
  createCatalogue,
} from "../../../gateway/recording/catalogue.ts";
import { inspectPicture, pictureThumbnail } from "../../../gateway/recording/pictures.ts";
import { probeMedia } from "../../../gateway/recording/probe.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { type CaseWork, createCaseWork } from "../../../gateway/wiring/case-work.ts";
import { scanTargets } from "../../../gateway/wiring/evidence-links.ts";
import { footageOf } from "../../../gateway/wiring/footage.ts";
import { ingestRules } from "../../../gateway/wiring/ingest-rules.ts";
import { createSealedReader } from "../../../gateway/reader/client.ts";
import type { Handover, SealedPack } from "../../../gateway/handover/contract.ts";
import { parseVerifierKey } from "../../../gateway/evidence/verifier-key.ts";
import {
  type TestClock,
  freshFolder,
  openRealStore,
  testClock,
  testVerifierKey,
} from "../../contract/real-store.ts";

export const CONFIGS = join(import.meta.dirname, "../../../firmware-configs");
export const DOCK = dockId("dock-1");
export type ProfileId = "qd-xha-commerce" | "changli-mr" | "bjt-drc" | "zz-mr" | "hrss-unnamed";
export const MINUTE = 60_000;

/** 2026-03-02 10:00 in Beijing. */
export const NOW_MS = Date.UTC(2026, 2, 2, 2, 0, 0);

export const as = (role: Role, name = `${role}-1`) => ({
  commandId: randomUUID(),
  actor: { userId: userId(name), role },
  device: "desk-1",
});

export interface Office {
  readonly dataFolder: string;
  readonly store: Store;
  readonly clock: TestClock;
  readonly docks: Docks;
  readonly scans: Scans;
  readonly work: CaseWork;
  readonly records: Records;
  readonly caseFiles: CaseFiles;
  readonly book: CaseBook;
  /** Copies that were given out, by id. */
  readonly copies: Map<string, { readonly fileName: string; readonly manifest: string }>;
  readonly handover: Pick<Handover, "listPacks" | "findPack">;
  /** The archive acknowledges everything up to now and promises to keep it until then. */
  acknowledge(retainUntilMs: number): void;
  readonly kinds: DocumentKinds;
  readonly profiles: Profiles;
  readonly catalogue: Catalogue;
  /** Opens a matter and resolves with its id. */
  open(activity: ActivityKind): Promise<string>;
  /** A record of the kind with every field and signature that the catalogue wants, less what is changed. */
  record(caseId: string, kind: string, change?: Partial<MakeRecord>): Promise<RecordView>;
  /** Footage of `cam-1` from a moment on, in fragments of 2 s. */
  film(fromMs: number, durationMs: number): Promise<void>;
  /** A scanned page, linked to this. */
  scanned(
    purpose: ScanPurpose,
    link: ScanLink,
  ): Promise<{ readonly scanId: string; readonly bytes: Uint8Array }>;
  /** A body camera's file that began then; resolves with its id. */
  bodyCamera(startMs: number, media?: "video" | "audio", keyMarked?: boolean): Promise<string>;
  close(): Promise<void>;
}

/** For the report of means. */
export const meansPorts = ({ records, catalogue, profiles, kinds }: Office): MeansPorts => ({
  records,
  footage: footageOf(catalogue),
  profiles,
  kinds,
});

const made = new Map<string, Uint8Array>();
/** Two seconds of picture or sound, made by ffmpeg once a run. */
function mediaFile(media: "video" | "audio"): Uint8Array {
  const known = made.get(media);
  if (known !== undefined) return known;
  const source = media === "video" ? "testsrc=size=64x48:rate=10:duration=2" : "sine=duration=2";
  const format = media === "video" ? ["-c:v", "mpeg4", "-f", "matroska"] : ["-f", "wav"];
  const bytes = execFileSync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", source, ...format, "pipe:1"], {
    maxBuffer: 16 * 1024 * 1024,
  });
  made.set(media, bytes);
  return bytes;
}

/** One picture of four bytes: enough for a reader to find its way. */
function fragmentBytes(sequence: number): Uint8Array {
  const unit = { pieces: [Uint8Array.of(0x65, sequence % 256, 1, 2)], sizeBytes: 4 };
  const samples = [{ units: [unit], presentationTicks: sequence * 180_000, keyFrame: true }];
  return writeFragment(sequence, [{ trackId: 1, lengthPrefixed: true, samples, lastDurationTicks: 180_000 }]);
}

export async function openOffice(
  profile: ProfileId,
  nowMs = NOW_MS,
  /** Builds what else stands on the store, before its views catch up. */
  beside?: (parts: { readonly store: Store; readonly clock: TestClock }) => void,
): Promise<Office> {
  const folder = await freshFolder();
  const clock = testClock(nowMs);
  const sealedReader = createSealedReader();
  const store = await openRealStore(join(folder.path, "data"), clock, {
    sealedReader,
    // Small volumes, so that some are sealed soon.
    limits: { volumeBytes: 64 * 1024, reserveBytes: 4096 },
  });
  const catalogue = createCatalogue(store.register(catalogueProjection));
  const profiles = await loadProfiles(join(CONFIGS, "profiles"), profile);
  const kinds = await loadDocumentKinds(join(CONFIGS, "document-kinds"));
  const docks = createDocks({
    append: store,
    reader: store,
    views: store,
    clock,
    rules: () => ingestRules(profiles.current()),
    probe: { probe: probeMedia },
    vendorNames: loadVendorNames(),
    sender: { send: async () => {} },
    problem: (_what, cause) => {
      throw cause;
    },
  });
  const packs: SealedPack[] = [];
  const handover: Office["handover"] = {
    listPacks: async ({ after, class: cls }) => packs.filter((one) => one.no > after && one.class === cls),
    findPack: async (sha256) => packs.find((one) => one.sha256 === sha256),
  };
  const copies: Office["copies"] = new Map();
  const nothing = () => Promise.reject(new CodedError("intake.noSuchApplication"));
  const scans = createScans({
    append: store,
    reader: store,
    views: store,
    clock,
    pictures: { inspect: inspectPicture, thumbnail: pictureThumbnail },
    probe: { probe: probeMedia },
    targets: scanTargets({
      intake: () => ({ get: nothing }),
      services: () => ({ state: nothing }),
      cases: () => work,
      reader: store,
    }),
  });
  const work = createCaseWork({
    store,
    clock,
    random: { bytes: (n: number) => randomBytes(n) },
    profiles,
    calendars: await loadCalendars(join(CONFIGS, "calendars")),
    kinds,
    catalogue,
    docks,
    scans,
    handover,
    vkeysOf: (origin) => [parseVerifierKey(testVerifierKey(origin))],
    documents: { copiesOf: async () => [] },
    late: { manifestOf: (id) => copies.get(id) },
  });
  const { records, book, caseFiles } = work;
  beside?.({ store, clock });
  await store.catchUp();
  let filmed = 0;
  return {
    dataFolder: join(folder.path, "data"),
    store,
    clock,
    docks,
    scans,
    work,
    records,
    caseFiles,
    book,
    copies,
    handover,
    kinds,
    profiles,
    catalogue,
    acknowledge(retainUntilMs) {
      for (const cls of [0, 1, 2, 3] as const) {
        const no = packs.length + 1;
        const { logId, size } = store.stats();
        const seal = { logId, seq: seq(size - 1) };
        packs.push({
          no,
          logId,
          class: cls,
          sha256: sha256Hex(String(no).padStart(64, "0")),
          sizeBytes: 1,
          ranges: [[0, size]],
          reason: "size",
          sealedMs: 0,
          seal,
          acked: { by: "archive", retainUntilMs, ack: seal },
        });
      }
    },
    async open(activity) {
      const { caseId } = await records.openCase({
        ...as("clerk"),
        activity,
        title: "示范食品店涉嫌无证经营",
        party: "王芳",
        authorityBasis: "own",
      });
      return caseId;
    },
    async record(caseId, kind, change = {}) {
      const row = kinds.find(kind);
      if (row === undefined) throw new Error(`no kind ${kind}`);
      const at = clock.wallMs() - 10 * MINUTE;
      return records.make({
        ...as("clerk"),
        caseId,
        kind,
        startMs: at,
        endMs: at + 5 * MINUTE,
        fields: Object.fromEntries(row.fields.map((field) => [field, `${field}：已记录`])),
        officers: [
          { name: "周洁", certNo: "03030001", certShown: true },
          { name: "吴刚", certNo: "03030002", certShown: true },
        ],
        signatures: row.signers.flatMap(({ roles, count }) =>
          Array.from({ length: count }, (_, i) => ({
            role: roles[0] ?? "",
            name: `签名人${i + 1}`,
            how: "signed" as const,
          })),
        ),
        footage: [],
        scans: [],
        flags: [],
        ...change,
      });
    },
    async film(fromMs, durationMs) {
      const stream = streamId("camera/cam-1/main");
      const drafts: EntryDraft[] = [];
      if (filmed === 0)
        drafts.push(
          { type: "run", stream, record: { json: { v: 1 } } },
          { type: "init", stream, bytes: fragmentBytes(0), t: fromMs },
        );
      for (let t = fromMs; t < fromMs + durationMs; t += 2000) {
        filmed += 1;
        drafts.push({
          type: "fragment",
          stream,
          bytes: fragmentBytes(filmed),
          t,
          durMs: 2000,
          codec: "avc1.4d0028",
        });
      }
      const last = (await store.append(drafts)).at(-1);
      if (last !== undefined) await store.applied(last);
    },
    async bodyCamera(startMs, media = "video", keyMarked = false) {
      // Trailing bytes make each file its own; a reader of media stops before them.
      const bytes = Buffer.concat([mediaFile(media), randomBytes(16)]);
      const { uploadId } = await docks.announce({
        dock: DOCK,
        sizeBytes: bytes.length,
        sha256: sha256Hex(createHash("sha256").update(bytes).digest("hex")),
        vendorName: `BC00001_000001_${startMs}.mkv`,
        camera: "BC00001",
        deviceStartMs: startMs,
        deviceEndMs: startMs + 5 * MINUTE,
        clockOffsetMs: 0,
        keyMarked,
      });
      await docks.addChunk(DOCK, uploadId, 0, bytes);
      return uploadId;
    },
    async scanned(purpose, link) {
      const page = sharp(randomBytes(40 * 30 * 3), { raw: { width: 40, height: 30, channels: 3 } });
      const bytes = new Uint8Array(await page.png().toBuffer());
      const sha256 = sha256Hex(createHash("sha256").update(bytes).digest("hex"));
      const { userId: by } = as("clerk").actor;
      const announced = { by, mediaType: "image/png", sizeBytes: bytes.length, sha256 } as const;
      const { uploadId: scanId } = await scans.announce(announced);
      await scans.addChunk(scanId, 0, bytes);
      await scans.link({ commandId: commandId(randomUUID()), by, scanId, purpose, link });
      return { scanId, bytes };
    },
    async close() {
      await docks.close();
      await scans.close();
      await work.releaser.close();
      await store.close();
      await sealedReader.close();
      await folder.remove();
    },
  };
}
