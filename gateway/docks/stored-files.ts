/** Stored files as people see them: claims with both times, labels, what is still missing. */
import { dockId, logId, seq, sha256Hex, userId } from "../domain/ids.ts";
import type { FileClaim, FileLabels, Page, StoredFile } from "./docks.ts";
import { Row } from "./facts.ts";
import { claimedTimes } from "./finish-upload.ts";
import type { Inside } from "./inside.ts";
import { keys, under } from "./keys.ts";
import { correctedTimes } from "./lateness.ts";
import type { LabelName } from "./ports.ts";

const PAGE = 100;
const LARGEST_PAGE = 500;

export async function storedFile(inside: Inside, id: string): Promise<StoredFile | undefined> {
  const json = await inside.table.get(keys.file(id));
  if (json === undefined) return undefined;
  const file = new Row(json);
  const media = file.row("media");
  const late = file.row("late");
  const labels = readLabels(file.row("labels"));
  const claims = await inside.table.range(under(`claim/${id}`));
  const durationMs = media?.numberOrNull("durationMs") ?? null;
  return {
    fileId: id,
    ref: { logId: logId(file.text("logId")), seq: seq(file.number("seq")) },
    sizeBytes: file.number("sizeBytes"),
    sha256: sha256Hex(file.text("sha256")),
    storedAtMs: file.number("storedAtMs"),
    media:
      media === undefined
        ? null
        : {
            durationMs,
            container: media.text("container"),
            codec: media.text("codec"),
            width: media.numberOrNull("width"),
            height: media.numberOrNull("height"),
          },
    probeProblem: file.textOrNull("probeProblem"),
    claims: claims.map(([, claim]) => readClaim(inside, new Row(claim), durationMs)),
    labels,
    missingLabels: inside.rules().mandatoryLabels.filter((name) => (labels?.[name] ?? "") === ""),
    late: late === undefined ? null : { byMs: late.number("byMs"), article: late.textOrNull("article") },
  };
}

/** Newest first; `after` is the last file's `storedAtMs/fileId` or its id. */
export async function listFiles(inside: Inside, page: Page = {}): Promise<readonly StoredFile[]> {
  return read(inside, "file-order", { ...page, newestFirst: true });
}

/** Oldest first; empty where the profile demands no label. */
export async function listUnlabelled(inside: Inside, page: Page = {}): Promise<readonly StoredFile[]> {
  const files = await read(inside, "unlabelled", { ...page, newestFirst: false });
  return files.filter((file) => file.missingLabels.length > 0);
}

async function read(
  inside: Inside,
  index: "file-order" | "unlabelled",
  page: Page & { readonly newestFirst: boolean },
): Promise<readonly StoredFile[]> {
  const limit = Math.min(LARGEST_PAGE, Math.max(1, page.limit ?? PAGE));
  const all = under(index);
  const last = page.after === undefined ? undefined : await inside.table.get(keys.file(page.after));
  const key = index === "file-order" ? keys.fileOrder : keys.unlabelled;
  const lastKey =
    last === undefined || page.after === undefined
      ? undefined
      : key(new Row(last).number("storedAtMs"), page.after);
  const range = page.newestFirst
    ? { from: all.from, to: lastKey ?? all.to, limit, reverse: true }
    : { from: lastKey === undefined ? all.from : `${lastKey}\0`, to: all.to, limit };
  const files: StoredFile[] = [];
  for (const [found] of await inside.table.range(range)) {
    const file = await storedFile(inside, found.slice(found.lastIndexOf("/") + 1));
    if (file !== undefined) files.push(file);
  }
  return files;
}

function readClaim(inside: Inside, claim: Row, durationMs: number | null): FileClaim {
  const corrected = correctedTimes(claimedTimes(claim, durationMs));
  const clockOffsetMs = claim.numberOrNull("clockOffsetMs");
  return {
    dock: dockId(claim.text("dock")),
    camera: claim.text("camera"),
    vendorName: claim.text("vendorName"),
    officerClaim: claim.textOrNull("officerClaim"),
    deviceStartMs: claim.numberOrNull("deviceStartMs"),
    deviceEndMs: claim.numberOrNull("deviceEndMs"),
    clockOffsetMs,
    correctedStartMs: corrected.startMs,
    correctedEndMs: corrected.endMs,
    clockSuspect: clockOffsetMs === null || Math.abs(clockOffsetMs) > inside.rules().clockSuspectMs,
    keyMarked: claim.flag("keyMarked"),
  };
}

function readLabels(row: Row | undefined): FileLabels | null {
  if (row === undefined) return null;
  const label = (name: LabelName): string => row.text(name);
  return {
    matter: label("matter"),
    party: label("party"),
    officer: label("officer"),
    certNo: label("certNo"),
    by: userId(row.text("by")),
    atMs: row.number("atMs"),
  };
}
