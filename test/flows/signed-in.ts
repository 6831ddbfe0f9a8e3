/** A person or device at the gateway's HTTP address: keeps the cookie and CSRF token as a browser would. */

export class Caller {
  readonly #url: string;
  readonly #cookies = new Map<string, string>();
  #csrf = "";

  constructor(url: string) {
    this.#url = url;
  }

  /** Signs in and keeps the session. */
  static async signIn(url: string, user: string, password: string): Promise<Caller> {
    const caller = new Caller(url);
    const answer = (await caller.json("POST", "/api/session", { user, password })) as { csrfToken?: string };
    caller.#csrf = answer.csrfToken ?? "";
    return caller;
  }

  /** The header with what the gateway set. */
  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async raw(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = {
      cookie: this.cookie,
      ...(this.#csrf === "" ? {} : { "x-csrf-token": this.#csrf }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      const at = pair.indexOf("=");
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }

  /** Throws with status and body when the answer is not a success. */
  async json(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await this.raw(method, path, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }
}
