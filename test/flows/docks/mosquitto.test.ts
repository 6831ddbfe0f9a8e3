/** The broker against another maker's client: Debian's mosquitto tools, which know nothing of ours. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freshFolder } from "../../contract/real-store.ts";
import { DOCK, type Hall, SITE, bindDock, memorySecrets, openHall, until } from "./dock-hall.ts";

const OWN = `counter/v1/${SITE}/${DOCK}`;
const isHere = spawnSync("mosquitto_pub", ["--help"]).error === undefined;
if (!isHere) console.warn("SKIPPED: mosquitto's client. Install it: apt-get install -y mosquitto-clients");

describe.skipIf(!isHere)("mosquitto's client", () => {
  let folder: Awaited<ReturnType<typeof freshFolder>>;
  let hall: Hall;
  let secret: string;
  beforeEach(async () => {
    folder = await freshFolder();
    hall = await openHall({ folder: folder.path, secrets: memorySecrets() });
    secret = await bindDock(hall);
  });
  afterEach(async () => {
    await hall.close();
    await folder.remove();
  });

  /** Exit code of a mosquitto program as this dock. */
  async function run(
    program: string,
    args: readonly string[],
    options: { password?: string; version?: string } = {},
  ): Promise<{ readonly code: number | null; readonly output: string }> {
    const { password = secret, version = "mqttv311" } = options;
    const child = spawn(program, [
      "-h",
      "127.0.0.1",
      "-p",
      String(hall.broker.mqttPort),
      "-i",
      DOCK,
      "-u",
      DOCK,
      "-P",
      password,
      "-V",
      version,
      ...args,
    ]);
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data: Buffer) => (output += data.toString()));
    const limit = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await once(child, "close");
    clearTimeout(limit);
    return { code: child.exitCode, output };
  }
  const birth = JSON.stringify({
    v: 1,
    boot: "mosquitto-boot-1",
    seq: 0,
    ts: 1_795_000_000_000,
    tsQuality: "synced",
    body: { schema: 1, vendor: "Mosquitto", model: "M-2", firmware: "2.0", bays: 3 },
  });

  it("reports a birth at QoS 1 that is durable when it is acknowledged, and reads it back retained", async () => {
    const before = hall.store.stats().size;
    expect(await run("mosquitto_pub", ["-q", "1", "-r", "-t", `${OWN}/birth`, "-m", birth])).toMatchObject({
      code: 0,
    });
    expect(hall.store.stats().size).toBeGreaterThan(before);
    await until(async () => (await hall.docks.docks())[0]?.birth?.vendor === "Mosquitto");
    const { code, output } = await run("mosquitto_sub", [
      "-q",
      "1",
      "-t",
      `${OWN}/birth`,
      "-C",
      "1",
      "-W",
      "5",
    ]);
    expect([code, output.trim()]).toEqual([0, birth]);
  });

  it("is refused with a wrong secret, on a foreign topic and in MQTT 5", async () => {
    const wrong = await run("mosquitto_pub", ["-t", `${OWN}/birth`, "-m", birth], { password: "wrong" });
    expect(wrong.code).not.toBe(0);
    const before = hall.store.stats().size;
    await run("mosquitto_pub", ["-q", "1", "-t", `counter/v1/${SITE}/dock-2/birth`, "-m", birth]);
    expect(hall.store.stats().size).toBe(before);
    const five = await run("mosquitto_pub", ["-t", `${OWN}/birth`, "-m", birth], { version: "mqttv5" });
    expect(five.code).not.toBe(0);
    await until(async () => hall.lines.some(({ event }) => event === "mqtt5Refused"));
  });
});
