/**
 * How dates, days, people and law are worded, in Chinese for the record and in English for reading along.
 * Invariant: both languages are written at the same place, so none can be forgotten.
 */
import type { ContentLang } from "../../domain/document-content.ts";
import type { DueDate, LegalBasis, ListedMaterial, Officer, Wording } from "../../domain/document.ts";
import { type CivilDate, beijingDate, beijingDateTime } from "../../domain/time.ts";

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

export interface Voice {
  readonly lang: ContentLang;
  /** Picks the text of this language. */
  say(zh: string, en: string): string;
  /** Published or entered wording; without a translation the original stands. */
  word(wording: Wording): string;
  /** `2026年3月5日`. */
  date(date: CivilDate): string;
  /** `2026年3月5日10时05分`, Beijing time. */
  moment(wallMs: number): string;
  /** The civil day of a moment, Beijing time. */
  day(wallMs: number): string;
  due(due: DueDate): string;
  basis(basis: LegalBasis): string;
  officer(officer: Officer): string;
  /** Name in the marks 《》 where Chinese uses them. */
  titled(name: string): string;
}

export function voice(lang: ContentLang): Voice {
  const say = (zh: string, en: string): string => (lang === "zh" ? zh : en);
  const date = (civil: CivilDate): string => {
    const [year, month, day] = civil.split("-").map(Number);
    return say(`${year}年${month}月${day}日`, `${day} ${MONTHS[(month ?? 1) - 1] ?? ""} ${year}`);
  };
  const DUE_SOURCE = {
    statutory: say("法定期限", "limit by law"),
    local: say("本机关规定期限", "limit set by this authority"),
    promised: say("承诺期限", "promised limit"),
  } as const;
  const ROLE = {
    receiving: say("收件", "receiving"),
    handling: say("经办", "handling"),
    reviewing: say("审核", "reviewing"),
    approving: say("批准", "approving"),
    responsible: say("负责", "responsible"),
  } as const;
  return {
    lang,
    say,
    date,
    word: (wording) => (lang === "zh" ? wording.zh : (wording.en ?? wording.zh)),
    day: (wallMs) => date(beijingDate(wallMs)),
    moment: (wallMs) => {
      const clock = beijingDateTime(wallMs).slice(11, 16);
      const day = date(beijingDate(wallMs));
      return say(`${day}${clock.replace(":", "时")}分`, `${day}, ${clock}`);
    },
    due: (due) => {
      const open = say("（", " (");
      const close = say("）", ")");
      const mark = due.provisional ? say("，暂定", ", provisional") : "";
      return `${date(due.date)}${open}${DUE_SOURCE[due.source]}${mark}${close}`;
    },
    basis: ({ instrument, article }) => `《${instrument}》${article}`,
    officer: ({ name, certNo, role }) =>
      `${name}${say("（", " (")}${ROLE[role]}${certNo === undefined ? "" : say(`，执法证件号${certNo}`, `, certificate ${certNo}`)}${say("）", ")")}`,
    titled: (name) => say(`《${name}》`, `“${name}”`),
  };
}

/** Cells of a material list's row: number, name, form, copies, pages, medium. */
export function materialRow(v: Voice, material: ListedMaterial, index: number): readonly string[] {
  return [
    String(index + 1),
    v.word(material.name),
    material.form === "original" ? v.say("原件", "original") : v.say("复印件", "copy"),
    String(material.copies),
    String(material.pages),
    material.medium === "paper" ? v.say("纸质", "paper") : v.say("电子", "electronic"),
  ];
}

/** A telephone number with its middle hidden, for a slip that other eyes may fall on. */
export function maskedMeans(means: string): string {
  return means.replace(/\d{7,}/g, (digits) => `${digits.slice(0, 3)}****${digits.slice(-4)}`);
}
