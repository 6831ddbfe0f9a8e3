/**
 * Who may connect, publish and listen. Invariant: a dock is known by its own secret, speaks and hears in its own
 * subtree only, and is answered (PUBACK) after what it said is durable.
 */
import type { AedesOptions, Client, ConnectPacket, PublishPacket } from "aedes";
import { type DockId, dockId } from "../domain/ids.ts";
import { CodedError } from "../domain/errors.ts";
import { readReport } from "./payloads.ts";
import type { BrokerPorts } from "./ports.ts";
import { isRetained, mayListen, ownPrefix, parseTopic } from "./topics.ts";

const MQTT_5 = 5;

export interface AdmissionOptions {
  readonly site: string;
  readonly ports: BrokerPorts;
  readonly mostClients: number;
  connectedClients(): number;
  /** True once the broker is ending: a will that fires now says nothing about the dock. */
  ending(): boolean;
}

type Hooks = Required<
  Pick<
    AedesOptions,
    "preConnect" | "authenticate" | "authorizePublish" | "authorizeSubscribe" | "authorizeForward"
  >
>;

export function admission(options: AdmissionOptions): Hooks {
  const { site, ports } = options;
  /** Connections whose client id is no dock's, or whose will is not for the dock's own state. */
  const outside = new WeakSet<Client>();

  const isOwnState = (dock: string, packet: ConnectPacket): boolean => {
    if (packet.will === undefined) return true;
    const parsed = parseTopic(packet.will.topic);
    return (
      parsed !== undefined && parsed.site === site && parsed.dock === dock && parsed.topic.kind === "state"
    );
  };

  const take = async (dock: DockId, packet: PublishPacket): Promise<void> => {
    const parsed = parseTopic(packet.topic);
    if (parsed === undefined || parsed.site !== site || parsed.dock !== dock || parsed.topic.kind === "cmd") {
      ports.log({ level: "warn", event: "foreignTopic", dock });
      throw new CodedError("docks.notAdmitted");
    }
    const payload = typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload;
    const report = readReport(dock, parsed.topic, payload);
    packet.retain = report !== undefined && isRetained(parsed.topic);
    if (report === undefined) {
      // Acknowledged all the same, or the dock would send it again for ever; kept by nobody.
      ports.log({ level: "warn", event: "badPayload", dock, reason: parsed.topic.kind });
      packet.payload = Buffer.alloc(0);
      return;
    }
    try {
      await ports.docks.report(report);
    } catch (cause) {
      const reason = cause instanceof CodedError ? cause.code : "internal";
      ports.log({ level: "warn", event: "notStored", dock, reason });
      throw cause;
    }
  };

  return {
    preConnect(client, packet, done) {
      if (packet.protocolVersion === MQTT_5) {
        // The broker answers with "unacceptable protocol version" itself.
        ports.log({ level: "warn", event: "mqtt5Refused", reason: "this gateway speaks MQTT 3.1.1 only" });
        return done(null, true);
      }
      if (options.connectedClients() >= options.mostClients) {
        ports.log({ level: "warn", event: "tooMany" });
        return done(new Error("too many connections"), false);
      }
      // Refused below and not here, so that the dock is told by a CONNACK.
      if (asDockId(packet.clientId) === undefined || !isOwnState(packet.clientId, packet))
        outside.add(client);
      return done(null, true);
    },
    authenticate(client, username, password, done) {
      const admit = async (): Promise<void> => {
        const right = username === client.id && password !== undefined && !outside.has(client);
        const admitted =
          right && (await ports.admit(client.id, password.toString("utf8")).catch(() => false));
        const dock = asDockId(client.id);
        ports.log({
          level: admitted ? "info" : "warn",
          event: admitted ? "admitted" : "refused",
          ...(dock === undefined ? {} : { dock }),
        });
        done(null, admitted);
      };
      void admit();
    },
    authorizePublish(client, packet, done) {
      const dock = client === null ? undefined : asDockId(client.id);
      if (dock === undefined || options.ending()) return done(new Error("not allowed"));
      const answer = async (): Promise<void> => {
        const error = await take(dock, packet).then(
          () => null,
          () => new Error("not taken"),
        );
        done(error);
      };
      void answer();
      return undefined;
    },
    authorizeSubscribe(client, subscription, done) {
      if (mayListen(site, client.id, subscription.topic)) return done(null, subscription);
      ports.log({ level: "warn", event: "foreignTopic", dock: client.id });
      return done(null, null);
    },
    authorizeForward: (client: Client, packet) =>
      packet.topic.startsWith(ownPrefix(site, client.id)) ? packet : null,
  };
}

export function asDockId(text: string): DockId | undefined {
  try {
    return dockId(text);
  } catch {
    return undefined;
  }
}
