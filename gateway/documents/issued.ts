/**
 * The view of issued documents: where each stands in the log, whether it is finished, how often it was printed.
 * Invariant: no personal data in keys or rows, so an erased body takes nothing from here.
 */
import { type DocumentRecord, parseDocumentRecord } from "../domain/document-record.ts";
import {
  type ApplicationId,
  type DocumentId,
  type EntryRef,
  type PrinterId,
  type Sha256Hex,
  type UserId,
  documentId,
} from "../domain/ids.ts";
import type { ProjectedEntry, Projection, ViewTable, ViewTransaction } from "./ports.ts";

/** Where the bytes with the QR stand. */
export type Rendition = {
  readonly logId: EntryRef["logId"];
  readonly seq: EntryRef["seq"];
  readonly sha256: Sha256Hex;
  readonly sizeBytes: number;
};

export type PrintState = "unprinted" | "printing" | "printed" | "failed";

export type IssuedDocument = {
  readonly documentId: DocumentId;
  readonly applicationId: ApplicationId;
  readonly number: string;
  readonly kind: DocumentRecord["kind"];
  readonly document: { readonly logId: EntryRef["logId"]; readonly seq: EntryRef["seq"] };
  readonly rendition?: Rendition;
  /** Prints that may have put paper into someone's hand: a print that broke off counts. */
  readonly prints: number;
  readonly printState: PrintState;
  /** Why the last print failed, such as `printer.paperOut`. */
  readonly printReason?: string;
};

/** JSON of a `rendition` entry; its attachment is the PDF. */
export type RenditionRecord = {
  readonly v: 1;
  readonly documentId: DocumentId;
  readonly number: string;
  readonly document: { readonly logId: EntryRef["logId"]; readonly seq: EntryRef["seq"] };
  readonly checkpointSize: number;
  readonly qr: string;
  readonly templateVersion: string;
  readonly sha256: Sha256Hex;
  readonly sizeBytes: number;
  /** Whether the draft came out with the hash of the `document` entry again; false after a change of template. */
  readonly draftReproduced: boolean;
};

/** JSON of a `print` entry: one before the first byte goes to the printer, one with the outcome. */
export type PrintRecord = {
  readonly v: 1;
  readonly documentId: DocumentId;
  readonly number: string;
  readonly printer: PrinterId;
  readonly user: UserId;
  readonly counter?: string;
  /** 1 for the first print; from 2 on the slip is marked 副本. */
  readonly count: number;
  /** Whether a claim code was on it; never the code. */
  readonly claimCode: boolean;
  readonly phase: "begun" | "done" | "failed";
  readonly reason?: string;
  /** With `failed`: whether a part of the slip may be on paper; without, the next print is no duplicate. */
  readonly paper?: "none" | "perhaps";
};

export const DOCUMENTS_STREAM = "documents";

const rowKey = (id: string): string => `doc/${id}`;
const refKey = ({ logId, seq }: EntryRef): string => `ref/${logId}/${seq}`;
/** A number is Chinese text, a key is ASCII. */
const numberKey = (number: string): string => `number/${Buffer.from(number, "utf8").toString("base64url")}`;
const attentionKey = (why: "pending" | "unprinted", id: string): string => `${why}/${id}`;

async function change(
  table: ViewTransaction,
  id: unknown,
  edit: (row: IssuedDocument) => IssuedDocument,
): Promise<void> {
  if (typeof id !== "string") return;
  const row = await table.get(rowKey(id));
  if (row !== undefined) table.put(rowKey(id), edit(row as IssuedDocument));
}

function applyDocument({ record, logId, seq }: ProjectedEntry, table: ViewTransaction): void {
  if (record === undefined) return;
  const { documentId: id, applicationId, number, kind } = parseDocumentRecord(record.json);
  const row: IssuedDocument = {
    documentId: id,
    applicationId,
    number,
    kind,
    document: { logId, seq },
    prints: 0,
    printState: "unprinted",
  };
  table.put(rowKey(id), row);
  table.put(refKey({ logId, seq }), { documentId: id });
  table.put(numberKey(number), { documentId: id });
  table.put(attentionKey("pending", id), { documentId: id });
}

async function applyRendition({ record, logId, seq }: ProjectedEntry, table: ViewTransaction): Promise<void> {
  if (record === undefined) return;
  const { documentId: id, sha256, sizeBytes } = record.json as RenditionRecord;
  await change(table, id, (row) => ({ ...row, rendition: { logId, seq, sha256, sizeBytes } }));
  table.del(attentionKey("pending", id));
}

async function applyPrint({ record }: ProjectedEntry, table: ViewTransaction): Promise<void> {
  if (record === undefined) return;
  const { documentId: id, phase, count, reason, paper } = record.json as PrintRecord;
  const state = { begun: "printing", done: "printed", failed: "failed" } as const;
  await change(table, id, ({ printReason: _earlier, ...row }) => ({
    ...row,
    prints: paper === "none" ? count - 1 : Math.max(row.prints, count),
    printState: state[phase],
    ...(reason === undefined ? {} : { printReason: reason }),
  }));
  if (phase === "done") table.del(attentionKey("unprinted", id));
  else table.put(attentionKey("unprinted", id), { documentId: id });
}

export const issuedProjection: Projection = {
  name: "documents",
  version: 1,
  types: ["document", "rendition", "print"],
  apply: (entry, table) => {
    if (entry.entry.type === "document") return applyDocument(entry, table);
    return entry.entry.type === "rendition" ? applyRendition(entry, table) : applyPrint(entry, table);
  },
};

/** Questions to the view. */
export interface Issued {
  byId(id: DocumentId): Promise<IssuedDocument | undefined>;
  byNumber(number: string): Promise<IssuedDocument | undefined>;
  byRef(ref: EntryRef): Promise<IssuedDocument | undefined>;
  /** Documents without a rendition, or whose last print did not end well; at most 1000. */
  waiting(why: "pending" | "unprinted"): Promise<readonly IssuedDocument[]>;
}

export function issued(table: ViewTable): Issued {
  const byId = async (id: DocumentId): Promise<IssuedDocument | undefined> =>
    (await table.get(rowKey(id))) as IssuedDocument | undefined;
  const through = async (key: string): Promise<IssuedDocument | undefined> => {
    const id = (await table.get(key))?.["documentId"];
    return typeof id === "string" ? byId(documentId(id)) : undefined;
  };
  return {
    byId,
    byNumber: (number) => through(numberKey(number)),
    byRef: (ref) => through(refKey(ref)),
    waiting: async (why) => {
      const rows = await table.range({ from: `${why}/`, to: `${why}0` });
      const found = await Promise.all(rows.map(([key]) => byId(documentId(key.slice(why.length + 1)))));
      return found.filter((row) => row !== undefined);
    },
  };
}
