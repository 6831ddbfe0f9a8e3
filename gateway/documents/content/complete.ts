/**
 * A form is filled without gaps (S3-A-9): what REGULATIONS 2.3 asks of each kind is there, and no text is blank.
 * Invariant: an incomplete document is refused before it can be issued, by the name of the field.
 */
import type { DocumentFacts } from "../../domain/document.ts";
import { CodedError } from "../../domain/errors.ts";

function blanks(value: unknown, path: string, out: string[]): void {
  if (typeof value === "string") {
    if (value.trim() === "") out.push(path);
  } else if (Array.isArray(value)) value.forEach((one, index) => blanks(one, `${path}.${index}`, out));
  else if (typeof value === "object" && value !== null)
    for (const [key, one] of Object.entries(value)) blanks(one, path === "" ? key : `${path}.${key}`, out);
}

/** Lists that may not be empty, by kind; officers and copies go for all. */
function neededLists(facts: DocumentFacts): Readonly<Record<string, readonly unknown[]>> {
  const { officers, copies, basis } = facts;
  const all = { officers, copies };
  switch (facts.kind) {
    case "materialReceipt":
      return { ...all, basis, materials: facts.materials, noticeDue: facts.noticeDue };
    case "supplementReceipt":
    case "materialReturnList":
      return { ...all, basis, materials: facts.materials };
    case "acceptanceNotice":
    case "lateAcceptanceNotice":
      return { ...all, basis, materials: facts.materials, decisionDue: facts.decisionDue };
    case "correctionNotice":
      return { ...all, basis, items: facts.items };
    case "nonAcceptanceNotice":
      return {
        ...all,
        basis,
        remedies: facts.remedies,
        ...(facts.because.ground === "incomplete" ? { "because.items": facts.because.items } : {}),
      };
    case "oralApplicationRecord":
      return { ...all, basis };
    case "correctionRecord":
      return { ...all, basis, corrections: facts.corrections };
    case "serviceReceipt":
      break;
  }
  return {
    ...all,
    served: facts.served,
    ...(facts.service.method === "publicNotice"
      ? { "service.failedAttempts": facts.service.failedAttempts }
      : {}),
  };
}

/** Names of the fields that are missing or blank; none when the form is complete. */
export function missingFields(facts: DocumentFacts): readonly string[] {
  const out: string[] = [];
  blanks(facts, "", out);
  for (const [name, list] of Object.entries(neededLists(facts))) if (list.length === 0) out.push(name);
  return out;
}

/** Throws `documents.incomplete` with the names of the fields, never their content. */
export function assertComplete(facts: DocumentFacts): void {
  const fields = missingFields(facts);
  if (fields.length > 0) throw new CodedError("documents.incomplete", { kind: facts.kind, fields });
}
