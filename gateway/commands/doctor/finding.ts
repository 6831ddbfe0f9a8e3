/** What the doctor found: one line in Chinese and English behind a sign that needs no colour to be read. */

/** `bad`: the gateway won't do its work; `mind`: it will, but somebody should know. */
export type Grade = "good" | "mind" | "bad";

export interface Finding {
  readonly grade: Grade;
  readonly zh: string;
  readonly en: string;
}

const SIGNS: Readonly<Record<Grade, string>> = { good: "[ ok ]", mind: "[注意]", bad: "[不行]" };
const SIGN_WORDS: Readonly<Record<Grade, string>> = { good: "", mind: "MIND ", bad: "BAD " };

export const good = (zh: string, en: string): Finding => ({ grade: "good", zh, en });
export const mind = (zh: string, en: string): Finding => ({ grade: "mind", zh, en });
export const bad = (zh: string, en: string): Finding => ({ grade: "bad", zh, en });

export function lineOf({ grade, zh, en }: Finding): string {
  return `${SIGNS[grade]} ${zh} · ${SIGN_WORDS[grade]}${en}`;
}
