/**
 * The whole gateway on a real site (no demonstration, no virtual device), with cameras bound as a technician does
 * it. Invariant: everything it runs is a child of `pid`.
 */
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import demonstration from "../../firmware-configs/demonstration/site.json" with { type: "json" };
import { type RunningGateway, startGatewayProcess } from "../flows/running-gateway.ts";
import { Caller } from "../flows/signed-in.ts";

export interface RealHall {
  readonly gateway: RunningGateway;
  readonly technician: Caller;
  /** Binds an RTSP address as this camera. */
  bind(camera: string, rtspUrl: string): Promise<void>;
  /** Value of a metric, summed over its labels. */
  metric(name: string): Promise<number>;
  /** Buckets of a histogram: upper bounds in seconds, ascending, and how many lie at or below each. */
  buckets(name: string): Promise<readonly (readonly [upToS: number, count: number])[]>;
}

const DEMONSTRATION = join(import.meta.dirname, "../../firmware-configs/demonstration");
const COUNTER = "counter-1";

export async function startRealHall(folder: string): Promise<RealHall> {
  const { demonstration: _, ...site } = demonstration;
  const siteFile = join(folder, "site.json");
  await copyFile(join(DEMONSTRATION, "matters.json"), join(folder, "matters.json"));
  await writeFile(siteFile, JSON.stringify({ ...site, unit: "bench" }));
  const gateway = await startGatewayProcess({ dataFolder: join(folder, "data"), site: siteFile });
  const code = /one-time set-up code: (\S+)/.exec(gateway.output())?.[1] ?? "";
  const [user, password] = ["technician", crypto.randomUUID()];
  await new Caller(gateway.url).json("POST", "/api/set-up", { code, user, name: "技术员", password });
  const technician = await Caller.signIn(gateway.url, user, password);
  const lines = async (name: string): Promise<readonly string[]> => {
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    return text.split("\n").filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  };
  const valueOf = (line: string): number => Number(line.slice(line.lastIndexOf(" ") + 1));
  return {
    gateway,
    technician,
    async bind(camera, rtspUrl) {
      await technician.json("PUT", `/api/cameras/${camera}`, {
        commandId: crypto.randomUUID(),
        name: camera,
        counterId: COUNTER,
        xaddr: null,
        rtspUrl,
        profileToken: null,
        codec: "h264",
        credentials: { username: "", password: "" },
      });
    },
    async metric(name) {
      return (await lines(name)).reduce((sum, line) => sum + valueOf(line), 0);
    },
    async buckets(name) {
      return (await lines(`${name}_bucket`)).flatMap((line) => {
        const upTo = /le="([^"]+)"/.exec(line)?.[1];
        return upTo === undefined
          ? []
          : [[upTo === "+Inf" ? Infinity : Number(upTo), valueOf(line)] as const];
      });
    },
  };
}
