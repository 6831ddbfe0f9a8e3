/**
 * What tests ask of a page from inside it, over open shadow roots: axe, sizes of targets, traces of text. Scripts
 * are texts, since this program has no DOM.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Calls `visit` for every element, shadow roots included. */
const WALK = `
  const walk = (root, visit) => {
    for (const element of root.querySelectorAll("*")) {
      visit(element);
      if (element.shadowRoot) walk(element.shadowRoot, visit);
    }
  };
`;

/** Violations of WCAG 2.2 AA and axe's best practices, as readable lines. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(`(() => { ${AXE} })()`);
  return page.evaluate(`(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags } });
    return violations.flatMap((rule) =>
      rule.nodes.map((node) => rule.id + ": " + node.target.flat().join(" ") + " " + (node.failureSummary ?? "")));
  })()`);
}

/** Controls on screen that are smaller than `least` px in either direction; a label counts for its input. */
export async function smallTargets(page: Page, least: number): Promise<readonly string[]> {
  return page.evaluate(`(() => {
    ${WALK}
    const small = [];
    walk(document, (element) => {
      if (!element.matches("button, a[href], input, select, textarea, summary, [role=button]")) return;
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) return;
      if (Math.round(box.width) < ${least} || Math.round(box.height) < ${least})
        small.push(element.localName + " " + element.textContent.trim() + " " + box.width + "x" + box.height);
    });
    return small;
  })()`);
}

/** Smallest text that is shown, in px. */
export async function smallestText(page: Page): Promise<number> {
  return page.evaluate(`(() => {
    ${WALK}
    let least = 999;
    walk(document.body, (element) => {
      const ownText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
      if (!ownText || element.getBoundingClientRect().height === 0 || element.matches("style, script, noscript")) return;
      if (getComputedStyle(element).clipPath !== "none") return;
      least = Math.min(least, parseFloat(getComputedStyle(element).fontSize));
    });
    return least;
  })()`);
}

/** Where any of the texts still is: document, values of inputs, storage, caches, address, history, ink on a canvas. */
export async function traces(page: Page, texts: readonly string[]): Promise<readonly string[]> {
  return page.evaluate(`(async () => {
    ${WALK}
    const wanted = ${JSON.stringify(texts)};
    const found = [];
    const look = (where, text) => wanted.forEach((one) => text.includes(one) && found.push(where + ": " + one));
    look("document", document.documentElement.outerHTML);
    walk(document, (element) => {
      if (element.shadowRoot) look(element.localName, element.shadowRoot.innerHTML);
      if ("value" in element) look("value of " + element.localName, String(element.value));
      if (element.localName === "canvas") {
        const { data } = element.getContext("2d").getImageData(0, 0, element.width || 1, element.height || 1);
        if (data.some((byte) => byte !== 0)) found.push("ink on a canvas");
      }
    });
    look("storage", JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
    look("address", location.href + JSON.stringify(history.state));
    for (const name of await caches.keys()) found.push("cache " + name);
    for (const { name } of await indexedDB.databases()) found.push("database " + name);
    const { lang, dataset } = document.documentElement;
    if (lang !== "zh-Hans" || Object.keys(dataset).length > 0) found.push("reading options");
    return found;
  })()`);
}
