/**
 * Keeps the push to the archive running once this box is enrolled: the replicator is a program of its own and is
 * started again when it dies. Invariant: the archive's absence never reaches the recorder or the intake.
 */
import type { Certificates } from "../people/certificates.ts";
import type { Secrets } from "../people/ports.ts";
import { CodedError } from "../domain/errors.ts";
import { type UserId, streamId } from "../domain/ids.ts";
import type { Append } from "../evidence/append.ts";
import { type Program, startProgram, startReady } from "./program.ts";

/** Secret under which the enrolment lies. */
const ENROLMENT = "archive/enrolment";
/** Each pass has the log co-signed, so this is most of the exposure window while the link is up. */
const PAUSE_MS = 5000;
/** What the enrolment program may answer instead of an enrolment. */
const REFUSALS = ["sync.enrolRefused", "sync.archiveNotReached", "sync.archiveNotRecognised"] as const;
const STREAM = streamId("archive-link");
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
    /** Packs of sealed matters that stay here until an officer decides. */
    readonly withheld: number;
  };
  /**
   * Enrols with the line that the archive printed, logs who did, and starts pushing. Throws
   * `sync.enrolRefused`, `sync.archiveNotReached`, `sync.archiveNotRecognised`.
   */
  enrol(line: string, by: UserId): Promise<void>;
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
  readonly append: Append;
  /** Name and address of this gateway's sync listener as the archive reaches it when it pulls. */
  readonly host: string;
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

/** Runs the enrolment program; the codes that it may answer with are the archive's refusal and its absence. */
async function askArchive(request: Readonly<Record<string, string>>): Promise<Enrolment> {
  let answer: unknown;
  try {
    const { program, ready } = await startReady({
      script: "sync/enrol.ts",
      firstLine: JSON.stringify(request),
      closeStdin: true,
      readyMs: ENROL_LIMIT_MS,
      onEnd: () => undefined,
    });
    answer = ready;
    await program.close();
  } catch (cause) {
    throw new CodedError("sync.archiveNotReached", {}, { cause });
  }
  if (isEnrolment(answer)) return answer;
  const said = typeof answer === "object" && answer !== null && "refused" in answer ? answer.refused : "";
  const code = REFUSALS.find((one) => one === said) ?? "sync.archiveNotReached";
  throw new CodedError(code);
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
  /** By lane. */
  const faults = new Map<string, string>();
  /** By lane, as of its newest pass. */
  const withheld = new Map<string, number>();
  let well = false;

  /** One link, three lanes: the first fault is told, and the end of the last. */
  const hear = (line: unknown): void => {
    const { kind, lane, code, withheld: kept } = (line ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof lane !== "string") return;
    if (kind === "pass") {
      if (lane === "log") lastPassMs = options.wallMs();
      faults.delete(lane);
      withheld.set(lane, typeof kept === "number" ? kept : 0);
      // Also at the first pass of a run: an alarm of the run before may still be open.
      if (faults.size === 0 && !well) options.onBack();
      well = faults.size === 0;
    } else if (kind === "fault") {
      const told = typeof code === "string" && code !== "" ? code : "refused";
      const known = [...faults.values()].includes(told);
      faults.set(lane, told);
      well = false;
      if (!known) options.onFault(told);
    }
  };
  const run = async (): Promise<void> => {
    clearTimeout(restart);
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
      withheld: [...withheld.values()].reduce((sum, kept) => sum + kept, 0),
      ...(enrolment === undefined ? {} : { url: enrolment.url }),
      ...(lastPassMs === undefined ? {} : { lastPassMs }),
      ...(faults.size === 0 ? {} : { fault: [...faults.values()][0] ?? "" }),
    }),
    async enrol(line, by) {
      if (gatewayUrl === undefined) throw new Error("the sync listener is not up yet");
      const request = {
        line,
        unit: options.unit,
        gateway: options.gateway,
        logKey: await options.logKey(),
        pullUrl: `https://${options.host}:${new URL(gatewayUrl).port}`,
        gatewayCa: certificates.caCertificate,
      };
      const enrolled = await askArchive(request);
      // The key first: an entry that tells of an enrolment whose key is lost would promise too much.
      await secrets.put(ENROLMENT, JSON.stringify(enrolled));
      await options.append.append([
        {
          type: "config",
          stream: STREAM,
          record: {
            json: { subject: "archive", url: enrolled.url, witnessKey: enrolled.witnessKey, by },
          },
        },
      ]);
      enrolment = enrolled;
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
