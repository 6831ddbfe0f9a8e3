/** Names of articles as people cite them, from the short form of the records, such as `S1-6(4)`. */
import { msg, str } from "@lit/localize";

const INSTRUMENTS = {
  S0: () => msg("西海岸新区商务局实施办法", { id: "article.s0" }),
  S1: () => msg("昌黎县市场监管局实施办法", { id: "article.s1" }),
  S2: () => msg("白碱滩区发改委实施细则", { id: "article.s2" }),
  S3: () => msg("郑州市市场监管局记录制度", { id: "article.s3" }),
  S4: () => msg("人社部门全过程记录规定", { id: "article.s4" }),
} as const;

const SHORT = /^(S[0-4])-(?:([ABC])-)?([0-9]+[ab]?)(?:\(([0-9]+)\))?/;

/** A title that ends in the character for law, then article and item. */
const LAW = /^(\S+\u6cd5) ([0-9]+)(?:\(([0-9]+)\))?$/;

function named(title: string, number: string, item: string | undefined): string {
  return item === undefined
    ? msg(str`《${title}》第 ${number} 条`, { id: "article.plain" })
    : msg(str`《${title}》第 ${number} 条第（${item}）项`, { id: "article.item" });
}

/** The short form itself where it is neither a law nor one of the five regulations. */
export function articleName(article: string): string {
  const law = LAW.exec(article);
  if (law !== null) return named(law[1] ?? "", law[2] ?? "", law[3]);
  const match = SHORT.exec(article);
  if (match === null) return article;
  const [, id, part, number, item] = match;
  const instrument = INSTRUMENTS[id as keyof typeof INSTRUMENTS]();
  const title = part === undefined ? instrument : `${instrument} ${part}`;
  return named(title, number ?? "", item);
}
