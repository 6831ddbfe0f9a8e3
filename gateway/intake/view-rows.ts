/**
 * Keys of the intake's view and the forms of its rows. Invariant: this file is the whole key map of the view.
 */
import type { Wording } from "../domain/document.ts";
import type { DocumentKind } from "../domain/document.ts";
import type { Phase } from "../domain/intake/state.ts";
import { type ApplicationId, type DocumentId, type EntryRef, logId, seq } from "../domain/ids.ts";
import type { JsonObject } from "./ports.ts";

const TIME_DIGITS = 15;
const COUNT_DIGITS = 8;
const digits = (value: number, width: number): string => String(Math.max(0, value)).padStart(width, "0");

export const key = {
  application: (id: string) => `app/${id}`,
  list: (startedMs: number, id: string) => `list/${digits(startedMs, TIME_DIGITS)}/${id}`,
  due: (id: string) => `due/${id}`,
  pending: (id: string) => `pending/${id}`,
  delegation: (id: string) => `delegation/${id}`,
  since: "since",
  command: (id: string) => `command/${id}`,
  document: (id: string) => `document/${id}`,
  unfinished: (id: string) => `unfinished/${id}`,
  person: (id: string) => `person/${id}`,
  series: (series: string) => `series/${series}`,
  code: (hash: string) => `code/${hash}`,
  wrongAt: (where: string) => `wrong/${where}`,
  ledger: (id: string, n: number) => `ledger/${id}/${digits(n, COUNT_DIGITS)}`,
  ledgerCount: (id: string) => `ledger-count/${id}`,
} as const;

/** Half-open range of all keys under a prefix such as `list/`. */
export function under(prefix: string): { readonly from: string; readonly to: string } {
  return { from: prefix, to: `${prefix}\u007f` };
}

export type StoredCommand = {
  readonly applicationId: ApplicationId;
  readonly version: number;
  readonly phase: Phase;
  readonly documentIds: readonly DocumentId[];
  readonly warnings: readonly string[];
};

export type DocumentRow = {
  readonly ref: EntryRef;
  readonly applicationId: string;
  readonly kind: DocumentKind;
  readonly number: string;
  readonly title: Wording;
  readonly issuedMs: number;
  readonly rendition?: EntryRef;
};

export function refIn(row: JsonObject | undefined, field = "ref"): EntryRef | undefined {
  const ref = row?.[field];
  if (typeof ref !== "object" || ref === null || Array.isArray(ref)) return undefined;
  const { logId: log, seq: at } = ref as JsonObject;
  return typeof log === "string" ? { logId: logId(log), seq: seq(Number(at)) } : undefined;
}
