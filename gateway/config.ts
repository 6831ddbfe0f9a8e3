/**
 * Reads what the box is told at start (flags, variables, site file) into one frozen, typed object.
 * Invariant: what is not understood stops the start with the place named; nothing is guessed. What people
 * change on screen later is an entry and wins over the site file (DESIGN 5).
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { CodedError } from "./domain/errors.ts";

const Name = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,31}$" });
const Label = Type.String({ minLength: 1, maxLength: 80 });

const NameInBoth = Type.Object({ zh: Label, en: Label }, { additionalProperties: false });

const Site = Type.Object(
  {
    /** First part of the log's origin. */
    unit: Name,
    /** Code of this gateway: second part of the origin and start of every document's serial. */
    gateway: Name,
    authority: Type.Object(
      {
        name: NameInBoth,
        /** Unified social credit or organ code. */
        code: Type.String({ minLength: 1, maxLength: 18 }),
        /** Word that begins every document number, such as 示人社. */
        shortName: Type.String({ minLength: 1, maxLength: 12 }),
        address: Label,
        phone: Type.String({ minLength: 3, maxLength: 40 }),
        /** Reconsideration organ and court, as printed on a refusal. */
        remedies: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 4 }),
        /** On whose authority it acts, as every paper says (S2-2); who is entrusted names by whom. Default `own`. */
        power: Type.Optional(
          Type.Union([
            Type.Object({ basis: Type.Enum(["own", "authorised"]) }, { additionalProperties: false }),
            Type.Object(
              { basis: Type.Literal("entrusted"), by: NameInBoth },
              { additionalProperties: false },
            ),
          ]),
        ),
      },
      { additionalProperties: false },
    ),
    /** Id of the jurisdiction profile in firmware-configs/profiles. */
    profile: Name,
    /** Switches of the profile that this site sets otherwise (REGULATIONS 8.1). */
    profileSwitches: Type.Optional(Type.Record(Type.String(), Type.Boolean())),
    /** File of the published service guide, relative to the site file. */
    catalogue: Type.String({ pattern: "^[A-Za-z0-9._/-]{1,120}$" }),
    counters: Type.Array(Type.Object({ id: Name, name: Label }, { additionalProperties: false }), {
      minItems: 1,
      maxItems: 16,
    }),
    /** Names in the server certificate beside localhost. */
    hosts: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 120 }), { maxItems: 8 })),
    /** What new logs are hashed and signed with; a log of the other suite ends at the start. Default `ed25519-sha256`. */
    suite: Type.Optional(Type.Enum(["ed25519-sha256", "sm2-sm3"])),
    /** Gateways on the same network: each witnesses the other's log, which counts when the archive is out of reach. */
    neighbours: Type.Optional(
      Type.Array(
        Type.Object(
          {
            /** Verifier keys of its log (any year's name), the older ones too after a change. */
            logKeys: Type.Array(Type.String({ maxLength: 512 }), { minItems: 1, maxItems: 8 }),
            /** Where its witness answers, such as http://10.0.0.6:8445. */
            witnessUrl: Type.String({ pattern: "^https?://[A-Za-z0-9.:\\[\\]-]{1,200}$" }),
            /** Verifier key of its witness: `npm run witness -- --key` prints it. */
            witnessKey: Type.String({ maxLength: 512 }),
          },
          { additionalProperties: false },
        ),
        { maxItems: 8 },
      ),
    ),
    /** Alarm when nobody else has seen the log for this long; default an hour. */
    exposureLimitMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 525_600 })),
    /** A hall with virtual devices and users with random passwords; never true on a real site. */
    demonstration: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type Site = Static<typeof Site>;

/** TCP ports; 0 lets the system choose. */
export interface Ports {
  readonly http: number;
  readonly https: number;
  readonly mqtt: number;
  readonly mqtts: number;
  readonly sync: number;
  /** Opened only where the site file names neighbours. */
  readonly witness: number;
}

