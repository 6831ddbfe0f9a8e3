/** What a module of translated texts is: message id to text, placeholders as numbers in the source's order. */
import type { str } from "@lit/localize";

export type Translations = Readonly<Record<string, string | ReturnType<typeof str>>>;
