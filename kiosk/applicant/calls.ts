/** What the applicant's page asks of the gateway; the elements themselves never fetch. */
import type {
  ClaimedPaper,
  ClaimedPapers,
  KioskState,
  StrokesField,
} from "../../gateway/http/contract/kiosk.ts";
import type { DocumentContent } from "../../gateway/domain/document-content.ts";
import { call, setCsrfToken } from "../api.ts";
import { language } from "../text/language.ts";

export type PaperId = ClaimedPaper["documentId"];
export type WipeCause = "done" | "idle" | "request";

const lang = (): "zh" | "en" => (language() === "en" ? "en" : "zh");

/** Takes up the binding of this browser; throws with status 401 when there is none. */
export async function resumeBinding(signal: AbortSignal): Promise<void> {
  const { csrfToken } = await call("GET /api/kiosk/binding", { signal });
  setCsrfToken(csrfToken);
}

export async function bind(code: string, signal: AbortSignal): Promise<void> {
  const { csrfToken } = await call("POST /api/kiosk/binding", { body: { code }, signal });
  setCsrfToken(csrfToken);
}

export async function readState(signal: AbortSignal): Promise<KioskState> {
  return call("GET /api/kiosk/state", { signal });
}

export async function reportNoticeShown(
  notice: { readonly applicationId: PaperApplication; readonly noticeVersion: string },
  signal: AbortSignal,
): Promise<KioskState> {
  const { applicationId, noticeVersion } = notice;
  return call("POST /api/kiosk/notice-shown", {
    body: { applicationId, noticeVersion, lang: lang() },
    signal,
  });
}

type PaperApplication = Extract<KioskState["screen"], { kind: "recordingNotice" }>["applicationId"];

export async function claim(code: string, last4: string, signal: AbortSignal): Promise<KioskState> {
  return call("POST /api/kiosk/claim", { body: { code, last4 }, signal });
}

export async function listPapers(signal: AbortSignal): Promise<ClaimedPapers> {
  return call("GET /api/kiosk/papers", { signal });
}

export async function readContent(id: PaperId, signal: AbortSignal): Promise<DocumentContent> {
  return call("GET /api/kiosk/papers/:id/content", { params: { id }, query: { lang: lang() }, signal });
}

export async function printSlip(id: PaperId, signal: AbortSignal) {
  return call("POST /api/kiosk/papers/:id/print", { params: { id }, signal });
}

export async function signPaper(id: PaperId, strokes: StrokesField, signal: AbortSignal): Promise<void> {
  await call("POST /api/kiosk/papers/:id/sign", { params: { id }, body: strokes, signal });
}

export async function wipe(cause: WipeCause): Promise<void> {
  await call("POST /api/kiosk/wipe", { body: { cause } });
}
