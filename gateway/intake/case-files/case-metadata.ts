/** Fills the archival metadata of a case file's footage, one list an item. Invariant: what the log does not say stays null. */
import { createHash } from "node:crypto";
import {
  type FilledElement,
  type MetadataElement,
  type MetadataValue,
  fillMetadata,
} from "../../domain/case-files/archival-metadata.ts";
import { refText } from "../../domain/case-files/four-properties.ts";
import { beijingDateTime } from "../../domain/time.ts";
import { parseCheckpoint } from "../../evidence/checkpoint.ts";
import { parseNote } from "../../evidence/note.ts";
import type { EntryRef } from "../../domain/ids.ts";
import { type CaseMaterial, cameraRanges } from "./case-material.ts";
import type { CaseFilesOptions } from "./ports.ts";

export interface MetadataWords {
  readonly elements: readonly MetadataElement[];
  readonly authority: string;
  readonly software: string;
  readonly title?: string;
  readonly party?: string;
}

type Facts = Readonly<Record<string, MetadataValue | undefined>>;

async function signatureFacts(last: EntryRef, options: CaseFilesOptions): Promise<Facts> {
  const { note, wallMs } = await options.proofs.covering(last);
  const signed = parseNote(note);
  const [line] = signed.signatures;
  return {
    signatureFormat: "C2SP signed-note, tlog-checkpoint (RFC 6962 tree)",
    signedAt: beijingDateTime(wallMs),
    signer: parseCheckpoint(signed.text).origin,
    ...(line === undefined ? {} : { signature: Buffer.from(line.bytes).toString("base64") }),
    verifierKey: options.proofs.vkeysOf(parseCheckpoint(signed.text).origin),
    algorithm: "Ed25519, SHA-256",
  };
}

/** One list an item of footage; the case file itself where it has none. */
export async function metadataOf(
  material: CaseMaterial,
  words: MetadataWords,
  options: CaseFilesOptions,
): Promise<readonly (readonly FilledElement[])[]> {
  const { row, recordViews, rows, links, sessions, holds } = material;
  const last = material.members.at(-1);
  const base: Facts = {
    archivalCode: row.filed?.archivalCode,
    title: words.title,
    party: words.party,
    authority: words.authority,
    software: words.software,
    system: "行政执法全过程记录网关 counter gateway",
    filedBy: row.filed?.by,
    activity: row.activity,
    recordKinds: recordViews.map(({ row: kind }) => kind.name.zh),
    keep:
      row.filed === undefined ? undefined : row.filed.keep === "permanent" ? "永久" : `${row.filed.keep}年`,
    rights: "经批准查阅、复制",
    sensitivity: "按保密规定",
    holds: holds.length === 0 ? "无" : holds.map(refText),
    caseId: row.caseId,
    endedAt: row.endedMs === undefined ? undefined : beijingDateTime(row.endedMs),
    events: rows.map(({ what, atMs }) => `${beijingDateTime(atMs)} ${what}`),
    born: "原生",
    ...(last === undefined ? {} : await signatureFacts(last, options)),
  };
  const cameras = cameraRanges(sessions, links, options.clock.wallMs()).map(({ cameraId, fromMs, toMs }) => ({
    ...base,
    kindOfMedia: "LX",
    level: "件",
    entry: `${row.caseId}/${cameraId}/${fromMs}`,
    beginning: beijingDateTime(fromMs),
    ending: beijingDateTime(toMs),
    duration: `${Math.round((toMs - fromMs) / 1000)}s`,
    acquired: "窗口摄像机实时采集",
    device: cameraId,
    deviceType: "网络摄像机",
    sourceId: `camera/${cameraId}/main`,
    recordist: cameraId,
    place: `log ${material.fragments.map(({ ref }) => ref.logId)[0] ?? ""}`,
    format: "fragmented MP4 (ISO/IEC 14496-12)",
  }));
  const files = material.files.map(({ fileId, ref, sha256 }) => ({
    ...base,
    kindOfMedia: "LX",
    level: "件",
    entry: `${refText(ref)} sha256:${sha256}`,
    acquired: "采集站上传",
    deviceType: "执法记录仪",
    sourceId: fileId,
    place: refText(ref),
  }));
  const items: readonly Facts[] = [...cameras, ...files];
  const all = items.length > 0 ? items : [{ ...base, level: "卷", entry: digestOf(material) }];
  return all.map((facts) => fillMetadata(words.elements, facts));
}

/** Names the file by what it holds. */
function digestOf(material: CaseMaterial): string {
  return createHash("sha256").update(material.members.map(refText).join("\n")).digest("hex");
}
