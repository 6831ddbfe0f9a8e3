/** The sections of a staff page as buttons in its head. */
import { type TemplateResult, html } from "lit";

export function deskTabs<Tab extends string>(
  tabs: readonly (readonly [tab: Tab, text: string])[],
  current: Tab,
  go: (tab: Tab) => void,
): TemplateResult {
  return html`<nav class="tabs" slot="tabs">
    ${tabs.map(
      ([tab, text]) =>
        html`<button type="button" aria-current=${tab === current ? "page" : "false"} @click=${() => go(tab)}>
          ${text}
        </button>`,
    )}
  </nav>`;
}
