/**
 * Build step for the page that works from a file: builds it by itself and puts script and style into its HTML.
 * Invariant: the result refers to no other file and no host.
 */
import { type Plugin, type Rollup, build } from "vite";

const HERE = new URL(".", import.meta.url).pathname;

export function offlinePage(): Plugin {
  return {
    name: "offline-page",
    apply: "build",
    async generateBundle() {
      const built = await build({
        configFile: false,
        root: HERE,
        publicDir: false,
        logLevel: "warn",
        build: {
          write: false,
          target: "es2022",
          assetsInlineLimit: Number.MAX_SAFE_INTEGER,
          modulePreload: false,
          rolldownOptions: {
            input: `${HERE}offline.html`,
            output: { codeSplitting: false },
          },
        },
      });
      const { output } = (Array.isArray(built) ? built[0] : built) as Rollup.RollupOutput;
      this.emitFile({ type: "asset", fileName: "offline.html", source: inlined(output) });
    },
  };
}

function inlined(output: Rollup.RollupOutput["output"]): string {
  let html = "";
  let script = "";
  let style = "";
  for (const file of output)
    if (file.type === "chunk") script += file.code;
    else if (file.fileName.endsWith(".html")) html = String(file.source);
    else if (file.fileName.endsWith(".css")) style += String(file.source);
    else throw new Error(`the offline page refers to ${file.fileName}`);
  const body = html
    .replace(/<script type="module"[^>]*src="[^"]*"[^>]*><\/script>/, "")
    .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${style}</style>`)
    // At the end, when the element it starts is there; nothing in it may end the script early.
    .replace(
      "</body>",
      () => `<script type="module">${script.replaceAll("</script", "<\\/script")}</script></body>`,
    );
  if (/(src|href)="(?!data:)/.test(body.replace(/<script type="module">[^]*<\/script>/, "")))
    throw new Error("the offline page refers to another file");
  return body;
}
