/** How many bytes of script a page costs before anything is clicked, compressed: the kiosk's box is a small one. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BuiltPages, buildPages } from "./built-pages.ts";

const LIMITS = { index: 40_000, clerk: 120_000, technician: 120_000, supervisor: 120_000, verify: 40_000 };

describe("built pages", () => {
  let pages: BuiltPages;
  beforeAll(async () => {
    pages = await buildPages();
  });
  afterAll(async () => {
    await pages.close();
  });

  for (const [name, limit] of Object.entries(LIMITS))
    it(`keeps the script of ${name} within ${limit / 1000} kB compressed, without inline code or foreign host`, async () => {
      const html = await readFile(join(pages.folder, `${name}.html`), "utf8");
      const scripts = [...html.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map((match) => match[1] ?? "");
      expect(scripts.length).toBeGreaterThan(0);
      const sizes = await Promise.all(
        scripts.map(async (path) => gzipSync(await readFile(join(pages.folder, path))).length),
      );
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(limit);
      expect(html).not.toMatch(/<script(?![^>]*src=)|style="|https?:\/\//);
    });
});
