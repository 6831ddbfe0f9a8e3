/** The gateway is killed again and again while a dock uploads: nothing that was acknowledged is lost, and it ends whole. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSecretFiles } from "../../../gateway/people/secret-files.ts";
import { freshFolder } from "../../contract/real-store.ts";
import { SITE, DOCK, openHall } from "../../flows/docks/dock-hall.ts";
import { proves } from "../../law/proves.ts";
import { type RunningProgram, startProgram } from "../../peers/start-program.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** How long the gateway lives after the dock's first progress of the round. */
const LIVES_MS = [0, 35, 120, 10, 70, 250, 5, 160, 20, 90];

/** The hall in a process of its own, to be killed; says its ports and the dock's secret. */
const HALL = `
import { join } from "node:path";
import { createSecretFiles } from "./gateway/people/secret-files.ts";
import { bindDock, openHall } from "./test/flows/docks/dock-hall.ts";
const [folder, httpPort, mqttPort] = process.argv.slice(1);
const secrets = createSecretFiles(join(folder, "secrets"));
const hall = await openHall({ folder, secrets, processes: true, httpPort: Number(httpPort), mqttPort: Number(mqttPort) });
const secret = mqttPort === "0" ? await bindDock(hall) : "";
console.log(JSON.stringify({ httpPort: hall.httpPort, mqttPort: hall.broker.mqttPort, secret }));
`;

interface HallProcess {
  readonly child: ChildProcess;
  readonly httpPort: number;
  readonly mqttPort: number;
  readonly secret: string;
}

let folder: Awaited<ReturnType<typeof freshFolder>>;
let child: ChildProcess | undefined;
let dock: RunningProgram | undefined;

beforeEach(async () => {
  folder = await freshFolder();
});
afterEach(async () => {
  await dock?.stop();
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  await folder.remove();
});

async function startHall(httpPort = 0, mqttPort = 0): Promise<HallProcess> {
  child = spawn(
    process.execPath,
    ["--input-type=module", "--eval", HALL, folder.path, String(httpPort), String(mqttPort)],
    { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = (await once(child.stdout ?? child, "data")) as [Buffer];
  return { child, ...(JSON.parse(line.toString("utf8")) as Omit<HallProcess, "child">) };
}

describe("an upload while the gateway is killed", () => {
  it(
    proves(["S1-19", "S4-30"], "loses no acknowledged byte and ends as one verified file, wiped after that"),
    async () => {
      let hall = await startHall();
      const { httpPort, mqttPort, secret } = hall;
      const place = ["--site", SITE, "--dock", DOCK, "--folder", join(folder.path, "cards")];
      const ports = [
        "--mqtt-port",
        String(mqttPort),
        "--http-port",
        String(httpPort),
        "--chunk-bytes",
        "8192",
      ];
      dock = await startProgram("device-drivers/virtual/dock.ts", {
        args: [...place, ...ports],
        env: { VIRTUAL_DOCK_SECRET: secret },
      });
      const acknowledged: number[] = [];
      const seen = new Set<unknown>();
      /** The next progress the dock tells of, after those already seen. */
      const progress = async (): Promise<"more" | "stored"> => {
        const line = await dock?.line(
          (one) => !seen.has(one) && (one["event"] === "progress" || one["event"] === "stored"),
          20_000,
        );
        seen.add(line);
        if (line?.["event"] === "stored") return "stored";
        acknowledged.push(Number(line?.["offset"]));
        return "more";
      };
      let kills = 0;
      let state: "more" | "stored" = await progress();
      for (const lifeMs of LIVES_MS) {
        if (state === "stored") break;
        await new Promise((resolve) => setTimeout(resolve, lifeMs));
        hall.child.kill("SIGKILL");
        await once(hall.child, "exit");
        kills += 1;
        hall = await startHall(httpPort, mqttPort);
        const known = seen.size;
        while (state === "more" && seen.size < known + 2) state = await progress();
      }
      while (state === "more") state = await progress();
      expect(kills).toBeGreaterThanOrEqual(3);
      // What was acknowledged once is never asked for again.
      expect(acknowledged).toEqual([...acknowledged].sort((a, b) => a - b));

      const stored = await dock.line((line) => line["event"] === "stored");
      await dock.line((line) => line["event"] === "wiped", 20_000);
      await dock.stop();
      hall.child.kill("SIGKILL");
      await once(hall.child, "exit");

      const after = await openHall({
        folder: folder.path,
        secrets: createSecretFiles(join(folder.path, "secrets")),
        processes: true,
      });
      try {
        const files = await after.docks.files();
        expect(files.map((file) => file.sha256)).toEqual([stored["sha256"]]);
        const hash = createHash("sha256");
        for await (const bytes of after.docks.bytes(String(stored["uploadId"]))) hash.update(bytes);
        expect(hash.digest("hex")).toBe(stored["sha256"]);
        expect(await after.docks.outstanding(DOCK)).toEqual([]);
        expect(after.problems).toEqual([]);
      } finally {
        await after.close();
      }
    },
    120_000,
  );
});
