/**
 * Keeps the push to the archive running once this box is enrolled: the replicator is a program of its own and is
 * started again when it dies. Invariant: the archive's absence never reaches the recorder or the intake.
 */
import type { Certificates } from "../people/certificates.ts";
import type { Secrets } from "../people/ports.ts";
import { type Program, startProgram, startReady } from "./program.ts";

/** Secret under which the enrolment lies. */
const ENROLMENT = "archive/enrolment";
/** Each pass has the log co-signed, so this is most of the exposure window while the link is up. */
const PAUSE_MS = 5000;
const RESTART_MS = 2000;
const ENROL_LIMIT_MS = 20_000;

interface Enrolment {
  readonly url: string;
  readonly key: string;
  readonly certificate: string;
  readonly archiveCa: string;
  readonly witnessKey: string;
}

export interface ArchiveLink {
  /** The archive's verifier key for cosignatures and acknowledgements; undefined before the enrolment. */
  witnessKey(): string | undefined;
  /** PEM of the authority whose clients may pull; undefined before the enrolment. */
  archiveCa(): string | undefined;
  state(): {
    readonly enrolled: boolean;
    readonly url?: string;
    readonly lastPassMs?: number;
    readonly fault?: string;
  };
  /** Enrols with the line that the archive printed and starts pushing. Rejects when the archive refuses. */
  enrol(line: string): Promise<void>;
  /** Starts pushing, if enrolled, from the gateway's own sync address. */
  start(gatewayUrl: string): Promise<void>;
  close(): Promise<void>;
}

export interface ArchiveLinkOptions {
  readonly secrets: Secrets;
  readonly certificates: Certificates;
  readonly unit: string;
  readonly gateway: string;
  readonly logKey: () => Promise<string>;
  readonly wallMs: () => number;
  /** Told once the enrolment is stored, so that the sync listener can admit the archive. */
  readonly onEnrolled: () => Promise<void>;
  /** Told once per outage or refusal. */
  readonly onFault: (code: string) => void;
  /** Told of the first pass after it. */
  readonly onBack: () => void;
}

function isEnrolment(value: unknown): value is Enrolment {
  const fields: readonly (keyof Enrolment)[] = ["url", "key", "certificate", "archiveCa", "witnessKey"];
  return (
    typeof value === "object" &&
    value !== null &&
    fields.every((field) => typeof (value as Record<string, unknown>)[field] === "string")
  );
}

export async function openArchiveLink(options: ArchiveLinkOptions): Promise<ArchiveLink> {
  const { secrets, certificates } = options;
  const stored = await secrets.get(ENROLMENT);
  let enrolment: Enrolment | undefined;
  if (stored !== undefined) {
    const parsed: unknown = JSON.parse(stored);
    if (isEnrolment(parsed)) enrolment = parsed;
  }
  let gatewayUrl: string | undefined;
  let program: Program | undefined;
  let restart: NodeJS.Timeout | undefined;
  let closed = false;
  let lastPassMs: number | undefined;
  let fault: string | undefined;

  const hear = (line: unknown): void => {
    if (typeof line !== "object" || line === null || !("kind" in line)) return;
    if (line.kind === "pass") {
      lastPassMs = options.wallMs();
      if (fault !== undefined) options.onBack();
      fault = undefined;
    } else if (line.kind === "fault" && "code" in line && typeof line.code === "string") {
      const times = "times" in line && typeof line.times === "number" ? line.times : 1;
      const before = fault;
      fault = line.code === "" ? "refused" : line.code;
      if (times === 1 && before === undefined) options.onFault(fault);
    }
  };
  const run = async (): Promise<void> => {
    if (closed || enrolment === undefined || gatewayUrl === undefined) return;
    const own = await certificates.issueClient("replicator");
    const settings = {
      gateway: {
        url: gatewayUrl,
        tls: { ca: certificates.caCertificate, certificate: own.certificate, key: own.key },
      },
      archive: {
        url: enrolment.url,
        tls: { ca: enrolment.archiveCa, certificate: enrolment.certificate, key: enrolment.key },
      },
      pauseMs: PAUSE_MS,
    };
    program = startProgram({
      script: "sync/push.ts",
      firstLine: JSON.stringify(settings),
      onLine: hear,
      onEnd: (code, signal) => {
        options.onFault(`replicatorEnded:${signal ?? code ?? "not started"}`);
        restart = setTimeout(() => void run(), RESTART_MS);
      },
    });
  };

  return {
    witnessKey: () => enrolment?.witnessKey,
    archiveCa: () => enrolment?.archiveCa,
    state: () => ({
      enrolled: enrolment !== undefined,
      ...(enrolment === undefined ? {} : { url: enrolment.url }),
      ...(lastPassMs === undefined ? {} : { lastPassMs }),
      ...(fault === undefined ? {} : { fault }),
    }),
    async enrol(line) {
      if (gatewayUrl === undefined) throw new Error("the sync listener is not up yet");
      const request = {
        line,
        unit: options.unit,
        gateway: options.gateway,
        logKey: await options.logKey(),
        pullUrl: gatewayUrl,
        gatewayCa: certificates.caCertificate,
      };
      const { program: enroller, ready } = await startReady({
        script: "sync/enrol.ts",
        firstLine: JSON.stringify(request),
        closeStdin: true,
        readyMs: ENROL_LIMIT_MS,
        onEnd: () => undefined,
      });
      await enroller.close();
      if (!isEnrolment(ready)) throw new Error("the archive's answer is not an enrolment");
      await secrets.put(ENROLMENT, JSON.stringify(ready));
      enrolment = ready;
      await options.onEnrolled();
      await program?.close();
      await run();
    },
    async start(url) {
      gatewayUrl = url;
      await run();
    },
    async close() {
      closed = true;
      clearTimeout(restart);
      await program?.close();
    },
  };
}
