/** The whole table. */
import { DATA_FOLDERS } from "./data-folders.ts";
import { HISTORIES } from "./histories.ts";
import { KEY_TURNS } from "./key-turns.ts";
import type { Mutation } from "./mutation.ts";
import { NATIONAL_LOGS } from "./national-logs.ts";
import { SIGNER_STATES } from "./signer-states.ts";
import { STORED_THINGS } from "./stored-things.ts";

export const ALL_MUTATIONS: readonly Mutation[] = [
  ...STORED_THINGS,
  ...HISTORIES,
  ...KEY_TURNS,
  ...NATIONAL_LOGS,
  ...SIGNER_STATES,
  ...DATA_FOLDERS,
];
