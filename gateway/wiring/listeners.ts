/**
 * Opens what others reach: pages and API, the archive's listener, the broker. Invariant: each listens only when all
 * parts behind it are ready, and plain HTTP and MQTT on loopback alone.
 */
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config, Ports } from "../config.ts";
import type { PageContent } from "../domain/document-content.ts";
import type { Clock } from "../domain/time.ts";
import { DEFAULT_EXPOSURE_LIMIT_MS, watchExposure } from "../health/exposure-watch.ts";
import { createHealth } from "../health/figures.ts";
import type { FragmentTimes } from "../health/fragment-times.ts";
import { createMetrics } from "../health/metrics.ts";
import type { HttpLogger } from "../http/deps.ts";
import { mountDockUploads } from "../http/dock-routes.ts";
import { listenHttp } from "../http/listen.ts";
import { NOTE_SM2, parseVerifierKey } from "../evidence/verifier-key.ts";
import { buildSyncApp } from "../http/sync-app.ts";
import { createBroker } from "../mqtt/create-broker.ts";
import { openExports } from "../recording/export/exports.ts";
import type { AlarmLine } from "./alarm-line.ts";
import type { Cameras } from "./cameras.ts";
import type { Endings } from "./endings.ts";
import type { Rules } from "./firmware-configs.ts";
import { type Parts, random } from "./parts.ts";
import type { RunningPrinters } from "./printers.ts";

const PAGES = fileURLToPath(new URL("../../kiosk/dist/", import.meta.url));
const PACKAGE = new URL("../../package.json", import.meta.url);
/** IPv4 is there on every box; a machine without IPv6 refuses `::`. */
const EVERYWHERE = "0.0.0.0";

const EXPOSURE_EVERY_MS = 5_000;

const portOf = (address: AddressInfo | string | null): number =>
  typeof address === "object" && address !== null ? address.port : 0;

export interface ListenersOptions {
  readonly config: Config;
  readonly rules: Rules;
  readonly clock: Clock;
  readonly logger: HttpLogger;
  readonly parts: Parts;
  readonly cameras: Cameras;
  readonly printers: RunningPrinters;
  readonly fragmentTimes: FragmentTimes;
  readonly endings: Endings;
  readonly alarm: AlarmLine;
}

/** Resolves with the ports when all listen. */
export async function openListeners(options: ListenersOptions): Promise<Ports> {
  const { config, rules, clock, logger, parts, cameras, printers, fragmentTimes, endings, alarm } = options;
  const { site, dataFolder } = config;
  const { profiles, notice } = rules;
  const {
    access,
    store,
    handover,
    alarms,
    catalogue,
    certificates,
    docks,
    documents,
    fleet,
    gaps,
    inspections,
    intake,
    link,
  } = parts;
  const { oversight, people, playback, signatures, snapshots, vkeyOf, vkeysOf } = parts;
  const { officers, services, scans, guides, bureau, bureauToken } = parts;
  const { version } = JSON.parse(await readFile(PACKAGE, "utf8")) as { readonly version: string };
  const exposureLimitMs =
    site.exposureLimitMinutes === undefined ? DEFAULT_EXPOSURE_LIMIT_MS : site.exposureLimitMinutes * 60_000;
  const watch = watchExposure({
    exposureMs: () => handover.exposureMs(),
    limitMs: exposureLimitMs,
    everyMs: EXPOSURE_EVERY_MS,
    raise: ({ code, subject }) => alarm.raise(code, subject),
    clear: ({ code, subject }) => alarm.clear(code, subject),
  });
  endings.add(() => watch.close());
  const sources = {
    cameras: () => cameras.all(),
    log: () => store.stats(),
    exposureMs: () => handover.exposureMs(),
    exposureLimitMs,
  };
  const health = createHealth({ version, clock, sources });
  const metrics = createMetrics({ health, sources, alarms, fragmentTimes });
  const exports = await openExports({
    catalogue,
    log: {
      ...store,
      verifierKeys: () => store.logs().flatMap(({ origin }) => vkeysOf(origin)),
    },
    clock,
    random,
    workFolder: join(dataFolder, "exports"),
  });
  parts.late.endCopies = () => exports.endAll();
  parts.late.manifestOf = (id) => {
    const copy = exports.find(id);
    const manifest = copy?.progress().state === "done" ? copy.manifest() : undefined;
    return copy === undefined || manifest === undefined ? undefined : { fileName: copy.fileName, manifest };
  };
  const deps = {
    clock,
    random,
    logger,
    people,
    signatures,
    access,
    inspections,
    pages: {
      pdf: async (content: PageContent, atMs: number) =>
        (await parts.renderer.pdf({ content, issuedAtMs: atMs })).bytes,
    },
    health,
    metrics,
    alarms,
    gaps,
    intake,
    officers,
    services,
    scans,
    guides,
    bureau,
    bureauToken,
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
    exports,
    records: parts.caseWork.records,
    caseFiles: parts.caseWork.caseFiles,
    retention: parts.caseWork.retention,
    kinds: rules.kinds,
    archivalMetadata: rules.metadata,
    profiles,
    docks,
    link,
    handover,
    exposureLimitMs,
    log: store,
    verifierKeys: () =>
      store
        .logs()
        .flatMap(({ origin }) => vkeysOf(origin))
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
  const clientAuthorities = (): readonly string[] => {
    const archiveCa = link.archiveCa();
    return [certificates.caCertificate, ...(archiveCa === undefined ? [] : [archiveCa])];
  };
  const syncApp = await buildSyncApp(
    {
      logger,
      log: store,
      handover,
      verifierKeys: deps.verifierKeys,
      verifierKeyOf: (origin) => vkeyOf(origin),
      nationalKeyOf: (origin) => vkeysOf(origin).find((text) => parseVerifierKey(text).type === NOTE_SM2),
    },
    { ...server, clientAuthorities: clientAuthorities() },
  );
  parts.late.onEnrolled = () => syncApp.replaceAuthorities(clientAuthorities());
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
  parts.late.broker = listening;
  endings.add(() => listening.close());
  return {
    http: http.httpPort,
    https: http.httpsPort,
    mqtt: listening.mqttPort ?? 0,
    mqtts: listening.mqttsPort ?? 0,
    sync: portOf(syncApp.app.server.address()),
    witness: parts.neighbours.port ?? config.ports.witness,
  };
}
