/** Layout of the technician's and supervisor's pages: tabs in the head, one section below. */
import { css } from "lit";

export const deskPage = css`
  .content {
    display: grid;
    gap: var(--space-5);
    align-content: start;
    max-inline-size: 90rem;
    margin-inline: auto;
    padding: var(--space-5);
  }
  .tabs {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1);
  }
  .tabs button {
    padding-inline: var(--space-3);
    border-color: transparent;
    background: transparent;
    color: inherit;
  }
  .tabs button:hover,
  .tabs button[aria-current="page"] {
    background: var(--surface);
    color: var(--brand);
  }
  h2 {
    font-family: var(--serif);
    font-size: var(--text-title);
  }
  h3 {
    font-size: var(--text-large);
  }
  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr));
    gap: var(--space-4);
  }
  .grid {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr));
    gap: var(--space-4);
    align-items: end;
  }
  dl.facts {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: var(--space-1) var(--space-4);
  }
  dl.facts dt {
    color: var(--ink-soft);
  }
  dl.facts dd {
    text-align: end;
    overflow-wrap: anywhere;
    font-variant-numeric: tabular-nums;
  }
`;
