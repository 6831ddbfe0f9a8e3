/** Line icons, drawn here: a page needs no icon font. An icon never stands without a text beside it. */
import { type TemplateResult, html, svg } from "lit";

const paths = {
  check: svg`<path d="M5 12.5l4.5 4.5L19 7.5" />`,
  cross: svg`<path d="M6 6l12 12M18 6L6 18" />`,
  warning: svg`<path d="M12 4L2.8 20h18.4z" /><path d="M12 10v5M12 17.6v.2" />`,
  clock: svg`<circle cx="12" cy="12" r="8.5" /><path d="M12 7v5l3.5 2" />`,
  camera: svg`<rect x="3" y="7" width="12.5" height="10" rx="2" /><path d="M15.5 11l5.5-3v8l-5.5-3" />`,
  paper: svg`<path d="M6 3h8l4 4v14H6z" /><path d="M14 3v4h4M9 12h6M9 16h6" />`,
  printer: svg`<path d="M7 9V3h10v6M7 17H4V9h16v8h-3" /><path d="M7 14h10v7H7z" />`,
  pen: svg`<path d="M4 20l1-4L16.5 4.5l3 3L8 19z" /><path d="M14 7l3 3" />`,
  eye: svg`<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z" /><circle cx="12" cy="12" r="2.8" />`,
  link: svg`<path d="M9.5 14.5l5-5M8 12l-2.5 2.5a3.5 3.5 0 005 5L13 17M16 12l2.5-2.5a3.5 3.5 0 00-5-5L11 7" />`,
  text: svg`<path d="M4 6h10M9 6v13M14 11h6M17 11v8" />`,
  contrast: svg`<circle cx="12" cy="12" r="8.5" /><path d="M12 3.5v17a8.5 8.5 0 000-17z" fill="currentColor" />`,
  globe: svg`<circle cx="12" cy="12" r="8.5" /><path d="M3.5 12h17M12 3.5c-5 5-5 12 0 17M12 3.5c5 5 5 12 0 17" />`,
  erase: svg`<path d="M9 5h12v14H9l-6-7z" /><path d="M12.5 9.5l5 5M17.5 9.5l-5 5" />`,
  arrow: svg`<path d="M5 12h14M13 6l6 6-6 6" />`,
  back: svg`<path d="M19 12H5M11 6l-6 6 6 6" />`,
  person: svg`<circle cx="12" cy="8" r="4" /><path d="M4 20.5c1.2-4.4 4.3-6 8-6s6.8 1.6 8 6" />`,
  dock: svg`<rect x="4" y="3" width="16" height="18" rx="2" /><path d="M8 7h8M8 11h8M8 17h.1M12 17h.1M16 17h.1" />`,
  dot: svg`<circle cx="12" cy="12" r="5" fill="currentColor" stroke="none" />`,
  ring: svg`<circle cx="12" cy="12" r="5" />`,
} as const;

export type IconName = keyof typeof paths;

/** An icon as high as the text it stands in; hidden from assistive technology, which reads that text. */
export function icon(name: IconName): TemplateResult {
  return html`<svg
    class="icon"
    viewBox="0 0 24 24"
    width="1.25em"
    height="1.25em"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${paths[name]}
  </svg>`;
}
