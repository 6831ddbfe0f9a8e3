/**
 * The HTTP edge over the real store, real people and real health; the use cases behind it are set per test, since
 * what is proven here is the edge: who may ask, what is asked, how it answers.
 */
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";
import { type ApplicationId, commandId, counterId, printerId, userId } from "../../../gateway/domain/ids.ts";
import type { EventMeta } from "../../../gateway/domain/intake/events.ts";
import type { Role } from "../../../gateway/domain/roles.ts";
import { createAlarms } from "../../../gateway/health/alarms.ts";
import { createHealth } from "../../../gateway/health/figures.ts";
import { createFragmentTimes } from "../../../gateway/health/fragment-times.ts";
import { createGapLedger } from "../../../gateway/health/gap-ledger.ts";
import { createMetrics } from "../../../gateway/health/metrics.ts";
import {
  type BuildOptions,
  type SharedState,
  buildHttp,
  createSharedState,
} from "../../../gateway/http/build.ts";
import type { HttpDeps } from "../../../gateway/http/deps.ts";
import { eventDraft } from "../../../gateway/intake/entries.ts";
import { createAccess } from "../../../gateway/intake/access/create-access.ts";
import { createInspections } from "../../../gateway/intake/oversight/create-inspections.ts";
import { loadCalendars, loadProfiles } from "../../../gateway/intake/load-rules.ts";
import { parseMetadataElements } from "../../../gateway/domain/case-files/archival-metadata.ts";
import { parseVerifierKey } from "../../../gateway/evidence/verifier-key.ts";
import { loadDocumentKinds } from "../../../gateway/intake/records/load-kinds.ts";
import { createCaseWork } from "../../../gateway/wiring/case-work.ts";
import { footageOf } from "../../../gateway/wiring/footage.ts";
import metadata from "../../../firmware-configs/document-kinds/archival-metadata.json" with { type: "json" };
import { createOversightLedger } from "../../../gateway/people/oversight-ledger.ts";
import { createPeople } from "../../../gateway/people/people.ts";
import { createSecretFiles } from "../../../gateway/people/secret-files.ts";
import { createSignatures } from "../../../gateway/people/signatures.ts";
import { createCatalogue, catalogueProjection } from "../../../gateway/recording/catalogue.ts";
import { openExports } from "../../../gateway/recording/export/exports.ts";
import { createPlayback } from "../../../gateway/recording/playback.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { type TestClock, freshFolder, openRealStore, testClock, testVerifierKey } from "../real-store.ts";

export interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export interface SignedIn {
  readonly cookie: string;
  readonly csrf: string;
}

/** Methods of a use case that a test sets; anything else is a call that should not have happened. */
export type UseCases = {
  readonly [
    Part in
      | "intake"
      | "documents"
      | "fleet"
      | "docks"
      | "link"
      | "handover"
      | "recorders"
      | "printers"
      | "officers"
      | "services"
      | "scans"
      | "guides"
      | "bureau"
      | "bureauToken"
  ]?: Partial<HttpDeps[Part]>;
};

export interface TestApp {
  readonly app: FastifyInstance;
  readonly deps: HttpDeps;
  readonly store: Store;
  readonly clock: TestClock;
  readonly shared: SharedState;
  readonly lines: LogLine[];
  readonly folder: string;
  signIn(role: Role): Promise<SignedIn>;
  bindKiosk(): Promise<SignedIn>;
  /** Puts the events of a counter session into the log, so that the matter is known. */
  begin(id: ApplicationId, session?: { readonly fromMs: number; readonly toMs: number }): Promise<void>;
  ask(method: InjectOptions["method"], url: string, options?: AskOptions): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

export interface AskOptions {
  readonly as?: SignedIn | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const PASSWORD = "correct horse battery";
const CONFIGS = join(import.meta.dirname, "../../../firmware-configs");
const PROFILES = join(CONFIGS, "profiles");
const WIN_1 = counterId("win-1");

function refusing<Part extends object>(name: string, methods: Partial<Part> | undefined): Part {
  return new Proxy((methods ?? {}) as Part, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (value !== undefined) return value;
      return () => {
        throw new Error(`the test did not set ${name}.${String(key)}`);
      };
    },
  });
}

export function cookieOf(response: LightMyRequestResponse): string {
  return [response.headers["set-cookie"] ?? []]
    .flat()
    .map((one) => one.split(";")[0])
    .join("; ");
}

