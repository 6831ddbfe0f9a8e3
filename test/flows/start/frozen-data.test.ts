/**
 * Data folders that earlier releases left, opened by this one. Each was made by that release's demonstration hall:
 * one application accepted, one told what is missing. Invariant: a fixture is never made again, only added.
 */
import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IntakeView } from "../../../gateway/http/contract/intake-view.ts";
import { type RunningGateway, startGatewayProcess } from "../running-gateway.ts";
import { Caller } from "../signed-in.ts";

const FROZEN = [
  {
    release: "0.1.0",
    papers: [
      "示人社收〔2026〕A1-000001号",
      "示人社受〔2026〕A1-000001号",
      "示人社收〔2026〕A1-000002号",
      "示人社补〔2026〕A1-000001号",
    ],
  },
] as const;

describe.each(FROZEN)("the data folder of release $release", ({ release, papers }) => {
  let folder: string;
  let gateway: RunningGateway | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "frozen-"));
    const archive = new URL(`../../fixtures/data/${release}.tar.gz`, import.meta.url).pathname;
    execFileSync("tar", ["-xzf", archive, "-C", folder]);
    gateway = await startGatewayProcess({ dataFolder: folder });
  });
  afterAll(async () => {
    await gateway?.close();
    await rm(folder, { recursive: true, force: true });
  });
  const running = (): RunningGateway => {
    if (gateway === undefined) throw new Error("the gateway did not start");
    return gateway;
  };

  it("keeps its people, its applications and every paper's number", async () => {
    const clerk = await Caller.signIn(running().url, "clerk", await running().password("clerk"));
    const intakes = (await clerk.json("GET", "/api/intakes")) as readonly {
      readonly applicationId: string;
    }[];
    const numbers: string[] = [];
    for (const { applicationId } of intakes) {
      const view = (await clerk.json("GET", `/api/intakes/${applicationId}`)) as IntakeView;
      numbers.push(...view.papers.map(({ number }) => number));
    }
    expect(numbers.toSorted()).toEqual(papers.toSorted());
  });

  it("goes on with the same log, and all of it verifies", async () => {
    await gateway?.close();
    gateway = undefined;
    const { code, out } = await new Promise<{ code: number; out: string }>((resolve) => {
      execFile(process.execPath, ["gateway/commands/verify.ts", folder], (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, out: stdout + stderr }),
      );
    });
    expect(out).toContain("RESULT");
    expect(code).toBe(0);
  });
});
