/**
 * Holds the import table of gateway/ARCHITECTURE.md against the code: who may import whom, which package
 * belongs where, and no cycle, type imports included. It counts what it saw, so an empty walk can't pass.
 */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const TOP = ["gateway", "kiosk", "device-drivers", "sync", "test"];
const FEWEST_MODULES = 120;

/** Folders a module of the key may import from; its own folder always. Longest prefix wins. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "gateway/domain": [],
  "gateway/evidence": ["gateway/domain"],
  "gateway/media": ["gateway/domain"],
  "gateway/store": ["gateway/domain", "gateway/evidence"],
  "gateway/reader": ["gateway/domain", "gateway/evidence"],
  "gateway/signer": ["gateway/domain", "gateway/evidence"],
  "gateway/recording": ["gateway/domain", "gateway/evidence", "gateway/media"],
  "gateway/intake": ["gateway/domain", "gateway/evidence", "gateway/media"],
  "gateway/documents": ["gateway/domain", "gateway/evidence", "gateway/media"],
  "gateway/docks": ["gateway/domain", "gateway/evidence", "gateway/media"],
  "gateway/devices": ["gateway/domain", "gateway/evidence", "gateway/media"],
  "gateway/people": ["gateway/domain", "gateway/evidence", "gateway/media"],
  "gateway/health": ["gateway/domain", "gateway/evidence", "gateway/media"],
  "gateway/handover": ["gateway/domain", "gateway/evidence", "gateway/media"],
  "gateway/http/contract": ["gateway/domain"],
  "gateway/http": [
    "gateway/domain",
    "gateway/evidence",
    "gateway/handover",
    "gateway/recording",
    "gateway/intake",
    "gateway/documents",
    "gateway/docks",
    "gateway/devices",
    "gateway/people",
    "gateway/health",
  ],
  "gateway/mqtt": [
    "gateway/domain",
    "gateway/evidence",
    "gateway/handover",
    "gateway/recording",
    "gateway/intake",
    "gateway/documents",
    "gateway/docks",
    "gateway/devices",
    "gateway/people",
    "gateway/health",
  ],
  "gateway/commands": ["gateway", "device-drivers"],
  "gateway/config.ts": ["gateway/domain"],
  "gateway/main.ts": ["gateway", "device-drivers"],
  "gateway/wiring": ["gateway", "device-drivers"],
  "device-drivers/rtsp": [],
  "device-drivers/camera-onvif": ["device-drivers/rtsp"],
  "device-drivers/ffmpeg": ["device-drivers/rtsp"],
  "device-drivers/printer-escpos": [],
  "device-drivers/dock": [],
  "device-drivers/virtual": [],
  // One SM2 check for all: a copy of its own at the archive could judge otherwise.
  sync: [
    "gateway/evidence",
    "gateway/domain",
    "gateway/media",
    "gateway/http/contract",
    "gateway/signer/sm2.ts",
  ],
  kiosk: [
    "gateway/http/contract",
    "gateway/evidence",
    "gateway/domain",
    "gateway/media",
    "sync/archive/contract.ts",
  ],
  "test/peers": [],
  test: ["gateway", "kiosk", "device-drivers", "sync", "firmware-configs"],
};

/** A folder that may read these as types only. */
const TYPES_ONLY: Readonly<Record<string, readonly string[]>> = {
  sync: ["gateway/http/contract"],
  kiosk: ["gateway/http/contract", "sync/archive/contract.ts"],
};

/** The "only in" column: where a package may be imported outside test. Longest prefix wins as above. */
const PACKAGE_ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  fastify: ["gateway/http", "sync/archive"],
  "@fastify/static": ["gateway/http", "sync/archive"],
  "@fastify/cookie": ["gateway/http", "sync/archive"],
  "@fastify/websocket": ["gateway/http", "sync/archive"],
  "@fastify/rate-limit": ["gateway/http", "sync/archive"],
  "@fastify/helmet": ["gateway/http", "sync/archive"],
  "@fastify/swagger": ["gateway/http", "sync/archive"],
  "@fastify/type-provider-typebox": ["gateway/http", "sync/archive"],
  typebox: ["gateway/http", "gateway/mqtt", "gateway/config.ts", "sync"],
  level: ["gateway/store", "gateway/reader", "sync/archive"],
  "classic-level": ["gateway/store", "gateway/reader", "sync/archive"],
  aedes: ["gateway/mqtt"],
  mqtt: ["device-drivers/virtual", "gateway/commands"],
  "node-onvif": ["device-drivers/camera-onvif"],
  serialport: ["device-drivers"],
  "fluent-ffmpeg": ["gateway/recording", "device-drivers/ffmpeg"],
  sharp: ["gateway/recording", "gateway/documents"],
  "@myriaddreamin/typst-ts-node-compiler": ["gateway/documents"],
  receiptline: ["device-drivers/printer-escpos"],
  qr: ["gateway/documents", "kiosk/verify"],
  "@peculiar/x509": ["gateway/people", "sync"],
  "reflect-metadata": ["gateway/people", "sync"],
  lit: ["kiosk"],
  "@lit/localize": ["kiosk"],
  signature_pad: ["kiosk"],
  vite: ["kiosk", "gateway/commands"],
  pino: ["gateway/main.ts", "sync"],
  "prom-client": ["gateway/health", "sync/archive"],
  croner: ["sync"],
  undici: ["sync", "device-drivers/camera-onvif"],
  "tar-stream": ["gateway/recording", "sync/archive"],
};

