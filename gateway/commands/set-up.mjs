/**
 * Makes a fresh clone ready, with nothing but Node 18 or newer and npm: npm packages, the pinned Node runtime,
 * Debian packages, the built kiosk. Invariant: it ends in success only when everything that it names is there,
 * and a second run that finds nothing to do takes well under a second.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const forTests = process.argv.includes("--test");
const at = (...parts) => join(root, ...parts);
const say = (text) => process.stderr.write(`set-up: ${text}\n`);
const fail = (text) => {
  process.stderr.write(`\nset-up: ${text}\n\n`);
  process.exit(1);
};

/** Runs a program to its end with its output shown; a child that can't start or fails ends the set-up. */
function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], ...options });
  if (error) fail(`${command} could not be started: ${error.message}`);
  if (status !== 0) fail(`${command} ${args[0] ?? ""} failed with status ${status}`);
}

function hashOf(paths) {
  const hash = createHash("sha256");
  const add = (path) => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) {
        if (name !== "dist" && name !== "node_modules") add(join(path, name));
      }
    } else hash.update(path.slice(root.length)).update("\0").update(readFileSync(path)).update("\0");
  };
  for (const path of paths) if (existsSync(path)) add(path);
  return hash.digest("hex");
}

const stampSays = (path, value) => existsSync(path) && readFileSync(path, "utf8") === value;

function installPackages() {
  const wanted = hashOf([at("package.json"), at("package-lock.json")]);
  const stamp = at("node_modules", ".set-up-stamp");
  if (stampSays(stamp, wanted)) return;
  say("installing the npm packages");
  // The Node that runs npm, not ours: ours lies in the folder that npm is about to replace.
  const node = process.env["npm_node_execpath"] ?? process.execPath;
  const npm = process.env["npm_execpath"];
  const args = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];
  if (npm !== undefined && existsSync(node)) run(node, [npm, ...args]);
  else run("npm", args);
  writeFileSync(stamp, wanted);
}

function checkRuntime() {
  const manifest = JSON.parse(readFileSync(at("package.json"), "utf8"));
  const wanted = manifest.optionalDependencies[`node-linux-${process.arch}`];
  const node = at("node_modules", ".bin", "node");
  if (process.platform !== "linux" || wanted === undefined) {
    fail(`the gateway runs on Linux on x64 or arm64; this is ${process.platform} on ${process.arch}.`);
  }
  const { stdout, error } = spawnSync(node, ["--version"], { encoding: "utf8" });
  if (error || stdout.trim() !== `v${wanted}`) {
    fail(
      `the pinned runtime Node ${wanted} did not arrive (npm leaves optional packages out without an error when a download fails or "omit=optional" is set).\nRemove node_modules and start again; see that npm is allowed to install optional packages.`,
    );
  }
}

function missingDebianPackages(packages) {
  const { stdout, error } = spawnSync(
    "dpkg-query",
    ["-W", "-f=${db:Status-Abbrev}${Package}\n", ...packages],
    { encoding: "utf8" },
  );
  if (error) return undefined;
  const installed = new Set(
    stdout
      .split("\n")
      .filter((line) => line.startsWith("ii"))
      .map((line) => line.slice(2).trim()),
  );
  return packages.filter((name) => !installed.has(name));
}

function installDebianPackages() {
  const lists = JSON.parse(readFileSync(at("gateway", "commands", "debian-packages.json"), "utf8"));
  const needed = [...lists.run, ...lists.demonstration];
  const missing = missingDebianPackages(forTests ? [...needed, ...lists.test] : needed);
  if (missing === undefined) {
    say(
      "this is not a Debian system, so its packages were not checked. The gateway needs ffmpeg, socat and the Noto CJK fonts.",
    );
    return;
  }
  if (missing.length === 0) return;
  const line = `apt-get update && apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  if (process.getuid?.() === 0) {
    say(`installing Debian packages: ${missing.join(" ")}`);
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    run("apt-get", ["update", "-q"], { env });
    run("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...missing], { env });
    return;
  }
  const vital = missing.filter((name) => needed.includes(name));
  if (vital.length > 0)
    fail(`Debian packages are missing. Run this as root, then start again:\n\n    ${line}`);
  say(
    `peers for tests are missing; the tests that need them will be SKIPPED. To run them all, as root:\n\n    ${line}\n`,
  );
}

function buildKiosk() {
  const wanted = hashOf([
    at("kiosk"),
    at("gateway", "domain"),
    at("gateway", "evidence"),
    at("gateway", "http", "contract"),
    at("package-lock.json"),
  ]);
  const stamp = at("kiosk", "dist", ".set-up-stamp");
  if (stampSays(stamp, wanted)) return;
  say("building the kiosk");
  run(at("node_modules", ".bin", "node"), [
    at("node_modules", "vite", "bin", "vite.js"),
    "build",
    "--config",
    "kiosk/vite.config.ts",
    "--logLevel",
    "warn",
  ]);
  writeFileSync(stamp, wanted);
}

if (Number(process.versions.node.split(".")[0]) < 18)
  fail(`Node ${process.versions.node} is too old; 18 or newer is needed to set up.`);
installPackages();
checkRuntime();
installDebianPackages();
buildKiosk();
