/**
 * The wipe of a camera's card. Invariant: the command goes out only when every file the dock listed on that card
 * is stored and verified, names exactly those files, and is in the log before it is sent.
 */
import { dockId } from "../domain/ids.ts";
import { Row, dockStream } from "./facts.ts";
import { type Inside, appendAndApply } from "./inside.ts";
import { keys, under } from "./keys.ts";
import type { DockCommand, JsonObject } from "./ports.ts";

/** Sends the wipe if it is due and was not sent for this inventory. */
export function considerWipe(inside: Inside, camera: string): Promise<void> {
  return inside.inTurn.run(`camera/${camera}`, async () => {
    const card = await inside.table.get(keys.card(camera));
    const inventory = card === undefined ? undefined : new Row(card).row("inventory");
    if (card === undefined || inventory === undefined) return;
    const id = `wipe-${inventory.text("logId")}-${inventory.number("seq")}`;
    if ((await inside.table.get(keys.command(id))) !== undefined) return;
    const files = await storedFiles(inside, new Row(card));
    if (files === undefined || files.length === 0) return;
    const dock = dockId(new Row(card).text("dock"));
    const command: DockCommand = { id, type: "wipe", camera, files };
    const json: JsonObject = { kind: "command", dock, ...command, files: files.map((file) => ({ ...file })) };
    await appendAndApply(inside, [{ type: "dock", stream: dockStream(dock), record: { json } }]);
    await inside.sender.send(dock, command);
  });
}

/**
 * The card's files as they are stored, or undefined when one is not. Each has to be offered during this very stay:
 * an earlier file of the same name and size may have had other bytes.
 */
async function storedFiles(inside: Inside, card: Row): Promise<DockCommand["files"] | undefined> {
  const out: DockCommand["files"][number][] = [];
  for (const file of card.rows("files")) {
    const vendorName = file.text("vendorName");
    const sizeBytes = file.number("sizeBytes");
    const row = await inside.table.get(keys.offered(card.text("camera"), vendorName));
    const offered = row === undefined ? undefined : new Row(row);
    if (offered?.number("sizeBytes") !== sizeBytes || offered.textOrNull("stay") !== card.text("stay"))
      return undefined;
    const stored = await inside.table.get(keys.file(offered.text("upload")));
    if (stored === undefined) return undefined;
    out.push({ vendorName, sizeBytes, sha256: new Row(stored).text("sha256") });
  }
  return out;
}

/** Commands of this dock without an acknowledgement, oldest first. */
export async function outstandingCommands(inside: Inside, dock: string): Promise<readonly DockCommand[]> {
  const out: DockCommand[] = [];
  for (const [key] of await inside.table.range(under(`open-command/${dock}`))) {
    const row = await inside.table.get(keys.command(key.slice(key.lastIndexOf("/") + 1)));
    if (row === undefined) continue;
    const command = new Row(row);
    out.push({
      id: command.text("id"),
      type: "wipe",
      camera: command.text("camera"),
      files: command.rows("files").map((file) => ({
        vendorName: file.text("vendorName"),
        sizeBytes: file.number("sizeBytes"),
        sha256: file.text("sha256"),
      })),
    });
  }
  return out;
}
