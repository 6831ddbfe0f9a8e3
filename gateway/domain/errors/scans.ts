/** Codes of scans, photos and stand-alone audio. */
import type { ErrorRow } from "./row.ts";

export const scansErrors = {
  "scans.tooLarge": {
    meaning: "the announced size is nothing, or above what this kind may have (`mostBytes`)",
    who: "clerk",
    status: 413,
    zh: "文件为空或超过允许的大小。",
    en: "The file is empty or larger than this kind may be.",
  },
  "scans.otherKind": {
    meaning: "the content is of another kind than announced, or the same content was announced otherwise",
    who: "clerk",
    status: 422,
    zh: "文件内容与所选类型不符。",
    en: "The content is not of the kind it was announced as.",
  },
  "scans.notReadable": {
    meaning: "the content can't be read as its kind: broken, encrypted or something else",
    who: "clerk",
    status: 422,
    zh: "文件无法识读，可能已损坏或加密，请重新扫描。",
    en: "The file can't be read: it is broken or encrypted. Scan it again.",
  },
  "scans.bomb": {
    meaning: "a picture unfolds to more pixels or pages than is allowed",
    who: "clerk",
    status: 422,
    zh: "图片像素或页数过多，请降低分辨率后重新扫描。",
    en: "The picture has too many pixels or pages. Scan it with a lower resolution.",
  },
  "scans.activeContent": {
    meaning: "a PDF holds scripts, launch actions or embedded files",
    who: "clerk",
    status: 422,
    zh: "PDF 含有脚本或附件，不能作为扫描件保存。",
    en: "The PDF holds scripts or embedded files and is not taken as a scan.",
  },
  "scans.hashMismatch": {
    meaning: "what arrived is not what was announced; the upload begins again",
    who: "clerk",
    status: 422,
    zh: "文件上传不完整，请重新上传。",
    en: "What arrived is not what was announced. Upload it again.",
  },
  "scans.noProbe": {
    meaning: "ffprobe is not installed, so audio can't be looked into; the upload stays as it is",
    who: "technician",
    status: 503,
    zh: "系统缺少音频检测程序，请联系技术员。",
    en: "The program that looks into audio is missing. Call the technician.",
  },
  "scans.noSuchScan": {
    meaning: "no stored scan has this id",
    who: "clerk",
    status: 404,
    zh: "没有这份扫描件。",
    en: "There is no such scan.",
  },
  "scans.noSuchTarget": {
    meaning: "what the scan is to be linked to does not exist here",
    who: "clerk",
    status: 422,
    zh: "要关联的对象不存在。",
    en: "What the scan is to be linked to does not exist.",
  },
  "scans.noPicture": {
    meaning: "a PDF or audio has no thumbnail",
    who: "developer",
    status: 404,
    zh: "该文件没有缩略图。",
    en: "This file has no thumbnail.",
  },
} as const satisfies Record<string, ErrorRow>;
