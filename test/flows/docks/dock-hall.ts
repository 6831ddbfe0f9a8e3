/** A hall's dock path on real parts: LevelDB, broker, HTTP or TLS, ffprobe; the docks themselves are programs. */
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import { type FastifyInstance, fastify } from "fastify";
import { loadVendorNames } from "../../../device-drivers/dock/vendor-names.ts";
import { createFleet } from "../../../gateway/devices/create-fleet.ts";
import type { Fleet } from "../../../gateway/devices/fleet.ts";
import type { Secrets } from "../../../gateway/devices/ports.ts";
import { createDocks } from "../../../gateway/docks/create-docks.ts";
import type { Docks, LateFile } from "../../../gateway/docks/docks.ts";
import type { IngestRules } from "../../../gateway/docks/ports.ts";
import { CodedError } from "../../../gateway/domain/errors.ts";
import { commandId, dockId, userId } from "../../../gateway/domain/ids.ts";
import { answerError, codedErrorOf } from "../../../gateway/http/error-answer.ts";
import { mountDockUploads } from "../../../gateway/http/dock-routes.ts";
import { createBroker } from "../../../gateway/mqtt/create-broker.ts";
import type { Broker, BrokerLine } from "../../../gateway/mqtt/ports.ts";
import { openCertificates } from "../../../gateway/people/certificates.ts";
import { probeMedia } from "../../../gateway/recording/probe.ts";
import { createSealedReader } from "../../../gateway/reader/client.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { type RunningProgram, startProgram } from "../../peers/start-program.ts";
import { type TestClock, openRealStore, testClock } from "../../contract/real-store.ts";

export const SITE = "g1";
export const DOCK = dockId("dock-1");
export const technician = userId("technician-1");
export const fresh = () => commandId(randomUUID());

/** As the fourth regulation has it: 24 hours, four labels; the checks of the third beside them. */
export const RULES: IngestRules = {
  limit: { hours: 24 },
  limitArticle: "S4-30",
  mandatoryLabels: ["matter", "party", "officer", "certNo"],
  labelsArticle: "S4-30",
  preUseCheck: ["works", "battery", "space", "clock"],
  preUseArticle: "S3-B-3",
  clockSuspectMs: 60_000,
};

export type LateFileHeard = { readonly fileId: string } & LateFile;

export interface Hall {
  readonly store: Store;
  readonly clock: TestClock;
  readonly docks: Docks;
  readonly fleet: Fleet;
  readonly broker: Broker;
  readonly lines: BrokerLine[];
  readonly problems: unknown[];
  /** What the supervisor's alarm is raised from. */
  readonly lateFiles: LateFileHeard[];
  readonly httpPort: number;
  /** Changes what binds from now on. */
  setRules(rules: IngestRules): void;
  close(): Promise<void>;
}

export function memorySecrets(): Secrets {
  const kept = new Map<string, string>();
  return {
    get: async (name) => kept.get(name),
    put: async (name, value) => void kept.set(name, value),
    delete: async (name) => void kept.delete(name),
  };
}

export interface HallOptions {
  readonly folder: string;
  readonly secrets: Secrets;
  readonly secure?: boolean;
  readonly mqttPort?: number;
  readonly httpPort?: number;
  readonly rules?: IngestRules;
  /** The real signer and reader, for a folder that several processes open one after the other. */
  readonly processes?: boolean;
}

