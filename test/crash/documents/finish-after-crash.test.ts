import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { documentId } from "../../../gateway/domain/ids.ts";
import { freshFolder } from "../../contract/real-store.ts";
import { openHall } from "../../flows/documents/hall.ts";

const PROGRAM = fileURLToPath(new URL("./issue-and-die.ts", import.meta.url));

describe("a gateway killed between document and rendition", () => {
  it("finishes every document at the next start, each once", async () => {
    const folder = await freshFolder();
    try {
      const child = spawn(process.execPath, [PROGRAM, folder.path, "3"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let said = "";
      child.stdout.setEncoding("utf8").on("data", (piece: string) => (said += piece));
      const [, signal] = (await once(child, "close")) as [unknown, string | null];
      expect(signal).toBe("SIGKILL");
      const ids = said
        .trim()
        .split("\n")
        .map((line) => documentId((JSON.parse(line) as { id: string }).id));
      expect(ids).toHaveLength(3);

      const hall = await openHall(folder.path);
      expect((await hall.documents.waiting("pending")).map((row) => row.documentId).sort()).toEqual(
        [...ids].sort(),
      );
      expect(await hall.documents.finishPending()).toEqual({ finished: 3, failed: [] });
      expect(await hall.documents.finishPending()).toEqual({ finished: 0, failed: [] });
      for (const id of ids) {
        const { bytes } = await hall.documents.pdf(id);
        expect(bytes.length).toBeGreaterThan(10_000);
      }
      await hall.close();

      const again = await openHall(folder.path);
      expect(await again.documents.waiting("pending")).toEqual([]);
      await again.close();
    } finally {
      await folder.remove();
    }
  });
});
