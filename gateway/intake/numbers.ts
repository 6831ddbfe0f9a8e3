/**
 * Document numbers: gapless per authority, kind, year and gateway, such as `昌市监受〔2026〕G1-000001号` (I7).
 * Invariant: a number is given and durable in the same append, under one lock; a failed append gives it back.
 */
import type { DocumentKind } from "../domain/document.ts";
import { key } from "./view-rows.ts";
import type { ViewTable } from "./ports.ts";

/** The word of a series. A late acceptance notice is an acceptance notice, so it counts in the same row. */
const WORDS: Readonly<Record<DocumentKind, { readonly zh: string; readonly id: string }>> = {
  materialReceipt: { zh: "收", id: "receipt" },
  supplementReceipt: { zh: "补收", id: "supplement" },
  acceptanceNotice: { zh: "受", id: "acceptance" },
  lateAcceptanceNotice: { zh: "受", id: "acceptance" },
  correctionNotice: { zh: "补", id: "correction" },
  nonAcceptanceNotice: { zh: "不受", id: "non-acceptance" },
  correctionRecord: { zh: "更", id: "correction-record" },
  materialReturnList: { zh: "退", id: "return" },
  serviceReceipt: { zh: "送", id: "service" },
  oralApplicationRecord: { zh: "口", id: "oral" },
};
const SERIAL_DIGITS = 6;

export interface NumberAsked {
  readonly authorityCode: string;
  /** Short name that begins the number, such as `昌市监`. */
  readonly shortName: string;
  readonly gatewayCode: string;
  readonly year: string;
}

export interface NumberGiven {
  readonly series: string;
  readonly serial: number;
  readonly number: string;
}

/** Gives numbers for one append. To be used under the number lock; a second giver starts from the view again. */
export function numberGiver(
  table: ViewTable,
  asked: NumberAsked,
): { give(kind: DocumentKind): Promise<NumberGiven> } {
  const given = new Map<string, number>();
  return {
    async give(kind) {
      const { zh, id } = WORDS[kind];
      const series = `${asked.authorityCode}/${asked.gatewayCode}/${id}/${asked.year}`;
      const last = given.get(series) ?? Number((await table.get(key.series(series)))?.["last"] ?? 0);
      const serial = last + 1;
      given.set(series, serial);
      const digits = String(serial).padStart(SERIAL_DIGITS, "0");
      return {
        series,
        serial,
        number: `${asked.shortName}${zh}〔${asked.year}〕${asked.gatewayCode.toUpperCase()}-${digits}号`,
      };
    },
  };
}
