/**
 * Password hashes: argon2id (RFC 9106) in the usual `$argon2id$…` text form. Invariant: checking takes as long
 * for an account that does not exist as for one that does, and never runs on the main thread.
 */
import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { CodedError } from "../domain/errors.ts";

const argon2Async = promisify(argon2);

interface Cost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}
/** OWASP's second choice of 2024: 19 MiB, two passes; some 30 ms on the box. */
const COST: Cost = { memoryKiB: 19_456, passes: 2, lanes: 1 };
const SALT_BYTES = 16;
const TAG_BYTES = 32;
const SHORTEST = 10;
const LONGEST = 256;
/** So many at once, or a burst of sign-ins would take the box's memory. */
const AT_ONCE = 2;
const WAITING = 64;

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= WAITING) throw new CodedError("http.tooManyRequests");
    await new Promise<void>((resume) => waiting.push(resume));
  }
  running++;
  try {
    return await work();
  } finally {
    running--;
    waiting.shift()?.();
  }
}

function tagOf(password: string, salt: Uint8Array, cost: Cost): Promise<Buffer> {
  return inTurn(() =>
    argon2Async("argon2id", {
      message: password.normalize("NFKC"),
      nonce: salt,
      memory: cost.memoryKiB,
      passes: cost.passes,
      parallelism: cost.lanes,
      tagLength: TAG_BYTES,
    }),
  );
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64").replaceAll("=", "");

/** Throws `people.weakPassword`. */
export function checkPassword(password: string, user: string): void {
  if (
    password.length < SHORTEST ||
    password.length > LONGEST ||
    password.toLowerCase() === user.toLowerCase()
  )
    throw new CodedError("people.weakPassword", { shortest: SHORTEST });
}

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await tagOf(password, salt, COST);
  return `$argon2id$v=19$m=${COST.memoryKiB},t=${COST.passes},p=${COST.lanes}$${base64(salt)}$${base64(tag)}`;
}

const FORM =
  /^\$argon2id\$v=19\$m=([0-9]{1,7}),t=([0-9]{1,2}),p=([0-9]{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;
const NOBODY = `$argon2id$v=19$m=${COST.memoryKiB},t=${COST.passes},p=${COST.lanes}$${"A".repeat(22)}$${"A".repeat(43)}`;

/** Whether this is the password behind the hash; `undefined` (no such account) costs as much and is never true. */
export async function passwordMatches(password: string, hash: string | undefined): Promise<boolean> {
  const parts = FORM.exec(hash ?? NOBODY);
  if (parts === null) throw new CodedError("people.badSecretFile");
  const [, memory, passes, lanes, salt, tag] = parts;
  const cost = { memoryKiB: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  const expected = Buffer.from(tag ?? "", "base64");
  const actual = await tagOf(password, Buffer.from(salt ?? "", "base64"), cost);
  return timingSafeEqual(actual, expected) && hash !== undefined;
}
