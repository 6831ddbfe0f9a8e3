/**
 * The signer process: holds the log's key alone, answers on a Unix socket, ends with its parent. Invariant: the
 * state file is synced before a signature leaves, and everything between is synchronous, so a kill at any
 * moment leaves either no signature or a remembered one.
 *
 * Started as `node process.ts <data folder> <suite>` with a pipe as standard input; the pipe's end is the order to end.
 */
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { type Socket, createServer } from "node:net";
import { join } from "node:path";
import { formatCheckpoint } from "../evidence/checkpoint.ts";
import { equalBytes } from "../evidence/bytes.ts";
import { formatNote } from "../evidence/note.ts";
import { isSuite } from "../evidence/suite.ts";
import type { TreeToSign } from "../evidence/tree-signer.ts";
import { COSIGNATURE_V1, NOTE_ED25519, NOTE_SM2, parseVerifierKey } from "../evidence/verifier-key.ts";
import { nodeSha256 } from "./ed25519.ts";
import { SignerKeys } from "./keys.ts";
import { lockFolder } from "./lock.ts";
import {
  type SignerAnswer,
  type SignerKey,
  type SignerRequest,
  formatAnswer,
  formatReady,
  lineCutter,
  parseRequest,
} from "./protocol.ts";
import { nodeSm3 } from "./sm2.ts";
import { SignerState } from "./state-file.ts";
import { decide } from "./tree-rules.ts";

const LOCK_LIMIT_MS = 4000;
const MAX_CONNECTIONS = 8;

const [, , dataFolder, suite] = process.argv;
if (dataFolder === undefined || !isSuite(suite))
  throw new Error("usage: node process.ts <data folder> ed25519-sha256|sm2-sm3");
const nextTypes = suite === "sm2-sm3" ? ([NOTE_ED25519, NOTE_SM2] as const) : ([NOTE_ED25519] as const);

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
const STATE = "signer.state.json";
let state = new SignerState(STATE);
const stateWasLost = state.lost;
const keys = new SignerKeys(suite, state.inForce);
// What another key signed must not be signed on with this one.
if (keys.created && existsSync(STATE)) {
  renameSync(STATE, "signer.state.other-key.json");
  state = new SignerState(STATE);
}
state.begin(keys.inForce);

/** The keys of a log: those that signed it, or else those in force. */
function keysOf(origin: string): readonly SignerKey[] {
  const signed = state.last(origin)?.keys ?? [];
  return signed.length > 0 ? signed : keys.inForce;
}

const isIn = (list: readonly SignerKey[], key: SignerKey): boolean =>
  list.some((one) => one.type === key.type && equalBytes(one.publicKey, key.publicKey));

/** Requests are answered one at a time, in the order they came. */
let turn: Promise<void> = Promise.resolve();

async function answer(request: SignerRequest): Promise<SignerAnswer> {
  const { id } = request;
  if (request.op === "last") {
    const note = state.last(request.origin)?.note;
    return note === undefined ? { id, ok: true } : { id, ok: true, note };
  }
  if (request.op === "keys") return { id, ok: true, keys: keysOf(request.origin) };
  if (request.op === "nextKeys") return { id, ok: true, keys: keys.next(nextTypes) };
  return sign(id, request.tree);
}

/** The keys that the log announces, if they are ones made here to take over; else none. */
function announced(tree: TreeToSign): readonly SignerKey[] {
  const named: SignerKey[] = [];
  try {
    for (const text of tree.turnTo ?? []) {
      const { name, type, publicKey } = parseVerifierKey(text, nodeSha256);
      if (name !== tree.origin || type === COSIGNATURE_V1) return [];
      // A change that was begun again after a crash announces the same key twice.
      if (!isIn(named, { type, publicKey })) named.push({ type, publicKey });
    }
  } catch (error) {
    // What stands in the log stays there: a text that is no key must not keep the log from being signed.
    if (error instanceof RangeError) return [];
    throw error;
  }
  return keys.areNext(named) ? named : [];
}

async function sign(id: number, tree: TreeToSign): Promise<SignerAnswer> {
  const last = state.last(tree.origin);
  const refuse = (why: string): SignerAnswer => ({
    id,
    ok: false,
    code: "evidence.signerRefused",
    size: last?.size ?? 0,
    why,
  });
  if (last === undefined && state.full) return refuse("too many logs");
  if (tree.national !== undefined && !keys.inForce.some(({ type }) => type === NOTE_SM2))
    return refuse("there is no SM2 key");
  // A log that ended before its keys were replaced: nobody has the right to add to it now.
  const own = last?.keys ?? [];
  if (keys.inForce.some((key) => own.some(({ type }) => type === key.type) && !isIn(own, key)))
    return last !== undefined && last.size === tree.size && equalBytes(last.root, tree.root)
      ? { id, ok: true, note: last.note }
      : refuse("the log's keys were replaced");
  const next = announced(tree);
  const decision = decide({ sha256: nodeSha256, sm3: nodeSm3 }, last, tree, next.length > 0);
  if (decision.act === "repeat") return { id, ok: true, note: decision.note };
  if (decision.act === "refuse") {
    const { code, size, why } = decision;
    return { id, ok: false, code, size, why };
  }
  const note = formatNote(await keys.note(formatCheckpoint(tree), tree, next));
  const { size, root, national } = tree;
  const signing = keys.inForce.filter(({ type }) => type === NOTE_ED25519 || national !== undefined);
  const signed = {
    size,
    root,
    note,
    ...(national === undefined ? {} : { sm3Root: national.root }),
    keys: [...own, ...[...signing, ...next].filter((key) => !isIn(own, key))],
  };
  const staying = keys.inForce.filter(({ type }) => !next.some((key) => key.type === type));
  state.record(tree.origin, signed, [...next, ...staying]);
  if (next.length > 0) keys.turn(next);
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

// Nobody reads any more what is said here: the gateway that started this process is gone.
process.stdout.on("error", () => process.exit(1));

const server = createServer(serve);
server.maxConnections = MAX_CONNECTIONS;
rmSync("signer.sock", { force: true });
server.listen("signer.sock", () => {
  chmodSync("signer.sock", 0o600);
  process.stdout.write(
    formatReady({
      keys: keys.inForce,
      logs: [...state.keys()].map(([origin, list]) => ({ origin, keys: list })),
      keyCreated: keys.created,
      stateLost: stateWasLost && !keys.created,
    }),
  );
});
server.on("close", () => lock.close());
