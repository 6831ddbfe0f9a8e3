/**
 * `verify -- http://…` on a whole gateway process that records: entries, tree and signatures are checked over the
 * public routes, an altered entry is named, and what can't be seen from outside is said plainly.
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Verdict } from "../../../gateway/evidence/verify/judge.ts";
import { until } from "../children.ts";
import { startGatewayProcess } from "../running-gateway.ts";

let folder: string;
let dataFolder: string;
let gateway: Awaited<ReturnType<typeof startGatewayProcess>>;

interface Answer {
  readonly code: number;
  readonly out: string;
}

function verify(...args: readonly string[]): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["gateway/commands/verify.ts", ...args],
      { timeout: 60_000 },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, out: stdout + stderr }),
    );
  });
}

async function publicLog(): Promise<{ readonly logId: string; readonly keys: readonly string[] }> {
  const listed = (await (await fetch(new URL("/log", gateway.url))).json()) as {
    readonly origins: readonly { readonly logId: string }[];
    readonly verifierKeys: readonly string[];
  };
  return { logId: listed.origins.at(-1)?.logId ?? "", keys: listed.verifierKeys };
}

/** The gateway as somebody between shows it: one byte of every entry bundle is another. */
async function altering(): Promise<{ readonly server: Server; readonly address: string }> {
  const pass = async (url: string, response: ServerResponse): Promise<void> => {
    const answer = await fetch(new URL(url, gateway.url));
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (answer.ok && url.includes("/tile/entries/")) bytes.writeUInt8(bytes.readUInt8(22) ^ 1, 22);
    response.writeHead(answer.status).end(bytes);
  };
  const server = createServer((request, response) => void pass(request.url ?? "/", response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "running-"));
  dataFolder = join(folder, "data");
  gateway = await startGatewayProcess({ dataFolder });
  await until("a signed log of some entries", 30_000, async () => {
    const { logId } = await publicLog();
    const note = await (await fetch(new URL(`/log/${logId}/checkpoint`, gateway.url))).text();
    return Number(note.split("\n")[1]) > 10;
  });
}, 90_000);
afterAll(async () => {
  await gateway?.close();
  await rm(folder, { recursive: true, force: true });
});

it("finds entries, tree and signatures in order, and says plainly that contents were not seen", async () => {
  const trust = join(folder, "trust");
  await writeFile(trust, `${(await publicLog()).keys.map((key) => `log ${key}\n`).join("")}quorum none\n`);
  const { code, out } = await verify(gateway.url, "--trust", trust);
  expect(out).toContain("网关正在运行：只核对条目、哈希树和签名");
  expect(out).toContain("contents need a stopped gateway or the archive's copy");
  expect(out).toContain("完好内容 contents intact 0");
  expect(code, out).toBe(0);
  const json = JSON.parse((await verify(gateway.url, "--json")).out) as Verdict & {
    readonly notSeen: string;
  };
  expect(json.notSeen).toContain("contents");
  expect(json.trustFrom).toBe("source");
  expect(json.logs[0]?.entries).toBeGreaterThan(10);
});

it("names an entry that somebody between has altered", async () => {
  const { server, address } = await altering();
  try {
    const { code, out } = await verify(address, "--json");
    expect(code).toBe(2);
    const { findings } = JSON.parse(out) as Verdict;
    expect(findings.map(({ code: found, seq }) => `${found} ${seq}`)).toContain("entry.altered 0");
  } finally {
    server.close();
  }
});

it("can't tell by a trust file from elsewhere that has no key of the log", async () => {
  const other = join(folder, "other-trust");
  await writeFile(other, "quorum none\n");
  expect((await verify(gateway.url, "--trust", other)).code).toBe(4);
});

it("a data folder that is held points to the address", async () => {
  const { code, out } = await verify(dataFolder);
  expect(code).toBe(1);
  expect(out).toContain("请核验 http://127.0.0.1:端口");
  expect(out).toContain("Give its address (http://127.0.0.1:PORT)");
});
