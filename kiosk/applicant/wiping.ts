/**
 * Forgetting a person. Invariant: after `wipePage` neither storage, caches, address, language, contrast nor
 * text size tell anything of them, and a wipe that the gateway has not confirmed stays owed until it has.
 */
import { setReading } from "../controllers/reading.ts";
import { setLanguage } from "../text/language.ts";
import { type WipeCause, wipe } from "./calls.ts";

let owed: WipeCause | undefined;

/** Whether the gateway still has to be told; until then nothing it presents may be shown. */
export function wipeIsOwed(): boolean {
  return owed !== undefined;
}

/** Tells the gateway, if it has to be told; throws ApiFailure and keeps owing when it can't. */
export async function settleWipe(): Promise<void> {
  if (owed === undefined) return;
  await wipe(owed);
  owed = undefined;
}

/** Clears what the browser keeps outside the elements, and notes that the gateway has to forget too. */
export async function wipePage(cause: WipeCause): Promise<void> {
  owed = cause;
  localStorage.clear();
  sessionStorage.clear();
  history.replaceState(null, "", location.pathname);
  setReading({ largeText: false, highContrast: false });
  await setLanguage("zh-Hans");
  if (!("caches" in globalThis)) return;
  for (const name of await caches.keys()) await caches.delete(name);
}
