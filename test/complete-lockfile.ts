/**
 * Names in package-lock.json the optional packages of other platforms that the registry in use did not serve;
 * without them `npm ci` calls the lockfile stale. To be run after every change of packages.
 * Invariant: exact versions only, each with the platform that its name states, so no other platform loads it.
 */
import { readFileSync, writeFileSync } from "node:fs";

interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

const LOCKFILE = "package-lock.json";
const SYSTEMS = [
  "android",
  "darwin",
  "freebsd",
  "linux",
  "openharmony",
  "openbsd",
  "netbsd",
  "sunos",
  "aix",
  "win32",
];
const CPUS: readonly (readonly [pattern: RegExp, cpu: string])[] = [
  [/arm64/, "arm64"],
  [/arm(-|$|eabi|gnueabihf|musleabihf|v7|v6)/, "arm"],
  [/x64|x86_64/, "x64"],
  [/ia32/, "ia32"],
  [/ppc64/, "ppc64"],
  [/riscv64/, "riscv64"],
  [/s390x/, "s390x"],
  [/loong64/, "loong64"],
  [/mips64el/, "mips64el"],
  [/wasm32|wasm/, "wasm32"],
];

/** Fields that keep a package from being installed elsewhere; undefined when the name states no platform. */
function platformOf(name: string): Record<string, unknown> | undefined {
  const own = name.slice(name.lastIndexOf("/") + 1);
  const system =
    SYSTEMS.find((each) => own.includes(each)) ?? (own.includes("windows") ? "win32" : undefined);
  const cpu = CPUS.find(([pattern]) => pattern.test(own))?.[1];
  if (cpu === undefined) return undefined;
  const libc = own.includes("musl") ? ["musl"] : own.includes("gnu") ? ["glibc"] : undefined;
  return {
    cpu: [cpu],
    ...(system === "linux" && libc !== undefined ? { libc } : {}),
    ...(system === undefined ? {} : { os: [system] }),
  };
}

const lock = JSON.parse(readFileSync(LOCKFILE, "utf8")) as { packages: Record<string, LockedPackage> };
const added: string[] = [];
for (const [place, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const nested = `${place}/node_modules/${name}`;
    const top = `node_modules/${name}`;
    if (lock.packages[top] !== undefined || lock.packages[nested] !== undefined) continue;
    const platform = platformOf(name);
    if (platform === undefined || !/^[0-9]+\.[0-9]+\.[0-9]+/.test(version)) {
      throw new Error(`${name}@${version} of ${place} is not a platform's package of an exact version`);
    }
    lock.packages[top] = { version, ...platform, ...(dev === true ? { dev: true } : {}), optional: true };
    added.push(`${name}@${version}`);
  }
}
const root = lock.packages[""];
const rest = Object.entries(lock.packages).filter(([place]) => place !== "");
rest.sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries([["", root ?? {}], ...rest]);
writeFileSync(LOCKFILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added.length} packages of other platforms named`);
