/** The pages, built by Vite into a fresh folder that is removed afterwards. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";

const CONFIG = join(import.meta.dirname, "../../kiosk/vite.config.ts");

export interface BuiltPages {
  readonly folder: string;
  close(): Promise<void>;
}

export async function buildPages(): Promise<BuiltPages> {
  const folder = await mkdtemp(join(tmpdir(), "pages-"));
  await build({ configFile: CONFIG, logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
  return { folder, close: async () => rm(folder, { recursive: true }) };
}
