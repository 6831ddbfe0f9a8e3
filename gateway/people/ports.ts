/** What people needs from others; main.ts wires it. */
export type {
  Append,
  ProjectedEntry,
  Projection,
  Views,
  ViewTable,
  ViewTransaction,
} from "../evidence/append.ts";
export type { JsonObject } from "../evidence/record.ts";

/** Bytes that nobody can guess. */
export interface Random {
  bytes(count: number): Uint8Array;
}

/** Secrets by name, such as `camera/cam-1`; kept 0600 outside the log and the views. */
export interface Secrets {
  get(name: string): Promise<string | undefined>;
  /** Durable when it resolves. */
  put(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}
