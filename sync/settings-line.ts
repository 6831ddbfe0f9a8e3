/**
 * How a program of the replication is told what to do: settings as the first line on stdin, whose end is the order to
 * end. Invariant: keys come over stdin only, never by argument or environment.
 */
import { createInterface } from "node:readline";
import type { Static, TSchema } from "typebox";
import { Value } from "typebox/value";

export interface ToldSettings<S extends TSchema> {
  /** Undefined when the program was ended before it was told. */
  readonly settings: Static<S> | undefined;
  /** Aborted by the end of stdin, SIGTERM and SIGINT. */
  readonly signal: AbortSignal;
}

/** Rejects when the first line does not fit the schema. */
export async function settingsLine<S extends TSchema>(schema: S): Promise<ToldSettings<S>> {
  const stop = new AbortController();
  const input = createInterface({ input: process.stdin });
  input.once("close", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  process.once("SIGINT", () => stop.abort());
  const settings = await new Promise<Static<S> | undefined>((resolve, reject) => {
    input.once("line", (line) => {
      try {
        resolve(Value.Parse(schema, JSON.parse(line)));
      } catch (cause) {
        reject(new Error("the first line on stdin is not the settings", { cause }));
      }
    });
    stop.signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  return { settings, signal: stop.signal };
}
