/** Error codes of documents and their printing; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const documentsErrors = {
  "documents.incomplete": {
    meaning: "A field that the form needs is missing or blank; the document was not issued.",
    who: "clerk",
    status: 422,
    zh: "文书还有必填内容未填写，不能出具。",
    en: "The document has fields that aren't filled in; it can't be issued.",
    article: "S3-A-9",
  },
  "documents.characterNotShown": {
    meaning: "A character of the facts has no glyph in any font of the box; the document was not issued.",
    who: "clerk",
    status: 422,
    zh: "文书中有无法显示的字符，请修改后再出具。",
    en: "The document has a character that can't be shown; please change it.",
  },
  "documents.noSuchDocument": {
    meaning: "No document with this id or number is in the log.",
    who: "clerk",
    status: 404,
    zh: "没有这份文书。",
    en: "There is no such document.",
  },
  "documents.notFinished": {
    meaning: "The document is issued, but its final bytes with the QR are not stored yet.",
    who: "technician",
    status: 409,
    zh: "文书已出具，正在生成正式版本，请稍后再试。",
    en: "The document is issued; its final version is still being made. Please try again shortly.",
  },
  "documents.renderTimeout": {
    meaning: "The renderer gave no answer in time and was ended; the next job starts a new one.",
    who: "technician",
    status: 503,
    zh: "文书排版超时，请重试。",
    en: "Typesetting took too long; please try again.",
  },
  "documents.renderFailed": {
    meaning: "The renderer could not typeset the document or died while doing so.",
    who: "technician",
    status: 503,
    zh: "文书排版失败，请重试或联系技术人员。",
    en: "Typesetting failed; please try again or call the technician.",
  },
  "documents.renderQueueFull": {
    meaning: "More documents wait for the renderer than its queue holds.",
    who: "clerk",
    status: 503,
    zh: "等待排版的文书过多，请稍后再试。",
    en: "Too many documents are waiting; please try again shortly.",
  },
  "documents.rendererClosed": {
    meaning: "The gateway is shutting down and takes no more documents.",
    who: "clerk",
    status: 503,
    zh: "系统正在关闭，请稍后再试。",
    en: "The system is shutting down; please try again later.",
  },
  "documents.numberVoid": {
    meaning: "The paper's number was made void, so no slip of it is printed; it can still be read.",
    who: "clerk",
    status: 409,
    zh: "该文书编号已作废，不能打印，请打印重新出具的文书。",
    en: "This paper's number is void; please print the one that was issued in its place.",
  },
  "documents.printBusy": {
    meaning: "A print of this very document is under way.",
    who: "clerk",
    status: 409,
    zh: "该文书正在打印，请稍候。",
    en: "This document is being printed; please wait.",
  },
  "documents.printFailed": {
    meaning:
      "The printer did not take the whole slip; the document stays issued and unprinted (I13). `reason` says why.",
    who: "technician",
    status: 502,
    zh: "文书已生效，但小票未打印成功，请检查打印机后重新打印。",
    en: "The document is issued, but the slip was not printed. Please check the printer and print again.",
  },
} as const satisfies Record<string, ErrorRow>;
