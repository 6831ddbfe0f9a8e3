/**
 * Builds the pages into `kiosk/dist`. Invariant: every byte a page loads comes from the gateway itself, as a file of
 * its own, so that the pages run under a policy without inline code and without a foreign host. The page for checking
 * papers offline is the opposite: one file with all code in it, which the gateway hands out and never runs.
 */
import { defineConfig } from "vite";
import { offlinePage } from "./offline-page.ts";

const page = (name: string): string => new URL(`${name}.html`, import.meta.url).pathname;

export default defineConfig({
  root: new URL(".", import.meta.url).pathname,
  base: "/",
  publicDir: false,
  plugins: [offlinePage()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: page("index"),
        clerk: page("clerk"),
        technician: page("technician"),
        supervisor: page("supervisor"),
        verify: page("verify"),
      },
    },
  },
});
