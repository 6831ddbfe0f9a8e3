/** A refusal or failure as people see it: a sentence, the article behind it, and the code for whoever helps. */
import { msg, str } from "@lit/localize";
import { type TemplateResult, css, html, nothing } from "lit";
import { ApiFailure } from "../api.ts";
import { articleName } from "../text/article.ts";
import { pick } from "../text/language.ts";
import { icon } from "./icon.ts";

/** Nothing when there is no error; an unexpected one is shown without its inner text. `more` says what to do. */
export function failure(error: unknown, more: TemplateResult | typeof nothing = nothing) {
  if (error === undefined) return nothing;
  const known = error instanceof ApiFailure ? error : undefined;
  const sentence =
    known === undefined ? msg("页面出现错误，请刷新后重试。", { id: "failure.page" }) : pick(known.texts);
  return html`<div class="failure" role="alert">
    ${icon("warning")}
    <div>
      <p>${sentence}</p>
      ${
        known === undefined
          ? nothing
          : html`<p class="small">
              ${
                known.article === undefined
                  ? nothing
                  : html`<span
                      >${msg(str`依据：${articleName(known.article)}`, { id: "failure.article" })}</span
                    >`
              }
              <span class="code">${msg(str`代码 ${known.code}`, { id: "failure.code" })}</span>
            </p>`
      }
      ${more}
    </div>
  </div>`;
}

export const failureStyles = css`
  .failure {
    display: flex;
    gap: var(--space-3);
    align-items: start;
    padding: var(--space-3) var(--space-4);
    border-inline-start: 5px solid var(--bad);
    border-radius: var(--radius-small);
    background: var(--bad-soft);
    color: var(--bad);
  }
  .failure > div {
    flex: 1;
  }
  .failure p:first-child {
    font-weight: 600;
  }
  .failure .small {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-4);
    color: var(--ink);
  }
  .failure .icon {
    flex: none;
    margin-block-start: 0.15em;
  }
`;
