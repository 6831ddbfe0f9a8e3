/** Error codes of store; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const storeErrors = {
  "store.queueFull": {
    meaning: "the append queue is at its bound: the disk is slower than what arrives; nothing was recorded",
    who: "technician",
    status: 503,
    zh: "存储繁忙，请稍后再试；如持续出现请联系技术员。",
    en: "Storage is busy. Try again; call the technician if it goes on.",
  },
  "store.badDraft": {
    meaning: "a draft can't become an entry: a number is not whole, a text is not ASCII, a body is too large",
    who: "developer",
    status: 500,
    zh: "系统内部错误，请联系技术员。",
    en: "Internal error. Please call the technician.",
  },
  "store.diskFailed": {
    meaning:
      "the disk refused a write and reopening did not help; nothing was confirmed, and after a restart the entry may turn out to be kept",
    who: "technician",
    status: 503,
    zh: "存储写入失败，内容未确认保存，请联系技术员。",
    en: "Storage failed and nothing was confirmed. Call the technician.",
  },
  "store.diskFull": {
    meaning: "free space is below the low-water mark: footage is refused, records still go through",
    who: "technician",
    status: 507,
    zh: "磁盘空间不足，录像已停止，业务办理不受影响，请联系技术员。",
    en: "The disk is nearly full: recording has stopped, the intake goes on. Call the technician.",
  },
  "store.keysNotTaken": {
    meaning: "the signer did not take the announced keys: they are not its next ones; the old keys go on",
    who: "technician",
    status: 409,
    zh: "签名进程未启用新密钥，原密钥继续有效，请重新发起更换。",
    en: "The signer did not take the new keys; the old ones go on. Start the change again.",
  },
  "store.closed": {
    meaning: "the store is closing or closed",
    who: "technician",
    status: 503,
    zh: "系统正在停止，请稍后再试。",
    en: "The system is stopping. Try again later.",
  },
  "store.unreadable": {
    meaning: "a database of the data folder can't be opened; the details name the folder",
    who: "technician",
    status: 500,
    zh: "数据文件夹无法打开，请联系技术员。",
    en: "The data folder can't be opened. Call the technician.",
  },
  "store.signerAway": {
    meaning:
      "no checkpoint within the limit because the signer does not answer; recording goes on, papers wait",
    who: "technician",
    status: 503,
    zh: "签名程序没有响应，文书暂时无法出具，请联系技术员。",
    en: "The signer does not answer, so no paper can be issued now. Call the technician.",
  },
  "store.viewFailed": {
    meaning: "a view could not apply an entry and stands still; what it answers would be stale",
    who: "developer",
    status: 500,
    zh: "系统内部错误，请联系技术员。",
    en: "Internal error. Please call the technician.",
  },
  "store.viewsBehind": {
    meaning:
      "the views did not catch up within the limit, such as during a rebuild; the entry itself is durable",
    who: "technician",
    status: 503,
    zh: "数据正在重新整理，请稍后再试。",
    en: "Views are being rebuilt. Try again later.",
  },
  "store.lateRegistration": {
    meaning: "a view was registered after the store began to catch up, or twice under one name",
    who: "developer",
    status: 500,
    zh: "系统内部错误，请联系技术员。",
    en: "Internal error. Please call the technician.",
  },
  "store.readerAway": {
    meaning: "the reader process did not answer within the limit; it is restarted, recording goes on",
    who: "technician",
    status: 503,
    zh: "历史录像暂时无法读取，请稍后再试。",
    en: "Stored footage can't be read right now. Try again later.",
  },
  "store.noSuchVolume": {
    meaning: "there is no sealed volume that begins there: it is gone, or it is the one being written",
    who: "developer",
    status: 404,
    zh: "没有这个已封存的录像分卷。",
    en: "There is no such sealed volume.",
  },
  "store.nothingToGo": {
    meaning: "the request names nothing that is still here, or no legal basis; nothing was changed",
    who: "developer",
    status: 409,
    zh: "没有可释放或销毁的内容，或缺少依据，未作任何更改。",
    en: "Nothing to release or destroy, or no basis was given. Nothing was changed.",
  },
  "store.notErasable": {
    meaning: "the entry's type carries state or tells of the log itself and is never destroyed",
    who: "supervisor",
    status: 409,
    zh: "该类条目记载办理过程，不能销毁。",
    en: "Entries of this type tell what was done and can't be destroyed.",
  },
  "store.volumeUnreadable": {
    meaning:
      "a sealed volume can't be opened or read; the details name it, the log still proves what it held",
    who: "technician",
    status: 500,
    zh: "一段历史录像的存储已损坏，请联系技术员。",
    en: "A volume of stored footage is damaged. Call the technician.",
  },
} as const satisfies Record<string, ErrorRow>;
