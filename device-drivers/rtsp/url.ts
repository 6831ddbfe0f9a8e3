/**
 * An RTSP address whose credentials can't leak: they live in private fields and no text form shows them.
 * Invariant: toString, JSON and inspection give the address without user, password and query.
 */
import { inspect } from "node:util";
import { RtspError } from "./rtsp-error.ts";

export interface RtspCredentials {
  readonly user: string;
  readonly password: string;
}

/** Registered ports of RTSP in clear (RFC 2326) and over TLS (RFC 7826). */
const DEFAULT_PORTS = { rtsp: 554, rtsps: 322 } as const;

export class RtspUrl {
  readonly host: string;
  readonly port: number;
  /** Whether the address says rtsps:// */
  readonly secure: boolean;
  readonly #path: string;
  readonly #credentials: RtspCredentials | undefined;

  /** Throws RtspError `badAddress`; its text never repeats what was given. */
  constructor(text: string, credentials?: RtspCredentials) {
    let url: URL;
    // oxlint-disable-next-line no-control-regex -- the parser would leave line breaks out without a word
    if (/[\x00-\x1f\x7f]/.test(text)) throw new RtspError("badAddress", "not an address");
    try {
      // The WHATWG parser knows no default host rules for rtsp, so it is read as http.
      url = new URL(text.replace(/^rtsps?:/i, "http:"));
    } catch {
      throw new RtspError("badAddress", "not an address");
    }
    if (!/^rtsps?:\/\//i.test(text) || url.hostname === "")
      throw new RtspError("badAddress", "not an rtsp:// or rtsps:// address");
    this.secure = /^rtsps:/i.test(text);
    this.host = url.hostname.replace(/^\[(.*)\]$/, "$1");
    // The http parser drops ":80" as its own default, so the port is read from the text.
    const port = /^rtsps?:\/\/(?:[^@/]*@)?(?:\[[^\]]*\]|[^:/?]*):(\d+)/i.exec(text)?.[1];
    this.port = port === undefined ? DEFAULT_PORTS[this.#scheme()] : Number(port);
    this.#path = `${url.pathname}${url.search}`;
    const own =
      url.username === "" && url.password === ""
        ? undefined
        : { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
    this.#credentials = credentials ?? own;
  }

  get credentials(): RtspCredentials | undefined {
    return this.#credentials;
  }

  /** What goes into a request line: without credentials, query kept because cameras choose streams by it. */
  get requestUri(): string {
    return `${this.#scheme()}://${this.#authority()}${this.#path}`;
  }

  /**
   * The request address of a `control` attribute (RFC 2326 C.1.1) against the base the camera named. Host and
   * port stay those that were dialled, whatever the camera says. `*` means the base itself.
   */
  control(base: string | undefined, control: string | undefined): string {
    const absolute = control !== undefined && /^rtsps?:\/\//i.test(control);
    const from = absolute ? control : (base ?? this.requestUri);
    const path = pathOf(from) ?? this.#path;
    if (absolute || control === undefined || control === "*" || control === "")
      return `${this.#scheme()}://${this.#authority()}${path}`;
    const joint = path.endsWith("/") || control.startsWith("/") ? "" : "/";
    return `${this.#scheme()}://${this.#authority()}${path}${joint}${control}`;
  }

  /**
   * Where a camera's redirect leads (RFC 2326 11.3), with the same credentials. Throws RtspError `refused` when
   * that is another host, or in clear where this one is not.
   */
  redirected(location: string): RtspUrl {
    let target: RtspUrl | undefined;
    try {
      target = new RtspUrl(/^rtsps?:\/\//i.test(location) ? location : this.control(undefined, location));
    } catch {
      target = undefined;
    }
    if (target === undefined || target.host !== this.host)
      throw new RtspError("refused", "the camera sends us to another host");
    if (this.secure && !target.secure)
      throw new RtspError("refused", "the camera sends us from TLS to a connection in clear");
    return new RtspUrl(target.requestUri, this.#credentials);
  }

  #scheme(): keyof typeof DEFAULT_PORTS {
    return this.secure ? "rtsps" : "rtsp";
  }

  #authority(): string {
    const host = this.host.includes(":") ? `[${this.host}]` : this.host;
    return this.port === DEFAULT_PORTS[this.#scheme()] ? host : `${host}:${this.port}`;
  }

  toString(): string {
    return `${this.#scheme()}://${this.#authority()}${this.#path.replace(/\?.*$/, "")}`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** Path and query as written; undefined when the text is no rtsp address or holds a line break. */
function pathOf(text: string): string | undefined {
  // oxlint-disable-next-line no-control-regex -- a control character would split the request
  if (/[\x00-\x20\x7f]/.test(text)) return undefined;
  const match = /^rtsps?:\/\/[^/?]*([/?].*)?$/i.exec(text);
  return match === null ? undefined : (match[1] ?? "/");
}
