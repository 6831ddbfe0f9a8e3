/**
 * Gateways on the same network that see each other's logs: a witness for theirs, and an errand to theirs for ours.
 * Invariant: both are processes of their own, and neither a neighbour nor its absence reaches recorder or intake.
 */
import { join } from "node:path";
import type { Config } from "../config.ts";
import { CodedError } from "../domain/errors.ts";
import type { Sha256 } from "../evidence/suite.ts";
import {
  COSIGNATURE_V1,
  NOTE_ED25519,
  type VerifierKey,
  parseVerifierKey,
} from "../evidence/verifier-key.ts";
import type { Certificates } from "../people/certificates.ts";
import { type Program, startProgram, startReady } from "./program.ts";

/** A neighbour costs nothing to ask; this is most of the exposure window while the archive is away. */
const PAUSE_MS = 5000;
const RESTART_MS = 2000;
const READY_MS = 15_000;
const EVERYWHERE = "0.0.0.0";

export interface Neighbours {
  /** Keys that their cosignatures are checked with. */
  readonly witnessKeys: readonly VerifierKey[];
  /** Where this box witnesses; undefined where the site file names no neighbour. */
  readonly port: number | undefined;
  /** Begins to show this gateway's log, read from its own sync address. */
  start(gatewayUrl: string): Promise<void>;
  close(): Promise<void>;
}

export interface NeighboursOptions {
  readonly config: Pick<Config, "site" | "dataFolder" | "ports">;
  readonly certificates: Pick<Certificates, "caCertificate" | "issueClient">;
  readonly sha256: Sha256;
  /** A neighbour refuses this log (`sync.logRefused`) or is away; its address. */
  readonly onFault: (code: string, url: string) => void;
  readonly onBack: (url: string) => void;
  /** A neighbour's log shrank or forked. */
  readonly onForeignFork: (origin: string) => void;
}

/** Throws `config.siteInvalid` where a key of a neighbour is none, and when the witness does not get ready. */
export async function openNeighbours(options: NeighboursOptions): Promise<Neighbours> {
  const { config, certificates, sha256 } = options;
  const { site, dataFolder, ports } = config;
  const neighbours = site.neighbours ?? [];
  const keyAt = (text: string, place: string, type: VerifierKey["type"]): VerifierKey => {
    try {
      const key = parseVerifierKey(text, sha256);
      if (key.type === type) return key;
    } catch (cause) {
      throw new CodedError("config.siteInvalid", { place, problem: "not a verifier key" }, { cause });
    }
    throw new CodedError("config.siteInvalid", { place, problem: "a verifier key of another type" });
  };
  for (const [i, { logKeys }] of neighbours.entries())
    for (const text of logKeys) keyAt(text, `/neighbours/${i}/logKeys`, NOTE_ED25519);
  const witnessKeys = neighbours.map(({ witnessKey }, i) =>
    keyAt(witnessKey, `/neighbours/${i}/witnessKey`, COSIGNATURE_V1),
  );
  if (neighbours.length === 0)
    return { witnessKeys, port: undefined, start: async () => {}, close: async () => {} };

  let closed = false;
  const running = new Set<Program>();
  /** What is the matter with each neighbour; empty where nothing is. */
  const faults = new Map<string, string>();
  const timers = new Set<NodeJS.Timeout>();
  const again = (start: () => Promise<unknown>): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      // What keeps it from starting is told by its own error output; it is tried again all the same.
      if (!closed) start().catch(() => again(start));
    }, RESTART_MS);
    timers.add(timer);
  };
  let port = ports.witness;
  const startWitness = async (): Promise<void> => {
    const args = ["--data", join(dataFolder, "secrets", "witness"), "--listen", EVERYWHERE];
    args.push("--name", `${site.unit}/${site.gateway}/witness`, "--port", String(port));
    for (const text of neighbours.flatMap((one) => one.logKeys)) args.push("--log", text);
    const { program, ready } = await startReady({
      script: "sync/witness/main.ts",
      args,
      readyMs: READY_MS,
      onLine: (line) => {
        const { kind, origin } = (line ?? {}) as Readonly<Record<string, unknown>>;
        if (kind === "refused" && typeof origin === "string") options.onForeignFork(origin);
      },
      onEnd: () => {
        running.delete(program);
        if (!closed) again(startWitness);
      },
    });
    running.add(program);
    const told = (ready as { readonly port?: unknown }).port;
    // A neighbour knows the port: after a restart it has to be the same.
    if (typeof told === "number") port = told;
  };
  const startErrand = async (gatewayUrl: string): Promise<void> => {
    const own = await certificates.issueClient("replicator");
    const settings = {
      gateway: {
        url: gatewayUrl,
        tls: { ca: certificates.caCertificate, certificate: own.certificate, key: own.key },
      },
      witnesses: neighbours.map(({ witnessUrl }) => witnessUrl),
      pauseMs: PAUSE_MS,
    };
    const program = startProgram({
      script: "sync/ask-witnesses.ts",
      firstLine: JSON.stringify(settings),
      onLine: (line) => {
        const { kind, url, code } = (line ?? {}) as Readonly<Record<string, unknown>>;
        if (typeof url !== "string") return;
        const now = kind === "pass" ? "" : typeof code === "string" ? code : "refused";
        // Told once, also at the first pass: an alarm of the run before may still be open.
        if (faults.get(url) === now) return;
        faults.set(url, now);
        if (now === "") options.onBack(url);
        else options.onFault(now, url);
      },
      onEnd: () => {
        running.delete(program);
        if (!closed) again(() => startErrand(gatewayUrl));
      },
    });
    running.add(program);
  };
  await startWitness();
  return {
    witnessKeys,
    port,
    start: startErrand,
    async close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      for (const program of running) await program.close();
    },
  };
}
