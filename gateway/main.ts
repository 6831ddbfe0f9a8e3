/**
 * `npm start`: reads what it is told, builds the gateway, says where it is, ends it cleanly on a signal.
 * Invariant: addresses are printed only when they answer; a clean end leaves no child behind.
 */
import { pino } from "pino";
import { HELP, readConfig } from "./config.ts";
import { CodedError, errorTable } from "./domain/errors.ts";
import type { HttpLogger } from "./http/deps.ts";
import { type Gateway, startGateway } from "./wiring/gateway.ts";

const END_LIMIT_MS = 20_000;

function say(gateway: Gateway, dataFolder: string): void {
  const { ports, newUsers, kioskCode, setUpCode, slipsFolder } = gateway;
  const base = `http://127.0.0.1:${ports.http}`;
  const lines = [
    "",
    "  窗口网关已启动  counter gateway is up",
    "",
    `  自助终端 kiosk        ${base}/${kioskCode === undefined ? "" : `#bind=${kioskCode}`}`,
    `  窗口人员 clerk        ${base}/clerk`,
    `  技术员   technician   ${base}/technician`,
    `  法制监督 supervisor   ${base}/supervisor`,
    `  HTTPS    https://127.0.0.1:${ports.https}   MQTT 127.0.0.1:${ports.mqtt}   MQTTS ${ports.mqtts}   sync ${ports.sync}`,
    `  数据 data             ${dataFolder}`,
    ...(slipsFolder === undefined ? [] : [`  小票 slips            ${slipsFolder}`]),
  ];
  if (newUsers.length > 0) {
    lines.push("", "  演示账户，仅显示这一次  demonstration users, shown this once:");
    for (const { id, password } of newUsers) lines.push(`    ${id.padEnd(12)} ${password}`);
  }
  if (setUpCode !== undefined) lines.push("", `  首次设置码 one-time set-up code: ${setUpCode}`);
  console.log(lines.join("\n"));
  console.log(JSON.stringify({ ready: true, ports, dataFolder }));
}

async function main(): Promise<void> {
  const config = readConfig(process.argv.slice(2), process.env);
  if (config.help) {
    console.log(HELP);
    return;
  }
  const log = pino({ level: process.env["GATEWAY_LOG"] ?? "warn" }, pino.destination({ fd: 2, sync: true }));
  const logger: HttpLogger = {
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  };
  const gateway = await startGateway(config, logger);
  let ending = false;
  const end = (signal: string): void => {
    if (ending) return;
    ending = true;
    logger.info({ signal }, "ending");
    const limit = setTimeout(() => {
      logger.error({}, "the end took too long");
      process.exit(1);
    }, END_LIMIT_MS);
    gateway.close().then(
      () => {
        clearTimeout(limit);
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ error: error instanceof Error ? error.message : "unknown" }, "while ending");
        process.exit(1);
      },
    );
  };
  // Not `once`: npm passes on the SIGINT that the terminal sent to us too, and the second must not cut the end short.
  process.on("SIGTERM", () => end("SIGTERM"));
  process.on("SIGINT", () => end("SIGINT"));
  process.on("SIGHUP", () => end("SIGHUP"));
  say(gateway, config.dataFolder);
}

try {
  await main();
} catch (error) {
  if (error instanceof CodedError) {
    const { zh, en } = errorTable[error.code];
    console.error(`\n${zh}\n${en}\n(${error.code} ${JSON.stringify(error.details)})`);
  } else console.error(error);
  process.exitCode = 1;
}
