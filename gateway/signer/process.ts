/**
 * The signer process: holds the log's key alone, answers on a Unix socket, ends with its parent. Invariant: the
 * state file is synced before a signature leaves, and everything between is synchronous, so a kill at any
 * moment leaves either no signature or a remembered one.
 *
 * Started as `node process.ts <data folder>` with a pipe as standard input; the pipe's end is the order to end.
 */
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { type Socket, createServer } from "node:net";
import { join } from "node:path";
import { formatCheckpoint } from "../evidence/checkpoint.ts";
import { formatNote } from "../evidence/note.ts";
import { NOTE_ED25519, signNote, verifierKey } from "../evidence/verifier-key.ts";
import { nodeSha256, nodeSign, publicKeyBytes } from "./ed25519.ts";
import { openKey, writePublicKey } from "./key-file.ts";
import { lockFolder } from "./lock.ts";
import { type SignerAnswer, formatAnswer, formatReady, lineCutter, parseRequest } from "./protocol.ts";
import type { SignerRequest } from "./protocol.ts";
import { SignerState } from "./state-file.ts";
import { decide } from "./tree-rules.ts";

const LOCK_LIMIT_MS = 4000;
const MAX_CONNECTIONS = 8;

const dataFolder = process.argv[2];
if (dataFolder === undefined) throw new Error("usage: node process.ts <data folder>");

// The order to end is the end of standard input: a signal to the whole process group must not take the signer
// away before the gateway has signed its last checkpoint.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
process.stdin.on("end", () => process.exit(0));
process.stdin.on("close", () => process.exit(0));
process.stdin.resume();

process.umask(0o077);
const folder = join(dataFolder, "secrets");
mkdirSync(folder, { recursive: true, mode: 0o700 });
process.chdir(folder);

const lock = await lockFolder(".", LOCK_LIMIT_MS).catch(endInDoubt);
const { key, created } = openKey("signer.key");
// What another key signed must not be signed on with this one.
if (created && existsSync("signer.state.json"))
  renameSync("signer.state.json", "signer.state.other-key.json");
const state = new SignerState("signer.state.json");
if (state.lost) state.write();
const publicKey = publicKeyBytes(key);
writePublicKey("signer.pub", key);
const sign = nodeSign(key);

/** Requests are answered one at a time, in the order they came. */
let turn: Promise<void> = Promise.resolve();

async function answer(request: SignerRequest): Promise<SignerAnswer> {
  const { id } = request;
  if (request.op === "last") {
    const note = state.last(request.origin)?.note;
    return note === undefined ? { id, ok: true } : { id, ok: true, note };
  }
  const { tree } = request;
  const last = state.last(tree.origin);
  if (last === undefined && state.full)
    return { id, ok: false, code: "evidence.signerRefused", size: 0, why: "too many logs" };
  const decision = decide(nodeSha256, last, tree);
  if (decision.act === "repeat") return { id, ok: true, note: decision.note };
  if (decision.act === "refuse") {
    const { code, size, why } = decision;
    return { id, ok: false, code, size, why };
  }
  const key = verifierKey(nodeSha256, { name: tree.origin, type: NOTE_ED25519, publicKey });
  const note = formatNote(await signNote(formatCheckpoint(tree), key, sign));
  state.record(tree.origin, { size: tree.size, root: tree.root, note });
  return { id, ok: true, note };
}

async function reply(socket: Socket, request: SignerRequest): Promise<void> {
  const line = formatAnswer(await answer(request));
  if (socket.writable) socket.write(line);
}

/** After a failed write the state on disk may be behind the one in memory: only a fresh start knows. */
function endInDoubt(error: unknown): never {
  process.stderr.write(`signer: ${error instanceof Error ? error.message : "failed"}\n`);
  process.exit(1);
}

function serve(socket: Socket): void {
  socket.on("error", () => socket.destroy());
  const cut = lineCutter((line) => {
    const request = parseRequest(line);
    turn = turn.then(() => reply(socket, request)).catch(endInDoubt);
  });
  socket.on("data", (chunk) => {
    try {
      cut(chunk);
    } catch {
      // Not our client: nothing it said counts, and it gets no answer.
      socket.destroy();
    }
  });
}

const server = createServer(serve);
server.maxConnections = MAX_CONNECTIONS;
rmSync("signer.sock", { force: true });
server.listen("signer.sock", () => {
  chmodSync("signer.sock", 0o600);
  process.stdout.write(formatReady({ publicKey, keyCreated: created, stateLost: state.lost && !created }));
});
server.on("close", () => lock.close());
