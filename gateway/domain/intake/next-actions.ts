/**
 * What can be done next with an application and why the rest can't: the same refusals that `decide` would give.
 */
import type { ErrorCode } from "../errors.ts";
import type { IntakeCommandType } from "./commands.ts";

export type NextAction =
  | { readonly action: IntakeCommandType; readonly allowed: true }
  | {
      readonly action: IntakeCommandType;
      readonly allowed: false;
      readonly code: ErrorCode;
      /** Article behind the refusal in the application's own profile, where there is one. */
      readonly article?: string;
      readonly details: Readonly<Record<string, string | number | boolean | readonly string[]>>;
    };
