/**
 * Records beyond the counter, case files and retention, with what they need of others: proofs, footage, the archive's
 * receipts, the eraser. Invariant: classes and holds decide in the releaser and in every erasure, from one index.
 */
import type { UserId } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import { encodeEntry } from "../evidence/entry.ts";
import { type VerifierKey, formatVerifierKey } from "../evidence/verifier-key.ts";
import type { Documents } from "../documents/documents.ts";
import type { Docks } from "../docks/docks.ts";
import type { Scans } from "../docks/scans/scans.ts";
import { createEraser } from "../handover/eraser.ts";
import type { Handover } from "../handover/contract.ts";
import { createAcknowledged } from "../handover/pack-spans.ts";
import { type Releaser, createReleaser } from "../handover/releaser.ts";
import type { OtherMatter } from "../intake/access/ports.ts";
import { type CaseBook, caseBook } from "../intake/case-files/case-book.ts";
import type { CaseFiles } from "../intake/case-files/case-files.ts";
import { caseProjection } from "../intake/case-files/case-view.ts";
import { createCaseFiles } from "../intake/case-files/create-case-files.ts";
import type { Calendars, Profiles, Random } from "../intake/ports.ts";
import { createRecords } from "../intake/records/create-records.ts";
import type { Records } from "../intake/records/records.ts";
import type { DocumentKinds } from "../domain/records/document-kinds.ts";
import { createRetention } from "../intake/retention/create-retention.ts";
import type { Retention } from "../intake/retention/retention.ts";
import type { Catalogue } from "../recording/catalogue.ts";
import { nodeVerify } from "../signer/ed25519.ts";
import type { Store } from "../store/contract.ts";
import { sha256 } from "./log-store.ts";
import { caseFootage, footageLookup } from "./record-footage.ts";

/** How long footage stays on this box while there is room, however surely the archive has it. */
const LOCAL_MINIMUM_MS = 7 * 86_400_000;

export interface CaseWorkOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly profiles: Profiles;
  readonly calendars: Calendars;
  readonly kinds: DocumentKinds;
  readonly catalogue: Catalogue;
  readonly docks: Docks;
  readonly scans: Pick<Scans, "entriesOf">;
  readonly handover: Pick<Handover, "listPacks" | "findPack">;
  readonly vkeysOf: (origin: string) => readonly VerifierKey[];
  readonly documents: Pick<Documents, "copiesOf">;
  /** Made later than this part. */
  readonly late: {
    endCopies?: () => Promise<void>;
    manifestOf?: (exportId: string) => { readonly fileName: string; readonly manifest: string } | undefined;
  };
}

export interface CaseWork {
  readonly book: CaseBook;
  readonly records: Records;
  readonly caseFiles: CaseFiles;
  readonly retention: Retention;
  readonly releaser: Releaser;
  /** For who may see what: a matter that did not begin at the counter. */
  findMatter(matterId: string): Promise<OtherMatter | undefined>;
  isArchived(matterId: string): Promise<boolean>;
}

/** To be called before the store catches up, since it registers views. */
export function createCaseWork(options: CaseWorkOptions): CaseWork {
  const { store, clock, random, profiles, calendars, kinds, catalogue, docks, handover, late } = options;
  const parts = { append: store, reader: store, views: store, clock, random };
  const book = caseBook(store.register(caseProjection));
  const acknowledged = createAcknowledged(handover);
  const records = createRecords(
    { ...parts, profiles, kinds, footage: footageLookup(catalogue, docks) },
    book,
  );
  const caseFiles = createCaseFiles(
    {
      ...parts,
      profiles,
      calendars,
      footage: caseFootage(catalogue, docks),
      acknowledged,
      proofs: {
        covering: (ref) => store.covering(ref),
        inclusion: (ref, size) => store.inclusion(ref, size),
        // The store hands out parsed entries; an entry has one form only, which its parser checks.
        entryBytes: async (ref) => encodeEntry(await store.readEntry(ref)),
        vkeysOf: (origin) => options.vkeysOf(origin).map(formatVerifierKey),
        sha256,
        verify: nodeVerify,
      },
    },
    { book, records },
  );
  const retention = createRetention({
    ...parts,
    profiles,
    book,
    footage: store,
    acknowledged,
    erase: ({ rules, ...order }) =>
      createEraser({
        store,
        clock,
        rules: async () => rules,
        copiesOf: async (ref, { type }) => (type === "document" ? options.documents.copiesOf(ref) : []),
        endCopies: async () => late.endCopies?.(),
      }).erase(order),
    entriesOfFile: (fileId) => docks.entriesOf(fileId),
    entriesOfScan: (scanId) => options.scans.entriesOf(scanId),
    manifestOf: (exportId) => late.manifestOf?.(exportId),
  });
  const releaser = createReleaser({
    store,
    handover,
    clock,
    rules: async () => {
      const index = await retention.index();
      return {
        keepUntilMs: (entry) => index.keepUntilMs(entry),
        isHeld: (entry) => index.isHeld(entry),
        localMinimumMs: LOCAL_MINIMUM_MS,
      };
    },
  });
  return {
    book,
    records,
    caseFiles,
    retention,
    releaser,
    async findMatter(matterId) {
      const row = await book.find(matterId);
      if (row === undefined || row.applicationId !== undefined) return undefined;
      const made = await records.list({ caseId: matterId });
      const staff: readonly UserId[] = [row.openedBy, ...made.map(({ facts }) => facts.by)];
      const isDecided = row.endedMs !== undefined || made.some(({ row: kind }) => kind.stage === "service");
      return {
        activity: row.activity,
        stage: isDecided ? "decided" : "open",
        staff: [...new Set(staff)],
        lead: row.openedBy,
        linked: (await book.links(matterId)).flatMap(({ link }) =>
          link.type === "camera"
            ? [{ cameraIds: [link.cameraId], fromMs: link.fromMs, toMs: link.toMs }]
            : [],
        ),
      };
    },
    isArchived: async (matterId) => (await book.find(matterId))?.filed !== undefined,
  };
}
