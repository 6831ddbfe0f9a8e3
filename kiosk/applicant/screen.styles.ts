/** What all applicant screens share: wide calm columns, large steps, targets of at least 60 px. */
import { css } from "lit";

export const screenStyles = css`
  :host {
    display: grid;
    align-content: start;
    gap: var(--space-5);
    inline-size: min(100%, 46rem);
    margin-inline: auto;
    padding-block-end: var(--space-5);
  }
  button {
    min-block-size: 64px;
    min-inline-size: 64px;
    padding-inline: var(--space-5);
    font-size: 1.1rem;
  }
  button.primary {
    min-block-size: 76px;
    font-size: 1.25rem;
  }
  h1 {
    font-family: var(--serif);
    font-size: 1.9rem;
    letter-spacing: 0.04em;
    color: var(--brand);
  }
  h1:focus {
    outline: none;
  }
  .lead {
    font-size: 1.1rem;
    color: var(--ink-soft);
  }
  .actions {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr));
    gap: var(--space-4);
  }
  @media (orientation: landscape) {
    :host {
      inline-size: min(100%, 60rem);
      gap: var(--space-4);
    }
  }
`;
