/** The machine below the gateway: runtime, programs and fonts, clock, disk encryption. Looks and changes nothing. */
import { readFile } from "node:fs/promises";
import type { NtpState } from "../../domain/time.ts";
import { askProgram } from "./ask-program.ts";
import { type Finding, bad, good, mind } from "./finding.ts";

const PACKAGE = new URL("../../../package.json", import.meta.url);
const DEBIAN = new URL("../debian-packages.json", import.meta.url);

interface Manifest {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
interface DebianPackages {
  readonly run: readonly string[];
  readonly demonstration: readonly string[];
}

async function json<T>(url: URL): Promise<T> {
  return JSON.parse(await readFile(url, "utf8")) as T;
}

/** The runtime is pinned: another one was never tested with what is recorded here. */
export async function checkRuntime(): Promise<Finding> {
  const { optionalDependencies = {} } = await json<Manifest>(PACKAGE);
  const wanted = optionalDependencies[`node-linux-${process.arch}`];
  const { version } = process;
  return version === `v${wanted}`
    ? good(`运行环境 Node ${version}，与固定版本一致`, `runtime Node ${version}, as pinned`)
    : bad(
        `运行环境为 Node ${version}，应为 v${wanted ?? "?"}；请运行 npm start`,
        `runtime is Node ${version}, pinned is v${wanted ?? "?"}; start with npm`,
      );
}

/** Media programs and Chinese fonts; a demonstration needs more. */
export async function checkPrograms(demonstration: boolean): Promise<readonly Finding[]> {
  const lists = await json<DebianPackages>(DEBIAN);
  const wanted = demonstration ? [...lists.run, ...lists.demonstration] : lists.run;
  // It fails when one package is unknown to it, and says what it knows of the others all the same.
  const known = await Promise.all(
    wanted.map(async (name) => ({
      name,
      state: await askProgram("dpkg-query", ["-W", "-f=${db:Status-Abbrev}", name]),
    })),
  );
  if ((await askProgram("dpkg-query", ["--version"])) !== undefined) {
    const missing = known.filter(({ state }) => state?.startsWith("ii") !== true).map(({ name }) => name);
    if (missing.length === 0)
      return [good(`系统软件包齐全：${wanted.join("、")}`, "Debian packages are all there")];
    const line = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
    return [bad(`缺少系统软件包：${line}`, `Debian packages are missing: ${line}`)];
  }
  const ffmpeg = await askProgram("ffmpeg", ["-version"]);
  const fonts = await askProgram("fc-list", [":lang=zh", "family"]);
  return [
    ffmpeg === undefined ? bad("缺少 ffmpeg", "ffmpeg is missing") : good("ffmpeg 可用", "ffmpeg is there"),
    fonts === undefined
      ? mind("无法查看字体", "cannot tell which fonts there are")
      : fonts.trim() === ""
        ? bad("缺少中文字体 Noto CJK", "no Chinese font: Noto CJK is missing")
        : good("中文字体可用", "Chinese fonts are there"),
  ];
}

const CLOCK: Readonly<Record<NtpState, Finding>> = {
  synced: good("系统时间已与时间服务器同步", "the clock is synchronised"),
  unsynced: mind(
    "系统时间尚未同步；视为受理等法定期限在同步之前不自动判定",
    "the clock is not synchronised; legal limits are not derived until it is",
  ),
  unknown: mind(
    "无法判断系统时间是否同步（未见 systemd-timesyncd 或 chrony 的标记）",
    "cannot tell whether the clock is synchronised",
  ),
};

export function checkClock(state: NtpState): Finding {
  return CLOCK[state];
}

/** Whether the data folder's disk is encrypted: recordings and personal data lie on it. */
export async function checkEncryption(folder: string): Promise<Finding> {
  const source = (await askProgram("findmnt", ["-no", "SOURCE", "-T", folder]))
    ?.trim()
    .replace(/\[.*\]$/, "");
  const types =
    source === undefined || source === "" ? undefined : await askProgram("lsblk", ["-sno", "TYPE", source]);
  if (types === undefined || types.trim() === "")
    return mind("无法判断数据盘是否加密", "cannot tell whether the disk of the data folder is encrypted");
  return types.split(/\s+/).includes("crypt")
    ? good("数据盘已加密", "the disk of the data folder is encrypted")
    : mind("数据盘未加密", "the disk of the data folder is not encrypted");
}