/** Pure folders: no `node:*`, no package. */
const PURE = ["gateway/domain", "gateway/evidence", "gateway/media"];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typesOnly: boolean;
}

function walk(folder: string, out: string[]): string[] {
  for (const name of readdirSync(folder)) {
    if (name === "node_modules" || name === "dist" || name === "output") continue;
    const path = join(folder, name);
    if (statSync(path).isDirectory()) walk(path, out);
    else if (/\.(ts|mts|mjs)$/.test(name) && !name.endsWith(".d.ts")) out.push(relative(root, path));
  }
  return out;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^"'`;]*?\sfrom\s+)?["']([^"'\n]+)["']|import\(\s*["']([^"'\n]+)["']\s*\)/g;

function importsOf(file: string): Import[] {
  const source = readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  return [...source.matchAll(IMPORT)].map((match) => {
    const target = match[2] ?? match[3] ?? "";
    const to = target.startsWith(".") ? relative(root, join(root, dirname(file), target)) : target;
    const named = /^\s*(?:import|export)\s*\{([^}]*)\}/.exec(match[0].trim());
    const everyNameIsType =
      named?.[1] !== undefined &&
      named[1].split(",").every((name) => name.trim() === "" || name.trim().startsWith("type "));
    return { from: file, to, typesOnly: match[1] !== undefined || everyNameIsType };
  });
}

const files = TOP.flatMap((top) => walk(join(root, top), []));
const imports = files.flatMap(importsOf);
const inside = (path: string, prefix: string): boolean => path === prefix || path.startsWith(`${prefix}/`);
const longest = (path: string, prefixes: readonly string[]): string | undefined =>
  prefixes.filter((prefix) => inside(path, prefix)).sort((a, b) => b.length - a.length)[0];
const isOurs = (to: string): boolean => TOP.some((top) => inside(to, top)) || inside(to, "firmware-configs");

describe("imports run one way", () => {
  it("sees the whole project", () => {
    expect(files.length).toBeGreaterThan(FEWEST_MODULES);
    expect(imports.length).toBeGreaterThan(files.length);
  });

  it("keeps the folder table", () => {
    const wrong = imports.filter(({ from, to }) => {
      if (!isOurs(to) || inside(to, "firmware-configs")) return false;
      const home = longest(from, Object.keys(MAY_IMPORT));
      if (home === undefined) return true;
      if (longest(to, Object.keys(MAY_IMPORT)) === home || inside(to, home)) return false;
      return !(MAY_IMPORT[home] ?? []).some((allowed) => inside(to, allowed));
    });
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it("keeps the types-only borders", () => {
    const wrong = imports.filter(({ from, to, typesOnly }) => {
      const home = longest(from, Object.keys(TYPES_ONLY));
      return (
        home !== undefined && !typesOnly && (TYPES_ONLY[home] ?? []).some((border) => inside(to, border))
      );
    });
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it("keeps each package in its place", () => {
    const wrong = imports.filter(({ from, to }) => {
      if (to.startsWith(".") || to.startsWith("node:") || isOurs(to) || inside(from, "test")) return false;
      const name = to.startsWith("@") ? to.split("/").slice(0, 2).join("/") : (to.split("/")[0] ?? to);
      const places = PACKAGE_ONLY_IN[name];
      return places === undefined || !places.some((place) => inside(from, place));
    });
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it("keeps the pure folders pure and names built-ins with node:", () => {
    const wrong = imports.filter(({ from, to }) => {
      if (builtinModules.includes(to)) return true;
      return PURE.some((pure) => inside(from, pure)) && !isOurs(to);
    });
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it("has no cycle, type imports included", () => {
    const edges = new Map<string, string[]>();
    for (const { from, to } of imports) if (isOurs(to)) edges.set(from, [...(edges.get(from) ?? []), to]);
    const state = new Map<string, "open" | "done">();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === "done") return;
      if (state.get(file) === "open") {
        cycles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
        return;
      }
      state.set(file, "open");
      for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
      state.set(file, "done");
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it("keeps drivers and virtual peers free of the gateway", () => {
    const wrong = imports.filter(({ from, to }) => inside(from, "device-drivers") && inside(to, "gateway"));
    expect(wrong).toEqual([]);
  });
});
