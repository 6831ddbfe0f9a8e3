/**
 * The language of the page: Chinese is written in the code, other languages are modules keyed by message id.
 * Invariant: `<html lang>` always names the language that is on screen.
 */
import { configureLocalization } from "@lit/localize";
import type { Translations } from "./translations.ts";

export type Language = "zh-Hans" | "en";

let current: ReturnType<typeof configureLocalization> | undefined;

/** To be called once per page, before its first render, with the page's own English texts. */
export function configureLanguage(loadEnglish: () => Promise<{ readonly templates: Translations }>): void {
  current = configureLocalization({
    sourceLocale: "zh-Hans",
    targetLocales: ["en"],
    loadLocale: loadEnglish,
  });
}

export function language(): Language {
  return current?.getLocale() === "en" ? "en" : "zh-Hans";
}

/** Resolves when the texts are loaded and every localized element has been asked to render again. */
export async function setLanguage(wanted: Language): Promise<void> {
  await current?.setLocale(wanted);
  document.documentElement.lang = language();
}

/** The one of two texts, both given by the gateway, that fits the language on screen. */
export function pick(texts: { readonly zh: string; readonly en: string }): string {
  return language() === "en" ? texts.en : texts.zh;
}
