/** The whole table. */
import { DATA_FOLDERS } from "./data-folders.ts";
import { HISTORIES } from "./histories.ts";
import type { Mutation } from "./mutation.ts";
import { STORED_THINGS } from "./stored-things.ts";

export const ALL_MUTATIONS: readonly Mutation[] = [...STORED_THINGS, ...HISTORIES, ...DATA_FOLDERS];
