/** Layout of one intake: the work in the middle, limits and camera beside it. */
import { css } from "lit";

export const intakePageStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 20rem;
    gap: var(--space-4);
    align-items: start;
  }
  aside {
    position: sticky;
    inset-block-start: 0;
  }
  aside.stack,
  .work {
    min-inline-size: 0;
  }
  header {
    scroll-margin-block-start: var(--space-5);
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-3);
    align-items: start;
    justify-content: space-between;
  }
  header h2 {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-3);
    align-items: center;
    font-family: var(--serif);
    font-size: 1.7rem;
  }
  .changed {
    display: flex;
    gap: var(--space-3);
    align-items: start;
    padding: var(--space-3) var(--space-4);
    border-inline-start: 5px solid var(--warn);
    border-radius: var(--radius-small);
    background: var(--warn-soft);
    color: var(--warn);
    font-weight: 600;
  }
  .changed .icon {
    flex: none;
    margin-block-start: 0.2em;
  }
  .claim-code {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-3);
    align-items: center;
    justify-content: space-between;
    padding: var(--space-4);
    border: 2px solid var(--brand);
    border-radius: var(--radius);
    background: var(--brand-soft);
  }
  output {
    font-family: var(--figures);
    font-size: 1.75rem;
    font-weight: 700;
    letter-spacing: 0.08em;
    font-variant-numeric: tabular-nums;
  }
  summary {
    cursor: pointer;
    font-weight: 600;
  }
  .history {
    display: grid;
    gap: var(--space-2);
    max-block-size: 24rem;
    margin-block-start: var(--space-3);
    overflow: auto;
  }
  .history li {
    display: grid;
    padding-inline-start: var(--space-3);
    border-inline-start: 2px solid var(--line-strong);
  }
  .refused {
    color: var(--bad);
  }
  @media (max-width: 70rem) {
    :host {
      grid-template-columns: minmax(0, 1fr);
    }
    aside {
      position: static;
    }
  }
`;
