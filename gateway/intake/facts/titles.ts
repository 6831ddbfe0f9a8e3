/** Titles of the papers: what the profile says where names differ by regulation, one form for all else. */
import type { DocumentKind, Wording } from "../../domain/document.ts";
import type { Profile } from "../../domain/profile.ts";

// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which the compiler proves
export function titleOf(kind: DocumentKind, profile: Profile): Wording {
  switch (kind) {
    case "materialReceipt":
      return { zh: "申请材料接收凭证", en: "Receipt for application materials" };
    case "supplementReceipt":
      return { zh: "补正材料接收凭证", en: "Receipt for supplemented materials" };
    case "acceptanceNotice":
      return { zh: profile.rule("documents.acceptanceTitle").value, en: "Notice of acceptance" };
    case "lateAcceptanceNotice":
      return { zh: profile.rule("documents.acceptanceTitle").value, en: "Late notice of acceptance" };
    case "correctionNotice":
      return { zh: profile.rule("documents.correctionTitle").value, en: "Correction notice" };
    case "nonAcceptanceNotice":
      return { zh: profile.rule("documents.nonAcceptTitle").value, en: "Notice of non-acceptance" };
    case "correctionRecord":
      return { zh: "当场更正记录", en: "Record of corrections made on the spot" };
    case "materialReturnList":
      return { zh: "申请材料退回清单", en: "List of materials returned" };
    case "serviceReceipt":
      return { zh: "送达回证", en: "Proof of service" };
    case "oralApplicationRecord":
      return { zh: "口头申请记录", en: "Record of an oral application" };
  }
}

/** What `notified` gives in the same act as the correction notice. */
export function papersWithCorrection(profile: Profile): readonly DocumentKind[] {
  if (profile.rule("notice.incompleteEffect").value === "awaitSupplement") return [];
  return [
    "nonAcceptanceNotice",
    ...(profile.rule("notice.returnMaterials").value ? (["materialReturnList"] as const) : []),
  ];
}
