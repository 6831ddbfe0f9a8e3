/**
 * The four labels of a file (S4-30). Invariant: each labelling is an entry; the latest is shown, all stay. The words name
 * people, so they lie in a body of their own, which goes when the file is destroyed.
 */
import { CodedError } from "../domain/errors.ts";
import type { EntryRef } from "../domain/ids.ts";
import type { Docks, StoredFile } from "./docks.ts";
import { LABELS, LABEL_WORDS, LONGEST_LABEL, Row, refOfRow } from "./facts.ts";
import { type Inside, appendAndApply, byArticle } from "./inside.ts";
import { keys, under } from "./keys.ts";
import { LABEL_NAMES } from "./ports.ts";
import { storedFile } from "./stored-files.ts";

export function labelFile(inside: Inside, command: Parameters<Docks["label"]>[0]): Promise<StoredFile> {
  return inside.inTurn.run("labels", async () => {
    for (const name of LABEL_NAMES) {
      const text = command[name];
      const missing = text.trim() === "" && inside.rules().mandatoryLabels.includes(name);
      if (missing || text.length > LONGEST_LABEL[name] || /\p{C}/u.test(text))
        throw new CodedError("docks.badLabel", { label: name, ...byArticle(inside.rules().labelsArticle) });
    }
    if ((await inside.table.get(keys.file(command.fileId))) === undefined)
      throw new CodedError("docks.noSuchFile");
    if ((await inside.table.get(keys.done(command.commandId))) === undefined) {
      const { fileId, matter, party, officer, certNo, by, commandId } = command;
      const given = LABEL_NAMES.filter((name) => command[name].trim() !== "");
      const words = { v: 1, what: "labelWords", fileId, matter, party, officer, certNo };
      await appendAndApply(inside, [
        { type: "label", stream: LABELS, record: { json: { fileId, given, by, command: commandId } } },
        { type: "person", stream: LABEL_WORDS, record: { json: words } },
      ]);
    }
    const file = await storedFile(inside, command.fileId);
    if (file === undefined) throw new CodedError("docks.noSuchFile");
    return file;
  });
}

/** The entries that hold the words of a file's labellings. */
export async function labelWords(inside: Pick<Inside, "table">, id: string): Promise<readonly EntryRef[]> {
  const rows = await inside.table.range(under(`label-words/${id}`));
  return rows.map(([, row]) => refOfRow(new Row(row)));
}
