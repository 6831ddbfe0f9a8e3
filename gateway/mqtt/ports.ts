/** What the broker needs from the use cases; main.ts wires it. */
import type { DockId } from "../domain/ids.ts";
import type { Docks } from "../docks/docks.ts";
import type { CommandSender } from "../docks/ports.ts";

export interface BrokerPorts {
  /** True when this dock is bound and this is its secret (`Fleet.checkDockSecret`). */
  admit(dock: string, secret: string): Promise<boolean>;
  readonly docks: Pick<Docks, "report" | "outstanding" | "retained">;
  /** Lines for people; `details` hold ids and codes only. */
  readonly log: (line: BrokerLine) => void;
  /** Wall clock, UTC ms. */
  readonly wallMs: () => number;
}

export interface BrokerLine {
  readonly level: "info" | "warn";
  readonly event:
    | "listening"
    | "admitted"
    | "refused"
    | "mqtt5Refused"
    | "foreignTopic"
    | "badPayload"
    | "tooMany"
    | "clientError"
    | "notStored";
  readonly dock?: string;
  readonly reason?: string;
}

export interface BrokerOptions {
  /** First part of every topic after `counter/v1`, such as the gateway code. */
  readonly site: string;
  /** Plain MQTT on 127.0.0.1 only; 0 takes any free port; null: not offered. */
  readonly mqttPort: number | null;
  /** MQTT over TLS on `host`. */
  readonly mqtts: {
    readonly port: number;
    readonly host: string;
    readonly certPem: string;
    readonly keyPem: string;
  } | null;
}

export interface Broker extends CommandSender {
  readonly mqttPort: number | null;
  readonly mqttsPort: number | null;
  isConnected(dock: DockId): boolean;
  close(): Promise<void>;
}
