/**
 * Live state over one WebSocket, with a reconnect that never gives up. Invariant: `connected` is true only
 * while the gateway answers: a line that is silently dead is found by asking for the state every few seconds.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 2_000;
const PROBE_EVERY_MS = 8_000;

export interface LiveSource<Message> {
  /** Path on the page's own host. */
  readonly path: string;
  /** The same state by an ordinary call; throws when the gateway does not answer. */
  readonly read: (signal: AbortSignal) => Promise<Message>;
  readonly onMessage: (message: Message) => void;
  /** A line stands anew: what comes now may be from a gateway that was started since. */
  readonly onOpen?: () => void;
}

export class LiveState<Message> implements ReactiveController {
  connected = false;
  readonly #host: ReactiveControllerHost;
  readonly #source: LiveSource<Message>;
  #socket: WebSocket | undefined;
  #retryMs = FIRST_RETRY_MS;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #probe: ReturnType<typeof setInterval> | undefined;
  #opened: AbortController | undefined;

  constructor(host: ReactiveControllerHost, source: LiveSource<Message>) {
    this.#host = host;
    this.#source = source;
    host.addController(this);
  }

  /** Connects now and again whenever the line is lost, until `close` or the element's removal. */
  open(): void {
    if (this.#opened !== undefined) return;
    this.#opened = new AbortController();
    this.#dial();
  }

  close(): void {
    this.#opened?.abort();
    this.#opened = undefined;
    clearTimeout(this.#retry);
    clearInterval(this.#probe);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.connected = false;
  }

  hostDisconnected(): void {
    this.close();
  }

  #dial(): void {
    const url = new URL(this.#source.path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      if (this.#socket !== socket) return;
      this.#retryMs = FIRST_RETRY_MS;
      this.#source.onOpen?.();
      clearInterval(this.#probe);
      this.#probe = setInterval(() => void this.#ask(socket), PROBE_EVERY_MS);
      this.#show(true);
    });
    socket.addEventListener("message", (event: MessageEvent<unknown>) => {
      if (this.#socket === socket && typeof event.data === "string")
        this.#deliver(JSON.parse(event.data) as Message);
    });
    socket.addEventListener("close", () => this.#lost(socket));
  }

  async #ask(socket: WebSocket): Promise<void> {
    const signal = this.#opened?.signal;
    if (signal === undefined) return;
    try {
      const message = await this.#source.read(signal);
      if (this.#socket === socket) this.#deliver(message);
    } catch {
      // Whatever the reason, the state on screen can no longer be trusted: dial again.
      this.#lost(socket);
      socket.close();
    }
  }

  #deliver(message: Message): void {
    this.#source.onMessage(message);
    this.#host.requestUpdate();
  }

  #lost(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    clearInterval(this.#probe);
    this.#show(false);
    // Jitter keeps sixteen kiosks from knocking at the same moment after a restart.
    this.#retry = setTimeout(() => this.#dial(), this.#retryMs * (0.75 + Math.random() * 0.5));
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }

  #show(connected: boolean): void {
    this.connected = connected;
    this.#host.requestUpdate();
  }
}
