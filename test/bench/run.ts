/** `npm run bench -- <name>`: runs one bench; each prints a table and, last, a line `RESULT {json}`. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BENCHES = {
  evidence: "the signed log beside an unsigned LevelDB, the verifier beside openssl dgst",
  intake: "50 clerks who issue papers, and the views rebuilt from a million intake events",
  latency: "glass to glass in chromium, through the whole gateway",
  law: "the five regulations: articles proven, papers catalogued, scenarios and calendar vectors",
  paper: "QR codes on paper with a tenth of them damaged, by level and size",
  powercut: "power cuts on a file system of its own while cameras record",
  recording: "our recorder beside ffmpeg -c copy on the same streams",
  start: "opening a data folder with a million entries and a thousand volumes",
  store: "the append queue beside a plain synced file",
  tamper: "every mutation, and random clean logs, on three verifiers; [number of logs] [first seed]",
} as const;

const [name = "", ...args] = process.argv.slice(2);
if (!(name in BENCHES)) {
  console.error("npm run bench -- <name>\n");
  for (const [each, what] of Object.entries(BENCHES)) console.error(`  ${each.padEnd(12)} ${what}`);
  process.exit(name === "" || name === "--help" ? 0 : 1);
}
const script = join(fileURLToPath(new URL(".", import.meta.url)), `${name}.ts`);
const { status, error } = spawnSync(process.execPath, [script, ...args], { stdio: "inherit" });
if (error !== undefined) throw error;
process.exit(status ?? 1);
