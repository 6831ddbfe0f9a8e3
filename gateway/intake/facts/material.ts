/**
 * Pieces that several papers share: parties, material lists, legal bases, due dates. Invariant: no full identity number
 * ever leaves here; a paper carries first and last character only (REGULATIONS 2.6).
 */
import type { LicenceMatter, Requirement } from "../../domain/catalogue.ts";
import type {
  Contact,
  DueDate,
  LegalBasis,
  ListedMaterial,
  NoticeItem,
  Officer,
  Party,
} from "../../domain/document.ts";
import { maskedNumber } from "../../domain/identity.ts";
import type { HandedItem } from "../../domain/intake/commands.ts";
import type { RunningClock } from "../../domain/intake/clocks.ts";
import type { Agent, Applicant } from "../../domain/intake/party.ts";
import type { ApplicationState, ItemState } from "../../domain/intake/state.ts";
import type { Profile } from "../../domain/profile.ts";
import type { ParameterKey } from "../../domain/profile-parameters.ts";

const LAW = "中华人民共和国行政许可法";
const NUMERALS = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

/** 1 to 99 in Chinese numerals, as articles are printed. */
export function numeral(value: number): string {
  const tens = Math.floor(value / 10);
  const ones = value % 10;
  if (tens === 0) return NUMERALS[ones] ?? "";
  return `${tens === 1 ? "" : (NUMERALS[tens] ?? "")}十${ones === 0 ? "" : (NUMERALS[ones] ?? "")}`;
}

/** `6(4)` or `A-11(1)` as printed: 第六条第（四）项. */
export function printedArticle(article: string): string {
  const match = /(\d+)(?:\((\d+)\))?$/.exec(article);
  if (match?.[1] === undefined) return article;
  const item = match[2] === undefined ? "" : `第（${numeral(Number(match[2]))}）项`;
  return `第${numeral(Number(match[1]))}条${item}`;
}

/** Article 32 of the Licensing Law; `item` of its first paragraph. */
export function law32(item?: number): LegalBasis {
  return {
    instrument: LAW,
    article: item === undefined ? "第三十二条" : `第三十二条第一款第（${numeral(item)}）项`,
  };
}

/** Article 29 of the Licensing Law: how an application is made. */
export function law29(): LegalBasis {
  return { instrument: LAW, article: "第二十九条" };
}

/** The rule of the authority's own regulation, where that speaks. */
export function localBasis(profile: Profile, key: ParameterKey): readonly LegalBasis[] {
  const rule = profile.rule(key);
  if (rule.basis !== "regulation") return [];
  const { regulation, article } = rule.source;
  return [{ instrument: profile.name.zh, article: printedArticle(article), ref: `${regulation}-${article}` }];
}

/** An article by its citation: `S0-21` of the authority's own regulation, or `民事诉讼法 91` of national law. */
export function articleBasis(article: string, profile: Profile): LegalBasis {
  const national = /^(\p{Script=Han}+) (.+)$/u.exec(article);
  return national === null
    ? { instrument: profile.name.zh, article: printedArticle(article), ref: article }
    : { instrument: `中华人民共和国${national[1] ?? ""}`, article: printedArticle(national[2] ?? "") };
}

export function partyOf(applicant: Applicant): Party {
  return applicant.kind === "person"
    ? { kind: "person", name: applicant.name, maskedId: maskedNumber(applicant.idNumber) }
    : { kind: "organisation", name: applicant.name, maskedId: maskedNumber(applicant.creditCode) };
}

export function contactOf(applicant: Applicant, agent: Agent | undefined): Contact {
  if (agent !== undefined) return { person: agent.name, means: agent.phone };
  const person = applicant.kind === "person" ? applicant.name : applicant.contactName;
  return { person, means: applicant.phone };
}

export function requirementOf(matter: LicenceMatter, itemId: string): Requirement {
  const requirement = matter.items.find((item) => item.itemId === itemId);
  // An event names only items of the pinned list, which a published version never loses.
  if (requirement === undefined) throw new RangeError(`no published item ${itemId} in ${matter.code}`);
  return requirement;
}

export function listed(items: readonly HandedItem[], matter: LicenceMatter): readonly ListedMaterial[] {
  return items.map(({ itemId, form, copies, pages, medium }) => ({
    name: requirementOf(matter, itemId).name,
    form,
    copies,
    pages: pages ?? 1,
    medium,
  }));
}

export function heldItems(state: ApplicationState): readonly HandedItem[] {
  return state.items.flatMap((item) => (item.handed === undefined ? [] : [item.handed]));
}

export function noticeItems(
  items: readonly ItemState[],
  matter: LicenceMatter,
  how: string,
): readonly NoticeItem[] {
  return items.flatMap(({ itemId, itemVersion, verdict }) =>
    verdict?.kind === "deficient"
      ? [
          {
            entry: `${matter.code}/${itemId}@${itemVersion}`,
            material: requirementOf(matter, itemId).name,
            defect: verdict.defect,
            required: verdict.requirement,
            basis: verdict.basis,
            how,
          },
        ]
      : [],
  );
}

const SOURCES = {
  noticeLocal: "local",
  noticeStatutory: "statutory",
  decisionLegal: "statutory",
  decisionPromised: "promised",
} as const;

export function dueDates(clocks: readonly RunningClock[]): readonly DueDate[] {
  return clocks.map(({ kind, due, provisional }) => ({ date: due, source: SOURCES[kind], provisional }));
}

/** The actor as handling officer, and whoever answers for the paper where that is somebody else. */
export function officersOf(
  handling: { readonly name: string; readonly certNo?: string },
  responsible: { readonly name: string; readonly certNo?: string } | undefined,
  received: { readonly name: string; readonly certNo?: string } | undefined,
): readonly Officer[] {
  return [
    ...(received === undefined ? [] : [{ ...received, role: "receiving" } as const]),
    { ...handling, role: "handling" },
    ...(responsible === undefined ? [] : [{ ...responsible, role: "responsible" } as const]),
  ];
}
