/**
 * `npm run rotate-key`: replaces the keys that sign the log of a stopped gateway. The new ones are announced in the
 * log, come into force with one checkpoint of both, and the old ones are destroyed. Flags as at the start. A change that
 * was interrupted is finished by the next start of the gateway or of this command.
 */
import { HELP, readConfig } from "../config.ts";
import { CodedError, errorTable } from "../domain/errors.ts";
import { formatVerifierKey } from "../evidence/verifier-key.ts";
import { openLogStore } from "../wiring/log-store.ts";
import { systemClock } from "../wiring/system-clock.ts";

async function main(): Promise<void> {
  const config = readConfig(process.argv.slice(2), process.env);
  if (config.help) {
    console.log(HELP);
    return;
  }
  const { site, dataFolder } = config;
  const log = await openLogStore({
    dataFolder,
    unit: site.unit,
    gateway: site.gateway,
    suite: site.suite ?? "ed25519-sha256",
    clock: systemClock(),
    onNotice: (notice) => {
      if (notice.kind !== "logOpened") console.error(notice.kind);
    },
    onDeath: (name, how) => console.error(`${name}: ${how}`),
  });
  try {
    const { store, signer } = log;
    const origin = await store.currentOrigin();
    const now = signer.vkeys(origin);
    const keys = (await signer.nextVkeys(origin)).map((next) => ({
      from: formatVerifierKey(now.findLast(({ type }) => type === next.type) ?? next),
      to: formatVerifierKey(next),
    }));
    const checkpoint = await store.changeKeys({ keys, why: "rotation", by: "rotate-key" });
    console.log(`新密钥已启用 new keys are in force: ${checkpoint.logId}, size ${checkpoint.size}`);
    for (const { to } of keys) console.log(to);
  } finally {
    await log.close();
  }
}

try {
  await main();
} catch (error) {
  if (error instanceof CodedError)
    console.error(`${errorTable[error.code].zh}\n${errorTable[error.code].en}`);
  else console.error(error instanceof Error ? error.message : "failed");
  process.exitCode = 1;
}
