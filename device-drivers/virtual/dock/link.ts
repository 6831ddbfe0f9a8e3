/**
 * The dock's side of MQTT: envelope, will, birth, commands. Invariant: every message of one start has its own
 * number, a will included, so that nothing it says is taken for something else.
 */
import { randomUUID } from "node:crypto";
import { type MqttClient, connectAsync } from "mqtt";
import type { DockOptions } from "./options.ts";

export interface WipeCommand {
  readonly id: string;
  readonly type: "wipe";
  readonly camera: string;
  readonly files: readonly {
    readonly vendorName: string;
    readonly sizeBytes: number;
    readonly sha256: string;
  }[];
}

export interface Link {
  readonly boot: string;
  publish(path: string, body: Readonly<Record<string, unknown>>, retain?: boolean): Promise<void>;
  /** Sends the last message once more with the same number, as after a lost acknowledgement. */
  repeatLast(): Promise<void>;
  close(): Promise<void>;
}

const CONNECT_LIMIT_MS = 10_000;
const RECONNECT_MS = 1000;

/** Rejects when the gateway does not admit this dock. */
export async function openLink(
  options: DockOptions,
  on: { born(link: Link): void; command(command: WipeCommand): void },
): Promise<Link> {
  const boot = randomUUID();
  const own = `counter/v1/${options.site}/${options.dock}/`;
  let seq = -1;
  let willSeq = Number.MAX_SAFE_INTEGER + 1;
  let last: { topic: string; payload: string; retain: boolean } | undefined;
  const numbered = (number: number, body: Readonly<Record<string, unknown>>): string =>
    JSON.stringify({ v: 1, boot, seq: number, ts: Date.now(), tsQuality: "synced", body });
  const envelope = (body: Readonly<Record<string, unknown>>): string => {
    seq += 1;
    return numbered(seq, body);
  };
  // A will that is never sent must not look like a lost message, so wills have numbers of their own from the top.
  const will = () => {
    willSeq -= 1;
    const payload = Buffer.from(numbered(willSeq, { state: "lost" }));
    return { topic: `${own}state`, payload, qos: 1 as const, retain: true };
  };

  const client: MqttClient = await connectAsync({
    protocol: options.ca === null ? "mqtt" : "mqtts",
    host: options.host,
    port: options.mqttPort,
    ...(options.ca === null ? {} : { ca: options.ca }),
    protocolVersion: 4,
    clientId: options.dock,
    username: options.dock,
    password: options.secret,
    clean: false,
    keepalive: 20,
    reconnectPeriod: RECONNECT_MS,
    connectTimeout: CONNECT_LIMIT_MS,
    will: will(),
  });
  // The will of the next connection needs a number of its own, or it would count as a repetition.
  client.on("reconnect", () => {
    client.options.will = will();
  });
  client.on("error", () => undefined);

  const send = async (message: { topic: string; payload: string; retain: boolean }): Promise<void> => {
    await client.publishAsync(message.topic, message.payload, { qos: 1, retain: message.retain });
  };
  const link: Link = {
    boot,
    async publish(path, body, retain = false) {
      last = { topic: `${own}${path}`, payload: envelope(body), retain };
      await send(last);
    },
    async repeatLast() {
      if (last !== undefined) await send(last);
    },
    async close() {
      await link.publish("state", { state: "offline" }, true);
      await client.endAsync();
    },
  };
  client.on("message", (topic, payload) => {
    if (!topic.startsWith(`${own}cmd/`)) return;
    const command = readCommand(payload);
    if (command !== undefined) on.command(command);
  });
  client.on("connect", () => on.born(link));
  await client.subscribeAsync(`${own}cmd/+`, { qos: 1 });
  on.born(link);
  return link;
}

function readCommand(payload: Buffer): WipeCommand | undefined {
  const read: unknown = JSON.parse(payload.toString("utf8"));
  if (typeof read !== "object" || read === null || !("type" in read) || read.type !== "wipe")
    return undefined;
  return read as WipeCommand;
}
