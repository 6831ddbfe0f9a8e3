/** The view of the dock path: everything the use cases read follows from the entries of six types. */
import { applyChunkOf, applyOpened, applySetBack, applyStored } from "./chunk-upload.ts";
import { Row, ofChunkStream } from "./facts.ts";
import { keys, under } from "./keys.ts";
import type { JsonObject, ProjectedEntry, Projection, ViewTransaction } from "./ports.ts";
import { applyReport } from "./project-report.ts";

export const docksProjection: Projection = {
  name: "docks",
  version: 3,
  types: ["dock", "custody", "file", "chunk", "label", "person"],
  async apply(projected, table) {
    if (projected.entry.type === "chunk")
      return applyChunkOf(ofChunkStream(projected.entry.stream), projected, table);
    if (projected.record === undefined) return undefined;
    return APPLY[projected.entry.type]?.(new Row(projected.record.json), projected, table);
  },
};

type Apply = (fact: Row, projected: ProjectedEntry, table: ViewTransaction) => Promise<void>;

const APPLY: Readonly<Partial<Record<ProjectedEntry["entry"]["type"], Apply>>> = {
  dock: applyDock,
  custody: applyCustody,
  file: applyFile,
  label: applyLabel,
  person: applyLabelWords,
};

async function applyDock(fact: Row, projected: ProjectedEntry, table: ViewTransaction): Promise<void> {
  switch (fact.text("kind")) {
    case "report":
      return applyReport(fact, projected, table);
    case "announced":
      return applyAnnounced(fact, projected, table);
    case "rejected":
      return applySetBack(fact.text("upload"), fact.number("attempt"), table);
    case "command": {
      const id = fact.text("id");
      table.put(keys.command(id), { ...fact.json, sentMs: projected.entry.t });
      table.put(keys.openCommand(fact.text("dock"), id), { camera: fact.text("camera") });
      return undefined;
    }
    default:
      return undefined;
  }
}

async function applyAnnounced(fact: Row, projected: ProjectedEntry, table: ViewTransaction): Promise<void> {
  const id = fact.text("upload");
  const claim = fact.row("claim")?.json ?? {};
  const claimed = new Row(claim);
  table.put(keys.claim(id, claimed.text("camera"), claimed.text("vendorName")), claim);
  table.put(keys.offered(claimed.text("camera"), claimed.text("vendorName")), {
    upload: id,
    sizeBytes: fact.number("sizeBytes"),
    stay: claimed.textOrNull("stay"),
  });
  await applyOpened(
    { id, sizeBytes: fact.number("sizeBytes"), sha256: fact.text("sha256") },
    projected,
    table,
  );
}

async function applyFile(
  fact: Row,
  { entry, logId, seq }: ProjectedEntry,
  table: ViewTransaction,
): Promise<void> {
  const id = fact.text("fileId");
  await applyStored(id, table);
  table.put(keys.file(id), { ...fact.json, storedAtMs: entry.t, logId, seq });
  table.put(keys.fileOrder(entry.t, id), {});
  table.put(keys.unlabelled(entry.t, id), {});
}

async function applyLabel(fact: Row, { entry }: ProjectedEntry, table: ViewTransaction): Promise<void> {
  const id = fact.textOrNull("fileId");
  // Labels of other things, such as secrecy labels of a matter, are not of a file.
  if (id === null) return;
  table.put(keys.done(fact.text("command")), { fileId: id });
  const file = await table.get(keys.file(id));
  if (file === undefined) return;
  table.put(keys.file(id), { ...file, labels: { ...fact.json, atMs: entry.t } });
  table.del(keys.unlabelled(new Row(file).number("storedAtMs"), id));
}

/** Only where the words stand is kept here: a destroyed file leaves no name behind in the view. */
async function applyLabelWords(
  fact: Row,
  { logId, seq }: ProjectedEntry,
  table: ViewTransaction,
): Promise<void> {
  if (fact.textOrNull("what") !== "labelWords") return;
  const id = fact.text("fileId");
  table.put(keys.labelWords(id, logId, seq), { logId, seq });
  const file = await table.get(keys.file(id));
  const labels = file === undefined ? undefined : new Row(file).row("labels");
  if (labels !== undefined)
    table.put(keys.file(id), { ...file, labels: { ...labels.json, words: { logId, seq } } });
}

async function applyCustody(fact: Row, projected: ProjectedEntry, table: ViewTransaction): Promise<void> {
  const { entry, logId, seq } = projected;
  const camera = fact.text("camera");
  const before = await table.get(keys.custody(camera));
  const row: JsonObject = {
    camera,
    kind: fact.text("kind"),
    holder: holderOf(fact, before),
    sinceMs: entry.t,
    logId,
    seq,
  };
  table.put(keys.custody(camera), row);
  table.put(keys.custodyEvent(camera, logId, seq), row);
  const command = fact.textOrNull("command");
  if (command !== null) table.put(keys.done(command), row);
  if (fact.text("kind") === "removed") await forgetCard(camera, table);
}

/** A camera that was checked out and is then taken from its bay stays with the officer who checked it out. */
function holderOf(fact: Row, before: JsonObject | undefined): JsonObject {
  const kind = fact.text("kind");
  if (kind === "inserted" || kind === "checkIn") {
    const dock = fact.textOrNull("dock");
    return dock === null ? { officer: fact.text("keeper") } : { dock, bay: fact.numberOrNull("bay") };
  }
  const officer = fact.textOrNull("officer");
  if (officer !== null) return { officer };
  const held = before === undefined ? undefined : new Row(before);
  const checkedOut =
    held?.json["kind"] === "checkOut" ? held.row("holder")?.textOrNull("officer") : undefined;
  return { officer: checkedOut ?? "unknown" };
}

/** What is on its card is no longer known, and a wipe that was not carried out must not meet another card. */
async function forgetCard(camera: string, table: ViewTransaction): Promise<void> {
  const card = await table.get(keys.card(camera));
  table.del(keys.card(camera));
  if (card === undefined) return;
  const dock = new Row(card).text("dock");
  for (const [key, open] of await table.range(under(`open-command/${dock}`)))
    if (open["camera"] === camera) table.del(key);
}
