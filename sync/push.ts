/**
 * The box's replicator as a program: reads one JSON line with both peers from stdin, reports JSON lines on
 * stdout, ends when stdin closes. Invariant: keys come over stdin only, never by argument or environment.
 */
import { Type } from "typebox";
import { runReplicator } from "./replicator.ts";
import { settingsLine } from "./settings-line.ts";

const Peer = Type.Object({
  url: Type.String(),
  tls: Type.Object({
    ca: Type.String(),
    certificate: Type.String(),
    key: Type.String(),
    serverName: Type.Optional(Type.String()),
  }),
});
const Settings = Type.Object({
  gateway: Peer,
  archive: Peer,
  pauseMs: Type.Integer({ minimum: 10 }),
  bytesPerSecond: Type.Optional(Type.Integer({ minimum: 1 })),
});

const { settings, signal } = await settingsLine(Settings);

if (settings !== undefined) {
  const report = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
  await runReplicator({ ...settings, onReport: report }, signal);
}
process.stdin.destroy();
