/**
 * The published service guide 服务指南 of a licence matter: what has to be handed in, item by item, by version.
 * Invariant: a demand on an applicant points at an entry of this list and its version (I4).
 */
import type { Wording } from "./document.ts";

/** 申请材料: one published entry. */
export type Requirement = {
  readonly itemId: string;
  readonly version: number;
  readonly name: Wording;
  readonly form: "original" | "copy";
  readonly copies: number;
  readonly required: boolean;
  readonly legalForm: Wording;
  /** Legal basis as printed on a notice. */
  readonly basis: string;
};

/** 事项 */
export type LicenceMatter = {
  readonly code: string;
  readonly version: number;
  readonly publishedOn: string;
  readonly name: Wording;
  readonly basis: string;
  /** Working days for the decision: by law, and as promised. */
  readonly decision: { readonly legalDays: number; readonly promisedDays?: number };
  readonly items: readonly Requirement[];
};
