/**
 * `npm run archive`: the central archive on a local folder. Prints its address and an enrolment line, serves
 * pushes, pulls at night. Invariant: ready is said only when it listens.
 */
import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { Cron } from "croner";
import { writeDurably } from "../durable-file.ts";
import { formatEnrolmentLine } from "../enrolment-line.ts";
import { Archive } from "./archive.ts";
import { openAuthority } from "./authority.ts";
import { pullAll } from "./pull.ts";
import { Registry } from "./registry.ts";
import { buildArchiveServer } from "./server.ts";
import { openWitnessKey } from "./witness-key.ts";

const HELP = `central archive

  npm run archive -- [options]

  --data FOLDER        archive folder (default ./archive-data)            ARCHIVE_DATA
  --port N             mutual TLS (default 9443; 0: the system chooses)    ARCHIVE_PORT
  --listen ADDRESS     where to listen (default 127.0.0.1; 0.0.0.0 for gateways elsewhere)
  --host NAME          name or address in the certificate and enrolment line (default 127.0.0.1)
  --name NAME          name of the archive's key (default archive.local)
  --pull CRON          when to pull, Beijing time (default "0 22 * * *")
  --footage-days N     promised for footage (default 731)
  --record-days N      promised for records (default 10958)
  --help               this text

A line "pull" on standard input pulls at once.
`;

const END_LIMIT_MS = 10_000;

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    port: { type: "string" },
    listen: { type: "string", default: "127.0.0.1" },
    host: { type: "string", default: "127.0.0.1" },
    name: { type: "string", default: "archive.local" },
    pull: { type: "string", default: "0 22 * * *" },
    "footage-days": { type: "string", default: "731" },
    "record-days": { type: "string", default: "10958" },
    help: { type: "boolean", default: false },
  },
});

/** Throws RangeError with the option's name. */
function whole(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^[0-9]{1,6}$/.test(text) || value > most)
    throw new RangeError(`--${name}: not a whole number up to ${most}`);
  return value;
}

async function start(): Promise<void> {
  const folder = resolve(values.data ?? process.env["ARCHIVE_DATA"] ?? "archive-data");
  const port = whole("port", values.port ?? process.env["ARCHIVE_PORT"] ?? "9443", 65_535);
  const retention = {
    footageDays: whole("footage-days", values["footage-days"], 100_000),
    recordDays: whole("record-days", values["record-days"], 100_000),
  };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const sha256 = (bytes: Uint8Array): Uint8Array =>
    new Uint8Array(createHash("sha256").update(bytes).digest());
  const authority = await openAuthority(
    join(folder, "keys"),
    ["127.0.0.1", "localhost", values.host],
    Date.now(),
  );
  const witness = await openWitnessKey(join(folder, "keys", "witness.key"), values.name, sha256);
  const registry = await Registry.open(join(folder, "gateways"));
  const archive = new Archive({
    folder,
    registry,
    witness,
    retention,
    wallMs: Date.now,
    monotonicMs: () => performance.now(),
    onLogRefused: (origin) => {
      console.error(`archive: ALARM ${origin} shrank or forked; not co-signed, see its folder refused/`);
    },
  });
  const onDefect = (error: unknown): void => console.error("archive: internal error", error);
  const server = buildArchiveServer({ archive, authority, registry, witness, wallMs: Date.now, onDefect });
  const address = new URL(await server.listen({ port, host: values.listen }));
  const url = new URL(`https://${values.host}:${address.port}`);
  const newLine = (): string =>
    formatEnrolmentLine({ url, fingerprint: authority.caFingerprint, code: registry.newCode(Date.now()) });

  const stop = new AbortController();
  const pullOnce = async (): Promise<void> => {
    const options = { authority, ownUrl: `https://127.0.0.1:${address.port}` };
    for (const result of await pullAll(options, registry.all(), stop.signal)) {
      if ("done" in result) console.log(JSON.stringify({ pulled: result.gateway, ...result.done }));
      else console.error(`archive: pull from ${result.gateway} failed:`, result.failed);
    }
  };
  let pulling: Promise<void> | undefined;
  /** Whoever asks while one runs waits for that one. */
  const pull = (): Promise<void> => {
    pulling ??= pullOnce().finally(() => {
      pulling = undefined;
    });
    return pulling;
  };
  const nightly = new Cron(values.pull, { timezone: "Asia/Shanghai", protect: true }, pull);

  const line = newLine();
  await writeDurably(join(folder, "enrolment"), `${line}\n`);
  console.log(`中心档案 archive: ${url.origin}  ${folder}`);
  console.log(`登记网关 enrol a gateway (once, within an hour): ${line}`);
  console.log(JSON.stringify({ ready: true, url: url.origin, enrolment: line }));

  const end = async (): Promise<void> => {
    if (stop.signal.aborted) return;
    stop.abort();
    nightly.stop();
    setTimeout(() => process.exit(1), END_LIMIT_MS).unref();
    await pulling;
    await server.close();
    await archive.close();
    // An open stdin would keep the process alive.
    process.stdin.destroy();
  };
  process.once("SIGTERM", () => void end());
  process.once("SIGINT", () => void end());
  createInterface({ input: process.stdin }).on("line", (said) => {
    if (said.trim() === "pull") void pull();
  });
}

if (values.help) console.log(HELP);
else {
  try {
    await start();
  } catch (error) {
    console.error(`archive: ${error instanceof Error ? error.message : "failed"}`);
    process.exit(1);
  }
}
