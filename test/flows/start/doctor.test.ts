/** `npm run doctor` as people run it: on a sound machine, beside a running gateway, and with what may be wrong. */
import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startGatewayProcess } from "../running-gateway.ts";

const COMMAND = new URL("../../../gateway/commands/doctor.ts", import.meta.url).pathname;
const ANY_PORT = ["http", "https", "mqtt", "mqtts", "sync"].flatMap((name) => [`--${name}-port`, "0"]);

let dataFolder: string;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "doctor-"));
});
afterEach(() => rm(dataFolder, { recursive: true, force: true }));

function doctor(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [COMMAND, "--data", dataFolder, ...ANY_PORT, ...args],
      { timeout: 30_000 },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, out: stdout + stderr });
      },
    );
  });
}

describe("npm run doctor", () => {
  it("finds a machine that runs these tests fit, says what it looked at, and writes nothing", async () => {
    const folder = join(dataFolder, "not-yet");
    const { code, out } = await doctor("--data", folder);
    expect(out).toContain("RESULT: fit to run");
    expect(code).toBe(0);
    for (const part of [
      "runtime Node",
      "site file",
      "data folder",
      "free",
      "clock",
      "pages",
      "ports",
      "encrypted",
    ])
      expect(out).toContain(part);
    for (const line of out
      .trim()
      .split("\n")
      .filter((text) => text !== ""))
      expect(line).toMatch(/^(\[(ok|注意| ok )\]|结论).*[一-龥].* · .*[A-Za-z]/);
    await expect(mkdir(folder)).resolves.toBeUndefined();
  });

  it("knows its gateway when that holds the ports and the data folder", async () => {
    const gateway = await startGatewayProcess({ dataFolder });
    try {
      const { ports } = gateway;
      const { code, out } = await doctor(
        "--http-port",
        String(ports.http),
        "--https-port",
        String(ports.https),
      );
      expect(out).toMatch(/a gateway \d+\.\d+\.\d+ is running here/);
      expect(out).toContain("keys and passwords are the owner's alone");
      expect(code).toBe(0);
    } finally {
      await gateway.close();
    }
  });

  it("names a port that something else holds", async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    try {
      const { code, out } = await doctor("--mqtt-port", String(port));
      expect(out).toContain(`ports are taken by something else: mqtt ${port}`);
      expect(code).toBe(1);
    } finally {
      server.close();
    }
  });

  it("names keys that others can read, and a site file that is wrong, in one run", async () => {
    const secrets = join(dataFolder, "secrets");
    await mkdir(secrets, { mode: 0o700 });
    await writeFile(join(secrets, "signer.key"), "no key");
    await chmod(join(secrets, "signer.key"), 0o644);
    const site = join(dataFolder, "site.json");
    await writeFile(site, JSON.stringify({ unit: "x" }));
    const { code, out } = await doctor("--site", site);
    expect(out).toContain("BAD keys or passwords are open to other accounts");
    expect(out).toContain("BAD The site file does not fit its schema.");
    expect(out).toContain("RESULT: not fit to run");
    expect(code).toBe(1);
  });

  it("refuses a flag that it does not know", async () => {
    const { code, out } = await doctor("--colour");
    expect(out).toContain("--colour");
    expect(code).toBe(1);
  });
});
