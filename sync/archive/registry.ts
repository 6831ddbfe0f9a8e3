/**
 * The gateways that this archive has enrolled, and the codes that let a new one in. Invariant: a code works
 * once and for an hour; a gateway's log key never changes silently.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdir, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Value } from "typebox/value";
import { type Static, Type } from "typebox";
import { CodedError } from "../../gateway/domain/errors.ts";
import { writeDurably } from "../durable-file.ts";
import type { EnrolRequest } from "./contract.ts";

const CODE_LIFE_MS = 3_600_000;
const CODE_BYTES = 18;

const Enrolled = Type.Object({
  unit: Type.String(),
  gateway: Type.String(),
  /** The newest; a log that began under an older one keeps its own list. */
  logKey: Type.String(),
  /** The newest SM2 key, once a log of the suite `sm2-sm3` has shown one. */
  nationalKey: Type.Optional(Type.String()),
  pullUrl: Type.String(),
  gatewayCa: Type.String(),
});
export type Enrolled = Static<typeof Enrolled>;

export class Registry {
  readonly #folder: string;
  readonly #gateways = new Map<string, Enrolled>();
  readonly #codes = new Map<string, number>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<Registry> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const registry = new Registry(folder);
    for (const name of await readdir(folder)) {
      if (!name.endsWith(".json")) continue;
      const gateway = Value.Parse(Enrolled, JSON.parse(await readFile(join(folder, name), "utf8")));
      registry.#gateways.set(`${gateway.unit}/${gateway.gateway}`, gateway);
    }
    return registry;
  }

  /** A fresh one-time code. */
  newCode(nowMs: number): string {
    const code = randomBytes(CODE_BYTES).toString("base64url");
    this.#codes.set(code, nowMs + CODE_LIFE_MS);
    return code;
  }

  #useCode(given: string, nowMs: number): boolean {
    const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
    for (const [code, expiresMs] of this.#codes) {
      if (expiresMs < nowMs) this.#codes.delete(code);
      else if (timingSafeEqual(digest(code), digest(given))) return this.#codes.delete(code);
    }
    return false;
  }

  /** Throws `sync.enrolRefused` for a wrong code, or for another log key of a gateway that is enrolled already. */
  async enrol(request: EnrolRequest, nowMs: number): Promise<Enrolled> {
    if (!this.#useCode(request.code, nowMs)) throw new CodedError("sync.enrolRefused");
    const { unit, gateway, logKey, pullUrl, gatewayCa } = request;
    const name = `${unit}/${gateway}`;
    const known = this.#gateways.get(name);
    if (known !== undefined && known.logKey !== logKey)
      throw new CodedError("sync.enrolRefused", { gateway: name });
    const enrolled: Enrolled = { ...known, unit, gateway, logKey, pullUrl, gatewayCa };
    await this.#put(enrolled);
    return enrolled;
  }

  /** Takes over keys that the ones before have vouched for, or a first SM2 key; returns once that is synced. */
  async turnTo(
    unit: string,
    gateway: string,
    keys: Partial<Pick<Enrolled, "logKey" | "nationalKey">>,
  ): Promise<void> {
    const known = this.find(unit, gateway);
    if (known !== undefined) await this.#put({ ...known, ...keys });
  }

  async #put(enrolled: Enrolled): Promise<void> {
    const { unit, gateway } = enrolled;
    await writeDurably(join(this.#folder, `${unit}.${gateway}.json`), JSON.stringify(enrolled));
    this.#gateways.set(`${unit}/${gateway}`, enrolled);
  }

  find(unit: string, gateway: string): Enrolled | undefined {
    return this.#gateways.get(`${unit}/${gateway}`);
  }

  all(): readonly Enrolled[] {
    return [...this.#gateways.values()];
  }
}
