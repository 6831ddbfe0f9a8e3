/** What an export says about itself, to people and to programs. Invariant: an excerpt calls itself one, everywhere. */
import type { ApplicationId, CameraId, EntryRef, UserId } from "../../domain/ids.ts";
import { beijingDateTime } from "../../domain/time.ts";
import type { Coverage } from "../coverage.ts";

export interface ExportAbout {
  readonly by: UserId;
  readonly reason: string;
  /** A range that somebody chose; false for the whole of a matter. */
  readonly excerpt: boolean;
  readonly applicationId?: ApplicationId;
  /** The case file whose footage it is. */
  readonly caseId?: string;
  /** The row of the access ledger that stands for this copy. */
  readonly access?: EntryRef;
  readonly exportedMs: number;
}

export function readmeOf(about: ExportAbout): string {
  const kind = about.excerpt
    ? "节选：只含所选时段，不代表全过程。\r\nEXCERPT: the chosen period only; it does not stand for the whole.\r\n"
    : "本包含一件办件的全部窗口录像。\r\nAll counter footage of one matter.\r\n";
  return [
    kind,
    `导出时间 exported: ${beijingDateTime(about.exportedMs)} (北京时间 Beijing)\r\n`,
    "video/     录像，可用普通播放器播放；画面未经重新编码。 MP4 for any player; the picture was not encoded again.",
    ...(about.caseId === undefined
      ? []
      : ["archival-metadata.json  案卷归档元数据。 Archival metadata of the case file."]),
    "evidence/  原始数据及其证据。 The bytes as recorded, and what proves them.",
    "manifest.json  清单、时段、缺口。 List of files, spans and gaps.",
    "",
    "核验 To verify: 见 see verify-zh.txt; python3 verify.py evidence  /  npm run verify -- evidence/",
    "信任文件应另行取得。 Get the trust file by another way (--trust).",
    "",
  ].join("\r\n");
}

export function manifestOf(
  about: ExportAbout,
  parts: readonly { readonly camera: CameraId; readonly coverage: Coverage }[],
  files: readonly { readonly path: string; readonly sizeBytes: number; readonly sha256: string }[],
  notHere: readonly EntryRef[],
): string {
  const { by, reason, excerpt, applicationId, caseId, access, exportedMs } = about;
  const manifest = {
    v: 1,
    kind: excerpt ? "excerpt" : "matter",
    mark: excerpt ? "节选" : null,
    exportedMs,
    by,
    reason,
    applicationId: applicationId ?? null,
    ...(caseId === undefined ? {} : { caseId }),
    access: access ?? null,
    spans: parts.map(({ camera, coverage: { from, to, complete, gaps } }) => ({
      camera,
      fromMs: from,
      toMs: to,
      complete,
      gaps: gaps.map((gap) => ({ fromMs: gap.from, toMs: gap.to ?? null, causes: gap.causes })),
    })),
    /** Named by the log, not on this gateway any more. */
    notHere,
    files,
  };
  return `${JSON.stringify(manifest, undefined, 1)}\n`;
}
