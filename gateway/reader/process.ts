/**
 * The reader process: answers reads of sealed volumes until its parent goes. Invariant: it writes nothing of its
 * own and may die at any moment; whoever asked gets an error and the recorder goes on.
 */
import { type ReaderAnswer, type ReaderRequest, readRequest } from "./protocol.ts";
import { SealedVolumes } from "./sealed-volumes.ts";

const volumes = new SealedVolumes();

function whyOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown";
  const inner = cause.cause instanceof Error ? cause.cause : cause;
  return "code" in inner && typeof inner.code === "string" ? inner.code : inner.name;
}

async function answer(request: ReaderRequest): Promise<ReaderAnswer> {
  const { id, volume } = request;
  try {
    if (request.op === "release") {
      await volumes.release(volume);
      return { id, ok: true };
    }
    const value = await volumes.read(volume, request.seq);
    return value === undefined ? { id, ok: true } : { id, ok: true, value };
  } catch (cause) {
    return { id, ok: false, why: whyOf(cause) };
  }
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
