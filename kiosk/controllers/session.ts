/**
 * Who is signed in on a staff page. Invariant: the CSRF token lives in memory only, and a session that the
 * gateway no longer knows brings the sign-in back without losing what is on screen behind it.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Role } from "../../gateway/domain/roles.ts";
import type { SessionView } from "../../gateway/http/contract/session.ts";
import { ApiFailure, call, setCsrfToken } from "../api.ts";
import { learnNames } from "./names.ts";

export class Session implements ReactiveController {
  /** Undefined until the first answer; null when nobody is signed in. */
  view: SessionView | null | undefined;
  /** Why nobody is signed in, where that was not the person's own wish. */
  problem: unknown;
  readonly #host: ReactiveControllerHost;
  readonly #onStart: () => void;

  constructor(host: ReactiveControllerHost, onStart: () => void = () => undefined) {
    this.#host = host;
    this.#onStart = onStart;
    host.addController(this);
  }

  hostConnected(): void {
    void this.resume();
  }

  /** Takes up the session of the cookie, where there is one. */
  async resume(): Promise<void> {
    try {
      await this.#begin(await call("GET /api/session", {}));
    } catch (error) {
      this.#end(error instanceof ApiFailure && error.status === 401 ? undefined : error);
    }
  }

  /** Throws ApiFailure. */
  async signIn(user: string, password: string, signal?: AbortSignal): Promise<void> {
    const body = { user: user as SessionView["user"]["id"], password };
    await this.#begin(
      await call("POST /api/session", {
        body,
        ...(signal === undefined ? {} : { signal }),
      }),
    );
  }

  async signOut(): Promise<void> {
    try {
      await call("DELETE /api/session", {});
      this.#end(undefined);
    } catch (error) {
      this.#end(error);
    }
  }

  /** To be told of every failure: an ended session asks for the password again. */
  noticeFailure(error: unknown): void {
    if (error instanceof ApiFailure && error.status === 401 && this.view) this.#end(error);
  }

  has(...roles: readonly Role[]): boolean {
    return this.view?.user.roles.some((role) => roles.includes(role)) ?? false;
  }

  async #begin(view: SessionView): Promise<void> {
    setCsrfToken(view.csrfToken);
    await learnNames();
    this.view = view;
    this.problem = undefined;
    this.#host.requestUpdate();
    this.#onStart();
  }

  #end(problem: unknown): void {
    this.view = null;
    this.problem = problem;
    setCsrfToken(undefined);
    this.#host.requestUpdate();
  }
}
