/**
 * The box's replicator as a program: reads one JSON line with both peers from stdin, reports JSON lines on
 * stdout, ends when stdin closes. Invariant: keys come over stdin only, never by argument or environment.
 */
import { createInterface } from "node:readline";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { runReplicator } from "./replicator.ts";

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
type Settings = Static<typeof Settings>;

const stop = new AbortController();
const input = createInterface({ input: process.stdin });
input.once("close", () => stop.abort());
process.once("SIGTERM", () => stop.abort());
process.once("SIGINT", () => stop.abort());

const settings = await new Promise<Settings | undefined>((resolve, reject) => {
  input.once("line", (line) => {
    try {
      resolve(Value.Parse(Settings, JSON.parse(line)));
    } catch (cause) {
      reject(new Error("the first line on stdin is not the settings", { cause }));
    }
  });
  stop.signal.addEventListener("abort", () => resolve(undefined), { once: true });
});

if (settings !== undefined) {
  const report = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
  await runReplicator({ ...settings, onReport: report }, stop.signal);
}
process.stdin.destroy();
