/** WS-Discovery for real, by multicast, in a network namespace of its own: no packet leaves the machine. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ENTER = ["--net", "--map-root-user"];
const permitted = spawnSync("unshare", [...ENTER, "ip", "link", "set", "lo", "up"]).status === 0;
if (!permitted)
  console.warn(
    "SKIPPED: camera discovery needs a network namespace (apt-get install util-linux iproute2, or root)",
  );

/** Two cameras, one that names no http address; the search runs as the gateway's would. */
const SCRIPT = `
import { spawn } from "node:child_process";
import { once } from "node:events";
import { discover } from "./device-drivers/camera-onvif/discover.ts";
const env = { PATH: process.env.PATH, VIRTUAL_CAMERA_USER: "u", VIRTUAL_CAMERA_PASSWORD: "secret-word" };
const cameras = [["Window 1", "A1"], ["Window 2", "A2"]].map(([name, serial]) =>
  spawn(process.execPath, ["device-drivers/virtual/camera.ts", "--discovery", "--name", name, "--serial", serial], { env, stdio: ["pipe", "pipe", "inherit"] }));
await Promise.all(cameras.map((camera) => once(camera.stdout, "data")));
const giveUp = new AbortController();
const first = discover({ timeoutMs: 1500, signal: giveUp.signal });
const second = await discover({ timeoutMs: 1500 }).catch((error) => error.reason);
giveUp.abort();
const cancelled = await first.catch((error) => error.reason);
let found = "refused";
while (found === "refused") {
  await new Promise((resolve) => setTimeout(resolve, 50));
  found = await discover({ timeoutMs: 1600, interfaces: ["127.0.0.1"] }).catch((error) => error.reason);
}
for (const camera of cameras) camera.stdin.end();
await Promise.all(cameras.map((camera) => once(camera, "exit")));
console.log(JSON.stringify({ second, cancelled, found }));
`;

describe.skipIf(!permitted)("searching for cameras", () => {
  it("finds every camera that answers, one search at a time, and can be given up", () => {
    const run = spawnSync(
      "unshare",
      [
        ...ENTER,
        "sh",
        "-c",
        'ip link set lo up && ip route add 224.0.0.0/4 dev lo && exec "$0" --input-type=module --eval "$1"',
        process.execPath,
        SCRIPT,
      ],
      { cwd: ROOT, encoding: "utf8", timeout: 40_000 },
    );
    expect(run.stderr).toBe("");
    const result = JSON.parse(run.stdout) as { second: string; cancelled: string; found: { name: string }[] };
    expect(result.second).toBe("refused");
    expect(result.cancelled).toBe("cancelled");
    expect(result.found.toSorted((a, b) => a.name.localeCompare(b.name))).toMatchObject([
      { name: "Window 1", hardware: "VC-1", location: "hall", endpoint: expect.stringMatching(/^urn:uuid:/) },
      {
        name: "Window 2",
        xaddrs: [expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/onvif\/device_service$/)],
      },
    ]);
    expect(run.stdout).not.toContain("secret-word");
  });
});
