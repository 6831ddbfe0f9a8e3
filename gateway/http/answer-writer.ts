/**
 * Writes an answer as its schema says. Invariant: a property that the contract does not name never leaves; an answer
 * that lacks one is a defect, which is told to `onBroken` and still sent, since the act behind it is done.
 */
import { Compile } from "typebox/compile";
import { Value } from "typebox/value";
import type { TSchema } from "typebox";

export function createAnswerWriter(onBroken: (route: string, places: readonly string[]) => void) {
  return ({
    schema,
    url,
    method,
  }: {
    schema: unknown;
    url: string;
    method: string;
  }): ((data: unknown) => string) => {
    let validator: ReturnType<typeof Compile> | undefined;
    return (data) => {
      // Compiled at first use: most routes of a start are never called with most of their answers.
      validator ??= Compile(schema as TSchema);
      if (validator.Check(data)) return JSON.stringify(data);
      const places = [...validator.Errors(data)]
        .slice(0, 8)
        .map((error) => `${error.instancePath} ${error.message}`);
      onBroken(`${method} ${url}`, places);
      return JSON.stringify(Value.Clean(schema as TSchema, structuredClone(data)));
    };
  };
}
