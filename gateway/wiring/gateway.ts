/**
 * Builds every part in order and wires it; ends them in the opposite order. Invariant: what fails on the way up
 * takes down what was started before it, so no child process or lock is left behind.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Config, Ports } from "../config.ts";
import { commandId, counterId, userId } from "../domain/ids.ts";
import { createFragmentTimes } from "../health/fragment-times.ts";
import type { HttpLogger } from "../http/deps.ts";
import { scheduleIntake } from "../intake/schedule.ts";
import { createDemonstrationUsers, type DemonstrationUser } from "../people/first-people.ts";
import { createSecretFiles } from "../people/secret-files.ts";
import { alarmLine } from "./alarm-line.ts";
import { runCameras } from "./cameras.ts";
import { scheduleCaseWork } from "./case-schedule.ts";
import { startDemonstration } from "./demonstration.ts";
import { Endings } from "./endings.ts";
import { readRules } from "./firmware-configs.ts";
import { openListeners } from "./listeners.ts";
import { buildParts, random } from "./parts.ts";
import { type RunningPrinters, runPrinters } from "./printers.ts";
import { watchFindings } from "./oversight-watch.ts";
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

const INTAKE_EVERY_MS = 60_000;
const BY = userId("gateway");
/** Of a decision stage: what a supervisor has to see before it lapses (law 42 to 44, S4-10). */
const URGENT = new Set(["soon", "overdue", "deliveryOverdue"]);

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
  const rules = await readRules(config);
  const clock = systemClock();
  const secrets = createSecretFiles(join(dataFolder, "secrets"));
  const alarm = alarmLine(logger);
  // The virtual devices need longest to be ready, so they start beside the store.
  const demonstrationStarting =
    site.demonstration === true
      ? startDemonstration({
          dataFolder,
          secrets,
          // A signal to the whole process group takes them down while we end.
          onEnd: (program) => {
            if (!endings.begun) alarm.raise("devices.programEnded", program);
          },
        })
      : undefined;
  demonstrationStarting?.catch(() => undefined);
  endings.add(async () => (await demonstrationStarting?.catch(() => undefined))?.close());

  const parts = await buildParts({ config, rules, clock, secrets, logger, alarm, endings });
  const { catalogue, store, fleet, docks, documents, inspections, intake, people, renderer } = parts;

  await store.catchUp();
  await docks.recover();
  await parts.guides.takeUp();
  await parts.scans.recover();
  await parts.bureau.recover();
  // Runs on by itself, a few MiB a second; what it finds is an alarm.
  store.scrub();
  const wanted = await parts.takeUpFleet();
  for (const counter of site.counters) {
    // The site file is the beginning only: a name that people changed since is an entry and wins.
    if (wanted.counters.some(({ id }) => id === counter.id)) continue;
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

  const fragmentTimes = createFragmentTimes(clock);
  endings.add(store.onCheckpoint((checkpoint) => fragmentTimes.checkpoint(checkpoint)));
  const cameras = await runCameras({
    fleet,
    append: store,
    clock,
    catalogue,
    onState: (status) => {
      logger.info({ camera: status.id, state: status.state, cause: status.cause }, "camera");
      if (status.state === "recording") alarm.clear("recording.cameraAway", status.id);
      else if (status.state !== "connecting" && status.state !== "stopped")
        alarm.raise("recording.cameraAway", status.id);
    },
    onDurable: (fragment) => fragmentTimes.durable(fragment),
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
  for (const { code } of failed) alarm.raise("documents.unfinished", code);
  const schedule = scheduleIntake({
    intake,
    alsoRun: async () => {
      await parts.services.tellOwed();
      const urgent = (await parts.bureau.due()).some(({ status }) => URGENT.has(status));
      if (urgent) alarm.raise("bureau.decisionDue", "gateway");
      else alarm.clear("bureau.decisionDue", "gateway");
    },
    everyMs: INTAKE_EVERY_MS,
    onRun: ({ withheld, failed: notDerived, unfinished }) => {
      const state = (code: string, bad: boolean): void =>
        bad ? alarm.raise(code, "gateway") : alarm.clear(code, "gateway");
      state("intake.deemedWithheld", withheld.length > 0);
      state("intake.deemedFailed", notDerived.length > 0);
      state("intake.calendarMissing", intake.missingCalendars().length > 0);
      state("documents.unfinished", unfinished > 0);
    },
    onFailed: () => alarm.raise("intake.deemedFailed", "gateway"),
  });
  endings.add(() => schedule.close());
  endings.add(watchFindings(inspections, alarm));
  const caseSchedule = scheduleCaseWork({
    work: parts.caseWork,
    alarm,
    onFailed: (failure) => {
      logger.error({ cause: failure instanceof Error ? failure.message : "unknown" }, "case files");
      alarm.raise("caseFiles.roundFailed", "gateway");
    },
  });
  endings.add(() => caseSchedule.close());

  const ports = await openListeners({
    config,
    rules,
    clock,
    logger,
    parts,
    cameras,
    printers,
    fragmentTimes,
    endings,
    alarm,
  });
  await parts.link.start(`https://127.0.0.1:${ports.sync}`);
  await parts.neighbours.start(`https://127.0.0.1:${ports.sync}`);

  const newUsers =
    site.demonstration === true
      ? await createDemonstrationUsers({ accounts: people.accounts, secrets, random, clock })
      : [];
  const dock = await demonstration?.startDock({
    fleet,
    mqttsPort: ports.mqtts,
    httpsPort: ports.https,
    site: site.gateway,
    caCertificate: parts.certificates.caCertificate,
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
