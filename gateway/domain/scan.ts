/**
 * Paper that comes back in 扫描件, photos and stand-alone audio as records beside footage (S0-3, S1-7, S1-12, S3-A-5):
 * what may come, how large, and what it belongs to. Invariant: no name of a file or person is part of a scan's record.
 */

/** Allowed media, with the largest size in bytes. */
export const SCAN_MEDIA = {
  "image/jpeg": { group: "picture", mostBytes: 40 * 1024 * 1024 },
  "image/png": { group: "picture", mostBytes: 40 * 1024 * 1024 },
  "image/tiff": { group: "picture", mostBytes: 80 * 1024 * 1024 },
  "application/pdf": { group: "pdf", mostBytes: 80 * 1024 * 1024 },
  "audio/wav": { group: "audio", mostBytes: 2 * 1024 * 1024 * 1024 },
  "audio/mpeg": { group: "audio", mostBytes: 512 * 1024 * 1024 },
  "audio/mp4": { group: "audio", mostBytes: 512 * 1024 * 1024 },
} as const;
export type ScanMedia = keyof typeof SCAN_MEDIA;
export type ScanGroup = (typeof SCAN_MEDIA)[ScanMedia]["group"];
export const SCAN_MEDIA_TYPES = Object.keys(SCAN_MEDIA) as readonly ScanMedia[];

/** What the paper, photo or sound is. */
export const SCAN_PURPOSES = [
  /** A paper of the counter, signed in ink: closes it where `signMode` is ink (REGULATIONS 8.1). */
  "signedPaper",
  /** 送达回证 signed in ink. */
  "signedReceipt",
  "postalRegistration",
  "postalVoucher",
  "postalReturnReceipt",
  "returnedMail",
  "publishedNotice",
  /** Identity paper or authorisation that was shown. */
  "credential",
  /** 准予/不予行政许可决定书 or certificate from the bureau's own system. */
  "decisionPaper",
  /** A material handed in. */
  "material",
  "photo",
  /** Sound of a collective discussion or the like (S1-12). */
  "audioMinutes",
  "other",
] as const;
export type ScanPurpose = (typeof SCAN_PURPOSES)[number];

export const LINK_KINDS = ["application", "document", "service", "signature", "record", "caseFile"] as const;
export type LinkKind = (typeof LINK_KINDS)[number];
export type ScanLink = { readonly kind: LinkKind; readonly id: string };

/** Figures of the content, by group. */
export type ScanContent = {
  readonly width: number | null;
  readonly height: number | null;
  readonly pages: number | null;
  readonly durationMs: number | null;
  readonly codec: string | null;
};