export async function openHall(options: HallOptions): Promise<Hall> {
  const clock = testClock(Date.now());
  const dataFolder = join(options.folder, "data");
  const processes =
    options.processes === true
      ? { signer: await startSigner({ dataFolder }), sealedReader: createSealedReader() }
      : undefined;
  const store = await openRealStore(dataFolder, clock, processes);
  const problems: unknown[] = [];
  const lines: BrokerLine[] = [];
  let rules = options.rules ?? RULES;
  const fleet = createFleet({
    append: store,
    views: store,
    secrets: options.secrets,
    cameras: { discover: async () => [], testConnection: async () => ({ ok: false, reason: "refused" }) },
  });
  const late: { broker?: Broker } = {};
  const lateFiles: LateFileHeard[] = [];
  const docks = createDocks({
    append: store,
    reader: store,
    views: store,
    clock,
    rules: () => rules,
    probe: { probe: probeMedia },
    vendorNames: loadVendorNames(),
    sender: { send: async (dock, command) => late.broker?.send(dock, command) },
    onLate: (file) => void lateFiles.push(file),
    problem: (_what, cause) => problems.push(cause),
  });
  await store.catchUp();
  await docks.recover();
  const pair = await certificatesFor(options, clock);
  const broker = await createBroker(
    {
      site: SITE,
      mqttPort: options.mqttPort ?? 0,
      mqtts:
        pair === undefined
          ? null
          : { port: 0, host: "127.0.0.1", certPem: pair.certificate, keyPem: pair.key },
    },
    {
      admit: (dock, secret) => fleet.checkDockSecret(dock, secret),
      docks,
      log: (line) => lines.push(line),
      wallMs: () => clock.wallMs(),
    },
  );
  late.broker = broker;
  const app: FastifyInstance =
    pair === undefined ? fastify() : fastify({ https: { key: pair.key, cert: pair.certificate } });
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.setErrorHandler((error, request, reply) => {
    const known = codedErrorOf(error);
    if (known === undefined) problems.push(error);
    return answerError(reply, known ?? new CodedError("http.internal"), request.id);
  });
  await mountDockUploads({ docks, fleet })(app);
  await app.listen({ host: "127.0.0.1", port: options.httpPort ?? 0 });
  const address = app.server.address();
  return {
    store,
    clock,
    docks,
    fleet,
    broker,
    lines,
    problems,
    lateFiles,
    httpPort: typeof address === "object" && address !== null ? address.port : 0,
    setRules: (changed) => {
      rules = changed;
    },
    async close() {
      app.server.closeAllConnections();
      await app.close();
      await broker.close();
      await docks.close();
      await store.close();
      await processes?.signer.close();
      await processes?.sealedReader.close();
    },
  };
}

async function certificatesFor(options: HallOptions, clock: TestClock) {
  if (options.secure !== true) return undefined;
  const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
  const certificates = await openCertificates({ secrets: options.secrets, clock, random, hosts: [] });
  await writeFile(join(options.folder, "ca.crt"), certificates.caCertificate);
  return certificates.server();
}

/** Binds a dock and returns its secret. */
export async function bindDock(hall: Hall, id = DOCK): Promise<string> {
  const { secret } = await hall.fleet.bindDock({ by: technician, commandId: fresh(), id, name: "采集站" });
  return secret;
}

export interface VirtualDockOptions {
  readonly folder: string;
  readonly secret: string;
  readonly args?: readonly string[];
  readonly secure?: boolean;
  readonly id?: string;
}

export function startDock(hall: Hall, options: VirtualDockOptions): Promise<RunningProgram> {
  const { folder, secret, secure = false, id = DOCK } = options;
  const ports = secure
    ? [
        "--ca",
        join(folder, "ca.crt"),
        "--mqtts-port",
        String(hall.broker.mqttsPort),
        "--https-port",
        String(hall.httpPort),
      ]
    : ["--mqtt-port", String(hall.broker.mqttPort), "--http-port", String(hall.httpPort)];
  return startProgram("device-drivers/virtual/dock.ts", {
    args: [
      "--site",
      SITE,
      "--dock",
      id,
      "--folder",
      join(folder, "cards"),
      ...ports,
      ...(options.args ?? []),
    ],
    env: { VIRTUAL_DOCK_SECRET: secret },
  });
}

/** Waits for a condition, looking every 20 ms. */
export async function until<Value>(
  look: () => Promise<Value | undefined | false>,
  limitMs = 10_000,
): Promise<Value> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > endMs) throw new Error("it did not happen in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
