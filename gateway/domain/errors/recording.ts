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
} as const satisfies Record<string, ErrorRow>;
