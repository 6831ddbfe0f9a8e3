/** Texts of the record as the edge gives them: both languages always there, Chinese standing in where none was written. */
import type { Wording } from "../domain/document.ts";
import type { Bilingual } from "./contract/fields.ts";

export function bilingual(wording: Wording): Bilingual {
  return { zh: wording.zh, en: wording.en ?? wording.zh };
}
