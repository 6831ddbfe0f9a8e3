/**
 * A document on screen, block by block from the same content that the A4 page and the slip are set from.
 * Invariant: it shows every text of the content in order and adds none, and never draws a seal.
 */
import { LitElement, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ContentBlock, ContentField, DocumentContent } from "../../gateway/domain/document-content.ts";

function fields(rows: readonly ContentField[]): TemplateResult {
  return html`<dl>
    ${rows.map(
      ({ label, value }) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function block(part: ContentBlock): TemplateResult {
  switch (part.type) {
    case "authority":
      return html`<p class="authority">${part.text}</p>`;
    case "title":
      return html`<h2>${part.text}</h2>`;
    case "number":
      return html`<p class="number">${part.text}</p>`;
    case "paragraph":
      return html`<p class=${part.indent ? "indent" : "address"}>${part.text}</p>`;
    case "fields":
      return fields(part.fields);
    case "table":
      return html`<div class="scroll" tabindex="0" role="group" aria-label=${part.caption}>
        <table>
          <caption>
            ${part.caption}
          </caption>
          <thead>
            <tr>
              ${part.columns.map((column) => html`<th scope="col">${column}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${part.rows.map(
              (row) =>
                html`<tr>
                  ${row.map((cell) => html`<td>${cell}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`;
    case "items":
      return html`<section class="items">
        <h3>${part.caption}</h3>
        <ol>
          ${part.items.map(
            ({ heading, fields: rows }) =>
              html`<li>
                <h4>${heading}</h4>
                ${fields(rows)}
              </li>`,
          )}
        </ol>
      </section>`;
    case "notes":
      return html`<section class="notes">
        <h3>${part.caption}</h3>
        <ul>
          ${part.notes.map((note) => html`<li>${note}</li>`)}
        </ul>
      </section>`;
    case "seal":
      return html`<div class="closing">
        <div class="seal">${part.slot}</div>
        <div class="signed">
          <p>${part.authority}</p>
          <p>${part.date}</p>
        </div>
      </div>`;
    case "signatures":
      return html`<div class="signatures">
        ${part.slots.map((slot) => html`<p><span>${slot}</span><span class="line"></span></p>`)}
      </div>`;
    case "qr":
      break;
  }
  return html`<div class="check">${part.captions.map((caption) => html`<p>${caption}</p>`)}</div>`;
}

@customElement("cg-document-sheet")
export class DocumentSheet extends LitElement {
  @property({ attribute: false }) content: DocumentContent | undefined;

  static override readonly styles = css`
    :host {
      display: block;
      font-family: var(--serif);
      line-height: 1.75;
      user-select: text;
    }
    article {
      padding: clamp(1.2rem, 4%, 3rem);
      border: 1px solid var(--line);
      border-block-start: 4px solid var(--brand);
      border-radius: 2px;
      background: var(--paper);
      box-shadow: var(--shadow);
    }
    p,
    h2,
    h3,
    h4,
    dl,
    dd,
    ol,
    ul {
      margin: 0;
    }
    .authority {
      color: var(--brand);
      font-weight: 700;
      font-size: 1.2em;
      letter-spacing: 0.12em;
      text-align: center;
    }
    h2 {
      margin-block: 0.25em 0.2em;
      font-size: 1.75em;
      line-height: 1.35;
      letter-spacing: 0.18em;
      text-align: center;
      text-wrap: balance;
    }
    article:lang(en) h2,
    article:lang(en) .authority {
      letter-spacing: 0.01em;
    }
    .number {
      padding-block-end: 0.6em;
      margin-block-end: 0.9em;
      border-block-end: 1.5px solid var(--brand);
      text-align: center;
      font-variant-numeric: tabular-nums;
    }
    .indent {
      text-indent: 2em;
      text-align: justify;
    }
    article:lang(en) .indent {
      text-indent: 0;
      text-align: start;
    }
    .indent,
    .address {
      margin-block: 0.5em;
    }
    dl {
      display: grid;
      margin-block: 0.6em;
    }
    dl > div {
      display: grid;
      grid-template-columns: minmax(6.5em, 26%) 1fr;
      gap: 1em;
      padding-block: 0.28em;
      border-block-end: 1px solid var(--line);
    }
    dt {
      color: var(--ink-soft);
      overflow-wrap: anywhere;
    }
    dd {
      overflow-wrap: anywhere;
    }
    h3,
    caption {
      padding-block: 0.8em 0.35em;
      color: var(--brand);
      font-weight: 700;
      font-size: 1.05em;
      text-align: start;
    }
    .scroll {
      overflow-x: auto;
    }
    .scroll:focus-visible {
      outline: 3px solid var(--focus);
    }
    table {
      inline-size: 100%;
      border-collapse: collapse;
    }
    th,
    td {
      padding: 0.3em 0.6em;
      border: 1px solid var(--line-strong);
      text-align: start;
      vertical-align: top;
    }
    th {
      background: var(--surface-sunk);
      font-weight: 600;
      white-space: nowrap;
    }
    .items ol {
      display: grid;
      gap: 0.8em;
      padding: 0;
      list-style: none;
    }
    .items li {
      padding-inline-start: 1em;
      border-inline-start: 4px solid var(--accent);
    }
    h4 {
      font-size: 1.05em;
    }
    .items dl {
      margin-block: 0.1em 0;
    }
    .items dl > div:last-child {
      border: 0;
    }
    .notes ul {
      padding-inline-start: 1.4em;
    }
    .closing {
      display: flex;
      flex-wrap: wrap;
      justify-content: flex-end;
      align-items: center;
      gap: 1.5em;
      margin-block-start: 1.6em;
    }
    .seal {
      display: grid;
      place-items: center;
      inline-size: 8em;
      block-size: 8em;
      padding: 0.8em;
      border: 1px dashed var(--line-strong);
      color: var(--ink-soft);
      font-size: var(--text-small);
      text-align: center;
    }
    .signed {
      text-align: end;
    }
    .signatures {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(15em, 1fr));
      gap: 1em 2em;
      margin-block-start: 1.4em;
    }
    .signatures p {
      display: flex;
      gap: 0.5em;
      align-items: end;
    }
    .line {
      flex: 1;
      min-inline-size: 4em;
      block-size: 1.6em;
      border-block-end: 1px solid var(--line-strong);
    }
    .check {
      margin-block-start: 1.4em;
      padding-block-start: 0.6em;
      border-block-start: 1px solid var(--line);
      color: var(--ink-soft);
      font-size: var(--text-small);
      overflow-wrap: anywhere;
    }
  `;

  override render() {
    if (this.content === undefined) return nothing;
    return html`<article lang=${this.content.lang === "zh" ? "zh-Hans" : "en"}>
      ${this.content.blocks.map(block)}
    </article>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-document-sheet": DocumentSheet;
  }
}
