/** Secrets lie in files that nobody else on the box can read, whole or not at all. */
import { chmod, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSecretFiles } from "../../../gateway/people/secret-files.ts";

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "secrets-")), "secrets");
});
afterEach(() => rm(join(folder, ".."), { recursive: true, force: true }));

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe("secret files", () => {
  it("keeps what was put, in a file of mode 600 in folders of mode 700", async () => {
    const secrets = createSecretFiles(folder);
    await secrets.put("camera/cam-1", "密码 with spaces");
    expect(await secrets.get("camera/cam-1")).toBe("密码 with spaces");
    expect(await modeOf(join(folder, "camera", "cam-1.secret"))).toBe("600");
    expect(await modeOf(join(folder, "camera"))).toBe("700");
    expect(await modeOf(folder)).toBe("700");
  });

  it("replaces a secret without leaving anything else behind", async () => {
    const secrets = createSecretFiles(folder);
    await secrets.put("a", "one");
    await Promise.all(["two", "three", "four"].map((value) => secrets.put("a", value)));
    expect(["two", "three", "four"]).toContain(await secrets.get("a"));
    expect(await readdir(folder)).toEqual(["a.secret"]);
  });

  it("knows nothing of a secret that was deleted or never put", async () => {
    const secrets = createSecretFiles(folder);
    expect(await secrets.get("nothing/here")).toBeUndefined();
    await secrets.put("a", "one");
    await secrets.delete("a");
    await secrets.delete("a");
    expect(await secrets.get("a")).toBeUndefined();
  });

  it("refuses a file that others may read", async () => {
    const secrets = createSecretFiles(folder);
    await secrets.put("a", "one");
    await chmod(join(folder, "a.secret"), 0o644);
    await expect(secrets.get("a")).rejects.toMatchObject({ code: "people.badSecretFile" });
  });

  it.each(["../a", "a/../../b", "/etc/passwd", "A", "a//b", "", "a/b/c/d/e", "a b"])(
    "refuses the name %j",
    async (name) => {
      const secrets = createSecretFiles(folder);
      await expect(secrets.put(name, "x")).rejects.toMatchObject({ code: "people.badSecretName" });
      await expect(secrets.get(name)).rejects.toMatchObject({ code: "people.badSecretName" });
    },
  );
});
