/**
 * The reader process: works on sealed volumes for its parent until that goes. Invariant: it decides
 * nothing and may die at any moment; whoever asked gets an error and the recorder goes on.
 */
import { type BadBody, type ReaderAnswer, type ReaderRequest, readRequest } from "./protocol.ts";
import { SealedVolumes } from "./sealed-volumes.ts";
import { badValues, copyValues, removeValues } from "./volume-work.ts";

const volumes = new SealedVolumes();

function whyOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown";
  const inner = cause.cause instanceof Error ? cause.cause : cause;
  return "code" in inner && typeof inner.code === "string" ? inner.code : inner.name;
}

async function answer(request: ReaderRequest): Promise<ReaderAnswer> {
  try {
    return { id: request.id, ok: true, ...(await carriedOut(request)) };
  } catch (cause) {
    return { id: request.id, ok: false, why: whyOf(cause) };
  }
}

async function carriedOut(request: ReaderRequest): Promise<{ value?: Uint8Array; bad?: readonly BadBody[] }> {
  const { op, volume } = request;
  if (op === "check") return { bad: await badValues(volumes, volume, request.expected) };
  if (op === "read") {
    const value = await volumes.read(volume, request.seq);
    return value === undefined ? {} : { value };
  }
  if (op === "copy") await copyValues(volumes, volume, request.to, request.seqs);
  else if (op === "remove") await removeValues(volumes, volume, request.seqs);
  else await volumes.release(volume);
  return {};
}

async function end(): Promise<void> {
  await volumes.close();
  process.exit(0);
}

process.on("message", (message) => {
  const request = readRequest(message);
  if (request === undefined) return;
  void answer(request).then((reply) => process.send?.(reply));
});
process.on("disconnect", () => void end());
process.on("SIGTERM", () => void end());
// Ctrl-C goes to the whole process group; the gateway ends its children in its own order.
process.on("SIGINT", () => {});
