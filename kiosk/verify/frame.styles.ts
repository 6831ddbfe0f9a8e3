/** The frame of the pages on which a paper is checked outside the kiosk, on a phone or a desk. */
import { css } from "lit";

export const frameStyles = css`
  :host {
    display: grid;
    align-content: start;
    min-block-size: 100vh;
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
  header h1 {
    font-family: var(--serif);
    font-size: 1.6rem;
    letter-spacing: 0.06em;
  }
  main {
    display: grid;
    gap: var(--space-5);
    inline-size: min(100%, 48rem);
    margin-inline: auto;
    padding: clamp(1rem, 4vw, 2.5rem);
  }
  .take,
  .keep {
    display: grid;
    gap: var(--space-3);
    padding: var(--space-5);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
  }
  .take button,
  .keep .button {
    min-block-size: 60px;
    font-size: 1.1rem;
  }
`;
