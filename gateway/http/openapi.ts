/** The OpenAPI document, made from the contract: each route with its answers and every code it refuses with. */
import type { TSchema } from "typebox";
import { type ErrorCode, errorTable } from "../domain/errors.ts";
import { errorAnswer } from "./contract/errors.ts";
import { type RouteContract, isBinary } from "./contract/route.ts";

/** How a program says who it is; people have a session cookie that no description has to teach. */
export const SECURITY_SCHEMES = {
  bureauToken: {
    type: "http",
    scheme: "bearer",
    description: "RFC 6750; a supervisor makes the token, and the one before ends",
  },
} as const;

/** What an audience has to show, in the form of OpenAPI's `security`. */
export function securityOf({ audience }: RouteContract): readonly Readonly<Record<string, string[]>>[] {
  return audience === "bureau" ? [{ bureauToken: [] }] : [];
}

/** Codes that follow from what a route is: who may call it, what it takes, how often. */
export function edgeCodes(contract: RouteContract): readonly ErrorCode[] {
  const { audience, params, query, body, method } = contract;
  const codes: ErrorCode[] = ["http.internal", "http.tooManyRequests"];
  if (params !== undefined || query !== undefined || body !== undefined) codes.push("http.badRequest");
  if (method !== "GET")
    codes.push("http.bodyTooLarge", "http.wrongMediaType", "http.badRequest", "people.csrf");
  if (contract.webSocket === true) codes.push("people.csrf");
  switch (audience) {
    case "anyone":
      break;
    case "loopback":
      codes.push("http.loopbackOnly");
      break;
    case "kiosk":
      codes.push("people.kioskNotBound", "people.badSecretFile");
      break;
    case "applicant":
      codes.push("people.kioskNotBound", "people.noClaim", "people.badSecretFile");
      break;
    case "bureau":
      codes.push("bureau.notAdmitted");
      break;
    case "signedIn":
      codes.push("people.noSession");
      break;
    default:
      codes.push("people.noSession", "people.wrongRole");
  }
  return codes;
}

interface Documented {
  readonly description: string;
  readonly content: Record<string, { readonly schema: TSchema | Record<string, string> }>;
}

/** Answers by status: success first, then each refusal's status with its codes. */
export function documentedAnswers(contract: RouteContract): Record<string, Documented | TSchema> {
  const { answer, status = 200 } = contract;
  const answers: Record<string, Documented | TSchema> = {
    [status]: isBinary(answer)
      ? {
          description: answer.description,
          content: { [answer.mediaType]: { schema: { type: "string", format: "binary" } } },
        }
      : { description: "done", content: { "application/json": { schema: answer } } },
  };
  const byStatus = new Map<number, Set<ErrorCode>>();
  for (const code of [...contract.errors, ...edgeCodes(contract)]) {
    const codes = byStatus.get(errorTable[code].status) ?? new Set();
    byStatus.set(errorTable[code].status, codes.add(code));
  }
  for (const [refusal, codes] of byStatus)
    answers[refusal] = {
      description: [...codes].map((code) => `\`${code}\`: ${errorTable[code].en}`).join("\n\n"),
      content: { "application/json": { schema: errorAnswer([...codes]) } },
    };
  return answers;
}
