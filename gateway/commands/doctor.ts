/**
 * `npm run doctor`: says whether this machine and this site can run the gateway, one line each in both languages.
 * Changes no record. Exit code 0 when nothing is bad, 1 otherwise.
 */
import { type Config, HELP, readConfig } from "../config.ts";
import { CodedError, errorTable } from "../domain/errors.ts";
import { readRules } from "../wiring/firmware-configs.ts";
import { systemClock } from "../wiring/system-clock.ts";
import { type Finding, bad, good, lineOf } from "./doctor/finding.ts";
import {
  checkDataFolder,
  checkPages,
  checkPorts,
  checkSecrets,
  nearestFolder,
} from "./doctor/installation.ts";
import { checkSiteAgainstLog } from "./doctor/site-and-log.ts";
import { checkClock, checkEncryption, checkPrograms, checkRuntime } from "./doctor/machine.ts";

function explained(error: CodedError): Finding {
  const { zh, en } = errorTable[error.code];
  return bad(zh, `${en} (${error.code} ${JSON.stringify(error.details)})`);
}

/** Flags and variables as at the start. A site file that can't be used is a finding, and the rest is still looked at. */
function readConfigOrFinding(argv: readonly string[]): { config: Config; fault?: Finding } {
  try {
    return { config: readConfig(argv, process.env) };
  } catch (error) {
    if (!(error instanceof CodedError) || error.code === "config.badArgument") throw error;
    const at = argv.findIndex((word) => word === "--site" || word.startsWith("--site="));
    const rest = argv.filter((_word, index) => index !== at && !(index === at + 1 && argv[at] === "--site"));
    const { GATEWAY_SITE: _, ...env } = process.env;
    return { config: readConfig(at < 0 ? argv : rest, env), fault: explained(error) };
  }
}

async function checkSite(config: Config): Promise<Finding> {
  try {
    await readRules(config);
    const { authority, unit, gateway, profile } = config.site;
    return good(
      `站点配置有效：${authority.name.zh}，${profile}`,
      `the site file is valid: ${unit}/${gateway}`,
    );
  } catch (error) {
    if (error instanceof CodedError) return explained(error);
    throw error;
  }
}

async function main(): Promise<void> {
  const { config, fault } = readConfigOrFinding(process.argv.slice(2));
  if (config.help) {
    console.log(HELP.replace("npm start", "npm run doctor"));
    return;
  }
  const findings: readonly Finding[] = [
    await checkRuntime(),
    ...(await checkPrograms(config.site.demonstration === true)),
    ...(fault === undefined
      ? [await checkSite(config), ...(await checkSiteAgainstLog(config.dataFolder, config.site))]
      : [fault]),
    ...(await checkDataFolder(config.dataFolder)),
    ...(await checkSecrets(config.dataFolder)),
    await checkEncryption(await nearestFolder(config.dataFolder)),
    checkClock(systemClock().ntp()),
    await checkPages(),
    ...(await checkPorts(config.ports)),
  ];
  for (const finding of findings) console.log(lineOf(finding));
  const isBad = findings.some(({ grade }) => grade === "bad");
  console.log(
    isBad ? "\n结论：有问题须先解决 · RESULT: not fit to run" : "\n结论：可以运行 · RESULT: fit to run",
  );
  process.exitCode = isBad ? 1 : 0;
}

try {
  await main();
} catch (error) {
  if (error instanceof CodedError) console.error(lineOf(explained(error)));
  else console.error(error);
  process.exitCode = 1;
}
