/**
 * "Complete from A to B" and "not complete, missing these", by a command that reads the signed log of a stopped
 * gateway and nothing else, in another time zone; the running gateway had said the same.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Level } from "level";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CoverageView } from "../../../gateway/http/contract/playback.ts";
import type { FootageStatement } from "../../../gateway/evidence/coverage/statement.ts";
import { entryKey } from "../../../gateway/store/keys.ts";
import { proves } from "../../law/proves.ts";
import { childRunning, until } from "../children.ts";
import { startGatewayProcess } from "../running-gateway.ts";
import { Caller } from "../signed-in.ts";

const LIMIT_MS = 20_000;
const COMMAND = new URL("../../../gateway/commands/coverage.ts", import.meta.url).pathname;

let dataFolder: string;
let said: CoverageView;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "coverage-"));
  const gateway = await startGatewayProcess({ dataFolder, env: { TZ: "America/New_York" } });
  try {
    const supervisor = await Caller.signIn(gateway.url, "supervisor", await gateway.password("supervisor"));
    const begin = Date.now();
    const coverage = async (toMs = Date.now()): Promise<CoverageView> =>
      (await supervisor.json(
        "GET",
        `/api/cameras/cam-1/coverage?fromMs=${begin - 5000}&toMs=${toMs}`,
      )) as CoverageView;
    const recorded = (ms: number) => async (): Promise<boolean> => {
      const last = (await coverage()).spans.at(-1);
      return last !== undefined && last.toMs - last.fromMs >= ms;
    };
    await until("some footage", LIMIT_MS, recorded(4000));
    process.kill((await childRunning(gateway.pid, "virtual/camera.ts")).pid, "SIGUSR2");
    await until("the gap", LIMIT_MS, async () => (await coverage()).spans.length >= 2);
    await until("more footage", LIMIT_MS, recorded(4000));
    const whole = await coverage();
    // What is being cut is in nobody's answer yet.
    said = await coverage(whole.spans.at(-1)?.toMs);
  } finally {
    await gateway.close();
  }
}, 90_000);
afterAll(() => rm(dataFolder, { recursive: true, force: true }));

interface Said {
  readonly code: number;
  readonly stdout: string;
}

function coverage(fromMs: number, toMs: number, ...more: string[]): Promise<Said> {
  const iso = (ms: number): string => new Date(ms).toISOString();
  const args = [COMMAND, dataFolder, "--camera", "cam-1", "--from", iso(fromMs), "--to", iso(toMs), ...more];
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      args,
      { env: { ...process.env, TZ: "Pacific/Chatham" } },
      (error, stdout, stderr) => {
        if (stderr !== "") reject(new Error(stderr));
        else resolve({ code: error === null ? 0 : Number(error.code), stdout });
      },
    );
  });
}

const statement = async (fromMs: number, toMs: number): Promise<FootageStatement> =>
  JSON.parse((await coverage(fromMs, toMs, "--json")).stdout) as FootageStatement;

describe("the log alone", () => {
  it(
    proves(["S3-A-10"], "states that a span is complete, by entries whose numbers follow each other"),
    async () => {
      const last = said.spans.at(-1) ?? { fromMs: 0, toMs: 0 };
      const { code, stdout } = await coverage(last.fromMs, last.toMs);
      expect(stdout).toContain("完整：");
      expect(code).toBe(0);
      const { result, fragments, grounds } = await statement(last.fromMs, last.toMs);
      expect({ result, logs: grounds.length }).toEqual({ result: "complete", logs: 1 });
      const [ground] = grounds;
      expect((ground?.lastN ?? 0) - (ground?.firstN ?? 0) + 1).toBeGreaterThanOrEqual(fragments);
    },
  );

  it(
    proves(["S3-A-10"], "states what is missing, why, and which entry says so, as the gateway said it"),
    async () => {
      const { code, stdout } = await coverage(said.fromMs, said.toMs);
      expect(stdout).toContain("不完整：");
      expect(code).toBe(3);
      const { result, missing } = await statement(said.fromMs, said.toMs);
      expect(result).toBe("incomplete");
      const gap = said.gaps.find(({ causes }) => causes[0] === "disconnected");
      expect(missing.find(({ causes }) => causes[0] === "disconnected")).toEqual({
        from: gap?.fromMs,
        to: gap?.toMs,
        causes: gap?.causes,
        place: { log: expect.stringMatching(/20[0-9]{2}/), seq: gap?.ref?.seq },
      });
      expect(missing.map(({ from }) => from)).toEqual(said.gaps.map(({ fromMs }) => fromMs));
    },
  );

  it(
    proves(["S3-A-10", "S3-A-19(3)"], "states nothing when an entry was taken out: the log is wrong"),
    async () => {
      const [year = ""] = (await readdir(dataFolder)).filter((name) => /^20\d\d$/.test(name));
      const gap = said.gaps.find(({ causes }) => causes[0] === "disconnected");
      const database = new Level<Uint8Array, Uint8Array>(join(dataFolder, year, "log"), {
        keyEncoding: "view",
        valueEncoding: "view",
      });
      const key = entryKey(gap?.ref?.seq ?? 0);
      expect(await database.get(key)).toBeDefined();
      await database.del(key);
      await database.close();
      const { code, stdout } = await coverage(said.fromMs, said.toMs);
      expect(code).not.toBe(0);
      expect(stdout).toContain("entry.removed");
    },
  );
});
