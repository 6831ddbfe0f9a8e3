/** A hall for documents: real store, real renderer, real virtual printer, all gone with `close`. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createSerialPrinter } from "../../../device-drivers/printer-escpos/printer.ts";
import {
  type PrinterProfile,
  shippedPrinterProfile,
} from "../../../device-drivers/printer-escpos/profile.ts";
import { documentRecord } from "../../../gateway/domain/document-record.ts";
import type { DocumentFacts } from "../../../gateway/domain/document.ts";
import {
  type DocumentId,
  type EntryRef,
  applicationId,
  documentId,
  printerId,
  streamId,
  userId,
} from "../../../gateway/domain/ids.ts";
import type { PaperStanding } from "../../../gateway/domain/intake/standing.ts";
import type { VerifierKey } from "../../../gateway/evidence/verifier-key.ts";
import { nodeSha256, nodeVerify } from "../../../gateway/signer/ed25519.ts";
import { type Documents, createDocuments } from "../../../gateway/documents/documents.ts";
import type { SlipPrinter } from "../../../gateway/documents/ports.ts";
import { checkpointQrText } from "../../../gateway/documents/qr-text.ts";
import { type Renderer, createRenderer } from "../../../gateway/documents/renderer/renderer.ts";
import { type SignerClient } from "../../../gateway/signer/contract.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { NO_READER } from "../../contract/store/no-reader.ts";
import { openStore } from "../../../gateway/store/open-store.ts";
import { randomBytes } from "node:crypto";
import { freshFolder, testClock } from "../../contract/real-store.ts";
import { type RunningProgram, startProgram } from "../../peers/start-program.ts";

export const actor = { user: userId("clerk-1"), counter: "window-3" };

export interface Hall {
  readonly folder: string;
  readonly store: Store;
  readonly signer: SignerClient;
  readonly renderer: Renderer;
  readonly documents: Documents;
  /** What the paper check is told by others. */
  readonly told: {
    readonly standings: Map<DocumentId, PaperStanding>;
    /** Keys beside those of this hall's own logs, such as a witness's. */
    readonly moreKeys: VerifierKey[];
    readonly disagreements: string[];
    /** Matters that are sealed. */
    readonly sealed: Set<string>;
    cosigned: string | undefined;
  };
  /** Drafts and appends the `document` entry, as the intake does; does not finish it. */
  issue(facts: DocumentFacts, matter?: string): Promise<{ readonly id: DocumentId; readonly ref: EntryRef }>;
  close(): Promise<void>;
}

/** On an existing data folder it finds what was there before. */
export async function openHall(dataFolder?: string): Promise<Hall> {
  const fresh = dataFolder === undefined ? await freshFolder() : undefined;
  const folder = dataFolder ?? fresh?.path ?? "";
  const clock = testClock();
  const signer = await startSigner({ dataFolder: folder });
  const store = await openStore({
    dataFolder: folder,
    clock,
    randomBytes,
    unit: "test-unit",
    gateway: "g1",
    signer,
    sealedReader: NO_READER,
    onNotice: () => {},
    limits: { reserveBytes: 64 * 1024, lowWaterBytes: 1024 },
  });
  const renderer = createRenderer();
  const told: Hall["told"] = {
    standings: new Map(),
    moreKeys: [],
    disagreements: [],
    sealed: new Set(),
    cosigned: undefined,
  };
  const documents = createDocuments({
    append: store,
    reader: store,
    checkpoints: store,
    views: store,
    renderer,
    clock,
    log: store,
    trust: () => ({
      keys: [...store.logs().flatMap(({ origin }) => signer.vkeys(origin)), ...told.moreKeys],
      sha256: nodeSha256,
      verify: nodeVerify,
    }),
    standing: async ({ documentId: id }) => told.standings.get(id) ?? "current",
    cosigned: async () => told.cosigned,
    onDisagreement: (origin) => told.disagreements.push(origin),
    qrText: checkpointQrText((origin) => signer.vkeys(origin)),
  });
  await store.catchUp();
  return {
    folder,
    store,
    signer,
    renderer,
    documents,
    told,
    issue: async (facts, matter = "a-1") => {
      const id = documentId(randomUUID());
      const record = documentRecord({
        documentId: id,
        applicationId: applicationId(matter),
        facts,
        draft: await documents.draft(facts),
      });
      const [ref] = await store.append([
        { type: "document", stream: streamId("documents"), record: { json: record } },
      ]);
      if (ref === undefined) throw new Error("nothing appended");
      await store.applied(ref);
      return { id, ref };
    },
    close: async () => {
      await documents.close();
      await renderer.close();
      await store.close();
      await signer.close();
      await fresh?.remove();
    },
  };
}

export interface PrinterAtHand {
  readonly printer: SlipPrinter;
  readonly program: RunningProgram;
  /** Sends one of the virtual printer's commands and waits until it is done. */
  tell(command: string): Promise<void>;
  /** Where the next slip lies, as text and as picture. */
  slip(): Promise<{ readonly text: string; readonly picture: string }>;
  close(): Promise<void>;
}

export async function openPrinter(
  hall: Hall,
  name: string,
  change: Partial<PrinterProfile> = {},
): Promise<PrinterAtHand> {
  const profile = { ...shippedPrinterProfile(name), ...change };
  const out = join(hall.folder, name);
  const program = await startProgram("device-drivers/virtual/printer.ts", {
    args: ["--out", out, "--width-dots", String(profile.widthDots)],
  });
  const serial = createSerialPrinter({
    path: join(out, "tty"),
    profile,
    drawText: hall.renderer.drawText,
    deadlines: { open: 1_000, status: 500, write: 700, done: 2_000, close: 500 },
  });
  let slips = 0;
  return {
    printer: { ...serial, id: printerId(name) },
    program,
    tell: async (command) => {
      program.child.stdin?.write(`${command}\n`);
      await program.line((said) => said["done"] === command);
    },
    slip: async () => {
      slips += 1;
      const said = await program.line((one) => one["slip"] === slips, 20_000);
      return { text: String(said["text"]), picture: String(said["picture"]) };
    },
    close: async () => {
      await serial.close();
      await program.stop();
    },
  };
}