export interface Config {
  readonly site: Site;
  /** Where the site file lies; what it names is looked for from there. */
  readonly siteFolder: string;
  readonly dataFolder: string;
  readonly ports: Ports;
  readonly help: boolean;
}

/** Without a site file the box is a demonstration hall. */
const DEMONSTRATION_SITE = fileURLToPath(
  new URL("../firmware-configs/demonstration/site.json", import.meta.url),
);

const DEFAULT_PORTS: Ports = { http: 8080, https: 8443, mqtt: 1883, mqtts: 8883, sync: 8444, witness: 8445 };

export const HELP = `counter gateway

  npm start -- [options]

  --site FILE         site file (JSON); without it a demonstration hall is started   GATEWAY_SITE
  --data FOLDER       data folder (default ./data)                                   GATEWAY_DATA
  --http-port N       loopback only (default ${DEFAULT_PORTS.http})                                   GATEWAY_HTTP_PORT
  --https-port N      (default ${DEFAULT_PORTS.https})                                                  GATEWAY_HTTPS_PORT
  --mqtt-port N       loopback only (default ${DEFAULT_PORTS.mqtt})                                   GATEWAY_MQTT_PORT
  --mqtts-port N      (default ${DEFAULT_PORTS.mqtts})                                                  GATEWAY_MQTTS_PORT
  --sync-port N       mutual TLS, for the archive (default ${DEFAULT_PORTS.sync})                      GATEWAY_SYNC_PORT
  --witness-port N    for neighbours, where there are any (default ${DEFAULT_PORTS.witness})              GATEWAY_WITNESS_PORT
  --help              this text

Port 0 lets the system choose. A flag wins over its variable.
`;

function port(text: string, name: string): number {
  const value = Number(text);
  if (!/^[0-9]{1,5}$/.test(text) || value > 65_535) throw new CodedError("config.badArgument", { name });
  return value;
}

/** The schema's value, or `config.siteUnreadable` / `config.siteInvalid` with the first place that is wrong. */
export function readSite(path: string): Site {
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new CodedError("config.siteUnreadable", { path }, { cause });
  }
  return checkSite(raw);
}

function checkSite(raw: unknown): Site {
  if (Value.Check(Site, raw)) return raw;
  const [first] = Value.Errors(Site, raw);
  throw new CodedError("config.siteInvalid", {
    place: first?.instancePath ?? "",
    problem: first?.message ?? "",
  });
}

/** Parses `argv` (without program and script) and the environment. Throws `config.*`. */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Config {
  const names = [
    "site",
    "data",
    "http-port",
    "https-port",
    "mqtt-port",
    "mqtts-port",
    "sync-port",
    "witness-port",
  ] as const;
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  const isKnownFlag = (word: string): boolean =>
    !word.startsWith("-") || [...names, "help"].some((name) => word.split("=")[0] === `--${name}`);
  let values: Partial<Record<string, string | boolean>>;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: { ...options, help: { type: "boolean" } },
      strict: true,
    }));
  } catch (cause) {
    throw new CodedError(
      "config.badArgument",
      { name: argv.find((word) => !isKnownFlag(word)) ?? argv[0] ?? "" },
      { cause },
    );
  }
  const told = (name: (typeof names)[number]): string | undefined => {
    const flag = values[name];
    return typeof flag === "string" ? flag : env[`GATEWAY_${name.toUpperCase().replace("-", "_")}`];
  };
  const portOf = (name: keyof Ports): number => {
    const text = told(`${name}-port`);
    return text === undefined ? DEFAULT_PORTS[name] : port(text, `${name}-port`);
  };
  const sitePath = resolve(told("site") ?? DEMONSTRATION_SITE);
  return Object.freeze({
    site: Object.freeze(readSite(sitePath)),
    siteFolder: dirname(sitePath),
    dataFolder: resolve(told("data") ?? "data"),
    ports: Object.freeze({
      http: portOf("http"),
      https: portOf("https"),
      mqtt: portOf("mqtt"),
      mqtts: portOf("mqtts"),
      sync: portOf("sync"),
      witness: portOf("witness"),
    }),
    help: values["help"] === true,
  });
}
