/** Saves what the applicant takes along, by the one-time code from the kiosk. */
import { postBlob } from "../api.ts";

export type Taken = "pdf" | "receipt";

const FILES = { pdf: "document.pdf", receipt: "document.tlog-proof" } as const;

/** Asks for the file and hands it to the browser to save. Throws ApiFailure. */
export async function takeAlong(what: Taken, code: string, signal: AbortSignal): Promise<true> {
  const file = await postBlob(`/api/papers/take/${what}`, { code }, signal);
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = FILES[what];
  link.click();
  URL.revokeObjectURL(url);
  return true;
}
