/** A check that was cancelled says so and what it had found; it never passes as one that was done. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findEvidenceFolders, openFolderSource } from "../../../gateway/commands/evidence-folder-source.ts";
import { judge } from "../../../gateway/evidence/verify/judge.ts";
import { nodeSha256, nodeVerify } from "../../../gateway/signer/ed25519.ts";
import { codes } from "./judged.ts";
import { SampleLog } from "./sample-log.ts";

it("a cancelled check ends at its next block and can't tell", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cancelled-"));
  try {
    await new SampleLog().fill(600).write(folder);
    const source = await openFolderSource(folder, await findEvidenceFolders(folder), nodeSha256, 2);
    const cancel = new AbortController();
    const places: number[] = [];
    const verdict = await judge({
      source,
      sha256: nodeSha256,
      verify: nodeVerify,
      bodies: true,
      signal: cancel.signal,
      onProgress: ({ place, pass }) => {
        if (pass === "bodies") cancel.abort();
        places.push(place);
      },
    });
    await source.close();
    expect(codes(verdict)).toEqual(["check.cancelled"]);
    expect(verdict.result).toBe("cannotTell");
    expect(places.length).toBeLessThan(600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
