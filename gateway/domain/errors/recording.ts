/** Error codes of recording; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const recordingErrors = {
  "recording.noFootage": {
    meaning: "nothing was recorded in the range that was asked for; the gaps say why",
    who: "supervisor",
    status: 404,
    zh: "该时段没有录像。",
    en: "Nothing was recorded in this period.",
  },
  "recording.rangeTooLong": {
    meaning: "the range is longer than one playlist may cover, or ends before it begins",
    who: "supervisor",
    status: 400,
    zh: "所选时段无效或过长。",
    en: "The chosen period is not valid or too long.",
  },
  "recording.notFootage": {
    meaning: "the reference does not lead to an init segment or a fragment of a camera",
    who: "developer",
    status: 404,
    zh: "该引用不是录像。",
    en: "This reference is not footage.",
  },
  "recording.badMedia": {
    meaning: "parameter sets or a fragment can't be understood; the bytes are kept as the camera sent them",
    who: "technician",
    status: 422,
    zh: "无法解析该摄像机的视频参数。",
    en: "The camera's video parameters can't be understood.",
  },
  "recording.snapshotFailed": {
    meaning: "ffmpeg could not make a picture of the newest key frame; recording is not affected",
    who: "technician",
    status: 503,
    zh: "暂时无法生成截图，录像不受影响。",
    en: "No still picture can be made now. Recording goes on.",
  },
  "recording.exportBusy": {
    meaning: "another export runs; one at a time, so that recording keeps the disk",
    who: "supervisor",
    status: 409,
    zh: "另一项导出正在进行，请稍后再试。",
    en: "Another export is running. Please try again later.",
  },
  "recording.exportGone": {
    meaning: "the export was already fetched, cancelled, or is not known any more",
    who: "supervisor",
    status: 409,
    zh: "该导出已结束或已取消，请重新导出。",
    en: "This export is over or was cancelled. Start a new one.",
  },
  "recording.exportNoRoom": {
    meaning: "too little room on the disk to prepare a file without endangering recording",
    who: "technician",
    status: 507,
    zh: "磁盘空间不足，为保证录像暂不能导出。",
    en: "There is too little disk space to export without endangering recording.",
  },
  "recording.exportFailed": {
    meaning: "ffmpeg could not put the stored fragments into an MP4; the footage itself is not affected",
    who: "technician",
    status: 500,
    zh: "生成 MP4 文件失败，原始录像不受影响。",
    en: "The MP4 could not be made. The footage itself is not affected.",
  },
} as const satisfies Record<string, ErrorRow>;
