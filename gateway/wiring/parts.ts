/**
 * Builds every part over one store, before the store catches up: views must be registered by then. Invariant: nothing
 * here listens, dials or prints yet; what was made is ended through `endings` in the opposite order.
 */
import { randomBytes } from "node:crypto";
import { testConnection } from "../../device-drivers/camera-onvif/describe.ts";
import { discover } from "../../device-drivers/camera-onvif/discover.ts";
import { loadVendorNames } from "../../device-drivers/dock/vendor-names.ts";
import type { Config } from "../config.ts";
import { createFleet } from "../devices/create-fleet.ts";
import type { WantedFleet } from "../devices/fleet.ts";
import { createDocks } from "../docks/create-docks.ts";
import { createDocuments } from "../documents/documents.ts";
import { checkpointQrText } from "../documents/qr-text.ts";
import { createRenderer } from "../documents/renderer/renderer.ts";
import { standingOf } from "../domain/intake/standing.ts";
import { userId } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import { type VerifierKey, formatVerifierKey, parseVerifierKey } from "../evidence/verifier-key.ts";
import { createHandover } from "../handover/create-handover.ts";
import { createAlarms } from "../health/alarms.ts";
import { createGapLedger } from "../health/gap-ledger.ts";
import type { HttpLogger } from "../http/deps.ts";
import { createAccess } from "../intake/access/create-access.ts";
import { createInspections } from "../intake/oversight/create-inspections.ts";
import { createScans } from "../docks/scans/scans.ts";
import { createBureau } from "../intake/bureau/bureau.ts";
import { createBureauToken } from "../intake/bureau/token.ts";
import { createIntake } from "../intake/create-intake.ts";
import { createGuides } from "../intake/guides/guides.ts";
import { type OfficerRegistry, createOfficers } from "../intake/officers/officers.ts";
import { createServices } from "../intake/service/services.ts";
import type { Broker } from "../mqtt/ports.ts";
import { openCertificates } from "../people/certificates.ts";
import { createOversightLedger } from "../people/oversight-ledger.ts";
import { createPeople } from "../people/people.ts";
import type { Secrets } from "../people/ports.ts";
import { createSignatures } from "../people/signatures.ts";
import { catalogueProjection, createCatalogue } from "../recording/catalogue.ts";
import { createPlayback } from "../recording/playback.ts";
import { inspectPicture, pictureThumbnail } from "../recording/pictures.ts";
import { probeMedia } from "../recording/probe.ts";
import { createSnapshots } from "../recording/snapshot.ts";
import { nodeVerify } from "../signer/ed25519.ts";
import { nodeVerifySm2 } from "../signer/sm2.ts";
import type { AlarmLine } from "./alarm-line.ts";
import { type CaseWork, createCaseWork } from "./case-work.ts";
import type { Endings } from "./endings.ts";
import type { Rules } from "./firmware-configs.ts";
import { evidenceLinks, scanTargets } from "./evidence-links.ts";
import { footageOf } from "./footage.ts";
import { openNeighbours } from "./neighbours.ts";
import { ingestRules } from "./ingest-rules.ts";
import { tellNotice } from "./log-lines.ts";
import { openLogStore, sha256 } from "./log-store.ts";
import { probeInterfaces } from "./probe-interfaces.ts";
import { openArchiveLink } from "./replicator.ts";

/** Filled in by those who are made later. */
export interface Late {
  broker?: Broker;
  caseWork?: CaseWork;
  /** Ends copies that are being made. */
  endCopies?: () => Promise<void>;
  manifestOf?: (exportId: string) => { readonly fileName: string; readonly manifest: string } | undefined;
  officers?: OfficerRegistry;
  /** Lets a newly enrolled archive in. */
  onEnrolled?: () => void;
}

export interface PartsOptions {
  readonly config: Config;
  readonly rules: Rules;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly logger: HttpLogger;
  readonly alarm: AlarmLine;
  readonly endings: Endings;
}

const CLAIM_KEY_BYTES = 32;

export const random = { bytes: (count: number): Uint8Array => new Uint8Array(randomBytes(count)) };

export type Parts = Awaited<ReturnType<typeof buildParts>>;

