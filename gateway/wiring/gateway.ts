/**
 * Builds every part in order and wires it; ends them in the opposite order. Invariant: what fails on the way up
 * takes down what was started before it, so no child process or lock is left behind.
 */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { discover } from "../../device-drivers/camera-onvif/discover.ts";
import { testConnection } from "../../device-drivers/camera-onvif/describe.ts";
import type { Config, Ports } from "../config.ts";
import { loadVendorNames } from "../../device-drivers/dock/vendor-names.ts";
import { createFleet } from "../devices/create-fleet.ts";
import { createDocks } from "../docks/create-docks.ts";
import { createDocuments } from "../documents/documents.ts";
import { checkpointQrText } from "../documents/qr-text.ts";
import { createRenderer } from "../documents/renderer/renderer.ts";
import { commandId, counterId, userId } from "../domain/ids.ts";
import {
  NOTE_ED25519,
  type VerifierKey,
  formatVerifierKey,
  parseVerifierKey,
  verifierKey,
} from "../evidence/verifier-key.ts";
import { createHandover } from "../handover/create-handover.ts";
import { type Alarms, createAlarms } from "../health/alarms.ts";
import { createHealth } from "../health/figures.ts";
import { createGapLedger } from "../health/gap-ledger.ts";
import { createMetrics } from "../health/metrics.ts";
import type { HttpLogger } from "../http/deps.ts";
import { mountDockUploads } from "../http/dock-routes.ts";
import { listenHttp } from "../http/listen.ts";
import { buildSyncApp } from "../http/sync-app.ts";
import { createIntake } from "../intake/create-intake.ts";
import { scheduleIntake } from "../intake/schedule.ts";
import { createBroker } from "../mqtt/create-broker.ts";
import type { Broker } from "../mqtt/ports.ts";
import { openCertificates } from "../people/certificates.ts";
import { createDemonstrationUsers, type DemonstrationUser } from "../people/first-people.ts";
import { createOversightLedger } from "../people/oversight-ledger.ts";
import { createPeople } from "../people/people.ts";
import { createSecretFiles } from "../people/secret-files.ts";
import { createSignatures } from "../people/signatures.ts";
import { catalogueProjection, createCatalogue } from "../recording/catalogue.ts";
import { openExports } from "../recording/export/exports.ts";
import { createPlayback } from "../recording/playback.ts";
import { probeMedia } from "../recording/probe.ts";
import { createSnapshots } from "../recording/snapshot.ts";
import { nodeVerify } from "../signer/ed25519.ts";
import { type Cameras, runCameras } from "./cameras.ts";
import { startDemonstration } from "./demonstration.ts";
import { readRules } from "./firmware-configs.ts";
import { footageOf } from "./footage.ts";
import { ingestRules } from "./ingest-rules.ts";
import { tellNotice } from "./log-lines.ts";
import { openLogStore, sha256 } from "./log-store.ts";
import { probeInterfaces } from "./probe-interfaces.ts";
import { type RunningPrinters, runPrinters } from "./printers.ts";
import { openArchiveLink } from "./replicator.ts";
import { systemClock } from "./system-clock.ts";

export interface Gateway {
  readonly ports: Ports;
  /** Given once, at the first start of a demonstration. */
  readonly newUsers: readonly DemonstrationUser[];
  /** One-time code that binds a kiosk to the first counter; demonstration only. */
  readonly kioskCode: string | undefined;
  /** One-time code for the first account of a real site; undefined once there is one. */
  readonly setUpCode: string | undefined;
  readonly slipsFolder: string | undefined;
  close(): Promise<void>;
}

const PAGES = fileURLToPath(new URL("../../kiosk/dist/", import.meta.url));
const PACKAGE = new URL("../../package.json", import.meta.url);
const INTAKE_EVERY_MS = 60_000;
/** IPv4 is there on every box; a machine without IPv6 refuses `::`. */
const EVERYWHERE = "0.0.0.0";
const CLAIM_KEY_BYTES = 32;
const BY = userId("gateway");

const random = { bytes: (count: number): Uint8Array => new Uint8Array(randomBytes(count)) };
const portOf = (address: AddressInfo | string | null): number =>
  typeof address === "object" && address !== null ? address.port : 0;

/** Things to end, last started first. */
class Endings {
  readonly #steps: (() => Promise<unknown> | void)[] = [];
  begun = false;
  add(step: () => Promise<unknown> | void): void {
    this.#steps.push(step);
  }
  /** Every step runs; the first fault is thrown after the last. */
  async run(): Promise<void> {
    this.begun = true;
    const faults: unknown[] = [];
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (fault) {
        faults.push(fault);
      }
    }
    if (faults.length > 0) throw faults[0];
  }
}

