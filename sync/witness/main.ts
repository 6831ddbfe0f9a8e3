/**
 * `npm run witness`: a witness for the logs of other gateways (C2SP tlog-witness), beside a gateway or alone. Invariant:
 * ready is said only when it listens; it holds a key of its own and none of the logs.
 */
import { createHash } from "node:crypto";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Sha256 } from "../../gateway/evidence/suite.ts";
import { formatVerifierKey, parseVerifierKey } from "../../gateway/evidence/verifier-key.ts";
import { openWitnessKey, verifyEd25519 } from "../archive/witness-key.ts";
import { Witness } from "./witness.ts";
import { WitnessState } from "./witness-state.ts";

const HELP = `witness for the logs of other gateways

  npm run witness -- [options]

  --data FOLDER     key and memory (default ./witness-data)
  --name NAME       name of its key, such as hall/g2/witness
  --log VKEY        verifier key of a log to co-sign, once for each; it serves every year of that gateway
  --port N          (default 8445; 0: the system chooses)
  --listen ADDRESS  (default 127.0.0.1; 0.0.0.0 for gateways elsewhere)
  --key             print the verifier key that cosignatures are checked with, and end
  --help            this text

Standard input's end is the order to end.
`;

/** A request with 63 proof lines and 16 signatures stays far below. */
const MAX_BODY_BYTES = 64 * 1024;
const REQUEST_LIMIT_MS = 10_000;
const sha256: Sha256 = (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest());

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "witness-data" },
    name: { type: "string", default: "witness.local" },
    log: { type: "string", multiple: true, default: [] },
    port: { type: "string", default: "8445" },
    listen: { type: "string", default: "127.0.0.1" },
    key: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_BODY_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function answer(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { "content-type": contentType, "cache-control": "no-store" }).end(body);
}

async function serve(witness: Witness, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "POST" || request.url !== "/add-checkpoint") {
    answer(response, 404, "text/plain; charset=utf-8", "POST /add-checkpoint\n");
    return;
  }
  const body = await bodyOf(request);
  if (body === undefined) {
    response.setHeader("connection", "close");
    answer(response, 413, "text/plain; charset=utf-8", "the request is too long\n");
    return;
  }
  const { status, contentType, body: text } = await witness.add(body);
  answer(response, status, contentType, text);
}

async function start(): Promise<void> {
  const folder = resolve(values.data);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const key = await openWitnessKey(join(folder, "witness.key"), values.name, sha256);
  if (values.key) {
    console.log(formatVerifierKey(key.key));
    return;
  }
  const witness = new Witness({
    logKeys: values.log.map((text) => parseVerifierKey(text, sha256)),
    state: await WitnessState.open(join(folder, "seen")),
    witness: key,
    sha256,
    verify: verifyEd25519,
    wallMs: Date.now,
    onLogRefused: (origin) => console.log(JSON.stringify({ kind: "refused", origin })),
  });
  const server = createServer({ requestTimeout: REQUEST_LIMIT_MS }, (request, response) => {
    serve(witness, request, response).catch((error: unknown) => {
      console.error("witness: internal error", error);
      if (response.headersSent) response.destroy();
      else answer(response, 500, "text/plain; charset=utf-8", "internal error\n");
    });
  });
  await new Promise<void>((done, failed) => {
    server.once("error", failed);
    server.listen(Number(values.port), values.listen, done);
  });
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ ready: true, port, witnessKey: formatVerifierKey(key.key) }));
  const end = (): void => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  process.stdin.once("end", end);
  process.stdin.resume();
}

if (values.help) console.log(HELP);
else {
  try {
    await start();
  } catch (error) {
    console.error(`witness: ${error instanceof Error ? error.message : "failed"}`);
    process.exit(1);
  }
}
