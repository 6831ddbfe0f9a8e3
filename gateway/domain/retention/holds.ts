/**
 * Long-term holds 长期保存: what one covers and why. Invariant: what a hold covers is neither released without the
 * archive's copy nor destroyed, by age or by a full disk alike (S0-31, S3-A-16).
 */
import type { HoldTrigger } from "../records/document-kinds.ts";

/** The four grounds, and the officer's own mark on a body camera's file. */
export type HoldReason = HoldTrigger | "keyMarked";

export type HoldSubject =
  | { readonly kind: "case"; readonly caseId: string }
  | { readonly kind: "camera"; readonly cameraId: string; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: "file"; readonly fileId: string };
