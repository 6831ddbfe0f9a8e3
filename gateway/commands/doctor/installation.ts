/** What belongs to this gateway: data folder, secrets, pages, ports. Looks and changes nothing. */
import { constants } from "node:fs";
import { access, readdir, stat, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Ports } from "../../config.ts";
import { DEFAULT_LIMITS } from "../../store/limits.ts";
import { type Finding, bad, good, mind } from "./finding.ts";

const PAGES = fileURLToPath(new URL("../../../kiosk/dist/", import.meta.url));
const PAGE_NAMES = ["index.html", "clerk.html", "technician.html", "supervisor.html"];
const ASK_MS = 3000;
const GIB = 1024 ** 3;
/** Bits that let anybody but the owner in. */
const OTHERS = 0o077;

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";

async function isThere(path: string, mode = constants.F_OK): Promise<boolean> {
  try {
    await access(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** The folder itself, or the nearest one above it that exists: there a start would make it. */
export async function nearestFolder(folder: string): Promise<string> {
  return (await isThere(folder)) || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}

export async function checkDataFolder(folder: string): Promise<readonly Finding[]> {
  const nearest = await nearestFolder(folder);
  const findings: Finding[] = [];
  if (!(await isThere(nearest, constants.W_OK)))
    findings.push(bad(`数据目录不可写：${nearest}`, "the data folder cannot be written"));
  else if (nearest === folder) findings.push(good(`数据目录：${folder}`, "the data folder is there"));
  else findings.push(good(`数据目录将在启动时建立：${folder}`, "the first start makes the data folder"));

  const { bavail, bsize } = await statfs(nearest);
  const freeBytes = bavail * bsize;
  const free = `${(freeBytes / GIB).toFixed(1)} GiB`;
  if (freeBytes < DEFAULT_LIMITS.lowWaterBytes)
    findings.push(bad(`可用空间 ${free}，无法录像`, `${free} free: footage would be refused`));
  else if (freeBytes < DEFAULT_LIMITS.wantedFreeBytes)
    findings.push(mind(`可用空间仅 ${free}`, `only ${free} free`));
  else findings.push(good(`可用空间 ${free}`, `${free} free`));
  return findings;
}

/** Keys and passwords: the folder 0700, each file 0600. None yet before the first start. */
export async function checkSecrets(dataFolder: string): Promise<readonly Finding[]> {
  const folder = join(dataFolder, "secrets");
  const open: string[] = [];
  const walk = async (path: string): Promise<void> => {
    const { mode } = await stat(path);
    if ((mode & OTHERS) !== 0) open.push(path);
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) await walk(inner);
      else if (entry.isFile() && ((await stat(inner)).mode & OTHERS) !== 0) open.push(inner);
    }
  };
  try {
    await walk(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    return [bad(`密钥目录无法读取：${folder}`, "the folder of keys and passwords cannot be read")];
  }
  return open.length === 0
    ? [good("密钥目录仅限本账户访问", "keys and passwords are the owner's alone")]
    : [bad(`其他账户可访问密钥：${open.join("、")}`, "keys or passwords are open to other accounts")];
}

export async function checkPages(): Promise<Finding> {
  for (const name of PAGE_NAMES)
    if (!(await isThere(join(PAGES, name))))
      return bad(
        "窗口页面未构建，请运行 npm run build:kiosk",
        "the pages are not built: npm run build:kiosk",
      );
  return good("窗口页面已构建", "the pages are built");
}

/** Error code of listening there; undefined when it is free. */
function listenFault(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** Version of the gateway that answers there; undefined when none does. */
async function runningGateway(port: number): Promise<string | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(ASK_MS) });
    const { version, log } = (await answer.json()) as { readonly version?: unknown; readonly log?: unknown };
    return typeof version === "string" && typeof log === "object" ? version : undefined;
  } catch {
    return undefined;
  }
}

export async function checkPorts(ports: Ports): Promise<readonly Finding[]> {
  const taken: string[] = [];
  const hosts = { http: "127.0.0.1", https: "0.0.0.0", mqtt: "127.0.0.1", mqtts: "0.0.0.0", sync: "0.0.0.0" };
  for (const name of ["http", "https", "mqtt", "mqtts", "sync"] as const) {
    const fault = ports[name] === 0 ? undefined : await listenFault(hosts[name], ports[name]);
    if (fault === "EADDRINUSE") taken.push(`${name} ${ports[name]}`);
    else if (fault !== undefined)
      return [bad(`端口不可用：${name} ${ports[name]}（${fault}）`, `port ${name} cannot be used: ${fault}`)];
  }
  if (taken.length === 0) return [good("端口空闲", "the ports are free")];
  const version = ports.http === 0 ? undefined : await runningGateway(ports.http);
  return [
    version === undefined
      ? bad(`端口被占用：${taken.join("、")}`, `ports are taken by something else: ${taken.join(", ")}`)
      : good(`网关 ${version} 正在运行`, `a gateway ${version} is running here`),
  ];
}
