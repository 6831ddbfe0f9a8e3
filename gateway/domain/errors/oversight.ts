/** Error codes of oversight: samples, comments, findings, reports; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const oversightErrors = {
  "oversight.periodOpen": {
    meaning: "a sample is drawn after its period is over, so that nobody can choose what is in it",
    who: "supervisor",
    status: 409,
    zh: "该月份尚未结束，期满后方可随机抽取。",
    en: "The period is not over yet; the sample is drawn after it.",
  },
  "oversight.alreadyDrawn": {
    meaning: "the sample of this period was drawn; drawing again would let somebody choose",
    who: "supervisor",
    status: 409,
    zh: "该月份已抽取，不能重复抽取。",
    en: "The sample of this period was drawn already and is not drawn again.",
  },
  "oversight.nothingToDraw": {
    meaning: "the period has no matters, case files or recordings",
    who: "supervisor",
    status: 409,
    zh: "该月份没有可抽取的办件、案卷或者音像记录。",
    en: "The period has nothing to draw from.",
  },
  "oversight.badPeriod": {
    meaning: "a period is a month `YYYY-MM` or a year `YYYY`, a sample has 1 to 500 items",
    who: "supervisor",
    status: 422,
    zh: "请填写正确的月份（年份）和抽取数量。",
    en: "Give a month or a year, and how many to draw.",
  },
  "oversight.badText": {
    meaning: "a comment, order or opinion is empty or too long, or what it is about is not named",
    who: "supervisor",
    status: 422,
    zh: "请填写对象和内容（不超过1000字）。",
    en: "Say what it is about and write it down, at most 1000 characters.",
  },
  "oversight.badDeadline": {
    meaning: "the day by which a finding has to be rectified is no day or is over",
    who: "supervisor",
    status: 422,
    zh: "整改期限不正确，应为今天或者以后的日期。",
    en: "The day to rectify by has to be today or later.",
  },
  "oversight.noSuchPerson": {
    meaning: "the person who has to rectify has no account here",
    who: "supervisor",
    status: 404,
    zh: "没有该责任人。",
    en: "There is no such person.",
  },
  "oversight.noSuchFinding": {
    meaning: "no finding has this id",
    who: "supervisor",
    status: 404,
    zh: "没有该问题。",
    en: "There is no such finding.",
  },
  "oversight.findingState": {
    meaning: "the finding is closed, or not reported as rectified yet",
    who: "supervisor",
    status: 409,
    zh: "该问题目前不能进行此操作。",
    en: "This cannot be done with the finding as it stands.",
  },
  "oversight.ownFinding": {
    meaning: "who has to rectify does not close the finding",
    who: "supervisor",
    status: 403,
    zh: "责任人不能自行销号。",
    en: "Who has to rectify cannot close the finding.",
  },
} as const satisfies Record<string, ErrorRow>;