export async function buildParts(options: PartsOptions) {
  const { config, rules, clock, secrets, logger, alarm, endings } = options;
  const { site, dataFolder } = config;
  const { profiles, calendars, catalogue: shipped } = rules;
  const late: Late = {};

  const log = await openLogStore({
    dataFolder,
    unit: site.unit,
    gateway: site.gateway,
    suite: site.suite ?? "ed25519-sha256",
    clock,
    onNotice: (notice) => tellNotice(notice, logger, () => alarm.list()),
    onDeath: (name, how) => alarm.raise(`${name}.died`, how),
  });
  endings.add(() => log.close());
  const { store, signer } = log;
  const append = store;
  const views = store;
  const parts = { append, views, reader: store, clock, random, secrets };
  const originOf = (logId: string): string => `${site.unit}/${site.gateway}/${logId}`;

  const alarms = createAlarms(parts);
  alarm.attach(alarms);
  const people = createPeople(parts);
  const signatures = createSignatures(parts);
  const oversight = createOversightLedger(views);
  const gaps = createGapLedger(views);
  const catalogue = createCatalogue(views.register(catalogueProjection));
  const playback = createPlayback({ catalogue, log: store });
  const snapshots = createSnapshots({ catalogue, playback });
  const access = createAccess({
    ...parts,
    profiles,
    ledger: people.access,
    caseFiles: { isArchived: async (id) => (await late.caseWork?.isArchived(id)) ?? false },
    otherMatters: { find: async (id) => late.caseWork?.findMatter(id) },
    footage: {
      of: async (camera, from, to) => {
        const { fragments } = await catalogue.coverage(camera, from, to);
        return fragments.flatMap(({ ref, init }) => [ref, init]);
      },
    },
    // An upload belongs to one of the two; the other knows nothing of it.
    uploads: { of: async (id) => [...(await docks.entriesOf(id)), ...(await scans.entriesOf(id))] },
  });
  const inspections = createInspections({
    ...parts,
    tree: {
      logs: () => store.logs(),
      rootAt: (log, size) => store.rootAt(log, size),
      covering: (ref) => store.covering(ref),
    },
    staff: {
      exists: async (user) => (await people.accounts.find(user)) !== undefined,
      sectionOf: async (user) => (await late.officers?.find(userId(user)))?.section,
    },
    complaints: {
      uninformed: async () =>
        ((await late.caseWork?.records.list({ uninformedOnly: true })) ?? []).map(({ facts }) => ({
          id: facts.recordId,
          receivedMs: facts.startMs,
        })),
    },
    means: () => ({ records: caseWork.records, footage: footageOf(catalogue), profiles, kinds: rules.kinds }),
  });
  const fleet = createFleet({
    append,
    views,
    secrets,
    cameras: {
      discover: (asked) => discover({ ...asked, interfaces: probeInterfaces(site.demonstration === true) }),
      testConnection,
    },
  });
  const witnesses = (): readonly VerifierKey[] => {
    const key = link.witnessKey();
    return [...(key === undefined ? [] : [parseVerifierKey(key, sha256)]), ...neighbours.witnessKeys];
  };
  const renderer = createRenderer();
  endings.add(() => renderer.close());
  const documents = createDocuments({
    ...parts,
    checkpoints: store,
    renderer,
    qrText: checkpointQrText((origin) => signer.vkeys(origin)),
    log: store,
    trust: () => ({
      keys: [...store.logs().flatMap(({ origin }) => signer.vkeys(origin)), ...witnesses()],
      sha256,
      verify: nodeVerify,
      verifySm2: nodeVerifySm2,
    }),
    standing: async ({ applicationId, documentId }) =>
      standingOf((await intake.get(applicationId)).state, documentId),
    cosigned: (logId) => handover.cosigned(logId),
    onDisagreement: (origin) => alarm.raise("evidence.paperDisagrees", origin),
  });
  endings.add(() => documents.close());
  const docks = createDocks({
    ...parts,
    rules: () => ingestRules(profiles.current()),
    probe: { probe: probeMedia },
    vendorNames: loadVendorNames(),
    // A dock that is away gets its command when it subscribes again.
    sender: { send: async (dock, command) => late.broker?.send(dock, command) },
    // Late is taken all the same. One alarm a cause, counted: the files themselves are listed with it.
    onLate: ({ fileId, cause }) => {
      logger.warn({ fileId, cause: cause ?? "unknown" }, "a body camera's file came late");
      alarm.raise("docks.fileLate", cause ?? "unknown");
    },
    problem: (what, cause) => {
      logger.error({ what, cause: cause instanceof Error ? cause.message : "unknown" }, "docks");
      alarm.raise("docks.problem", what);
    },
  });
  endings.add(() => docks.close());
  const certificates = await openCertificates({ secrets, clock, random, hosts: site.hosts ?? [] });
  const link = await openArchiveLink({
    secrets,
    certificates,
    unit: site.unit,
    gateway: site.gateway,
    logKey: async () => signer.vkey(originOf(String(store.logs().at(-1)?.logId))),
    wallMs: () => clock.wallMs(),
    append,
    host: site.hosts?.[0] ?? "127.0.0.1",
    onEnrolled: async () => late.onEnrolled?.(),
    onFault: (code) => {
      logger.warn({ code }, "archive");
      // That the archive holds another history than this box is graver than its absence.
      alarm.raise(code === "sync.logRefused" ? code : "sync.archiveAway", "archive");
    },
    onBack: () => {
      alarm.clear("sync.archiveAway", "archive");
      alarm.clear("sync.logRefused", "archive");
    },
  });
  endings.add(() => link.close());
  const neighbours = await openNeighbours({
    config,
    certificates,
    sha256,
    onFault: (code, url) => {
      logger.warn({ code, url }, "neighbour");
      alarm.raise(code === "sync.logRefused" ? code : "sync.neighbourAway", url);
    },
    onBack: (url) => {
      alarm.clear("sync.neighbourAway", url);
      alarm.clear("sync.logRefused", url);
    },
    onForeignFork: (origin) => alarm.raise("sync.neighbourForked", origin),
  });
  endings.add(() => neighbours.close());
  const handover = createHandover({
    store,
    views,
    append,
    clock,
    sha256,
    verify: nodeVerify,
    withheld: (log, ranges) => access.isWithheld(log, ranges),
    hasReceiver: () => link.witnessKey() !== undefined,
    witnesses,
    onFault: (cause) => {
      logger.error(
        { cause: cause instanceof Error ? cause.message : "unknown" },
        "a pack could not be sealed",
      );
      alarm.raise("sync.sealFailed", "gateway");
    },
  });
  endings.add(() => handover.close());

  const scans = createScans({
    ...parts,
    pictures: { inspect: inspectPicture, thumbnail: pictureThumbnail },
    probe: { probe: probeMedia },
    targets: scanTargets({
      intake: () => intake,
      services: () => services,
      cases: () => caseWork,
      reader: store,
    }),
  });
  endings.add(() => scans.close());
  const caseWork = createCaseWork({
    ...parts,
    store,
    profiles,
    calendars,
    kinds: rules.kinds,
    catalogue,
    docks,
    scans,
    handover,
    documents,
    vkeysOf: (origin) => signer.vkeys(origin),
    late,
  });
  late.caseWork = caseWork;
  endings.add(() => caseWork.releaser.close());

  /** The fleet as of its newest change; read by those who can't wait. */
  let wanted: WantedFleet = { counters: [], cameras: [], printers: [], docks: [] };
  endings.add(
    fleet.onChange((now) => {
      wanted = now;
    }),
  );
  const officers = createOfficers({
    ...parts,
    accounts: { of: (user) => people.accounts.officer(user) },
  });
  late.officers = officers;
  const guides = createGuides({ ...parts, shipped });
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
    officers,
    footage: footageOf(catalogue),
    profiles,
    calendars,
    catalogue: guides,
    office: {
      gatewayCode: site.gateway.toUpperCase(),
      shortName: site.authority.shortName,
      authority: {
        name: site.authority.name,
        code: site.authority.code,
        power: site.authority.power ?? { basis: "own" },
      },
      phone: site.authority.phone,
      address: site.authority.address,
      remedies: site.authority.remedies,
      camerasOf: (counter) =>
        wanted.cameras.filter((camera) => camera.counterId === counter).map(({ id }) => id),
    },
    claimKey: Buffer.from(claimKey, "base64"),
    onPaperUnfinished: (failure) =>
      alarm.raise("documents.unfinished", failure instanceof Error ? failure.name : "unknown"),
  });

  const services = createServices({
    ...parts,
    profiles,
    officers,
    intake,
    linked: evidenceLinks({ footage: footageOf(catalogue), docks, scans, reader: store }),
    onOwed: (failure) =>
      alarm.raise("documents.unfinished", failure instanceof Error ? failure.name : "unknown"),
  });
  const bureau = createBureau({
    ...parts,
    profiles,
    calendars,
    catalogue: guides,
    intake,
    services,
  });
  const bureauToken = createBureauToken(parts);

  return {
    access,
    alarms,
    bureau,
    bureauToken,
    guides,
    officers,
    scans,
    services,
    caseWork,
    catalogue,
    certificates,
    docks,
    documents,
    fleet,
    gaps,
    handover,
    inspections,
    intake,
    late,
    link,
    neighbours,
    oversight,
    people,
    playback,
    renderer,
    signatures,
    snapshots,
    store,
    /** To be called once the store has caught up. */
    takeUpFleet: async (): Promise<WantedFleet> => (wanted = await fleet.wanted()),
    /** The Ed25519 verifier key in force for one of this gateway's logs. */
    vkeyOf: (origin: string): Promise<string> => signer.vkey(origin),
    /** C2SP verifier keys of one of this gateway's logs, oldest first. */
    vkeysOf: (origin: string): readonly string[] => signer.vkeys(origin).map(formatVerifierKey),
  };
}
