/** Hands one file over in chunks, from wherever the gateway says, and tries again for as long as it takes. */
import { open } from "node:fs/promises";
import { Agent as HttpAgent, type IncomingHttpHeaders, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { CardFile } from "./card.ts";
import type { DockOptions } from "./options.ts";

const REQUEST_LIMIT_MS = 60_000;
const PAUSES_MS = [200, 500, 1000, 2000];

export interface Progress {
  readonly uploadId: string;
  readonly offset: number;
  readonly sizeBytes: number;
  readonly stored: boolean;
}

export interface Uploader {
  /** Resolves once the gateway has the whole file stored; rejects on a refusal or when given up. */
  upload(file: CardFile, camera: string, onProgress: (progress: Progress) => void): Promise<Progress>;
  close(): void;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export function createUploader(options: DockOptions, signal: AbortSignal): Uploader {
  const agent =
    options.ca === null
      ? new HttpAgent({ keepAlive: true })
      : new HttpsAgent({ keepAlive: true, ca: options.ca });
  const authorization = `Basic ${Buffer.from(`${options.dock}:${options.secret}`).toString("base64")}`;

  const call = (
    method: string,
    path: string,
    type: string | null,
    body: Buffer | null,
    offset?: number,
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization,
        ...(type === null ? {} : { "content-type": type }),
        ...(body === null ? {} : { "content-length": body.length }),
        ...(offset === undefined ? {} : { "upload-offset": String(offset) }),
      };
      const start = options.ca === null ? httpRequest : httpsRequest;
      const request = start(
        {
          host: options.host,
          port: options.httpPort,
          method,
          path,
          headers,
          agent,
          signal,
          timeout: REQUEST_LIMIT_MS,
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (piece: string) => {
            text += piece;
          });
          response.once("end", () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
          );
          response.once("error", reject);
        },
      );
      request.once("timeout", () => request.destroy(new Error("no answer in time")));
      request.once("error", reject);
      request.end(body ?? undefined);
    });

  /** Again after a fault of the network or of the gateway (5xx); a refusal is final. */
  const insist = async (work: () => Promise<Answer>): Promise<Answer> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await work();
        if (answer.status < 500) return answer;
      } catch (error) {
        if (signal.aborted) throw error;
      }
      await pause(PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)] ?? 1000, signal);
    }
  };

  return {
    async upload(file, camera, onProgress) {
      const announcement = Buffer.from(
        JSON.stringify({
          sizeBytes: file.sizeBytes,
          sha256: file.sha256,
          vendorName: file.name,
          camera,
          deviceStartMs: file.startMs,
          deviceEndMs: Math.round(file.endMs),
          clockOffsetMs: options.clockOffsetMs,
        }),
      );
      const announced = await insist(() =>
        call("POST", "/dock/v1/uploads", "application/json", announcement),
      );
      if (announced.status !== 200)
        throw new Error(`the announcement was refused: ${announced.status} ${announced.body}`);
      const { uploadId } = JSON.parse(announced.body) as { uploadId: string };
      const path = `/dock/v1/uploads/${uploadId}`;
      const handle = await open(file.path, "r");
      try {
        let progress = progressOf(uploadId, file.sizeBytes, announced.headers);
        onProgress(progress);
        while (!progress.stored) {
          const bytes = Buffer.alloc(Math.min(options.chunkBytes, file.sizeBytes - progress.offset));
          await handle.read(bytes, 0, bytes.length, progress.offset);
          const { offset } = progress;
          const sent = await insist(async () => {
            try {
              return await call("PATCH", path, "application/offset+octet-stream", bytes, offset);
            } catch (error) {
              if (signal.aborted) throw error;
              // Whether the chunk arrived is not known: ask.
              return call("HEAD", path, null, null);
            }
          });
          const answer = sent.status === 409 ? await insist(() => call("HEAD", path, null, null)) : sent;
          if (answer.status !== 200)
            throw new Error(`the chunk was refused: ${answer.status} ${answer.body}`);
          progress = progressOf(uploadId, file.sizeBytes, answer.headers);
          onProgress(progress);
        }
        return progress;
      } finally {
        await handle.close();
      }
    },
    close: () => agent.destroy(),
  };
}

function progressOf(uploadId: string, sizeBytes: number, headers: IncomingHttpHeaders): Progress {
  const offset = Number(headers["upload-offset"]);
  if (!Number.isSafeInteger(offset)) throw new Error("the gateway told no offset");
  return { uploadId, sizeBytes, offset, stored: headers["upload-state"] === "stored" };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", giveUp);
      resolve();
    }, ms);
    const giveUp = (): void => {
      clearTimeout(timer);
      reject(new Error("given up"));
    };
    signal.addEventListener("abort", giveUp, { once: true });
  });
}
