/**
 * A gateway's errand to its neighbours as a program: one JSON line with the gateway and the witnesses on stdin, JSON
 * lines of what happened on stdout, ends when stdin closes. Invariant: a neighbour that is away delays no other.
 */
import { setTimeout as pause } from "node:timers/promises";
import { Type } from "typebox";
import { type NeighbourWitness, askWitness } from "./ask-witness.ts";
import { GatewaySide } from "./gateway-side.ts";
import { settingsLine } from "./settings-line.ts";
import { HttpRefusal, Transport } from "./transport.ts";

const Settings = Type.Object({
  gateway: Type.Object({
    url: Type.String(),
    tls: Type.Object({ ca: Type.String(), certificate: Type.String(), key: Type.String() }),
  }),
  witnesses: Type.Array(Type.String(), { minItems: 1 }),
  pauseMs: Type.Integer({ minimum: 10 }),
});

const PASS_LIMIT_MS = 60_000;
const MOST_PAUSE_MS = 60_000;

const { settings, signal: ending } = await settingsLine(Settings);

const report = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

async function passes(from: GatewaySide, url: string, pauseMs: number): Promise<void> {
  const witness: NeighbourWitness = { url, seen: new Map() };
  let faults = 0;
  while (!ending.aborted) {
    const signal = AbortSignal.any([ending, AbortSignal.timeout(PASS_LIMIT_MS)]);
    try {
      let cosigned = 0;
      for (const log of await from.logs(signal)) if (await askWitness(from, witness, log, signal)) cosigned++;
      faults = 0;
      report({ kind: "pass", url, cosigned });
    } catch (error) {
      if (ending.aborted) return;
      faults += 1;
      report({
        kind: "fault",
        url,
        code: error instanceof HttpRefusal ? (error.code ?? "refused") : "away",
        faults,
      });
    }
    const waitMs = Math.min(MOST_PAUSE_MS, pauseMs * 2 ** Math.min(faults, 8));
    await pause(waitMs, undefined, { signal: ending }).catch(() => undefined);
  }
}

if (settings !== undefined) {
  const { gateway, witnesses, pauseMs } = settings;
  const transport = new Transport(gateway.url, gateway.tls);
  const from = new GatewaySide(transport);
  try {
    await Promise.all(witnesses.map((url) => passes(from, url, pauseMs)));
  } finally {
    await transport.close();
  }
}
process.stdin.destroy();
