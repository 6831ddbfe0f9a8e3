/** Stored files as people see them: claims with both times, labels, what is still missing. */
import { CodedError } from "../domain/errors.ts";
import { dockId, sha256Hex, userId } from "../domain/ids.ts";
import type { FileClaim, FileLabels, Page, StoredFile } from "./docks.ts";
import { Row, refOfRow } from "./facts.ts";
import { claimedTimes } from "./finish-upload.ts";
import type { Inside } from "./inside.ts";
import { keys, under } from "./keys.ts";
import { LATE_CAUSES } from "./late-cause.ts";
import { correctedTimes } from "./lateness.ts";
import { LABEL_NAMES, type LabelName } from "./ports.ts";

const PAGE = 100;
const LARGEST_PAGE = 500;

export async function storedFile(inside: Inside, id: string): Promise<StoredFile | undefined> {
  const json = await inside.table.get(keys.file(id));
  if (json === undefined) return undefined;
  const file = new Row(json);
  const media = file.row("media");
  const late = file.row("late");
  const given = await readLabels(inside, file.row("labels"));
  const claims = await inside.table.range(under(`claim/${id}`));
  const durationMs = media?.numberOrNull("durationMs") ?? null;
  return {
    fileId: id,
    ref: refOfRow(file),
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
    labels: given?.labels ?? null,
    missingLabels: inside.rules().mandatoryLabels.filter((name) => given?.names.includes(name) !== true),
    late:
      late === undefined
        ? null
        : {
            byMs: late.number("byMs"),
            article: late.textOrNull("article"),
            cause: LATE_CAUSES.find((cause) => cause === late.textOrNull("cause")) ?? null,
          },
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

/** The labels as they read now, empty once their words were destroyed, and which were given. */
async function readLabels(
  inside: Pick<Inside, "reader">,
  row: Row | undefined,
): Promise<{ readonly labels: FileLabels; readonly names: readonly LabelName[] } | null> {
  if (row === undefined) return null;
  const at = row.row("words");
  // Labels of before had their words in the same entry.
  const words = row.textOrNull("party") === null ? await wordsAt(inside, at) : row;
  const label = (name: LabelName): string => words?.textOrNull(name) ?? "";
  const given = row.json["given"];
  return {
    labels: {
      matter: label("matter"),
      party: label("party"),
      officer: label("officer"),
      certNo: label("certNo"),
      by: userId(row.text("by")),
      atMs: row.number("atMs"),
    },
    names: LABEL_NAMES.filter((name) => (Array.isArray(given) ? given.includes(name) : label(name) !== "")),
  };
}

/** Undefined where the body was destroyed. */
async function wordsAt(inside: Pick<Inside, "reader">, at: Row | undefined): Promise<Row | undefined> {
  if (at === undefined) return undefined;
  try {
    return new Row((await inside.reader.readRecord(refOfRow(at))).body.json);
  } catch (error) {
    if (error instanceof CodedError && error.code === "evidence.bodyMissing") return undefined;
    throw error;
  }
}
