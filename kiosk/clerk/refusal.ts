/** Why a button is off: the sentence and the article the server would refuse with. */
import { type TemplateResult, css, html, nothing } from "lit";
import type { IntakeView } from "../../gateway/http/contract/intake-view.ts";
import { articleName } from "../text/article.ts";
import { pick } from "../text/language.ts";

type Refusal = IntakeView["actions"][number]["refusal"];

/** `id` is what the button's `aria-describedby` names. */
export function refusalNote(refusal: Refusal, id: string): TemplateResult | typeof nothing {
  if (refusal === null) return nothing;
  return html`<p class="refusal small" id=${id}>
    ${pick(refusal.message)}
    ${refusal.article === undefined ? nothing : html`<span class="article">${articleName(refusal.article)}</span>`}
  </p>`;
}

export const refusalStyles = css`
  .refusal {
    color: var(--ink-soft);
  }
  .refusal .article {
    color: var(--brand);
  }
`;
