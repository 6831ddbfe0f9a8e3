/** A state in one glance: shape, colour and word together, so that colour is never the only sign. */
import { type TemplateResult, css, html } from "lit";
import { type IconName, icon } from "./icon.ts";

export type Tone = "ok" | "warn" | "bad" | "plain";

const SIGNS: Readonly<Record<Tone, IconName>> = { ok: "check", warn: "warning", bad: "cross", plain: "dot" };

export function chip(tone: Tone, text: string, sign: IconName = SIGNS[tone]): TemplateResult {
  return html`<span class="chip ${tone}">${icon(sign)}<span>${text}</span></span>`;
}

export const chipStyles = css`
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 0.3em;
    padding: 0.1em 0.65em 0.1em 0.45em;
    border-radius: 2em;
    background: var(--surface-sunk);
    color: var(--ink);
    font-size: var(--text-small);
    font-weight: 600;
    line-height: 1.6;
    white-space: nowrap;
    box-shadow: inset 0 0 0 1px var(--line);
  }
  .chip .icon {
    flex: none;
    inline-size: 1.05em;
    block-size: 1.05em;
    stroke-width: 2.4;
  }
  .chip.ok {
    background: var(--ok-soft);
    color: var(--ok);
    box-shadow: none;
  }
  .chip.warn {
    background: var(--warn-soft);
    color: var(--warn);
    box-shadow: none;
  }
  .chip.bad {
    background: var(--bad-soft);
    color: var(--bad);
    box-shadow: none;
  }
`;
