/** The frame of the applicant's page, portrait and landscape. */
import { css } from "lit";
import { controls } from "../style/controls.ts";

export const appStyles = [
  controls,
  css`
    :host {
      display: grid;
      grid-template-rows: auto minmax(0, 1fr) auto;
      block-size: 100vh;
      overflow: hidden;
    }
    header {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: var(--space-3) var(--space-5);
      padding: var(--space-4) clamp(1rem, 4vw, 2.5rem);
      border-block-end: 5px solid var(--accent);
      background: var(--brand);
      color: var(--on-brand);
    }
    .place {
      display: grid;
      flex: 1;
      min-inline-size: 12rem;
    }
    .authority {
      font-family: var(--serif);
      font-size: 1.4rem;
      font-weight: 700;
      letter-spacing: 0.06em;
      line-height: 1.35;
    }
    .counter {
      color: var(--on-brand-soft);
    }
    time {
      display: flex;
      align-items: baseline;
      gap: var(--space-3);
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
    }
    time b {
      font-size: 1.4rem;
    }
    main {
      padding: clamp(1.2rem, 4vw, 3rem) clamp(1.2rem, 4vw, 3rem) 0;
      overflow: hidden auto;
    }
    footer {
      display: flex;
      align-items: center;
      justify-content: center;
      gap: var(--space-3);
      padding: var(--space-3) var(--space-5);
      border-block-start: 1px solid var(--line);
      background: var(--surface);
      color: var(--ink-soft);
    }
    @media (orientation: landscape) {
      header {
        padding-block: var(--space-2);
      }
      main {
        padding: var(--space-4) clamp(1.2rem, 4vw, 3rem) 0;
      }
      footer {
        padding-block: var(--space-2);
      }
    }
  `,
];
