/** Codes of the registry of officers. */
import type { ErrorRow } from "./row.ts";

export const officersErrors = {
  "officers.badField": {
    meaning: "a field of an officer is empty or not of its form; `field` names it",
    who: "supervisor",
    status: 422,
    zh: "执法人员信息填写不正确，请检查标出的项目。",
    en: "A field of the officer is not right. Check the one that is marked.",
  },
  "officers.assistantCertificate": {
    meaning: "an assistant was entered with a certificate; assistants only assist",
    who: "supervisor",
    status: 422,
    article: "S0-4",
    zh: "辅助人员不持执法证，不能填写执法证号。",
    en: "An assistant holds no enforcement certificate.",
  },
  "officers.noSuchOfficer": {
    meaning: "nobody with this id is in the registry or has an account",
    who: "supervisor",
    status: 404,
    zh: "没有这名执法人员。",
    en: "There is no such officer.",
  },
  "officers.tooFew": {
    meaning: "an act in the field names fewer officers than the profile wants",
    who: "clerk",
    status: 422,
    zh: "外出执法须有两名以上执法人员，请补充。",
    en: "An act outside the office needs two officers. Name the other one.",
  },
  "officers.credentialsNotShown": {
    meaning: "an act in the field does not say that the certificates were shown",
    who: "clerk",
    status: 422,
    zh: "须记明已出示执法证件。",
    en: "Record that the enforcement certificates were shown.",
  },
  "officers.certificateNeeded": {
    meaning: "somebody without a valid certificate is named on an act of a profile that refuses it",
    who: "clerk",
    status: 422,
    zh: "所列人员没有有效的执法证，请改由持证人员办理。",
    en: "Somebody named has no valid certificate. Name a certified officer.",
  },
} as const satisfies Record<string, ErrorRow>;
