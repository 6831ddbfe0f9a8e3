/** Error codes of docks; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const docksErrors = {
  "docks.busy": {
    meaning:
      "Too many messages or chunks of docks wait for the disk; the dock keeps its own and tries again.",
    who: "technician",
    status: 503,
    zh: "系统繁忙，采集站将自动重试。",
    en: "Too much is waiting; the dock will try again.",
  },
  "docks.closed": {
    meaning: "The gateway is stopping; nothing was stored.",
    who: "technician",
    status: 503,
    zh: "系统正在停止。",
    en: "The gateway is stopping.",
  },
  "docks.notAdmitted": {
    meaning: "No such dock is bound, or its secret is wrong.",
    who: "technician",
    status: 401,
    zh: "采集站身份验证失败。",
    en: "The dock is unknown or its secret is wrong.",
  },
  "docks.noSuchUpload": {
    meaning: "The upload was never announced; the dock has to announce the file first.",
    who: "technician",
    status: 404,
    zh: "未找到该上传任务。",
    en: "No such upload; announce the file first.",
  },
  "docks.wrongOffset": {
    meaning:
      "The chunk does not begin where the durable bytes end; `offset` in the details says where that is.",
    who: "technician",
    status: 409,
    zh: "上传位置不正确。",
    en: "The chunk does not start at the stored offset.",
  },
  "docks.chunkTooLarge": {
    meaning: "A chunk is over 4 MiB, empty, or reaches beyond the announced size; nothing of it was stored.",
    who: "technician",
    status: 413,
    zh: "分块大小不正确。",
    en: "The chunk is empty, over 4 MiB or beyond the announced size.",
  },
  "docks.tooLarge": {
    meaning: "The announced file is empty or over the largest size this gateway takes.",
    who: "technician",
    status: 413,
    zh: "文件大小不正确。",
    en: "The file is empty or too large.",
  },
  "docks.hashMismatch": {
    meaning: "All bytes came but their SHA-256 is not the announced one; the upload starts again from 0.",
    who: "technician",
    status: 422,
    zh: "文件校验失败，需要重新上传。",
    en: "The SHA-256 of the file is not the announced one; upload it again.",
  },
  "docks.badAnnouncement": {
    meaning:
      "The same content was announced with another size, or a claim in the announcement is not usable.",
    who: "technician",
    status: 400,
    zh: "文件申报内容不正确。",
    en: "The announcement of the file is not valid.",
  },
  "docks.noSuchFile": {
    meaning: "No stored file has this id.",
    who: "clerk",
    status: 404,
    zh: "未找到该文件。",
    en: "No such file.",
  },
  "docks.badLabel": {
    meaning: "A label the profile demands is empty or too long; nothing was stored.",
    who: "clerk",
    status: 400,
    zh: "请完整填写事由、当事人姓名、执法人员姓名和执法证件号。",
    en: "Fill in matter, party, officer and certificate number.",
    article: "S4-30",
  },
  "docks.notReady": {
    meaning:
      "A body camera may not go out before the checks of the profile passed; `checks` in the details names them.",
    who: "clerk",
    status: 409,
    zh: "执法记录仪未通过使用前检查。",
    en: "The body camera has not passed the checks before use.",
    article: "S3-B-3",
  },
} as const satisfies Record<string, ErrorRow>;
