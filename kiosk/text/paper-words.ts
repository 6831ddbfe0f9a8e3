/** Names of the documents of the counter where their own title is not at hand. */
import { msg } from "@lit/localize";
import type { DocumentKind } from "../../gateway/domain/document.ts";

const PAPERS: Readonly<Record<DocumentKind, () => string>> = {
  materialReceipt: () => msg("申请材料接收凭证", { id: "paperKind.materialReceipt" }),
  supplementReceipt: () => msg("补正材料接收凭证", { id: "paperKind.supplementReceipt" }),
  acceptanceNotice: () => msg("受理通知书", { id: "paperKind.acceptanceNotice" }),
  lateAcceptanceNotice: () => msg("受理通知书（逾期视为受理）", { id: "paperKind.lateAcceptanceNotice" }),
  correctionNotice: () => msg("补正通知书", { id: "paperKind.correctionNotice" }),
  nonAcceptanceNotice: () => msg("不予受理通知书", { id: "paperKind.nonAcceptanceNotice" }),
  correctionRecord: () => msg("当场更正记录", { id: "paperKind.correctionRecord" }),
  materialReturnList: () => msg("申请材料退回清单", { id: "paperKind.materialReturnList" }),
  oralApplicationRecord: () => msg("口头申请记录", { id: "paperKind.oralApplicationRecord" }),
  serviceReceipt: () => msg("送达回证", { id: "paperKind.serviceReceipt" }),
};

export function paperWord(kind: DocumentKind): string {
  return PAPERS[kind]();
}
