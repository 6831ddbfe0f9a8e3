/** Entries of the registry of officers and their view, both keyed by the officer's id. */
import { streamId, type CommandId, type UserId } from "../../domain/ids.ts";
import type { Officer, OfficerFields, Training } from "../../domain/officers/officer.ts";
import { asJson, markDone } from "../log-work.ts";
import type { EntryDraft, JsonObject, Projection, ViewTransaction } from "../ports.ts";

const STREAM = streamId("officers");

export type OfficerChange =
  | { readonly what: "officer"; readonly officer: OfficerFields }
  | { readonly what: "officerTrained"; readonly officerId: UserId; readonly training: Training }
  | { readonly what: "officerActive"; readonly officerId: UserId; readonly active: boolean };

export const officerKey = (id: string): string => `officer/${id}`;

export function officerDraft(
  change: OfficerChange & { readonly by: UserId; readonly commandId: CommandId },
): EntryDraft {
  return { type: "account", stream: STREAM, record: { json: asJson({ v: 1, ...change }) } };
}

async function edit(table: ViewTransaction, id: unknown, change: (row: Officer) => Officer): Promise<void> {
  if (typeof id !== "string") return;
  const row = (await table.get(officerKey(id))) as unknown as Officer | undefined;
  if (row !== undefined) table.put(officerKey(id), asJson(change(row)));
}

async function apply(json: JsonObject, table: ViewTransaction): Promise<void> {
  // Written by `officerDraft` and covered by the entry's hash.
  const change = json as unknown as OfficerChange;
  if (change.what === "officer") {
    const { officerId } = change.officer;
    const before = (await table.get(officerKey(officerId))) as unknown as Officer | undefined;
    table.put(
      officerKey(officerId),
      asJson({
        ...change.officer,
        active: before?.active ?? true,
        training: before?.training ?? [],
      } satisfies Officer),
    );
  } else if (change.what === "officerTrained")
    await edit(table, change.officerId, (row) => ({ ...row, training: [...row.training, change.training] }));
  else await edit(table, change.officerId, (row) => ({ ...row, active: change.active }));
  markDone(table, json["commandId"], { done: true });
}

export const officersProjection: Projection = {
  name: "officers",
  version: 1,
  types: ["account"],
  async apply({ entry, record }, table) {
    if (entry.stream === STREAM && record !== undefined) await apply(record.json, table);
  },
};
