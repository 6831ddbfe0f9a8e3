/** What scans need beside the log: somebody who can look into pictures and sound, and who knows what they belong to. */
import type { Clock } from "../../domain/time.ts";
import type { LinkKind } from "../../domain/scan.ts";
import type { Append, LogReader, Probe, Views } from "../ports.ts";

export type PictureFound =
  | {
      readonly ok: true;
      readonly format: "jpeg" | "png" | "tiff";
      readonly width: number;
      readonly height: number;
      readonly pages: number;
    }
  | { readonly ok: false; readonly problem: "notAPicture" | "tooLarge" };

/** Decodes pictures within bounds of pixels and pages, so that a small file can't fill the memory. */
export interface Pictures {
  inspect(bytes: Uint8Array): Promise<PictureFound>;
  /** A small JPEG of the first page. Rejects for what `inspect` refuses. */
  thumbnail(bytes: Uint8Array, widthPx: number): Promise<Uint8Array>;
}

export interface ScansPorts {
  readonly append: Append;
  readonly views: Views;
  readonly reader: LogReader;
  readonly clock: Clock;
  readonly pictures: Pictures;
  readonly probe: Probe;
  /** Whether what a scan is to be linked to exists, or why it takes nothing more; a kind without an entry can't be linked to. */
  readonly targets: Readonly<Partial<Record<LinkKind, (id: string) => Promise<boolean>>>>;
}
