/** Clerks for the bench: each with an address of its own, as browsers have, over keep-alive HTTP. */
import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import type { CommandAnswer } from "../../gateway/http/contract/intake-view.ts";

const LIMIT_MS = 30_000;
const PASSWORD = "correct horse battery staple";
const APPLICANT = {
  kind: "person",
  name: "王芳",
  idKind: "residentId",
  idNumber: "11010519491231002X",
  phone: "13800138000",
};

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly cookies: readonly string[];
}

/** One browser: cookie, CSRF token, one kept connection. */
class Browser {
  readonly #port: number;
  readonly #agent: Agent;
  #cookie = "";
  #csrf = "";

  constructor(port: number, localAddress: string) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1, localAddress });
  }

  async signIn(user: string): Promise<void> {
    const { body, cookies } = await this.call("POST", "/api/session", { user, password: PASSWORD });
    this.#cookie = cookies.map((one) => one.split(";")[0]).join("; ");
    this.#csrf = (body as { csrfToken: string }).csrfToken;
  }

  async call(method: string, path: string, body: object): Promise<Answer> {
    const text = JSON.stringify(body);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const asked = request(
      {
        host: "127.0.0.1",
        port: this.#port,
        agent: this.#agent,
        method,
        path,
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(text),
          cookie: this.#cookie,
          ...(this.#csrf === "" ? {} : { "x-csrf-token": this.#csrf }),
        },
        signal: AbortSignal.timeout(LIMIT_MS),
      },
      (response) => {
        let data = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => (data += part));
        response.on("error", reject);
        response.on("end", () => {
          const { statusCode: status = 0, headers } = response;
          if (status >= 300) reject(new Error(`${method} ${path}: ${status} ${data}`));
          else
            resolve({
              status,
              body: data === "" ? undefined : JSON.parse(data),
              cookies: headers["set-cookie"] ?? [],
            });
        });
      },
    );
    asked.on("error", reject);
    asked.end(text);
    return promise;
  }
}

export class BenchClerk {
  readonly #browser: Browser;
  readonly #counterId: string;
  readonly issueMs: number[] = [];
  readonly otherMs: number[] = [];
  readonly numbers: string[] = [];
  readonly errors: string[] = [];
  /** Off while the gateway warms up; errors and numbers count always. */
  counts = false;
  #round = 0;

  constructor(browser: Browser, counterId: string) {
    this.#browser = browser;
    this.#counterId = counterId;
  }

  /** Starts and registers an application, then issues one paper: a receipt, or a refusal as not ours. */
  async issueOne(): Promise<void> {
    this.#round += 1;
    try {
      const started = await this.#timed(this.otherMs, "/api/intakes", { counterId: this.#counterId });
      const base = `/api/intakes/${started.intake.applicationId}`;
      const { intake } = await this.#timed(this.otherMs, `${base}/register`, {
        expectedVersion: started.intake.version,
        matterCode: "hr-service-licence",
        applicant: APPLICANT,
      });
      const expectedVersion = intake.version;
      const items = intake.checklist.map(({ itemId }) => ({
        itemId,
        form: "original",
        copies: 1,
        pages: 2,
        medium: "paper",
      }));
      const reason = { kind: "notOurs", rightAuthority: "农业农村局" };
      const { issued } =
        this.#round % 2 === 0
          ? await this.#timed(this.issueMs, `${base}/receive`, { expectedVersion, items })
          : await this.#timed(this.issueMs, `${base}/not-accept`, { expectedVersion, reason });
      if (issued.length === 0 || issued.some(({ finished }) => !finished))
        throw new Error("a paper was not finished");
      this.numbers.push(...issued.map(({ number }) => number));
    } catch (error) {
      this.errors.push(String(error));
    }
  }

  async #timed(times: number[], path: string, body: object): Promise<CommandAnswer> {
    const began = performance.now();
    const answer = await this.#browser.call("POST", path, { commandId: randomUUID(), ...body });
    if (this.counts) times.push(performance.now() - began);
    return answer.body as CommandAnswer;
  }
}

export interface BenchOffice {
  clerk(index: number): Promise<BenchClerk>;
}

/** Sets a real site up: the technician by the one-time code, then clerks with certificates. */
export async function openOffice(port: number, code: string): Promise<BenchOffice> {
  const technician = new Browser(port, "127.0.1.200");
  await technician.call("POST", "/api/set-up", {
    code,
    user: "technician",
    name: "技术员",
    password: PASSWORD,
  });
  await technician.signIn("technician");
  return {
    async clerk(index) {
      const id = `clerk-${index + 1}`;
      await technician.call("POST", "/api/people", {
        id,
        name: `窗口${index + 1}`,
        roles: ["clerk"],
        password: PASSWORD,
        officer: {
          certNo: `0303${String(index).padStart(4, "0")}`,
          validFrom: "2020-01-01",
          validTo: "2099-12-31",
        },
      });
      const browser = new Browser(port, `127.0.1.${index + 1}`);
      await browser.signIn(id);
      return new BenchClerk(browser, `counter-${(index % 16) + 1}`);
    },
  };
}