export async function startGateway(config: Config, logger: HttpLogger): Promise<Gateway> {
  const endings = new Endings();
  try {
    return await build(config, logger, endings);
  } catch (error) {
    await endings.run().catch((fault: unknown) => logger.error({ fault: String(fault) }, "while ending"));
    throw error;
  }
}

async function build(config: Config, logger: HttpLogger, endings: Endings): Promise<Gateway> {
  const { site, dataFolder } = config;
  const { profiles, calendars, catalogue: matters, notice } = await readRules(config);
  const clock = systemClock();
  const secrets = createSecretFiles(join(dataFolder, "secrets"));
  /** Parts that others need before they can be made. */
  const late: { alarms?: Alarms; broker?: Broker } = {};
  const alarm = (code: string, subject: string): void => {
    logger.warn({ code, subject }, "alarm");
    late.alarms
      ?.raise({ code, subject })
      .catch((error: unknown) => logger.warn({ code, error: String(error) }, "alarm kept in memory"));
  };
  const clearAlarm = (code: string, subject: string): void => {
    late.alarms
      ?.clear({ code, subject })
      .catch((error: unknown) => logger.warn({ code, error: String(error) }, "alarm not cleared"));
  };

  // The virtual devices need longest to be ready, so they start beside the store.
  const demonstrationStarting =
    site.demonstration === true
      ? startDemonstration({
          dataFolder,
          secrets,
          // A signal to the whole process group takes them down while we end.
          onEnd: (program) => {
            if (!endings.begun) alarm("devices.programEnded", program);
          },
        })
      : undefined;
  demonstrationStarting?.catch(() => undefined);
  endings.add(async () => (await demonstrationStarting?.catch(() => undefined))?.close());

  const log = await openLogStore({
    dataFolder,
    unit: site.unit,
    gateway: site.gateway,
    clock,
    onNotice: (notice) => tellNotice(notice, logger, () => late.alarms),
    onDeath: (name, how) => alarm(`${name}.died`, how),
  });
  endings.add(() => log.close());
  const { store, signer } = log;
  const append = store;
  const views = store;
  const parts = { append, views, reader: store, clock, random, secrets };
  const keyOf = (origin: string): VerifierKey =>
    verifierKey(sha256, { name: origin, type: NOTE_ED25519, publicKey: signer.publicKey });
  const originOf = (logId: string): string => `${site.unit}/${site.gateway}/${logId}`;

  const alarms = createAlarms(parts);
  late.alarms = alarms;
  const people = createPeople(parts);
  const signatures = createSignatures(parts);
  const oversight = createOversightLedger(views);
  const gaps = createGapLedger(views);
  const catalogue = createCatalogue(views.register(catalogueProjection));
  const playback = createPlayback({ catalogue, log: store });
  const snapshots = createSnapshots({ catalogue, playback });
  const fleet = createFleet({
    append,
    views,
    secrets,
    cameras: {
      discover: (asked) => discover({ ...asked, interfaces: probeInterfaces(site.demonstration === true) }),
      testConnection,
    },
  });
  const renderer = createRenderer();
  endings.add(() => renderer.close());
  const documents = createDocuments({
    ...parts,
    checkpoints: store,
    renderer,
    qrText: checkpointQrText((origin) => signer.vkey(origin)),
  });
  endings.add(() => documents.close());
  const docks = createDocks({
    ...parts,
    rules: () => ingestRules(profiles.current()),
    probe: { probe: probeMedia },
    vendorNames: loadVendorNames(),
    // A dock that is away gets its command when it subscribes again.
    sender: { send: async (dock, command) => late.broker?.send(dock, command) },
    problem: (what, cause) => {
      logger.error({ what, cause: cause instanceof Error ? cause.message : "unknown" }, "docks");
      alarm("docks.problem", what);
    },
  });
  endings.add(() => docks.close());
  const certificates = await openCertificates({ secrets, clock, random, hosts: site.hosts ?? [] });
  const link = await openArchiveLink({
    secrets,
    certificates,
    unit: site.unit,
    gateway: site.gateway,
    logKey: async () => formatVerifierKey(keyOf(originOf(String(store.logs().at(-1)?.logId)))),
    wallMs: () => clock.wallMs(),
    append,
    host: site.hosts?.[0] ?? "127.0.0.1",
    onEnrolled: async () => syncApp.replaceAuthorities(clientAuthorities()),
    onFault: (code) => {
      logger.warn({ code }, "archive");
      // That the archive holds another history than this box is graver than its absence.
      alarm(code === "sync.logRefused" ? code : "sync.archiveAway", "archive");
    },
    onBack: () => {
      clearAlarm("sync.archiveAway", "archive");
      clearAlarm("sync.logRefused", "archive");
    },
  });
  endings.add(() => link.close());
  const clientAuthorities = (): readonly string[] => {
    const archiveCa = link.archiveCa();
    return [certificates.caCertificate, ...(archiveCa === undefined ? [] : [archiveCa])];
  };
  const handover = createHandover({
    store,
    views,
    append,
    clock,
    sha256,
    verify: nodeVerify,
    witnesses: () => {
      const key = link.witnessKey();
      return key === undefined ? [] : [parseVerifierKey(key, sha256)];
    },
    onFault: (cause) => {
      logger.error(
        { cause: cause instanceof Error ? cause.message : "unknown" },
        "a pack could not be sealed",
      );
      alarm("sync.sealFailed", "gateway");
    },
  });
  endings.add(() => handover.close());

  let wanted = { counters: [], cameras: [], printers: [], docks: [] } as Awaited<
    ReturnType<typeof fleet.wanted>
  >;
  let claimKey = await secrets.get("claim-key");
  if (claimKey === undefined) {
    claimKey = randomBytes(CLAIM_KEY_BYTES).toString("base64");
    await secrets.put("claim-key", claimKey);
  }
  const intake = createIntake({
    ...parts,
    papers: {
      draft: (facts) => documents.draft(facts),
      finish: async (ref, secret) => void (await documents.finish(ref, secret)),
    },
    officers: { of: (user) => people.accounts.officer(user) },
    footage: footageOf(catalogue),
    profiles,
    calendars,
    catalogue: matters,
    office: {
      gatewayCode: site.gateway.toUpperCase(),
      shortName: site.authority.shortName,
      authority: { name: site.authority.name, code: site.authority.code },
      phone: site.authority.phone,
      address: site.authority.address,
      remedies: site.authority.remedies,
      camerasOf: (counter) =>
        wanted.cameras.filter((camera) => camera.counterId === counter).map(({ id }) => id),
    },
    claimKey: Buffer.from(claimKey, "base64"),
    onPaperUnfinished: (failure) =>
      alarm("documents.unfinished", failure instanceof Error ? failure.name : "unknown"),
  });

  await store.catchUp();
  await docks.recover();
  wanted = await fleet.wanted();
  endings.add(
    fleet.onChange((now) => {
      wanted = now;
    }),
  );
  for (const counter of site.counters) {
    if (wanted.counters.some(({ id, name }) => id === counter.id && name === counter.name)) continue;
    await fleet.nameCounter({
      by: BY,
      commandId: commandId(randomBytes(12).toString("hex")),
      id: counterId(counter.id),
      name: counter.name,
    });
  }
  const firstCounter = counterId(site.counters[0]?.id ?? "counter-1");
  const demonstration = await demonstrationStarting;
  await demonstration?.bind(fleet, firstCounter);

  const cameras = await runCameras({
    fleet,
    append,
    clock,
    catalogue,
    onState: (status) => {
      logger.info({ camera: status.id, state: status.state, cause: status.cause }, "camera");
      if (status.state === "recording") clearAlarm("recording.cameraAway", status.id);
      else if (status.state !== "connecting" && status.state !== "stopped")
        alarm("recording.cameraAway", status.id);
    },
    onFault: (camera, error) =>
      logger.error({ camera, error: error instanceof Error ? error.message : "unknown" }, "camera"),
  });
  endings.add(() => cameras.close());
  const printers: RunningPrinters = await runPrinters({
    fleet,
    drawText: renderer.drawText,
    onFault: (printer, error) =>
      logger.error({ printer, error: error instanceof Error ? error.message : "unknown" }, "printer"),
  });
  endings.add(() => printers.close());

  // Papers that a crash left between document and rendition, and limits that passed while the box was off.
  const { failed } = await documents.finishPending();
  for (const { code } of failed) alarm("documents.unfinished", code);
  const schedule = scheduleIntake({
    intake,
    everyMs: INTAKE_EVERY_MS,
    onRun: ({ withheld, failed: notDerived, unfinished }) => {
      const state = (code: string, bad: boolean): void => (bad ? alarm : clearAlarm)(code, "gateway");
      state("intake.deemedWithheld", withheld.length > 0);
      state("intake.deemedFailed", notDerived.length > 0);
      state("documents.unfinished", unfinished > 0);
    },
    onFailed: () => alarm("intake.deemedFailed", "gateway"),
  });
  endings.add(() => schedule.close());

  const { version } = JSON.parse(await readFile(PACKAGE, "utf8")) as { readonly version: string };
  const sources = {
    cameras: () => cameras.all(),
    log: () => store.stats(),
    exposureMs: () => handover.exposureMs(),
  };
  const health = createHealth({ version, clock, sources });
  const metrics = createMetrics({ health, sources, alarms });
  const deps = {
    clock,
    random,
    logger,
    people,
    signatures,
    health,
    metrics,
    alarms,
    gaps,
    intake,
    oversight,
    office: {
      authority: { name: site.authority.name, code: site.authority.code },
      profile: () => {
        const { id, version: profileVersion, name, switches } = profiles.current();
        return {
          id,
          version: profileVersion,
          name,
          warnings: switches.filter(({ on }) => on).map(({ warning }) => warning),
        };
      },
      recordingNotice: () => notice,
    },
    documents,
    printers,
    fleet,
    recorders: {
      status: (camera: Parameters<Cameras["status"]>[0]) => cameras.status(camera),
      thumbnail: async (camera: Parameters<Cameras["live"]>[0], atMs: number) =>
        (await snapshots.at(camera, atMs, { widthPx: 160 })).jpeg,
      live: (camera: Parameters<Cameras["live"]>[0]) => cameras.live(camera),
      snapshot: async (camera: Parameters<Cameras["status"]>[0]) => (await snapshots.newest(camera)).jpeg,
    },
    playback,
    exports: await openExports({
      catalogue,
      log: {
        ...store,
        verifierKeys: () => store.logs().map(({ origin }) => formatVerifierKey(keyOf(origin))),
      },
      clock,
      random,
      workFolder: join(dataFolder, "exports"),
    }),
    docks,
    link,
    handover,
    log: store,
    verifierKeys: () =>
      store
        .logs()
        .map(({ origin }) => formatVerifierKey(keyOf(origin)))
        .reverse(),
    pagesFolder: PAGES,
  };
  const http = await listenHttp({
    deps,
    httpPort: config.ports.http,
    httpsPort: config.ports.https,
    httpsHost: EVERYWHERE,
    certificate: () => certificates.server(),
    more: [mountDockUploads({ docks, fleet })],
  });
  endings.add(() => http.close());
  const server = await certificates.server();
  const syncApp = await buildSyncApp(
    {
      logger,
      log: store,
      handover,
      verifierKeys: deps.verifierKeys,
      verifierKeyOf: async (origin) => formatVerifierKey(keyOf(origin)),
    },
    { ...server, clientAuthorities: clientAuthorities() },
  );
  endings.add(() => syncApp.app.close());
  await syncApp.app.listen({ host: EVERYWHERE, port: config.ports.sync });
  const listening = await createBroker(
    {
      site: site.gateway,
      mqttPort: config.ports.mqtt,
      mqtts: { port: config.ports.mqtts, host: EVERYWHERE, certPem: server.certificate, keyPem: server.key },
    },
    {
      admit: (dock, secret) => fleet.checkDockSecret(dock, secret),
      docks,
      log: ({ level, ...line }) => logger[level](line, "broker"),
      wallMs: () => clock.wallMs(),
    },
  );
  late.broker = listening;
  endings.add(() => listening.close());
  const ports: Ports = {
    http: http.httpPort,
    https: http.httpsPort,
    mqtt: listening.mqttPort ?? 0,
    mqtts: listening.mqttsPort ?? 0,
    sync: portOf(syncApp.app.server.address()),
  };
  await link.start(`https://127.0.0.1:${ports.sync}`);

  const newUsers =
    site.demonstration === true
      ? await createDemonstrationUsers({ accounts: people.accounts, secrets, random, clock })
      : [];
  const dock = await demonstration?.startDock({
    fleet,
    mqttsPort: ports.mqtts,
    httpsPort: ports.https,
    site: site.gateway,
    caCertificate: certificates.caCertificate,
  });
  endings.add(() => dock?.close());
  return {
    ports,
    newUsers,
    kioskCode: site.demonstration === true ? people.kiosks.makeCode(firstCounter, BY).code : undefined,
    setUpCode: site.demonstration === true ? undefined : await people.setUp.code(),
    slipsFolder: demonstration?.slipsFolder,
    close: () => endings.run(),
  };
}
