/** Error codes of the HTTP edge; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const httpErrors = {
  "http.notFound": {
    meaning: "no route or no such thing at this address",
    who: "developer",
    status: 404,
    zh: "没有找到请求的内容。",
    en: "Nothing was found at this address.",
  },
  "http.badRequest": {
    meaning: "the request does not have the form that the contract gives",
    who: "developer",
    status: 400,
    zh: "请求的格式不正确。",
    en: "The request is not in the expected form.",
  },
  "http.bodyTooLarge": {
    meaning: "the body is larger than this route accepts",
    who: "developer",
    status: 413,
    zh: "提交的内容过大。",
    en: "The submitted content is too large.",
  },
  "http.wrongMediaType": {
    meaning: "the body's media type is not one this route accepts",
    who: "developer",
    status: 415,
    zh: "提交内容的类型不受支持。",
    en: "This type of content is not supported here.",
  },
  "http.tooManyRequests": {
    meaning: "the caller's rate limit is used up",
    who: "applicant",
    status: 429,
    zh: "操作过于频繁，请稍后再试。",
    en: "Too many attempts. Please wait a moment.",
  },
  "http.loopbackOnly": {
    meaning: "the route answers callers on the box itself alone",
    who: "technician",
    status: 403,
    zh: "此内容只能在本机访问。",
    en: "This is available on the box itself only.",
  },
  "http.timeout": {
    meaning: "the request did not arrive whole in time",
    who: "developer",
    status: 408,
    zh: "请求超时。",
    en: "The request took too long to arrive.",
  },
  "http.internal": {
    meaning: "a defect; the cause is in the log under the request id and never in the answer",
    who: "technician",
    status: 500,
    zh: "系统内部错误，请联系技术员。",
    en: "Internal error. Please call the technician.",
  },
} as const satisfies Record<string, ErrorRow>;
