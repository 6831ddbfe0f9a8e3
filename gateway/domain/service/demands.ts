/**
 * What each way of serving has to carry, by profile and article, and what an attempt still lacks of it. Invariant:
 * an attempt that lacks anything is never complete, and each lack names the article it comes from.
 */
import type { Profile } from "../profile.ts";
import type { AttemptState, EvidenceKind, ServiceMethod } from "./service.ts";

export type Demand = { readonly kind: EvidenceKind; readonly article: string };

/** The article on each way of serving; S3 names none for licences, so the national rules of civil procedure stand. */
const ARTICLES: Readonly<Record<string, Readonly<Partial<Record<ServiceMethod, string>>>>> = {
  S0: {
    direct: "S0-20",
    postal: "S0-21",
    leaving: "S0-22",
    entrusted: "S0-23",
    forwarded: "S0-23",
    publicNotice: "S0-24",
  },
  S1: { direct: "S1-14", postal: "S1-14", leaving: "S1-14" },
  S2: {
    direct: "S2-18",
    postal: "S2-19",
    leaving: "S2-20",
    entrusted: "S2-21",
    forwarded: "S2-21",
    publicNotice: "S2-22",
  },
  S4: {
    direct: "S4-12(1)",
    postal: "S4-12(2)",
    leaving: "S4-12(3)",
    entrusted: "S4-12(4)",
    forwarded: "S4-12(4)",
    publicNotice: "S4-12(5)",
  },
};
/** 民事诉讼法 on service, where a regulation is silent. */
const NATIONAL: Readonly<Record<ServiceMethod, string>> = {
  direct: "民事诉讼法 88",
  postal: "民事诉讼法 91",
  leaving: "民事诉讼法 89",
  entrusted: "民事诉讼法 91",
  forwarded: "民事诉讼法 92",
  publicNotice: "民事诉讼法 95",
};
/** Days after which a public notice counts as served (民事诉讼法 95). */
export const PUBLIC_NOTICE_DAYS = 30;

export function serviceArticle(method: ServiceMethod, profile: Profile): string {
  return ARTICLES[profile.regulation]?.[method] ?? NATIONAL[method];
}

/** The profile's regulation names this way; another is lawful by national law and is marked. */
export function isNamed(method: ServiceMethod, profile: Profile): boolean {
  return profile.rule("service.methods").value.includes(method);
}

/** Whether the regulation makes footage of this way compulsory, or a reason may stand in its place. */
export function footageRule(method: ServiceMethod, profile: Profile): "compulsory" | "reasonEnough" | "none" {
  const required = profile.rule("av.required").value;
  if (method === "leaving") return required.includes("serviceByLeaving") ? "compulsory" : "reasonEnough";
  if (method === "publicNotice" && required.includes("serviceByPublicNotice")) return "compulsory";
  return "none";
}

const PIECES: Readonly<Record<ServiceMethod, readonly EvidenceKind[]>> = {
  direct: ["serverSignature", "recipientSignature"],
  postal: ["postalRegistration", "postalVoucher", "postalReturnReceipt"],
  leaving: ["serverSignature"],
  entrusted: ["serverSignature", "recipientSignature"],
  forwarded: ["serverSignature", "recipientSignature"],
  publicNotice: ["publishedNotice"],
};

/** Everything this way has to show under this profile. */
export function demandsOf(method: ServiceMethod, profile: Profile): readonly Demand[] {
  const article = serviceArticle(method, profile);
  const demands: Demand[] = PIECES[method].map((kind) => ({ kind, article }));
  if (method === "leaving" && profile.rule("service.leavingWitness").value)
    demands.push({ kind: "witnessSignature", article });
  if (footageRule(method, profile) !== "none") demands.push({ kind: "footage", article });
  return demands;
}

/** What the attempt still lacks; empty: it can be completed. */
export function lacking(attempt: AttemptState, profile: Profile): readonly Demand[] {
  const article = serviceArticle(attempt.method, profile);
  const has = (kind: EvidenceKind): boolean =>
    attempt.evidence.some(
      (piece) =>
        piece.kind === kind &&
        (piece.link !== undefined ||
          piece.mode !== undefined ||
          (piece.exemption !== undefined && footageRule(attempt.method, profile) === "reasonEnough")),
    );
  const missing = demandsOf(attempt.method, profile).filter(({ kind }) => !has(kind));
  // What was signed in ink is shown by the signed paper alone.
  const inked = attempt.evidence.some((piece) => piece.mode === "ink");
  if (inked && !has("signedReceipt")) missing.push({ kind: "signedReceipt", article });
  return missing;
}

/** Whether a paper may be left at this place (S0-22: unit or domicile; elsewhere the domicile). */
export function mayBeLeftAt(placeKind: string, profile: Profile): boolean {
  const allowed = profile.rule("service.leavingPlace").value;
  return placeKind === "domicile" || (placeKind === "unit" && allowed === "unitOrDomicile");
}
