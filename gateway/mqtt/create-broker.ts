/**
 * The embedded MQTT 3.1.1 broker for docks: plain on the loopback, TLS for the hall. Invariant: it keeps nothing of
 * its own; what is retained comes back from the views at the start, commands from the log at each subscription.
 */
import { type AddressInfo, type Server, type Socket, createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { Aedes, type Client, type PublishPacket } from "aedes";
import type { DockId } from "../domain/ids.ts";
import type { DockCommand } from "../docks/ports.ts";
import { admission, asDockId } from "./admission.ts";
import { LimitedConnection } from "./packet-limit.ts";
import { MAX_PAYLOAD_BYTES, type WipeCommand } from "./payloads.ts";
import type { Broker, BrokerOptions, BrokerPorts } from "./ports.ts";
import { LONGEST_TOPIC, formatTopic } from "./topics.ts";

const LOOPBACK = "127.0.0.1";
const MOST_CLIENTS = 64;
const CONNECT_LIMIT_MS = 10_000;
const KEEP_ALIVE_LIMIT_S = 300;
const QUEUE_LIMIT = 100;
const TLS_HANDSHAKE_MS = 10_000;
/** Payload, topic, packet id and the header of the length. */
const MAX_PACKET_BYTES = MAX_PAYLOAD_BYTES + LONGEST_TOPIC + 64;

/** Rejects when a port is taken. */
export async function createBroker(options: BrokerOptions, ports: BrokerPorts): Promise<Broker> {
  const { site } = options;
  let ending = false;
  const sockets = new Set<Socket>();
  const connected = new Set<string>();

  const aedes = await Aedes.createBroker({
    connectTimeout: CONNECT_LIMIT_MS,
    keepaliveLimit: KEEP_ALIVE_LIMIT_S,
    queueLimit: QUEUE_LIMIT,
    maxTopicLevels: 8,
    ...admission({
      site,
      ports,
      mostClients: MOST_CLIENTS,
      connectedClients: () => connected.size,
      ending: () => ending,
    }),
  });

  const publish = (packet: Pick<PublishPacket, "topic" | "payload" | "retain">): Promise<void> =>
    new Promise((resolve, reject) => {
      aedes.publish({ cmd: "publish", qos: 1, dup: false, ...packet }, (error) => {
        if (error === undefined || error === null) resolve();
        else reject(error);
      });
    });
  const sendNow = (dock: DockId, command: DockCommand): Promise<void> => {
    const payload: WipeCommand = { v: 1, ...command, files: command.files.map((file) => ({ ...file })) };
    const topic = formatTopic({ site, dock, topic: { kind: "cmd", command: command.id } });
    return publish({ topic, payload: JSON.stringify(payload), retain: false });
  };
  const sendOutstanding = async (client: Client): Promise<void> => {
    const dock = asDockId(client.id);
    if (dock === undefined) return;
    for (const command of await ports.docks.outstanding(dock)) await sendNow(dock, command);
  };
  const failed = (dock: string | undefined) => (): void =>
    ports.log({ level: "warn", event: "clientError", ...(dock === undefined ? {} : { dock }) });

  aedes.on("client", (client) => connected.add(client.id));
  aedes.on("clientDisconnect", (client) => connected.delete(client.id));
  aedes.on("clientError", (client) => failed(client.id)());
  aedes.on("connectionError", failed(undefined));
  // Both: a session that is taken up again does not subscribe anew. A filter that covers no command gets none.
  aedes.on("clientReady", (client) => void sendOutstanding(client).catch(failed(client.id)));
  aedes.on("subscribe", (_subscriptions, client) => void sendOutstanding(client).catch(failed(client.id)));

  for (const { topic, payload } of await ports.docks.retained()) {
    const { dock, ...rest } = topic;
    await publish({ topic: formatTopic({ site, dock, topic: rest }), payload, retain: true });
  }

  /** Before TLS and before any packet: a connection counts from its first moment. */
  const track = (socket: Socket): void => {
    if (ending || sockets.size >= MOST_CLIENTS * 2) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  };
  const serve = (socket: Socket): void => {
    aedes.handle(
      new LimitedConnection(socket, MAX_PACKET_BYTES, () =>
        ports.log({ level: "warn", event: "refused", reason: "packet too long" }),
      ),
    );
  };
  const servers: Server[] = [];
  const listen = async (server: Server, port: number, host: string): Promise<number> => {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, () => {
        server.removeListener("error", reject);
        resolve();
      });
    });
    server.on("connection", track);
    servers.push(server);
    return (server.address() as AddressInfo).port;
  };
  const close = async (): Promise<void> => {
    ending = true;
    const ended = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await Promise.all(ended);
  };

  try {
    const mqttPort =
      options.mqttPort === null ? null : await listen(createServer(serve), options.mqttPort, LOOPBACK);
    const { mqtts } = options;
    const mqttsPort =
      mqtts === null
        ? null
        : await listen(
            createTlsServer(
              {
                cert: mqtts.certPem,
                key: mqtts.keyPem,
                minVersion: "TLSv1.2",
                handshakeTimeout: TLS_HANDSHAKE_MS,
              },
              serve,
            ),
            mqtts.port,
            mqtts.host,
          );
    ports.log({ level: "info", event: "listening" });
    return {
      mqttPort,
      mqttsPort,
      isConnected: (dock) => connected.has(dock),
      async send(dock, command) {
        if (connected.has(dock)) await sendNow(dock, command);
      },
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}
