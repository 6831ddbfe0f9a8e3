/** What the log states about a camera's footage, as text in Chinese and English, times of Beijing. */
import { beijingDateTime } from "../../domain/time.ts";
import type { FootageStatement, MissingStretch } from "../../evidence/coverage/statement.ts";

export interface Asked {
  readonly camera: string;
  /** UTC ms, half-open. */
  readonly from: number;
  readonly to: number;
}

const RESULTS: Readonly<Record<FootageStatement["result"], string>> = {
  complete: "完整：所问时段的录像没有缺口 · COMPLETE: no footage of this span is missing",
  incomplete: "不完整：缺少下列时段 · NOT COMPLETE: what is listed is missing",
  cannotTell: "无法判断：该摄像机的部分条目不在此处 · CANNOT TELL: some entries of this camera are not here",
};

/** Lines without a newline at their ends. */
export function statementLines(asked: Asked, statement: FootageStatement): readonly string[] {
  return [
    `摄像机 camera ${asked.camera}: ${span(asked)} (北京 Beijing)`,
    ...statement.grounds.map(
      ({ log, firstSeq, lastSeq, firstN, lastN }) =>
        `依据 rests on: ${log} #${firstSeq} – #${lastSeq}, 编号连续 stream numbers ${firstN} – ${lastN}`,
    ),
    `片段 fragments: ${statement.fragments}`,
    ...statement.missing.map(missingLine),
    ...statement.numbersNotHere.map(
      ({ log, fromN, toN }) => `条目不在此处 entries not here: ${log}, stream numbers ${fromN} – ${toN}`,
    ),
    `结论 RESULT · ${RESULTS[statement.result]}`,
  ];
}

function missingLine(stretch: MissingStretch): string {
  const place =
    stretch.place === undefined
      ? "没有条目说明 no entry says why"
      : `${stretch.place.log} #${stretch.place.seq}`;
  const seconds = ((stretch.to - stretch.from) / 1000).toFixed(1);
  return `[缺 missing] ${span(stretch)} (${seconds} s) ${stretch.causes.join(", ")} · ${place}`;
}

function span({ from, to }: { readonly from: number; readonly to: number }): string {
  return `${withMs(from)} 至 to ${withMs(to)}`;
}

function withMs(ms: number): string {
  return `${beijingDateTime(ms)}.${String(((ms % 1000) + 1000) % 1000).padStart(3, "0")}`;
}
