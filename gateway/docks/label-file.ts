/** The four labels of a file (S4-30). Invariant: each labelling is an entry; the latest is shown, all stay. */
import { CodedError } from "../domain/errors.ts";
import type { Docks, StoredFile } from "./docks.ts";
import { LABELS, LONGEST_LABEL } from "./facts.ts";
import { type Inside, appendAndApply, byArticle } from "./inside.ts";
import { keys } from "./keys.ts";
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
      const json = { fileId, matter, party, officer, certNo, by, command: commandId };
      await appendAndApply(inside, [{ type: "label", stream: LABELS, record: { json } }]);
    }
    const file = await storedFile(inside, command.fileId);
    if (file === undefined) throw new CodedError("docks.noSuchFile");
    return file;
  });
}
