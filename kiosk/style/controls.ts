/** Styles of native controls, panels, tables and chips; every element that shows one adopts this sheet. */
import { css } from "lit";

export const controls = css`
  :host {
    display: block;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  * {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ul,
  ol,
  figure {
    margin: 0;
  }
  ul,
  ol {
    padding: 0;
    list-style: none;
  }
  h1,
  h2,
  h3 {
    line-height: 1.3;
    text-wrap: balance;
  }
  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
  }
  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-2);
    min-block-size: var(--target);
    min-inline-size: var(--target);
    padding-inline: var(--space-4);
    border: 1.5px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--brand);
    font-weight: 600;
    line-height: 1.25;
    text-decoration: none;
    cursor: pointer;
    touch-action: manipulation;
  }
  button:hover:not([disabled]),
  .button:hover {
    background: var(--brand-soft);
  }
  button.primary {
    border-color: var(--brand);
    background: var(--brand);
    color: var(--on-brand);
  }
  button.primary:hover:not([disabled]) {
    background: var(--brand-strong);
  }
  button.quiet {
    border-color: transparent;
    background: transparent;
  }
  button.quiet:hover:not([disabled]) {
    background: var(--brand-soft);
  }
  button[disabled] {
    border-style: dashed;
    border-color: var(--line-strong);
    background: var(--surface-sunk);
    color: var(--ink-soft);
    cursor: not-allowed;
  }
  button[aria-pressed="true"],
  button[aria-current="true"] {
    border-color: var(--brand);
    background: var(--brand-soft);
  }
  input:not([type="checkbox"], [type="radio"]),
  select,
  textarea {
    inline-size: 100%;
    min-block-size: var(--target);
    padding: var(--space-2) var(--space-3);
    border: 1.5px solid var(--line-strong);
    border-radius: var(--radius-small);
    background: var(--surface);
  }
  textarea {
    resize: vertical;
  }
  [aria-invalid="true"] {
    border-color: var(--bad) !important;
    box-shadow: 0 0 0 1px var(--bad);
  }
  .field {
    display: grid;
    gap: var(--space-1);
    align-content: start;
  }
  .field > label,
  legend {
    font-weight: 600;
  }
  .field > .hint {
    color: var(--ink-soft);
    font-size: var(--text-small);
  }
  .field > .problem {
    color: var(--bad);
    font-size: var(--text-small);
    font-weight: 600;
  }
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    min-inline-size: 0;
  }
  .panel {
    padding: var(--space-5);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    box-shadow: var(--shadow);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-3);
  }
  .spread {
    justify-content: space-between;
  }
  .stack {
    display: grid;
    gap: var(--space-4);
    align-content: start;
  }
  .soft {
    color: var(--ink-soft);
  }
  .small {
    font-size: var(--text-small);
  }
  .figures {
    font-family: var(--figures);
    font-variant-numeric: tabular-nums;
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: var(--space-2) var(--space-3);
    border-block-end: 1px solid var(--line);
    text-align: start;
    vertical-align: top;
  }
  th {
    color: var(--ink-soft);
    font-size: var(--text-small);
    font-weight: 600;
    white-space: nowrap;
  }
  .scroll {
    overflow: auto;
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
    }
  }
  .file-picker {
    position: relative;
  }
  .file-picker input {
    position: absolute;
    inset: 0;
    opacity: 0;
    inline-size: 100%;
  }
`;
