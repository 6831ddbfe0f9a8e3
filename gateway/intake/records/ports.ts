/** What records need beside the log: which footage and scans there are, and who of the house is certified. */
import type { Clock } from "../../domain/time.ts";
import type { DocumentKinds } from "../../domain/records/document-kinds.ts";
import type { Span } from "../../domain/records/record.ts";
import type { Append, LogReader, Profiles, Random, Views } from "../ports.ts";

export interface FootageLookup {
  /** What a camera's recording covers of this range; empty where there is none. */
  camera(cameraId: string, fromMs: number, toMs: number): Promise<readonly Span[]>;
  /** A body camera's file that is stored; undefined where none is. */
  file(
    fileId: string,
  ): Promise<{ readonly media: "video" | "audio" | "photo"; readonly spans: readonly Span[] } | undefined>;
}

export interface RecordsOptions {
  readonly append: Append;
  readonly reader: LogReader;
  readonly views: Views;
  readonly clock: Clock;
  readonly random: Random;
  readonly profiles: Profiles;
  readonly kinds: DocumentKinds;
  readonly footage: FootageLookup;
}