/** What real use cases are built on, before the views catch up. */
export interface Parts {
  readonly append: Store;
  readonly views: Store;
  readonly clock: TestClock;
  readonly people: HttpDeps["people"];
}

export async function openTestApp(
  given: UseCases | ((parts: Parts) => Promise<UseCases>) = {},
  build: Partial<BuildOptions> = {},
): Promise<TestApp> {
  const folder = await freshFolder();
  const clock = testClock();
  const store = await openRealStore(folder.path, clock);
  const lines: LogLine[] = [];
  const log = (level: LogLine["level"]) => (fields: LogLine["fields"], message: string) =>
    void lines.push({ level, fields, message });
  const parts = { append: store, views: store, clock };
  const people = createPeople({
    ...parts,
    secrets: createSecretFiles(join(folder.path, "secrets")),
    random: { bytes: randomBytes },
  });
  const doubles = typeof given === "function" ? await given({ ...parts, people }) : given;
  const alarms = createAlarms(parts);
  const sources = {
    cameras: () => [{ id: "cam-1", state: "recording", lastFragmentAgeMs: 812.4 }],
    log: () => store.stats(),
    exposureMs: () => 1234.5,
    exposureLimitMs: 3_600_000,
  };
  const health = createHealth({ version: "0.0.0-test", clock, sources });
  const pagesFolder = join(folder.path, "pages");
  await mkdir(join(pagesFolder, "assets"), { recursive: true });
  for (const page of ["index", "clerk", "technician", "supervisor"])
    await writeFile(join(pagesFolder, `${page}.html`), `<!doctype html><title>${page}</title>`);
  await writeFile(join(pagesFolder, "assets", "app-1a2b.js"), "export {};");
  const catalogue = createCatalogue(store.register(catalogueProjection));
  const fleet = {
    wanted: async () => ({
      counters: [{ id: WIN_1, name: "1号窗口" }],
      cameras: [],
      printers: [],
      docks: [],
    }),
    ...doubles.fleet,
  };
  const profiles = await loadProfiles(PROFILES, "changli-mr");
  const kinds = await loadDocumentKinds(join(CONFIGS, "document-kinds"));
  const caseWork = createCaseWork({
    store,
    clock,
    random: { bytes: randomBytes },
    profiles,
    calendars: await loadCalendars(join(CONFIGS, "calendars")),
    kinds,
    catalogue,
    docks: refusing<HttpDeps["docks"]>("docks", doubles.docks),
    scans: refusing<HttpDeps["scans"]>("scans", doubles.scans),
    handover: { listPacks: async () => [], findPack: async () => undefined },
    vkeysOf: (origin) => [parseVerifierKey(testVerifierKey(origin))],
    documents: { copiesOf: async () => [] },
    late: {},
  });
  const deps: HttpDeps = {
    records: caseWork.records,
    caseFiles: caseWork.caseFiles,
    retention: caseWork.retention,
    kinds,
    archivalMetadata: parseMetadataElements(metadata),
    profiles,
    clock,
    random: { bytes: randomBytes },
    logger: { info: log("info"), warn: log("warn"), error: log("error") },
    people,
    signatures: createSignatures(parts),
    health,
    metrics: createMetrics({ health, sources, alarms, fragmentTimes: createFragmentTimes(clock) }),
    alarms,
    gaps: createGapLedger(store),
    access: createAccess({
      ...parts,
      reader: store,
      random: { bytes: randomBytes },
      profiles,
      ledger: people.access,
      caseFiles: { isArchived: async () => false },
      otherMatters: { find: (id) => caseWork.findMatter(id) },
      footage: { of: async () => [] },
      uploads: { of: async () => [] },
    }),
    inspections: createInspections({
      ...parts,
      reader: store,
      tree: store,
      staff: {
        exists: async (user) => (await people.accounts.find(user)) !== undefined,
        sectionOf: async () => undefined,
      },
      complaints: { uninformed: async () => [] },
      means: () => ({ records: caseWork.records, footage: footageOf(catalogue), profiles, kinds }),
    }),
    pages: { pdf: async (content) => new TextEncoder().encode(JSON.stringify(content)) },
    oversight: createOversightLedger(store),
    office: {
      authority: { name: { zh: "示范局" }, code: "11130322000000000X" },
      profile: () => ({ id: "changli", version: "1", name: { zh: "昌黎" }, warnings: [] }),
      recordingNotice: () => ({ version: "2026-1", text: { zh: "本窗口正在录音录像。", en: "Recorded." } }),
    },
    intake: refusing<HttpDeps["intake"]>("intake", doubles.intake),
    documents: refusing<HttpDeps["documents"]>("documents", doubles.documents),
    printers: refusing<HttpDeps["printers"]>("printers", doubles.printers),
    fleet: refusing<HttpDeps["fleet"]>("fleet", fleet),
    docks: refusing<HttpDeps["docks"]>("docks", doubles.docks),
    officers: refusing<HttpDeps["officers"]>("officers", doubles.officers),
    services: refusing<HttpDeps["services"]>("services", doubles.services),
    scans: refusing<HttpDeps["scans"]>("scans", doubles.scans),
    guides: refusing<HttpDeps["guides"]>("guides", doubles.guides),
    bureau: refusing<HttpDeps["bureau"]>("bureau", doubles.bureau),
    bureauToken: refusing<HttpDeps["bureauToken"]>("bureauToken", doubles.bureauToken),
    link: refusing<HttpDeps["link"]>("link", doubles.link),
    handover: refusing<HttpDeps["handover"]>("handover", doubles.handover),
    recorders: refusing<HttpDeps["recorders"]>("recorders", {
      status: () => undefined,
      ...doubles.recorders,
    }),
    exports: await openExports({
      catalogue,
      log: { ...store, verifierKeys: () => [] },
      clock,
      random: { bytes: randomBytes },
      workFolder: join(folder.path, "exports"),
    }),
    exposureLimitMs: sources.exposureLimitMs,
    playback: createPlayback({ catalogue, log: store }),
    log: store,
    verifierKeys: () => ["test+00000000+key"],
    pagesFolder,
  };
  await store.catchUp();
  const shared = build.shared ?? createSharedState(deps);
  const app = await buildHttp(deps, { ...build, shared });

  async function ask(
    method: InjectOptions["method"],
    url: string,
    { as, body, headers }: AskOptions = {},
  ): Promise<LightMyRequestResponse> {
    return app.inject({
      method: method ?? "GET",
      url,
      headers: {
        ...(as === undefined ? {} : { cookie: as.cookie, "x-csrf-token": as.csrf }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body as NonNullable<InjectOptions["payload"]> }),
    });
  }
  return {
    app,
    deps,
    store,
    clock,
    shared,
    lines,
    folder: folder.path,
    ask,
    async signIn(role) {
      const id = userId(role);
      if ((await people.accounts.find(id)) === undefined)
        await people.accounts.open({ id, name: role, roles: [role], password: PASSWORD, by: "test" });
      const response = await ask("POST", "/api/session", { body: { user: id, password: PASSWORD } });
      return { cookie: cookieOf(response), csrf: response.json<{ csrfToken: string }>().csrfToken };
    },
    async bindKiosk() {
      const { code } = people.kiosks.makeCode(WIN_1, "test");
      const response = await ask("POST", "/api/kiosk/binding", { body: { code } });
      return { cookie: cookieOf(response), csrf: response.json<{ csrfToken: string }>().csrfToken };
    },
    async begin(id, { fromMs, toMs } = { fromMs: clock.wallMs(), toMs: clock.wallMs() + 1 }) {
      const meta = (wallMs: number, command: string): EventMeta => ({
        commandId: commandId(`begin-${command}-${id}`),
        at: { wallMs, monotonicMs: 0, boot: "b", ntp: "synced" },
        actor: { userId: userId("clerk"), role: "clerk" },
        device: WIN_1,
        profile: { id: "changli-mr", version: "2026.1" },
      });
      const started = { type: "started", applicationId: id, counterId: WIN_1, cameraIds: ["cam-1"] } as const;
      const appended = await store.append([
        eventDraft(id, { ...started, version: 1, papers: [], meta: meta(fromMs, "start") }),
        eventDraft(id, { type: "sessionClosed", version: 2, papers: [], meta: meta(toMs, "close") }),
      ]);
      const last = appended.at(-1);
      if (last !== undefined) await store.applied(last);
    },
    async close() {
      await app.close();
      await store.close();
      await folder.remove();
    },
  };
}

export const TEST_PRINTER = printerId("printer-1");
