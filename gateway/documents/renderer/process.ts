/**
 * The renderer child: takes one job after the other over the channel it was started with and answers each.
 * Invariant: it holds no state between jobs, opens no file of the gateway's and ends when the channel does.
 */
import { CharacterNotShown, createTypesetter, templateVersion } from "./typeset.ts";
import { drawModules, drawText } from "./draw.ts";
import type { NumberedJob, RenderAnswer, RenderJob } from "./jobs.ts";

const typesetter = createTypesetter();

function render(job: RenderJob): Uint8Array | Promise<Uint8Array> {
  switch (job.type) {
    case "pdf":
      return typesetter.pdf(job);
    case "drawText":
      return drawText(job.drawing);
    case "drawModules":
      break;
  }
  return drawModules(job.modules, job.dots);
}

async function answer({ id, job }: NumberedJob): Promise<RenderAnswer> {
  try {
    return { id, ok: true, bytes: await render(job), templateVersion };
  } catch (error) {
    if (error instanceof CharacterNotShown)
      return { id, ok: false, reason: "characterNotShown", characters: error.characters };
    // The compiler's words may quote the document, so only the kind of error leaves the child.
    return { id, ok: false, reason: "failed", message: error instanceof Error ? error.name : "unknown" };
  }
}

process.on("message", (numbered: NumberedJob) => {
  void answer(numbered).then((reply) => process.send?.(reply));
});
process.on("disconnect", () => process.exit(0));
// A terminal's interrupt goes to the whole group; the gateway ends its child itself, after its last job.
process.on("SIGINT", () => undefined);
