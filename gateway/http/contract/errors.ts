/** The one form in which every refusal and failure leaves the gateway. Invariant: no stack, no personal data. */
import { type Static, Type } from "typebox";
import { type ErrorCode, errorTable } from "../../domain/errors.ts";
import { Bilingual, closed } from "./fields.ts";

const CODES = Object.keys(errorTable).sort() as ErrorCode[];

const DetailValue = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Array(Type.String())]);

/** Schema of an error answer limited to these codes. */
export function errorAnswer(codes: readonly ErrorCode[]) {
  return closed({
    code: Type.Enum([...codes]),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    message: Bilingual,
    article: Type.Optional(Type.String({ description: "article behind a refusal, such as S1-6(4)" })),
    details: Type.Record(Type.String(), DetailValue),
    requestId: Type.String({ description: "finds the request in the gateway's own log" }),
  });
}

export const ErrorAnswer = errorAnswer(CODES);
export type ErrorAnswer = Static<typeof ErrorAnswer>;

/** All codes of an area, such as `intake`, for routes that hand a whole use case through. */
export function codesOf(...areas: readonly string[]): readonly ErrorCode[] {
  return CODES.filter((code) => areas.some((area) => code.startsWith(`${area}.`)));
}
